/** What keeps a plan from being carried out though Dry Run is off: limits, and a missing approval. */
import type { IExecuteFunctions } from 'n8n-workflow';
import { z } from 'zod';

import type { Brake } from '../../pbx/brake';
import { DiagnosedError, type Diagnostic } from '../../sync/diagnostic';
import { CHANGE_KINDS, heldTogether, type GroupLimit } from '../../sync/held-together';
import type { ChangeKind } from '../../sync/item';
import { WINDOW_HOURS, type Done, type Limit } from '../../sync/limits';
import { groupLimitRows, toGroupLimits } from '../host/group-limits';

const kind = z.enum(CHANGE_KINDS);
const count = z.coerce.number().int().min(0);

const schema = z.object({
	limits: z
		.object({
			limit: z
				.array(
					z.object({
						kind,
						maxCount: count,
						maxPercent: z.coerce.number().min(0).max(100).default(100),
					}),
				)
				.default([]),
		})
		.nullish(),
	options: z
		.object({
			approvedPlan: z.unknown(),
			groupLimits: groupLimitRows(CHANGE_KINDS),
			windowHours: z.coerce.number().int().min(1).max(744).default(WINDOW_HOURS),
			override: z
				.object({ allow: z.array(z.object({ kind, count, until: z.coerce.string() })).default([]) })
				.nullish(),
			deleteCreated: z.boolean().default(false),
		})
		.default({}),
});

export interface BrakeSettings {
	readonly limits: Readonly<Partial<Record<ChangeKind, Limit>>>;
	/** Besides: for parts of the phone system. */
	readonly groups: readonly GroupLimit[];
	readonly overrides: ReadonlyArray<{ kind: ChangeKind; count: number; until: string }>;
	readonly windowHours: number;
	/** Null: nobody has to approve. Empty: somebody should have, and did not. */
	readonly approvedPlan: string | null;
	/** Undo only: delete what the run created instead of disabling it. */
	readonly deleteCreated: boolean;
}

/** A team of ten may still lose one. */
const FLOOR = 3;

/** Read once for all items. Throws a `DiagnosedError` for a value nobody can mean. */
export function readBrakeSettings(context: IExecuteFunctions): BrakeSettings {
	const options: unknown = context.getNodeParameter('options', 0, {});
	const parsed = schema.safeParse({
		limits: context.getNodeParameter('limits', 0, {}),
		options,
	});
	if (!parsed.success) return refuse(parsed.error);
	const { limits, options: chosen } = parsed.data;
	// An expression that gives nothing is no approval, so the option counts as soon as it is there.
	const asks = typeof options === 'object' && options !== null && 'approvedPlan' in options;
	const { approvedPlan } = chosen;
	return {
		limits: Object.fromEntries(
			(limits?.limit ?? []).map(({ kind: of, ...limit }) => [of, { ...limit, floor: FLOOR }]),
		),
		groups: toGroupLimits(chosen.groupLimits),
		overrides: chosen.override?.allow ?? [],
		windowHours: chosen.windowHours,
		approvedPlan: asks ? (typeof approvedPlan === 'string' ? approvedPlan.trim() : '') : null,
		deleteCreated: chosen.deleteCreated,
	};
}

export interface BrakeFacts {
	/** Extensions a share is taken of. */
	readonly existing: number;
	readonly done: readonly Done[];
	readonly now: string;
	readonly zone: string;
	/** Digest of the changes that arrived. */
	readonly digest: string;
}

export function brakeOf(settings: BrakeSettings, facts: BrakeFacts): Brake {
	const { approvedPlan } = settings;
	const { existing, digest } = facts;
	if (approvedPlan !== null && approvedPlan !== digest) {
		const because = approvedPlan === '' ? NO_APPROVAL : ANOTHER_PLAN;
		return holdingAll(because);
	}
	return (planned) => heldTogether(planned, { ...settings, ...facts, existing: () => existing });
}

/** Nothing is written, for this reason. */
export function holdingAll(because: Diagnostic): Brake {
	return (planned) => planned.map(() => because);
}

const NO_APPROVAL: Diagnostic = {
	code: 'plan.notApproved',
	what: 'Held: nobody approved this plan.',
	why: "'Approved Plan' is empty: the question was declined, or its time ran out.",
	fix: 'Run the workflow again and approve what it shows.',
	field: 'Approved Plan',
};

const ANOTHER_PLAN: Diagnostic = {
	code: 'plan.notApproved',
	what: 'Held: another plan than this one was approved.',
	why: 'The changes that arrived are not exactly those that were shown.',
	fix: "Give 'Approved Plan' the plan digest of the report that was approved, and take out whatever filters or adds changes in between.",
	field: 'Approved Plan',
};

function refuse({ issues: [first] }: z.ZodError): never {
	const field = first?.path.join('.') ?? '';
	throw new DiagnosedError({
		code: 'apply.parameter',
		what: `The parameter '${field}' has a value it cannot have.`,
		why: `${first?.message ?? 'It is not readable'}.`,
		fix: 'Open the node and set it anew. If it is an expression, look at what it gives.',
		field,
	});
}
