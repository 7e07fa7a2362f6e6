/** The clean-up in the words of the report. */
import type { Diagnostic } from './diagnostic';
import type { AbsenceReason } from './item';

/** Held because somebody chose so, and therefore nothing to worry about in a report. */
const LEFT_ALONE = ['cleanup.reportOnly', 'cleanup.neverPaired', 'cleanup.protected'];

export function isLeftAlone(because: Diagnostic | null): boolean {
	return because !== null && LEFT_ALONE.includes(because.code);
}

/** Each completes "no active user: ...". */
export const REASONS: Readonly<Record<AbsenceReason, string>> = {
	disabled: 'the user is disabled in the directory',
	deleted: 'the user was deleted in the directory',
	outOfScope: 'the user is no longer in scope',
	notFound: 'no user in the directory belongs to it',
};

/** Why something is left as it is. The item's evidence says why it is here. */
export const HELD = {
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
		why: 'Their time is over, and this phone system cannot delete an extension from outside.',
		fix: "Delete them in the phone system's own administration.",
	},
} as const satisfies Readonly<Record<string, Diagnostic>>;
