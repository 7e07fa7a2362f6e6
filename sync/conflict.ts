/**
 * Everything the plan leaves to a person, in one place: what was seen, why nothing is decided, and
 * the way out. Nothing is written for a user with a conflict; the other users go on.
 */
import type { Diagnostic } from './diagnostic';
import type { Extension, ExtensionRef } from './item';

export type Conflict = Diagnostic & {
	/** The next free number, where another number would solve it. */
	readonly suggestion: string | null;
	/** Where two sides disagree: what each says, for a person to choose between. */
	readonly fields?: readonly HeldField[];
};

/** One field of one person that says different things on the two sides. */
export interface HeldField {
	/** Our name, and the one panels show. */
	readonly name: string;
	readonly field: string;
	/** Graph's name of the attribute. */
	readonly attribute: string;
	readonly directory: string | null;
	readonly phoneSystem: string | null;
	/** 'both': both sides were edited since they agreed. 'unknown': nothing tells who was. */
	readonly edited: 'both' | 'unknown';
	/** Why the phone system's value cannot be taken; absent: either can. */
	readonly fixed?: string;
}

/** An extension as a person recognises it. */
export function refOf({ id, number, fields }: Extension): ExtensionRef {
	const parts = [fields['firstName'], fields['lastName']].filter(Boolean).join(' ');
	return { id, number, name: fields['displayName'] || parts || null };
}

/** As in a sentence: `201 (Ada Lovelace)`. */
export function nameOf(extension: Extension): string {
	const { id, number, name } = refOf(extension);
	return name === null ? (number ?? id) : `${number ?? id} (${name})`;
}

const conflict = (
	code: string,
	[what, why, fix]: readonly [string, string, string],
	field?: string,
): Conflict => ({ code, what, why, fix, ...(field && { field }), suggestion: null });

const EVIDENCE = {
	link: 'a remembered link',
	externalId: 'the external ID',
	email: 'the mail address',
	number: 'the extension number',
	phone: 'the phone number',
} as const;

export type EvidenceKind = keyof typeof EVIDENCE;

/** How a pairing was found, in words. */
export function evidenceInWords(by: EvidenceKind): string {
	return EVIDENCE[by];
}

const PIN = 'set the right pairing as "pinned" in the links table';

export const matchConflict = {
	disputed: (by: EvidenceKind, candidates: readonly Extension[]) =>
		conflict('match.disputed', [
			`By ${EVIDENCE[by]}, more than one pairing is possible: ${candidates.map(nameOf).join(', ')}.`,
			'Several extensions fit this user, or another user fits the same extension.',
			`Make the values unique in the directory or on the phone system, or ${PIN}.`,
		]),
	adoptionOff: (by: EvidenceKind, extension: Extension) =>
		conflict('match.adoptionOff', [
			`Extension ${nameOf(extension)} exists already and shares ${EVIDENCE[by]} with this user.`,
			'Adopting existing extensions is switched off.',
			`Switch on 'Adopt Existing Extensions', or ${PIN}.`,
		]),
	extensionDisabled: (extension: Extension) =>
		conflict('match.extensionDisabled', [
			`Extension ${nameOf(extension)} seems to be this user's, and it is disabled.`,
			'It was never paired before, so somebody may have disabled it on purpose.',
			`Enable it on the phone system, set 'Re-Enable' to "Always", or ${PIN}.`,
		]),
	evidenceOff: (by: EvidenceKind, extension: Extension) =>
		conflict('match.evidenceOff', [
			`Extension ${nameOf(extension)} is this user's by ${EVIDENCE[by]}, which is not used to match.`,
			'Nothing that is used leads to it, and a second extension would be one too many.',
			`Switch on ${by === 'link' ? '"Remembered Link"' : '"External ID"'} in 'Match By', correct what leads to the extension, or ${PIN}.`,
		]),
	ownerNotRead: (by: EvidenceKind, extension: Extension) =>
		conflict('match.ownerNotRead', [
			`Extension ${nameOf(extension)} shares ${EVIDENCE[by]} with this user and was somebody else's.`,
			'That person was not among the users who were read, so nobody knows whether they have left.',
			`Nothing to do: the next whole read decides. To decide now, ${PIN}.`,
		]),
	linkedReported: (extension: Extension, fields: readonly string[]) =>
		conflict('match.linkedReported', [
			`Extension ${nameOf(extension)} differs from the directory: ${fields.join(', ')}.`,
			`'Reactions' is set to report users who have an extension, so nothing is written.`,
			`Set 'Users with an Extension' to "Update" to have it written.`,
		]),
	adoptedReported: (by: EvidenceKind, extension: Extension) =>
		conflict('match.adoptedReported', [
			`Extension ${nameOf(extension)} shares ${EVIDENCE[by]} with this user and would become the user's.`,
			`'Reactions' is set to report extensions that fit, so none is adopted.`,
			`Set 'Extensions That Fit' to "Update" to have it adopted, or ${PIN}.`,
		]),
	newReported: () =>
		conflict('match.newReported', [
			'This user has no extension yet.',
			`'Reactions' is set to report users without an extension, so none is created.`,
			`Set 'Users Without an Extension' to "Create" to have one made.`,
		]),
	missing: (extensionId: string) =>
		conflict('match.missing', [
			`The remembered extension ${extensionId} did not arrive.`,
			'The list of extensions is not whole, so it may well exist.',
			'Connect PBX Target "Get Extensions" directly to the Extensions input.',
		]),
	listNotWhole: () =>
		conflict('match.listNotWhole', [
			'No extension was found for this user, and none is created.',
			'The list of extensions is not whole, so the user may have one already.',
			'Connect PBX Target "Get Extensions" directly to the Extensions input.',
		]),
	cannotCreate: () =>
		conflict('system.cannotCreate', [
			'This user has no extension yet.',
			'This phone system does not let other systems create extensions.',
			'Create it by hand; the next run finds it by its mail address.',
		]),
};

export const userConflict = {
	emailInUse: (email: string, extension: Extension) =>
		conflict(
			'user.emailInUse',
			[
				`The mail address ${email} is in use by extension ${nameOf(extension)}.`,
				'This phone system takes each mail address once.',
				`Change one of the two addresses, or ${PIN}.`,
			],
			'Email',
		),
	emailWantedTwice: (email: string, users: number) =>
		conflict(
			'user.emailWantedTwice',
			[
				`${users} users are to get the mail address ${email}.`,
				'This phone system takes each mail address once.',
				'Change the address of all but one, or map another attribute.',
			],
			'Email',
		),
	mobileInUse: (mobile: string, extension: Extension) =>
		conflict(
			'user.mobileInUse',
			[
				`The mobile number ${mobile} is in use by ${nameOf(extension)}.`,
				'This phone system takes each mobile number once.',
				`If both are the same person, add "Phone Number" to 'Match By'; if not, correct one of the numbers, or ${PIN}.`,
			],
			'Mobile',
		),
	mobileWantedTwice: (mobile: string) =>
		conflict(
			'user.mobileWantedTwice',
			[
				`Several users are to get the mobile number ${mobile}.`,
				'This phone system takes each mobile number once.',
				'Correct the number of all but one in the directory.',
			],
			'Mobile',
		),
	missingField: (field: string) =>
		conflict(
			'user.missingField',
			[
				`This user has no value for '${field}'.`,
				'The phone system refuses an extension without it.',
				`Map '${field}' in Field Mapper, or fill in the attribute in the directory.`,
			],
			field,
		),
	keyLost: (by: 'email' | 'phone') =>
		conflict(
			'user.keyLost',
			[
				`The mapping would change ${EVIDENCE[by]} of this user's extension.`,
				'Cleared, or shared with others, it would no longer tell the next run whose extension it is.',
				"Connect a links table, or map a value that is this user's alone.",
			],
			by === 'email' ? 'Email' : 'Mobile',
		),
	noKey: () =>
		conflict(
			'user.noKey',
			[
				'This user has nothing by which the next run would recognise the new extension.',
				'There is no links table, no external ID and nothing of the user alone to match by, so every run would make one more.',
				"Connect a links table, give the user a mail address, or switch on another way in 'Match By' together with 'Adopt Existing Extensions'.",
			],
			'Match By',
		),
};

const NUMBER = 'Extension Number';

export const numberConflict = {
	bad: (number: string, maxLength: number) =>
		conflict(
			'number.bad',
			[
				`"${number}" cannot be an extension number.`,
				`This phone system takes up to ${maxLength} digits and nothing else.`,
				'Correct the attribute in the directory, or the row of Field Mapper that fills the number.',
			],
			NUMBER,
		),
	reserved: (number: string) =>
		conflict(
			'number.reserved',
			[
				`${number} is never given.`,
				"It is in 'Reserved Numbers', or people dial it for help.",
				'Choose another number for this user.',
			],
			NUMBER,
		),
	inUse: (number: string, extension: Extension) =>
		conflict(
			'number.inUse',
			[
				`${number} is in use by extension ${nameOf(extension)}.`,
				'A number is never given twice.',
				`Choose another number for this user, or ${PIN} when it is the same person.`,
			],
			NUMBER,
		),
	wantedTwice: (number: string, users: number) =>
		conflict(
			'number.wantedTwice',
			[
				`${users} users want ${number}.`,
				'A number is never given twice, and nothing says who should have it.',
				'Correct the attribute of all but one in the directory.',
			],
			NUMBER,
		),
	listNotWhole: (number: string) =>
		conflict(
			'number.listNotWhole',
			[
				`This user is to get another number, ${number}.`,
				'The list of extensions is not whole, so somebody else may have that number.',
				'Connect PBX Target "Get Extensions" directly to the Extensions input.',
			],
			NUMBER,
		),
	missing: () =>
		conflict(
			'number.missing',
			[
				'This user has no extension number in the directory.',
				'The numbering is set to take numbers from the mapping only.',
				'Fill in the attribute, or set \'Numbering\' to "Mapped, Otherwise Next Free".',
			],
			NUMBER,
		),
	methodNone: () =>
		conflict(
			'number.methodNone',
			[
				'This user would get an extension without a number.',
				'This phone system has no extensions without numbers.',
				"Choose another way of 'Numbering'.",
			],
			'Numbering',
		),
	noPool: () =>
		conflict(
			'number.noPool',
			[
				'No number pool is meant for this user.',
				"Each of the 'Number Pools' has a condition, and this user meets none of them.",
				"Add a pool without a condition, or add this user's value to one.",
			],
			'Number Pools',
		),
	poolEmpty: (pool: string) =>
		conflict(
			'number.poolEmpty',
			[
				`Pool '${pool}' has no free number left.`,
				'All its numbers are in use, reserved or about to be given.',
				'Add a range to the pool, or free numbers on the phone system.',
			],
			'Number Pools',
		),
	outsidePool: (number: string, pool: string) =>
		conflict(
			'number.outsidePool',
			[
				`The phone number of this user ends in ${number}, which is not in pool '${pool}'.`,
				'The pool takes the last digits of the phone number, and only numbers of its own ranges.',
				"Correct the phone number in the directory, or the 'Ranges' or 'Last Digits' of the pool.",
			],
			'Number Pools',
		),
	noPhone: () =>
		conflict(
			'number.noPhone',
			[
				'This user has no phone number to take the extension from.',
				'The pool takes the last digits of the phone number, and Field Mapper fills in none.',
				"Fill in the number in the directory, or give the pool another 'Method'.",
			],
			'Number Pools',
		),
	cooling: (number: string) =>
		conflict(
			'number.cooling',
			[
				`${number} was somebody else's until lately.`,
				"Its 'Cooling Days' are not over, so that nobody who still dials it reaches a stranger.",
				'Wait, choose another number for this user, or shorten the days.',
			],
			NUMBER,
		),
	beginning: (number: string) =>
		conflict(
			'number.beginning',
			[
				`${number} is the beginning of another number, or begins with one.`,
				'The phone system would ring the shorter one while the longer one is being dialled.',
				"Choose another number for this user, or switch off 'No Number May Begin Another'.",
			],
			NUMBER,
		),
	noSeat: (seats: number) =>
		conflict(
			'system.noSeat',
			[
				'This user has to wait for a free seat.',
				`The phone system may have ${seats} extensions, by its license or by 'Seats', and there are as many.`,
				"Delete extensions nobody needs, or buy seats and raise 'Seats' where it is set.",
			],
			'Seats',
		),
};
