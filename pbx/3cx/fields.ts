import type { Contact, FieldDefinition } from '../../sync/contact';
import type { Extension } from '../../sync/item';
import type { XapiUser } from './wire';

export const FIELDS: readonly FieldDefinition[] = [
	{
		name: 'number',
		displayName: 'Extension Number',
		type: 'digits',
		required: true,
		createOnly: true,
	},
	{ name: 'firstName', displayName: 'First Name', type: 'text' },
	{ name: 'lastName', displayName: 'Last Name', type: 'text' },
	{ name: 'email', displayName: 'Email Address', type: 'email', ignoreCase: true },
	{ name: 'mobile', displayName: 'Mobile Number', type: 'phone' },
	{ name: 'callerId', displayName: 'Outbound Caller ID', type: 'phone' },
	/**
	 * Not called 'department', so that nobody maps it without meaning to: a department of 3CX decides
	 * about rights and office hours, and one that does not exist is refused.
	 */
	{ name: 'group', displayName: 'Department', type: 'text', createOnly: true },
];

/** Our field -> theirs. Number and department are not among them: they are given once. */
const THEIRS = {
	firstName: 'FirstName',
	lastName: 'LastName',
	email: 'EmailAddress',
	mobile: 'Mobile',
	callerId: 'OutboundCallerID',
} as const;

/** Their name of a property -> the name an administrator sees. */
export function displayNameOf(theirName: string): string | null {
	if (theirName === 'Number') return 'Extension Number';
	if (theirName === 'Groups') return 'Department';
	const ours = Object.entries(THEIRS).find(([, theirs]) => theirs === theirName)?.[0];
	return FIELDS.find(({ name }) => name === ours)?.displayName ?? null;
}

/** As it is there, in our words. */
export function toExtension(user: XapiUser): Extension {
	const fields: Record<string, string | null> = {};
	for (const [ours, theirs] of Object.entries(THEIRS)) fields[ours] = user[theirs] || null;
	return {
		id: String(user.Id),
		number: user.Number,
		enabled: user.Enabled ?? null,
		externalId: null,
		fields,
	};
}

/** Only the named fields. Empty text clears. */
export function toValues(fields: Contact): Record<string, string> {
	const values: Record<string, string> = {};
	for (const [ours, theirs] of Object.entries(THEIRS)) {
		const value = fields[ours];
		if (value !== undefined) values[theirs] = value ?? '';
	}
	return values;
}

/** A user to be made. What is not said, passwords included, is the phone system's own choice. */
export function toNewUser(number: string, fields: Contact, groupId: number | null): object {
	const filled = Object.entries(toValues(fields)).filter(([, value]) => value !== '');
	return {
		Number: number,
		...Object.fromEntries(filled),
		...(groupId === null
			? {}
			: {
					PrimaryGroupId: groupId,
					Groups: [{ GroupId: groupId, Rights: { RoleName: 'users' } }],
				}),
	};
}
