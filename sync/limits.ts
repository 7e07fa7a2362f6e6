/**
 * The brake. Per kind of change a run may do only so many; one more and nothing of that kind is
 * done at all, because a wave of leavers is far more often a changed filter than a changed company.
 */
import { DateTime } from 'luxon';
import type { Diagnostic } from './diagnostic';
import type { ChangeKind } from './item';

export interface Limit {
	/** Changes of this kind in one run, at most. 0 allows none. */
	readonly maxCount: number;
	/** The same as a share of all extensions the phone system has, 0 to 100. 0 allows none. */
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

export interface LimitQuestion {
	readonly kind: ChangeKind;
	/** How many changes of this kind the run wants to make. */
	readonly planned: number;
	/** How many extensions the phone system has, as its own read counted them. */
	readonly existing: number;
	readonly limit: Limit;
	readonly overrides: readonly Override[];
	/** Now, as ISO text; with its offset, or in `zone`. */
	readonly now: string;
	/** IANA name of the zone a date without an offset is meant in. */
	readonly zone: string;
}

/** An override that never ends would be an off switch, so nobody can set one further ahead. */
export const LONGEST_OVERRIDE_DAYS = 31;

/** How many changes the limit allows with this many extensions. */
export function allowedBy(limit: Limit, existing: number): number {
	if (limit.maxPercent <= 0) return 0;
	const share = Math.floor((existing * limit.maxPercent) / 100);
	return Math.max(0, Math.min(limit.maxCount, Math.max(limit.floor, share)));
}

/** Null when the changes may be made, otherwise the one reason that holds all of them. */
export function heldByLimit(question: LimitQuestion): Diagnostic | null {
	const { kind, planned, existing, limit } = question;
	const allowed = allowedBy(limit, existing);
	if (planned <= allowed) return null;
	const overrides = question.overrides.filter((override) => override.kind === kind);
	const refusals: string[] = [];
	for (const override of overrides) {
		const refusal = refusalOf(override, question);
		if (refusal === null) return null;
		refusals.push(refusal);
	}
	const done = DONE[kind];
	return {
		code: `limit.${kind}`,
		what: `${extensions(planned)} would be ${done}, the limit is ${String(allowed)}, so none is ${done}.`,
		why: [
			`The limit is the smaller of ${String(limit.maxCount)} and ${String(limit.maxPercent)} % of ${extensions(existing)}, but not below ${String(Math.min(limit.floor, limit.maxCount))}.`,
			...refusals,
			'So many at once often means that a filter or a group changed.',
		].join(' '),
		fix: `Look through the list. If it is right, add an override of at least ${String(planned)} with an end date and run again.`,
		field: 'Override',
	};
}

/** Why an override does not help, or null when it does. */
function refusalOf(override: Override, { planned, now, zone }: LimitQuestion): string | null {
	const at = DateTime.fromISO(now, { zone });
	const named = DateTime.fromISO(override.until, { zone });
	if (!named.isValid || !at.isValid)
		return `The override has no readable end date ('${override.until}').`;
	const end = namesWholeDay(override.until) ? named.endOf('day') : named;
	if (at > end) return `The override ended on ${end.toISODate()}.`;
	if (end > at.plus({ days: LONGEST_OVERRIDE_DAYS }).endOf('day'))
		return `The override ends on ${end.toISODate()}, and one may last ${String(LONGEST_OVERRIDE_DAYS)} days at most.`;
	if (planned > override.count) return `The override allows only ${String(override.count)}.`;
	return null;
}

/** n8n's date picker gives midnight when a person chose only a day. */
function namesWholeDay(text: string): boolean {
	return /^\d{4}-\d{2}-\d{2}([T ]00:00(:00(\.0+)?)?)?$/.test(text.trim());
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
