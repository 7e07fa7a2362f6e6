/** Why something was decided, in short sentences that travel with the item. */
import { evidenceInWords, nameOf } from './conflict';
import type { Diagnostic } from './diagnostic';
import type { AbsenceReason, Extension, Link, MatchedBy, NumberChoice } from './item';

export const decided = {
	matched: (by: MatchedBy, extension: Extension): string =>
		`Matched to extension ${nameOf(extension)} by ${evidenceInWords(by)}.`,

	isNew: (lost: Link | null): string =>
		lost === null
			? 'No extension matches, so a new one is made.'
			: `The remembered extension ${lost.number ?? lost.extensionId} is gone, so a new one is made.`,

	/** Nothing to say about a number that stays. */
	number: ({ value, reason, pool }: NumberChoice): string[] => {
		if (value === null || reason === 'kept') return [];
		if (reason === 'property') return [`Number ${value} is the mapped one.`];
		if (reason === 'phone') return [`Number ${value} is the end of the phone number.`];
		if (reason === 'sticky') return [`Number ${value} is the one this user had before.`];
		return [`Number ${value} is the next free one of pool '${pool}'.`];
	},

	direct: (number: string): string => `Its direct number is ${number}.`,

	instead: ({ what }: Diagnostic): string =>
		`${what} 'In Conflict' is set to go on with another number.`,

	numberUnmet: (wish: string): string =>
		`Number ${wish} is mapped, but this phone system cannot change a number.`,

	enabling: (enable: boolean): string =>
		enable
			? 'The extension is disabled and its user is active, so it is enabled.'
			: 'The extension is disabled and stays so, as set.',

	departed: (reason: Exclude<AbsenceReason, 'notFound'>): string =>
		({
			disabled: 'The user is disabled in the directory.',
			deleted: 'The user is deleted in the directory.',
			outOfScope: 'The user is in the directory, but no longer in scope.',
		})[reason],

	notFound: (knownBy: 'link' | 'externalId' | null): string =>
		knownBy === null
			? 'No user matches this extension, and it was never paired.'
			: `The user this extension belongs to by ${evidenceInWords(knownBy)} is not in the directory.`,
};
