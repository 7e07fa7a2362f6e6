/** What an administrator wants done in each situation, and with each kind of conflict. */
import type { Conflict } from './conflict';

export interface Reactions {
	/** A user whose extension is known. 'report': what would change is a conflict. Default: 'update'. */
	readonly linked?: 'update' | 'report' | 'ignore';
	/** A user whom an extension fits that was never paired. 'report': nothing is adopted. Default: 'update'. */
	readonly adopted?: 'update' | 'report' | 'ignore';
	/** A user without an extension. Default: 'create'. */
	readonly new?: 'create' | 'report' | 'ignore';
	/** A user for whom more than one pairing is possible. Default: 'report'. */
	readonly disputed?: 'report' | 'ignore';
	/** Extensions without an active user. 'report': they leave by Unmatched. Default: 'report'. */
	readonly orphaned?: 'report' | 'ignore';
}

/** 'skip': the user is left alone and only counted. 'nextFree': a number of the pool instead. */
export type ConflictChoice = 'conflict' | 'nextFree' | 'skip';

/** What every conflict is about, by its code. Those that are not here are always told. */
const KIND_OF = {
	'match.disputed': 'disputed',
	'match.evidenceOff': 'disputed',
	'match.ownerNotRead': 'disputed',
	'match.adoptionOff': 'alreadyExists',
	'match.extensionDisabled': 'alreadyExists',
	'user.emailInUse': 'mailInUse',
	'user.emailWantedTwice': 'mailInUse',
	'user.mobileInUse': 'mobileInUse',
	'user.mobileWantedTwice': 'mobileInUse',
	'user.missingField': 'missingKey',
	'user.noKey': 'missingKey',
	'user.keyLost': 'missingKey',
	'system.noSeat': 'noSeat',
	'number.bad': 'badNumber',
	'number.missing': 'badNumber',
	'number.noPhone': 'badNumber',
	'number.outsidePool': 'badNumber',
	'number.reserved': 'reserved',
	'number.cooling': 'reserved',
	'number.beginning': 'reserved',
	'number.inUse': 'numberInUse',
	'number.wantedTwice': 'wantedTwice',
	'number.noPool': 'poolEmpty',
	'number.poolEmpty': 'poolEmpty',
} as const;

export type ConflictKind = (typeof KIND_OF)[keyof typeof KIND_OF];

/** Default for every kind: 'conflict'. */
export type ConflictChoices = Readonly<Partial<Record<ConflictKind, ConflictChoice>>>;

export function choiceFor({ code }: Conflict, choices: ConflictChoices): ConflictChoice {
	const kinds: Readonly<Record<string, ConflictKind>> = KIND_OF;
	const kind = kinds[code];
	return (kind === undefined ? undefined : choices[kind]) ?? 'conflict';
}
