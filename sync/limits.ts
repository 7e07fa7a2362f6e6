/**
 * The brake. Per kind of change only so many may be made in a run and in a rolling window; one more
 * and nothing of that kind is done at all, because a wave of leavers is far more often a changed
 * filter than a changed company.
 */
import type { Diagnostic } from './diagnostic';
import type { ChangeKind } from './item';
import { whyNotStanding, type Moment } from './override';

export interface Limit {
	/** Changes of this kind, at most. 0 allows none. */
	readonly maxCount: number;
	/** The same as a share of all extensions. 0 allows none; 100 leaves it to `maxCount`. */
	readonly maxPercent: number;
	/** The percentage never goes below this many, or a team of ten could not lose one person. */
	readonly floor: number;
}

/** A person's word that a larger number is right this time. It names the number and it ends. */
export interface Override {
	readonly kind: ChangeKind;
	readonly count: number;
	/** ISO date or date and time. A date alone is good until that day ends. */
	readonly until: string;
}

/** What earlier runs really did, at most one entry per kind and hour. */
export interface Done {
	/** ISO time in UTC. */
	readonly at: string;
	readonly kind: ChangeKind;
	readonly count: number;
	/** Counts those of this group once more, for a limit of its own. Absent: counts all. */
	readonly group?: string | undefined;
}

export interface LimitQuestion extends Moment {
	readonly kind: ChangeKind;
	/** Only extensions of this group are meant, in the administrator's own words. Default: all. */
	readonly group?: string;
	/** How many changes of this kind the run wants to make. */
	readonly planned: number;
	/** Extensions the share is taken of: the fewest of the last days, so that growth adds nothing. */
	readonly existing: number;
	readonly limit: Limit;
	readonly overrides: readonly Override[];
	/** Default: nothing is known of earlier runs. */
	readonly done?: readonly Done[];
	/** How far back earlier runs count. Default: 24. */
	readonly windowHours?: number;
}

/** The window when nobody chose another. */
export const WINDOW_HOURS = 24;

/** Nobody needs a longer memory than this. */
const LONGEST_WINDOW_HOURS = 31 * 24;

/** How many changes the limit allows with this many extensions. */
export function allowedBy(limit: Limit, existing: number): number {
	if (limit.maxPercent <= 0) return 0;
	if (limit.maxPercent >= 100) return Math.max(0, limit.maxCount);
	const share = Math.floor((existing * limit.maxPercent) / 100);
	return Math.max(0, Math.min(limit.maxCount, Math.max(limit.floor, share)));
}

/** Null when the changes may be made, otherwise the one reason that holds all of them. */
export function heldByLimit(question: LimitQuestion): Diagnostic | null {
	const { kind, group, planned, existing, limit, windowHours = WINDOW_HOURS } = question;
	const allowed = allowedBy(limit, existing);
	const earlier = doneLately(question);
	const together = planned + earlier;
	if (planned === 0 || together <= allowed) return null;
	const refusals: string[] = [];
	for (const override of question.overrides.filter((each) => each.kind === kind)) {
		const refusal = refusalOf(override, together, question);
		if (refusal === null) return null;
		refusals.push(refusal);
	}
	const done = DONE[kind];
	const of = group === undefined ? '' : ` of '${group}'`;
	const after =
		earlier > 0 ? `, after ${String(earlier)} in the last ${String(windowHours)} hours` : '';
	return {
		code: `limit.${kind}`,
		what: `${extensions(planned)}${of} would be ${done}${after}, the limit is ${String(allowed)}, so none is ${done}.`,
		why: [
			inWords(limit, existing),
			...refusals,
			'So many at once often means that a filter or a group changed.',
		].join(' '),
		fix: `Look through the list. If it is right, add an override of at least ${String(together)} with an end date and run again.`,
		field: 'Override',
	};
}

/** What to remember after a run: what it did, and of earlier runs what a window may still ask for. */
export function withDone(
	done: readonly Done[],
	made: ReadonlyMap<ChangeKind, number>,
	now: string,
	group?: string,
): Done[] {
	const kept = done.filter((each) => isWithin(each.at, now, LONGEST_WINDOW_HOURS));
	for (const [kind, count] of made) {
		const same = kept.findIndex(
			(each) => each.kind === kind && each.group === group && hourOf(each.at) === hourOf(now),
		);
		const before = kept[same];
		if (before) kept.splice(same, 1, { ...before, at: now, count: before.count + count });
		else if (count > 0)
			kept.push({ at: now, kind, count, ...(group === undefined ? {} : { group }) });
	}
	return kept;
}

function doneLately({
	kind,
	group,
	done = [],
	now,
	windowHours = WINDOW_HOURS,
}: LimitQuestion): number {
	return done
		.filter((each) => each.kind === kind && each.group === group)
		.filter((each) => isWithin(each.at, now, windowHours))
		.reduce((sum, { count }) => sum + count, 0);
}

function isWithin(at: string, now: string, hours: number): boolean {
	return Date.parse(at) > Date.parse(now) - hours * 3_600_000;
}

function hourOf(at: string): string {
	return at.slice(0, 13);
}

function inWords({ maxCount, maxPercent, floor }: Limit, existing: number): string {
	if (maxPercent >= 100) return `The limit is ${String(maxCount)}.`;
	return `The limit is the smaller of ${String(maxCount)} and ${String(maxPercent)} % of ${extensions(existing)}, but not below ${String(Math.min(floor, maxCount))}.`;
}

/** Why an override does not help, or null when it does. */
function refusalOf(override: Override, together: number, moment: Moment): string | null {
	const refusal = whyNotStanding(override.until, moment);
	if (refusal !== null) return refusal;
	return together > override.count ? `The override allows only ${String(override.count)}.` : null;
}

function extensions(count: number): string {
	return count === 1 ? '1 extension' : `${String(count)} extensions`;
}

const DONE: Readonly<Record<ChangeKind, string>> = {
	create: 'created',
	update: 'updated',
	enable: 'enabled',
	disable: 'disabled',
	delete: 'deleted',
};
