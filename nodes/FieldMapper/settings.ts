import type { IExecuteFunctions } from 'n8n-workflow';
import { z } from 'zod';

import { WRITABLE } from '../../entra/writable';
import { systemNamed } from '../../pbx/systems';
import type { SystemDefinition } from '../../pbx/adapter';
import type { Diagnostic } from '../../sync/diagnostic';
import { DiagnosedError } from '../../sync/diagnostic';
import type { Mapping } from '../../sync/mapping';
import { compileMapping } from '../../sync/mapping';
import { missingForNewAccounts } from '../../sync/mapping-review';
import { recommendedMapping } from '../../sync/recommended';
import type { Expressions } from './expressions';
import { expressionsOf } from './expressions';
import { rowsParameter } from './rows';

export interface Settings {
	readonly system: SystemDefinition;
	readonly mapping: Mapping;
	/** Of rows that n8n works out; null where there are none. */
	readonly expressions: Expressions | null;
	/** How many users show every step of every row. */
	readonly showSteps: number;
	/** Whom the preview is about, by object ID, sign-in name or mail. Empty: the first; null: nobody. */
	readonly preview: string | null;
	/** What the mapping cannot do, though it can be used. */
	readonly notes: readonly Diagnostic[];
}

const options = z
	.object({
		defaultCountry: z.string().trim().default(''),
		previewUser: z.string().trim().default(''),
		showSteps: z.number().int().min(0).default(0),
	})
	.default({});

/**
 * Reads all parameters, once for the whole run. Rejects with a `DiagnosedError` that names every
 * row that cannot be used.
 */
export function readSettings(context: IExecuteFunctions): Settings {
	const system = systemNamed(String(context.getNodeParameter('system', 0)));
	const { fields } = system;
	const { defaultCountry, previewUser, showSteps } = options.parse(
		context.getNodeParameter('options', 0, {}),
	);
	const rows =
		context.getNodeParameter('mapping', 0) === 'custom'
			? // As they are set: what an expression gives is another for every user.
				rowsOf(context.getNodeParameter('rows.row', 0, [], { rawExpressions: true }))
			: recommendedMapping(fields);
	const compiled = compileMapping(rows, fields, {
		defaultCountry: defaultCountry || null,
		writable: new Map(WRITABLE.map((attribute) => [attribute.name, attribute])),
	});
	if (!compiled.ok) throw new DiagnosedError(inOne(compiled.problems));
	return {
		system,
		mapping: compiled.mapping,
		expressions: expressionsOf(context, rows),
		showSteps,
		preview: context.getMode() === 'manual' || previewUser !== '' ? previewUser : null,
		notes: missingForNewAccounts(rows, fields).map(({ displayName }) => ({
			code: 'mapping.requiredNotMapped',
			what: `No row fills '${displayName}'.`,
			why: `${system.displayName} takes no new account without it.`,
			fix: 'Add a row for it; accounts that exist are updated all the same.',
			field: displayName,
		})),
	};
}

function rowsOf(parameter: unknown) {
	const parsed = rowsParameter.safeParse(parameter);
	if (parsed.success) return parsed.data;
	const [issue] = parsed.error.issues;
	const [index = 0, ...path] = issue?.path ?? [];
	throw new DiagnosedError({
		code: 'mapping.parameter',
		what: `Row ${String(Number(index) + 1)} of the mapping cannot be read.`,
		why: `'${path.join('.')}' is not as expected: ${issue?.message ?? 'unknown'}.`,
		fix: 'Open Field Mapper and set that row again.',
		field: 'Rows',
	});
}

/** The first one as it is, the others in its fix: all of them are seen at once. */
function inOne([first, ...others]: readonly Diagnostic[]): Diagnostic {
	if (!first) throw new TypeError('There is nothing wrong with this mapping');
	const also = others.map(({ what, why, fix }) => ` ${what} ${why} ${fix}`);
	return { ...first, fix: first.fix + also.join('') };
}
