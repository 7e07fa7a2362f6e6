import type { IExecuteFunctions } from 'n8n-workflow';
import { z } from 'zod';

import type { SettingsPrint } from '../../sync/item';
import { ALL_FIELDS, printOf } from '../../sync/settings-change';
import { SAFETY_OPTIONS } from './safety-settings';

const parameters = z.record(z.unknown()).catch({});

/**
 * A print of what the plan is made with: this node's own settings, and those of the Entra User
 * Source and Field Mapper before it. Taken as they are set, expressions included, so that a value
 * that is another every day is no change of settings.
 */
export function settingsInUse(context: IExecuteFunctions): SettingsPrint {
	const { name, parameters: own } = context.getNode();
	const before = context.getParentNodes(name, { includeNodeParameters: true });
	const settingsOf = (type: string) =>
		before
			.filter((node) => node.type.split('.').at(-1) === type)
			.sort((a, b) => (a.name < b.name ? -1 : 1))
			.map((node) => parameters.parse(node.parameters));
	return printOf({
		scope: settingsOf('entraUserSource').map((set) => without(set, NOT_SCOPE)),
		mapping: Object.assign({}, ...settingsOf('fieldMapper').map(mappingOf)),
		numbering: without(parameters.parse(own), NOT_NUMBERING),
	});
}

/** How often everybody is read says nothing about who is in scope. */
const NOT_SCOPE = ['mode', 'user', 'wholeEveryDays', 'wholeEveryRounds'];
const NOT_NUMBERING = ['includeUnchanged', 'includeDisabled', ...SAFETY_OPTIONS];

const rows = z
	.object({ row: z.array(z.object({ field: z.string().default('') }).passthrough()).default([]) })
	.catch({ row: [] });

/** Each row under the field it fills; everything else counts for all fields. */
function mappingOf(set: Record<string, unknown>): Record<string, unknown> {
	const { rows: table, ...others } = set;
	const byField = new Map<string, unknown[]>();
	for (const row of rows.parse(table).row) {
		byField.set(row.field, [...(byField.get(row.field) ?? []), row]);
	}
	return {
		...Object.fromEntries(byField),
		[ALL_FIELDS]: without(others, ['previewUser', 'showSteps']),
	};
}

/** Also one level down, inside `options`. An empty collection is as good as none. */
function without(set: Record<string, unknown>, names: readonly string[]): Record<string, unknown> {
	const { options, ...others } = set;
	const kept = (all: Record<string, unknown>) =>
		Object.fromEntries(Object.entries(all).filter(([name]) => !names.includes(name)));
	const inside = kept(parameters.parse(options ?? {}));
	return { ...kept(others), ...(Object.keys(inside).length > 0 ? { options: inside } : {}) };
}
