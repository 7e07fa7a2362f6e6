import type { IExecuteFunctions } from 'n8n-workflow';
import { z } from 'zod';

import type { SystemDefinition } from '../../pbx/adapter';
import type { CleanupRules } from '../../sync/cleanup';
import { DiagnosedError } from '../../sync/diagnostic';
import { WINDOW_HOURS } from '../../sync/limits';
import { readExtensionList } from '../../sync/extension-list';
import { groupLimitRows, toGroupLimits } from '../host/group-limits';
import type { CleanerMemory } from './memory';
import { LIMITED } from './parameters';

export interface CleanerSettings {
	readonly rules: CleanupRules;
	readonly dryRun: boolean;
}

const action = z.enum(['ignore', 'report', 'disable', 'delete']);
const count = z.coerce.number().int().min(0);
const percent = z.coerce.number().min(0).max(100);

const schema = z.object({
	onDisabled: action,
	onDeleted: action,
	onOutOfScope: action,
	onNotFound: action,
	maxCount: count,
	maxPercent: percent,
	protectedExtensions: z.coerce.string(),
	dryRun: z.boolean(),
	options: z.object({
		includeNeverPaired: z.boolean().default(false),
		floor: count.default(3),
		deleteAfterDays: z.coerce.number().int().min(1).default(30),
		deleteMaxCount: count.default(5),
		deleteMaxPercent: percent.default(5),
		groupLimits: groupLimitRows(LIMITED),
		windowHours: z.coerce.number().int().min(1).max(744).default(WINDOW_HOURS),
		override: z
			.object({
				// An expression may give a date as an object; as text it is the same moment.
				allow: z
					.object({
						kind: z.enum(LIMITED).default('disable'),
						count,
						until: z.coerce.string(),
					})
					.optional(),
			})
			.default({}),
	}),
});

/**
 * The node's settings, read once for all items. Throws a `DiagnosedError` that names the parameter
 * for a value nobody can mean, such as an expression that gave nothing for a limit.
 */
export function readSettings(
	context: IExecuteFunctions,
	{ capabilities }: SystemDefinition,
	now: string,
	{ since, done }: CleanerMemory,
): CleanerSettings {
	const parsed = schema.safeParse(
		Object.fromEntries(
			Object.keys(schema.shape).map((name) => [name, context.getNodeParameter(name, 0)]),
		),
	);
	if (!parsed.success) return refuse(context, parsed.error);
	const { options, dryRun, ...set } = parsed.data;
	const { allow } = options.override;
	return {
		// An agent chooses the items itself, so what it does is shown to a person first.
		dryRun: dryRun || context.isToolExecution(),
		rules: {
			ladder: {
				disabled: set.onDisabled,
				deleted: set.onDeleted,
				outOfScope: set.onOutOfScope,
				notFound: set.onNotFound,
			},
			includeNeverPaired: options.includeNeverPaired,
			protected: readExtensionList(set.protectedExtensions, 'Protected Extensions'),
			deleteAfterDays: options.deleteAfterDays,
			limits: {
				disable: { maxCount: set.maxCount, maxPercent: set.maxPercent, floor: options.floor },
				delete: {
					maxCount: options.deleteMaxCount,
					maxPercent: options.deleteMaxPercent,
					floor: options.floor,
				},
			},
			groups: toGroupLimits(options.groupLimits),
			overrides: allow ? [allow] : [],
			done,
			windowHours: options.windowHours,
			since,
			canDisable: capabilities.disable !== 'none',
			canDelete: capabilities.canDelete,
			now,
			zone: context.getTimezone(),
		},
	};
}

function refuse(context: IExecuteFunctions, { issues: [first] }: z.ZodError): never {
	const name = first?.path.join('.') ?? '';
	throw new DiagnosedError({
		code: 'cleanup.parameter',
		what: `The parameter '${name}' of ${context.getNode().name} has a value it cannot have.`,
		why: `${first?.message ?? 'It is not readable'}.`,
		fix: 'Open the node and set it anew. If it is an expression, look at what it gives.',
		field: name,
	});
}
