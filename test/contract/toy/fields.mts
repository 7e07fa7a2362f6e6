import type { Contact, FieldDefinition } from '../../../sync/contact.ts';
import type { Extension } from '../../../sync/item.ts';
import type { Line } from './wire.mts';

export const FIELDS: readonly FieldDefinition[] = [
	{ name: 'number', displayName: 'Digits', type: 'digits', required: true, createOnly: true },
	{ name: 'firstName', displayName: 'First Name', type: 'text' },
	{ name: 'lastName', displayName: 'Last Name', type: 'text' },
	{ name: 'email', displayName: 'Mail', type: 'email', ignoreCase: true },
	{ name: 'mobile', displayName: 'Cell', type: 'phone' },
	{ name: 'jobTitle', displayName: 'Role', type: 'text' },
];

const THEIRS = {
	firstName: 'first',
	lastName: 'last',
	email: 'mail',
	mobile: 'cell',
	jobTitle: 'role',
} as const;

export function toExtension(line: Line): Extension {
	const fields = Object.entries(THEIRS).map(([ours, theirs]) => [ours, line[theirs] || null]);
	const { id, digits: number, open: enabled } = line;
	return { id, number, enabled, externalId: null, fields: Object.fromEntries(fields) };
}

/** Only the named fields; null clears. */
export function toValues(contact: Contact): Record<string, string | null> {
	const values: Record<string, string | null> = {};
	for (const [ours, theirs] of Object.entries(THEIRS)) {
		const value = contact[ours];
		if (value !== undefined) values[theirs] = value;
	}
	return values;
}
