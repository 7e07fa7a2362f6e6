import type { Contact, FieldDefinition } from '../../sync/contact';
import type { Extension } from '../../sync/item';
import type { Credential, TelavoxUser } from './wire';

/**
 * The two numbers are those calls reach the person by, not what the directory says of them. They go
 * by Telavox's own names, so that no recommended mapping writes them.
 */
export const FIELDS: readonly FieldDefinition[] = [
	{ name: 'displayName', displayName: 'Name', type: 'text' },
	{ name: 'email', displayName: 'Email', type: 'email', required: true, ignoreCase: true },
	{ name: 'fixedNumber', displayName: 'Fixed Number', type: 'phone' },
	{ name: 'mobileNumber', displayName: 'Mobile Number', type: 'phone' },
	{ name: 'template', displayName: 'Template', type: 'text', createOnly: true },
	{ name: 'invoicePlace', displayName: 'Invoice Place', type: 'text', createOnly: true },
];

/** How a user's values are called on the wire. The names are behind the credential. */
export interface Names {
	readonly key: string;
	/** Our field -> theirs. */
	readonly fields: Readonly<Record<string, string>>;
}

export function namesIn(credential: Credential): Names {
	return {
		key: credential.keyName,
		fields: {
			displayName: credential.nameName,
			email: credential.emailName,
			fixedNumber: credential.fixedNumberName,
			mobileNumber: credential.mobileNumberName,
		},
	};
}

/** The user's key, `extension-7422411`; null when the answer has none where it should be. */
export function keyOf(user: TelavoxUser, { key }: Names): string | null {
	return textOf(user[key]) ?? textOf(user['id']);
}

/** As it is there, in our words. */
export function toExtension(id: string, user: TelavoxUser, names: Names): Extension {
	const fields = Object.entries(names.fields).map(([ours, theirs]) => [ours, textOf(user[theirs])]);
	return { id, number: null, enabled: null, externalId: null, fields: Object.fromEntries(fields) };
}

/** Only the named fields, under their names. */
export function toValues(fields: Contact, names: Names): Record<string, string | null> {
	const values: Record<string, string | null> = {};
	for (const [ours, theirs] of Object.entries(names.fields)) {
		const value = fields[ours];
		if (value !== undefined) values[theirs] = value || null;
	}
	return values;
}

/** The first of our fields that does not hold what was written; null when all do. */
export function notTaken(wanted: Contact, after: Extension): FieldDefinition | null {
	return (
		FIELDS.find(({ name, type }) => {
			const wish = wanted[name];
			if (wish === undefined) return false;
			const [one, other] = [wish || null, after.fields[name] ?? null];
			return type === 'phone' ? !isSameNumber(one, other) : one !== other;
		}) ?? null
	);
}

/** Numbers come back as `+46`, `0046` or national: the last digits tell. */
function isSameNumber(one: string | null, other: string | null): boolean {
	const tail = (number: string | null) => number?.replace(/\D/g, '').slice(-8) ?? '';
	return tail(one) === tail(other);
}

function textOf(value: unknown): string | null {
	if (typeof value === 'number') return String(value);
	return typeof value === 'string' && value !== '' ? value : null;
}
