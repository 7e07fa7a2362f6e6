/** By which values a user and an extension can be recognised as the same person's. */
import type { Contact } from './contact';
import type { Extension, MatchedBy, User } from './item';

/** Entra's object ids. Other tools keep other things in an external id, and those are not ours. */
export const OBJECT_ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

export interface Person {
	readonly user: User;
	readonly contact: Contact | null;
}

/** The keys of one kind on both sides. Empty keys are no keys. */
export interface KeysOf {
	readonly extension: (extension: Extension) => Iterable<string>;
	readonly person: (person: Person) => Iterable<string>;
}

export const KEYS: Readonly<Record<Exclude<MatchedBy, 'link'>, KeysOf>> = {
	externalId: {
		extension: ({ externalId }) => [fold(externalId)],
		person: ({ user }) => [fold(user.id)],
	},
	email: {
		extension: ({ fields }) => [fold(fields['email'])],
		person: emailsOf,
	},
	number: {
		extension: ({ number }) => [number ?? ''],
		person: ({ contact }) => [contact?.['number']?.trim() ?? ''],
	},
	phone: {
		extension: ({ fields }) => phonesOf(fields),
		person: ({ contact }) => phonesOf(contact ?? {}),
	},
};

/** Spaces around and case do not make another mail address or object id. */
export function fold(value: unknown): string {
	return typeof value === 'string' ? value.trim().toLowerCase() : '';
}

/** Mail addresses a user is known by: mail, UPN, aliases and what the mapping would write. */
function emailsOf({ user, contact }: Person): string[] {
	const emails: string[] = [];
	const add = (email: string) => {
		if (email !== '' && !emails.includes(email)) emails.push(email);
	};
	add(fold(user['mail']));
	add(fold(user['userPrincipalName']));
	add(fold(contact?.['email']));
	const aliases: unknown = user['proxyAddresses'];
	if (!Array.isArray(aliases)) return emails;
	for (const alias of aliases) {
		const address = fold(alias);
		if (address.startsWith('smtp:')) add(address.slice('smtp:'.length));
	}
	return emails;
}

/** Phone numbers as keys, each of its own kind: a mobile number is compared with mobile numbers only. */
export function phonesOf(fields: Contact): string[] {
	const keys: string[] = [];
	for (const field of ['mobile', 'phone']) {
		const number = comparablePhone(fields[field]);
		if (number !== '') keys.push(`${field} ${number}`);
	}
	return keys;
}

/**
 * A phone number as it can be compared: digits after a plus, from `+41 44 …` and `0041 44 …` alike.
 * Empty where the country is not written, because it would have to be guessed.
 */
function comparablePhone(value: string | null | undefined): string {
	const dialled = (value ?? '').replace(/[^\d+]/g, '').replace(/^00/, '+');
	return /^\+\d{7,15}$/.test(dialled) ? dialled : '';
}
