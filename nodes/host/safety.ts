/**
 * What limits and previews need to know of earlier runs, kept in the workflow's static data. n8n
 * saves it at the end of every run that was not started by hand; in a run by hand it can be read,
 * and what is written is forgotten. Losing it costs caution, never data: the limits of one run stand.
 */
import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';
import { z } from 'zod';

import { withSighting } from '../../sync/extreme';
import { CHANGE_KINDS, isIn, type GroupLimit, type Planned } from '../../sync/held-together';
import type { ChangeKind, OutcomeItem, PlanMark } from '../../sync/item';
import { withDone, type Done } from '../../sync/limits';
import { isWrite, type Write } from '../../sync/report/material';
import { settingsPrint } from './sections';

const SLOT = 'safety';

/** Limits take their share of the fewest extensions of so many days. */
export const BASE_DAYS = 30;

const sighting = z.object({ at: z.string(), count: z.number() });

const planMemory = z.object({
	/** How many extensions there were, lately; the fewest count. */
	extensions: z.array(sighting).catch([]),
	/** How many users were in service, lately; the most count. */
	users: z.array(sighting).catch([]),
	/** The settings that were last carried out, or had nothing to carry out. */
	settings: settingsPrint.nullable().catch(null),
});
export type PlanMemory = z.output<typeof planMemory>;

const done = z.object({
	at: z.string(),
	kind: z.enum(CHANGE_KINDS),
	count: z.number(),
	group: z.string().optional(),
});

/** What cannot be read counts as nothing. */
const memory = z
	.object({
		/** By phone system. */
		done: z.record(z.array(done)).catch({}),
		/** By phone system and extension id: since when it is disabled because its user is gone. */
		since: z.record(z.record(z.string())).catch({}),
		/** By ID of the Extension Allocator node, which stays when it is renamed. */
		plans: z.record(planMemory).catch({}),
	})
	.catch({ done: {}, since: {}, plans: {} });
type Memory = z.output<typeof memory>;

const NO_PLAN: PlanMemory = { extensions: [], users: [], settings: null };

export function recallPlan(context: IExecuteFunctions, by: string): PlanMemory {
	return read(context).plans[by] ?? NO_PLAN;
}

export function keepPlan(
	context: IExecuteFunctions,
	by: string,
	change: Partial<PlanMemory>,
): void {
	const all = read(context);
	const plan = { ...NO_PLAN, ...all.plans[by], ...change };
	write(context, { ...all, plans: { ...all.plans, [by]: plan } });
}

/** A wave that was held is not let through by growth while it waits for somebody to decide. */
export function keepBase(context: IExecuteFunctions, { by, base }: PlanMark, now: string): void {
	const { extensions } = recallPlan(context, by);
	keepPlan(context, by, {
		extensions: withSighting(extensions, { at: now, count: base }, 'lowest', BASE_DAYS),
	});
}

export function recallDone(context: IExecuteFunctions, system: string): readonly Done[] {
	return read(context).done[system] ?? [];
}

/** What became of a change, and how its extension looked to the limits. */
export interface Made {
	readonly outcome: OutcomeItem['outcome'];
	readonly planned: Planned;
}

/**
 * Remembers what a writing node really did: the counts for the limits' window, and that an
 * extension that is enabled again, or gone, is no longer waiting to be deleted. `groups`: those with
 * limits of their own.
 */
export function keepDone(
	context: IExecuteFunctions,
	system: string,
	all: readonly Made[],
	now: string,
	groups: readonly GroupLimit[] = [],
): void {
	const made = all.filter(({ outcome: { result, dryRun } }) => !dryRun && isWrite(result));
	if (made.length === 0) return;
	const over = new Set(
		made.flatMap(({ outcome: { result, extensionId } }) =>
			result === 'disabled' ? [] : [extensionId],
		),
	);
	const before = read(context);
	const since = Object.entries(before.since[system] ?? {}).filter(([id]) => !over.has(id));
	let done = withDone(before.done[system] ?? [], countKinds(made), now);
	// Two rows about one group are one group, or it would be counted twice.
	const distinct = new Map(groups.map((group) => [`${group.kind} ${group.name}`, group]));
	for (const group of distinct.values()) {
		const own = countKinds(made.filter(({ planned }) => isIn(group, planned)));
		done = withDone(done, own, now, group.name);
	}
	write(context, {
		...before,
		done: { ...before.done, [system]: done },
		since: { ...before.since, [system]: Object.fromEntries(since) },
	});
}

function countKinds(made: readonly Made[]): Map<ChangeKind, number> {
	const counts = new Map<ChangeKind, number>();
	for (const { outcome } of made) {
		if (!isWrite(outcome.result)) continue;
		const kind = KIND_OF[outcome.result];
		counts.set(kind, (counts.get(kind) ?? 0) + 1);
	}
	return counts;
}

const KIND_OF: Readonly<Record<Write, ChangeKind>> = {
	created: 'create',
	updated: 'update',
	enabled: 'enable',
	disabled: 'disable',
	deleted: 'delete',
};

export function recallSince(
	context: IExecuteFunctions,
	system: string,
): ReadonlyMap<string, string> {
	return new Map(Object.entries(read(context).since[system] ?? {}));
}

export function keepSince(
	context: IExecuteFunctions,
	system: string,
	since: ReadonlyMap<string, string>,
): void {
	const all = read(context);
	write(context, { ...all, since: { ...all.since, [system]: Object.fromEntries(since) } });
}

function read(context: IExecuteFunctions): Memory {
	return memory.parse(context.getWorkflowStaticData('global')[SLOT] ?? {});
}

/** Assigned as a whole: n8n notices a change only where it is assigned. */
function write(context: IExecuteFunctions, all: Memory): void {
	// The border to n8n's own type for JSON; what is written is what the schema above says.
	context.getWorkflowStaticData('global')[SLOT] = all as object as IDataObject;
}
