/**
 * What becomes of extensions without an active user. Pure: it only decides; Unmatched Cleaner does
 * what is decided here, one extension at a time, after reading it once more.
 */
import type { Diagnostic } from './diagnostic';
import type { AbsenceReason, Evidence, UnmatchedItem } from './item';
import { heldByLimit, type Limit, type Override } from './limits';
import { isProtected, type ProtectedList } from './protected';

/** The ladder, from gentle to hard. There is no rung that deletes. */
export type CleanupAction = 'ignore' | 'report' | 'disable';

export type CleanupLadder = Readonly<Record<AbsenceReason, CleanupAction>>;

export interface CleanupRules {
	readonly ladder: CleanupLadder;
	/** Also extensions that this sync neither created nor adopted. */
	readonly includeNeverPaired: boolean;
	readonly protected: ProtectedList;
	readonly limit: Limit;
	readonly overrides: readonly Override[];
	/** False where the phone system cannot disable an account (`capabilities.disable` is 'none'). */
	readonly canDisable: boolean;
	/** Now, as ISO text with its offset. */
	readonly now: string;
	/** IANA name of the time zone dates are meant in. */
	readonly zone: string;
}

export type CleanupStep =
	| { readonly act: 'ignore' }
	/** Already as it should be. */
	| { readonly act: 'none'; readonly decision: string }
	| { readonly act: 'hold'; readonly because: Diagnostic }
	| { readonly act: 'disable'; readonly decision: string };

/** Held because somebody chose so, and therefore nothing to worry about in a report. */
const LEFT_ALONE = ['cleanup.reportOnly', 'cleanup.neverPaired', 'cleanup.protected'];

export function isLeftAlone(because: Diagnostic | null): boolean {
	return because !== null && LEFT_ALONE.includes(because.code);
}

/**
 * One step per item, in the items' order. Over the limit every disable is held, so a run never does
 * the first 20 of 500.
 */
export function planCleanup(items: readonly UnmatchedItem[], rules: CleanupRules): CleanupStep[] {
	const steps = items.map((item) => decide(item, rules));
	const planned = items.filter((_, index) => steps[index]?.act === 'disable');
	const because = heldByLimit({
		kind: 'disable',
		planned: planned.length,
		// Items of two reads on one wire are not expected; the smaller read gives the stricter limit.
		existing: planned.reduce(
			(least, { evidence }) => Math.min(least, evidence.extensions.count),
			Infinity,
		),
		limit: rules.limit,
		overrides: rules.overrides,
		now: rules.now,
		zone: rules.zone,
	});
	if (because === null) return steps;
	return steps.map((step) => (step.act === 'disable' ? { act: 'hold', because } : step));
}

function decide({ extension, evidence }: UnmatchedItem, rules: CleanupRules): CleanupStep {
	const action = rules.ladder[evidence.reason];
	if (action === 'ignore') return { act: 'ignore' };
	if (isProtected(extension, rules.protected)) return hold(HELD.protected);
	if (!rules.includeNeverPaired && !isOurs(evidence)) return hold(HELD.neverPaired);
	if (action === 'report') return hold(HELD.reportOnly);
	if (!isProven(evidence)) return hold(HELD.notProven);
	const gone = REASONS[evidence.reason];
	if (extension.enabled === false) return { act: 'none', decision: `Already disabled: ${gone}.` };
	if (!rules.canDisable) return hold(HELD.cannotDisable);
	return { act: 'disable', decision: `To be disabled: ${gone}.` };
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

/** Each completes "no active user: ...". */
export const REASONS: Readonly<Record<AbsenceReason, string>> = {
	disabled: 'the user is disabled in the directory',
	deleted: 'the user was deleted in the directory',
	outOfScope: 'the user is no longer in scope',
	notFound: 'no user in the directory belongs to it',
};

/** Why something is left as it is, in the words of the report. The item's evidence says why it is here. */
const HELD = {
	reportOnly: {
		code: 'cleanup.reportOnly',
		what: 'No active user: only reported, as set.',
		why: "The action for this reason is 'Report'.",
		fix: 'Nothing to do if that is right. Otherwise choose another action in Unmatched Cleaner.',
	},
	neverPaired: {
		code: 'cleanup.neverPaired',
		what: 'No active user: left alone, because this sync never created or adopted them.',
		why: 'No link and no object id of a user says that they belong to the directory.',
		fix: "Nothing to do if they were made by hand. Otherwise switch on 'Include Extensions Never Paired'.",
		field: 'Include Extensions Never Paired',
	},
	protected: {
		code: 'cleanup.protected',
		what: 'No active user: left alone, because they are protected.',
		why: "They are in 'Protected Extensions'.",
		fix: 'Nothing to do if that is right. Otherwise take them out of the list.',
		field: 'Protected Extensions',
	},
	notProven: {
		code: 'cleanup.notProven',
		what: 'Held: nothing proves that the user is gone.',
		why: 'The list of users or of extensions did not arrive whole, or the directory made no statement about the user.',
		fix: 'Take out whatever filters items between the reads and Extension Allocator, and run again.',
	},
	cannotDisable: {
		code: 'cleanup.cannotDisable',
		what: 'To do by hand: disable these extensions.',
		why: 'This phone system cannot disable an extension from outside.',
		fix: "Disable or remove them in the phone system's own administration.",
	},
} as const satisfies Readonly<Record<string, Diagnostic>>;
