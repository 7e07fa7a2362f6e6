import type { IExecuteFunctions } from 'n8n-workflow';
import { z } from 'zod';

import type { SystemDefinition } from '../../pbx/adapter';
import type { CleanupRules } from '../../sync/cleanup';
import { DiagnosedError } from '../../sync/diagnostic';
import { readProtected } from '../../sync/protected';

export interface CleanerSettings {
	readonly rules: CleanupRules;
	readonly dryRun: boolean;
}

const action = z.enum(['ignore', 'report', 'disable']);
const count = z.coerce.number().int().min(0);

const schema = z.object({
	onDisabled: action,
	onDeleted: action,
	onOutOfScope: action,
	onNotFound: action,
	maxCount: count,
	maxPercent: z.coerce.number().min(0).max(100),
	protectedExtensions: z.coerce.string(),
	dryRun: z.boolean(),
	options: z.object({
		includeNeverPaired: z.boolean().default(false),
		floor: count.default(3),
		override: z
			.object({
				// An expression may give a date as an object; as text it is the same moment.
				allow: z.object({ count, until: z.coerce.string() }).optional(),
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
			protected: readProtected(set.protectedExtensions),
			limit: { maxCount: set.maxCount, maxPercent: set.maxPercent, floor: options.floor },
			overrides: allow ? [{ kind: 'disable', ...allow }] : [],
			canDisable: capabilities.disable !== 'none',
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
