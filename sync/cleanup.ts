/**
 * What becomes of extensions without an active user. Pure: it only decides; Unmatched Cleaner does
 * what is decided here, after reading each extension once more.
 */
import { DateTime } from 'luxon';
import { HELD, REASONS } from './cleanup-words';
import type { Diagnostic } from './diagnostic';
import type { AbsenceReason, Evidence, UnmatchedItem } from './item';
import { isListed, type ExtensionList } from './extension-list';
import { heldTogether, type GroupLimit } from './held-together';
import type { Done, Limit, Override } from './limits';

/** The ladder, from gentle to hard. 'delete' disables first, and deletes what stayed disabled. */
export type CleanupAction = 'ignore' | 'report' | 'disable' | 'delete';

export type CleanupLadder = Readonly<Record<AbsenceReason, CleanupAction>>;

export interface CleanupRules {
	readonly ladder: CleanupLadder;
	/** Days an extension stays disabled before it is deleted. */
	readonly deleteAfterDays: number;
	/** Also disable extensions that this sync neither created nor adopted. They are never deleted. */
	readonly includeNeverPaired: boolean;
	readonly protected: ExtensionList;
	readonly limits: Readonly<Record<'disable' | 'delete', Limit>>;
	/** Besides: for parts of the phone system, such as a range or a department. Default: none. */
	readonly groups?: readonly GroupLimit[];
	readonly overrides: readonly Override[];
	/** Earlier runs, as far as they are remembered. */
	readonly done: readonly Done[];
	readonly windowHours: number;
	/** By extension id: since when it is known to be out of use, as ISO time. */
	readonly since: ReadonlyMap<string, string>;
	/** False where the phone system cannot disable an account (`capabilities.disable` is 'none'). */
	readonly canDisable: boolean;
	readonly canDelete: boolean;
	/** Now, as ISO text with its offset. */
	readonly now: string;
	/** IANA name of the time zone dates are meant in. */
	readonly zone: string;
}

export type CleanupStep =
	| { readonly act: 'ignore' }
	/** Already as it should be. `counting`: its days before deleting begin or go on. */
	| { readonly act: 'none'; readonly decision: string; readonly counting: boolean }
	| { readonly act: 'hold'; readonly because: Diagnostic }
	| { readonly act: 'disable' | 'delete'; readonly decision: string };

/**
 * One step per item, in the items' order. Over a limit every change of that kind is held, so a run
 * never does the first 20 of 500.
 */
export function planCleanup(items: readonly UnmatchedItem[], rules: CleanupRules): CleanupStep[] {
	const steps = items.map((item) => decide(item, rules));
	const planned = steps.map(({ act }, index) => {
		const extension = items[index]?.extension;
		if ((act !== 'disable' && act !== 'delete') || !extension) return null;
		return { kind: act, looks: [extension] };
	});
	const held = heldTogether(planned, {
		...rules,
		groups: rules.groups ?? [],
		existing: (positions) =>
			Math.min(...positions.flatMap((position) => items[position] ?? []).map(baseOf)),
	});
	return steps.map((step, index) => {
		const because = held[index];
		return because ? hold(because) : step;
	});
}

/** What a share is taken of. Of several plans or reads on one wire, the smallest is the strictest. */
function baseOf({ evidence, plan }: UnmatchedItem): number {
	const { scope, count } = evidence.extensions;
	// How many were asked for says nothing about how many there are; the plan knows of earlier reads.
	if (scope === 'needed' && plan) return plan.base;
	return Math.min(count, plan?.base ?? Infinity);
}

function decide({ extension, evidence }: UnmatchedItem, rules: CleanupRules): CleanupStep {
	const action = rules.ladder[evidence.reason];
	if (action === 'ignore') return { act: 'ignore' };
	if (isListed(extension, rules.protected)) return hold(HELD.protected);
	const ours = isOurs(evidence);
	if (!rules.includeNeverPaired && !ours) return hold(HELD.neverPaired);
	if (action === 'report') return hold(HELD.reportOnly);
	if (!isProven(evidence)) return hold(HELD.notProven);
	const gone = REASONS[evidence.reason];
	if (extension.enabled === false) {
		if (action === 'delete' && ours) return whenDisabled(extension.id, gone, rules);
		return { act: 'none', decision: `Already disabled: ${gone}.`, counting: false };
	}
	if (!rules.canDisable) return hold(HELD.cannotDisable);
	return { act: 'disable', decision: `To be disabled: ${gone}.` };
}

/** The last rung: deleted once it was out of use for long enough, by our own record. */
function whenDisabled(id: string, gone: string, rules: CleanupRules): CleanupStep {
	const { deleteAfterDays, now, zone, canDelete } = rules;
	const today = DateTime.fromISO(now, { zone: 'utc' });
	const known = DateTime.fromISO(rules.since.get(id) ?? '', { zone: 'utc' });
	// A date nobody can read is no reason to delete: the days begin anew.
	const from = known.isValid ? known : today;
	const due = from.plus({ days: deleteAfterDays });
	const day = (date: DateTime): string => date.setZone(zone).toISODate() ?? '';
	if (today < due) {
		const decision = `Disabled: ${gone}. To be deleted on ${day(due)}.`;
		return { act: 'none', decision, counting: true };
	}
	if (!canDelete) return hold(HELD.cannotDelete);
	return { act: 'delete', decision: `To be deleted, disabled since ${day(from)}: ${gone}.` };
}

/**
 * Whether this sync made or adopted the extension: a remembered link or our object id on it says
 * so, and so does the mail address of a user the directory itself calls disabled or deleted. A
 * number alone proves nothing; numbers are given again.
 */
function isOurs({ knownBy, reason, userId }: Evidence): boolean {
	if (knownBy === 'link' || knownBy === 'externalId') return true;
	return knownBy === 'email' && userId !== null && (reason === 'disabled' || reason === 'deleted');
}

/** Absence can only be told from lists that arrived whole; a statement of the directory stands alone. */
function isProven({ reason, users, extensions, userId }: Evidence): boolean {
	if (reason === 'notFound') return users?.scope === 'whole' && extensions.scope === 'whole';
	return userId !== null;
}

function hold(because: Diagnostic): CleanupStep {
	return { act: 'hold', because };
}
