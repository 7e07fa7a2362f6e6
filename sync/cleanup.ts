/**
 * What becomes of extensions without an active user. Pure: it only decides; Unmatched Cleaner does
 * what is decided here, one extension at a time, after reading it once more.
 */
import type { Diagnostic } from './diagnostic';
import type { AbsenceReason, Evidence, UnmatchedItem } from './item';
import { heldByLimit, type Limit, type Override } from './limits';
import { isProtected, type ProtectedList } from './protected';

/**
 * The ladder, from gentle to hard. 'delete' means: disable now, delete after so many days disabled.
 */
export type CleanupAction = 'ignore' | 'report' | 'disable' | 'delete';

/** Not being found is the weakest evidence there is, so neither of the last two can lead to deleting. */
export interface CleanupLadder {
	readonly disabled: CleanupAction;
	readonly deleted: CleanupAction;
	readonly outOfScope: Exclude<CleanupAction, 'delete'>;
	readonly notFound: Exclude<CleanupAction, 'delete'>;
}

export const DEFAULT_LADDER: CleanupLadder = {
	disabled: 'disable',
	deleted: 'disable',
	outOfScope: 'report',
	notFound: 'report',
};

export interface CleanupRules {
	readonly ladder: CleanupLadder;
	/** Days an extension stays disabled before 'delete' deletes it. */
	readonly deleteAfterDays: number;
	/** Also extensions that this sync neither created nor adopted. */
	readonly includeNeverPaired: boolean;
	readonly protected: ProtectedList;
	readonly limits: Readonly<Record<'disable' | 'delete', Limit>>;
	readonly overrides: readonly Override[];
	/** What the phone system can do, from its `capabilities`. */
	readonly canDisable: boolean;
	readonly canDelete: boolean;
	/** False where nobody watches: an AI agent may preview and disable, never delete. */
	readonly mayDelete: boolean;
	/** Now, as ISO text with its offset. */
	readonly now: string;
	/** IANA name of the time zone dates are meant in. */
	readonly zone: string;
}

/** What Unmatched Cleaner gets: the Allocator's item, and perhaps what the links table remembers. */
export interface CleanupItem extends UnmatchedItem {
	/** ISO date since when the extension is disabled. Without it nothing is ever deleted. */
	readonly disabledSince?: string | null;
}

export type CleanupStep =
	| { readonly act: 'ignore' }
	/** Already as it should be. */
	| { readonly act: 'none'; readonly decision: string }
	| { readonly act: 'hold'; readonly because: Diagnostic }
	| { readonly act: 'disable' | 'delete'; readonly decision: string };

/** Held because somebody chose so, and therefore nothing to worry about in a report. */
const LEFT_ALONE = ['cleanup.reportOnly', 'cleanup.neverPaired', 'cleanup.protected'];

export function isLeftAlone(because: Diagnostic | null): boolean {
	return because !== null && LEFT_ALONE.includes(because.code);
}

/**
 * One step per item, in the items' order. Over a limit every step of that kind is held, so a run
 * never does the first 20 of 500.
 */
export function planCleanup(items: readonly CleanupItem[], rules: CleanupRules): CleanupStep[] {
	const steps = items.map((item) => decide(item, rules));
	const held = { disable: overLimit('disable'), delete: overLimit('delete') };
	return steps.map((step) => {
		const because = step.act === 'disable' || step.act === 'delete' ? held[step.act] : null;
		return because ? { act: 'hold', because } : step;
	});

	function overLimit(kind: 'disable' | 'delete'): Diagnostic | null {
		const planned = items.filter((_, index) => steps[index]?.act === kind);
		if (planned.length === 0) return null;
		return heldByLimit({
			kind,
			planned: planned.length,
			// Items of two reads on one wire are not expected; the smaller read gives the stricter limit.
			existing: planned.reduce(
				(least, { evidence }) => Math.min(least, evidence.extensions.count),
				Infinity,
			),
			limit: rules.limits[kind],
			overrides: rules.overrides,
			now: rules.now,
			zone: rules.zone,
		});
	}
}

function decide(item: CleanupItem, rules: CleanupRules): CleanupStep {
	const { extension, evidence } = item;
	const action = rules.ladder[evidence.reason];
	const gone = REASONS[evidence.reason];
	if (action === 'ignore') return { act: 'ignore' };
	if (isProtected(extension, rules.protected)) return hold(HELD.protected);
	if (!rules.includeNeverPaired && !isOurs(evidence)) return hold(HELD.neverPaired);
	if (action === 'report') return hold(HELD.reportOnly);
	if (!isProven(evidence)) return hold(HELD.notProven);
	if (action === 'delete' && extension.enabled === false) return decideDelete(item, rules);
	if (isDisabled(item)) return { act: 'none', decision: `Already disabled: ${gone}.` };
	if (!rules.canDisable) return hold(HELD.cannotDisable);
	return { act: 'disable', decision: `To be disabled: ${gone}.` };
}

/** The last rung, only ever reached by an extension that is disabled now and has been for long enough. */
function decideDelete(item: CleanupItem, rules: CleanupRules): CleanupStep {
	const since = Date.parse(item.disabledSince ?? '');
	if (Number.isNaN(since))
		return { act: 'none', decision: 'Disabled, and not deleted: it is not known since when.' };
	const days = Math.floor((Date.parse(rules.now) - since) / DAY_MS);
	if (days < rules.deleteAfterDays)
		return {
			act: 'none',
			decision: `Disabled for ${String(Math.max(0, days))} of ${String(rules.deleteAfterDays)} days; not deleted yet.`,
		};
	if (!rules.canDelete) return hold(HELD.cannotDelete);
	if (!rules.mayDelete) return hold(HELD.mayNotDelete);
	return { act: 'delete', decision: `To be deleted: disabled for ${String(days)} days.` };
}

const DAY_MS = 24 * 60 * 60 * 1000;

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

/** A system that cannot say whether an account is disabled is believed by what we remember. */
function isDisabled({ extension, disabledSince }: CleanupItem): boolean {
	return extension.enabled === false || (extension.enabled === null && Boolean(disabledSince));
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
	cannotDelete: {
		code: 'cleanup.cannotDelete',
		what: 'To do by hand: delete these extensions.',
		why: 'This phone system cannot delete an extension from outside.',
		fix: "Remove them in the phone system's own administration.",
	},
	mayNotDelete: {
		code: 'cleanup.mayNotDelete',
		what: 'Held: an AI agent may not delete extensions.',
		why: 'Unmatched Cleaner was called as a tool.',
		fix: 'Run the workflow yourself if they should be deleted.',
	},
} as const satisfies Readonly<Record<string, Diagnostic>>;
