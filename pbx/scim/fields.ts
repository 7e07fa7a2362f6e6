import type { Contact, FieldDefinition } from '../../sync/contact';
import type { Extension } from '../../sync/item';
import type { NewExtension } from '../adapter';
import type { Operation, ScimUser, TypedValue } from './wire';
import { ENTERPRISE, USER } from './wire';

export const FIELDS: readonly FieldDefinition[] = [
	{ name: 'userName', displayName: 'User Name', type: 'text', ignoreCase: true },
	{ name: 'firstName', displayName: 'First Name', type: 'text' },
	{ name: 'lastName', displayName: 'Last Name', type: 'text' },
	{ name: 'displayName', displayName: 'Display Name', type: 'text' },
	{ name: 'email', displayName: 'Work Email', type: 'email', ignoreCase: true },
	{ name: 'phone', displayName: 'Work Phone', type: 'phone' },
	{ name: 'mobile', displayName: 'Mobile Phone', type: 'phone' },
	{ name: 'jobTitle', displayName: 'Title', type: 'text' },
	{ name: 'department', displayName: 'Department', type: 'text' },
	{ name: 'company', displayName: 'Organization', type: 'text' },
];

/** Our fields that are one attribute there, with its path. */
const SIMPLE: Readonly<Record<string, string>> = {
	userName: 'userName',
	firstName: 'name.givenName',
	lastName: 'name.familyName',
	displayName: 'displayName',
	jobTitle: 'title',
	department: `${ENTERPRISE}:department`,
	company: `${ENTERPRISE}:organization`,
};

/** Our fields that are one entry of a list there: which list, and the type of the entry. */
const TYPED = {
	email: { list: 'emails', type: 'work' },
	phone: { list: 'phoneNumbers', type: 'work' },
	mobile: { list: 'phoneNumbers', type: 'mobile' },
} as const;

type TypedField = keyof typeof TYPED;
type ListName = (typeof TYPED)[TypedField]['list'];

/** As it is there, in our words. */
export function toExtension(user: ScimUser): Extension {
	const enterprise = user[ENTERPRISE];
	return {
		id: user.id,
		number: null,
		enabled: user.active ?? null,
		externalId: user.externalId || null,
		fields: {
			userName: user.userName || null,
			firstName: user.name?.givenName || null,
			lastName: user.name?.familyName || null,
			displayName: user.displayName || null,
			email: valueOf(user, 'email'),
			phone: valueOf(user, 'phone'),
			mobile: valueOf(user, 'mobile'),
			jobTitle: user.title || null,
			department: enterprise?.department || null,
			company: enterprise?.organization || null,
		},
	};
}

/**
 * An account to be made. Entra's own provisioning makes names of sign-in and mail addresses, so an
 * account without a mapped user name gets its mail address, in lower case because servers differ
 * in whether they tell cases apart.
 */
export function toNewUser({ fields, externalId }: NewExtension, userName: string): object {
	const list = (name: ListName) => {
		const entries = entriesOf(name)
			.map(({ field, type }) => ({ type, value: fields[field] }))
			.filter(({ value }) => value);
		return entries.length > 0 ? { [name]: entries } : {};
	};
	const { firstName, lastName, displayName, jobTitle, department, company } = fields;
	const isEnterprise = Boolean(department ?? company);
	return {
		schemas: isEnterprise ? [USER, ENTERPRISE] : [USER],
		userName,
		active: true,
		...filledOnly({ externalId, displayName, title: jobTitle }),
		...(firstName || lastName
			? { name: filledOnly({ givenName: firstName, familyName: lastName }) }
			: {}),
		...list('emails'),
		...list('phoneNumbers'),
		...(isEnterprise ? { [ENTERPRISE]: filledOnly({ department, organization: company }) } : {}),
	};
}

export function userNameFor(fields: Contact): string | null {
	return (fields['userName'] || fields['email'] || '').toLowerCase() || null;
}

/**
 * One operation per attribute. Lists are replaced whole, with every entry of another type as it was
 * read: adding through a filter (`phoneNumbers[type eq "work"]`) is refused by servers that have
 * no such entry yet.
 */
export function toOperations(
	fields: Contact,
	current: ScimUser,
	mark?: string | null,
): Operation[] {
	const operations = mark === undefined ? [] : [write('externalId', mark)];
	for (const [field, path] of Object.entries(SIMPLE)) {
		const value = fields[field];
		if (value !== undefined) operations.push(write(path, value));
	}
	for (const list of ['emails', 'phoneNumbers'] as const) {
		const wanted = entriesOf(list).filter(({ field }) => fields[field] !== undefined);
		if (wanted.length === 0) continue;
		let entries: readonly TypedValue[] = current[list] ?? [];
		for (const { field, type } of wanted) entries = withEntry(entries, type, fields[field] ?? null);
		operations.push(write(list, entries.length > 0 ? entries : null));
	}
	return operations;
}

/** Whether writing the lists needs to know what is in them. */
export function touchesLists(fields: Contact): boolean {
	return Object.keys(TYPED).some((field) => fields[field] !== undefined);
}

function write(path: string, value: string | readonly TypedValue[] | null): Operation {
	return value === null ? { op: 'remove', path } : { op: 'replace', path, value };
}

/** The first entry of the type gets the value and keeps what else it says; null takes all of them out. */
function withEntry(
	entries: readonly TypedValue[],
	type: string,
	value: string | null,
): readonly TypedValue[] {
	if (value === null) return entries.filter((entry) => !isOfType(entry, type));
	const at = entries.findIndex((entry) => isOfType(entry, type));
	if (at < 0) return [...entries, { type, value }];
	// `display` is a copy of the value that servers make themselves; the old one would contradict.
	return entries.map((entry, index) =>
		index === at ? { ...entry, value, display: undefined } : entry,
	);
}

function valueOf(user: ScimUser, field: TypedField): string | null {
	const { list, type } = TYPED[field];
	return user[list]?.find((entry) => isOfType(entry, type))?.value || null;
}

function isOfType(entry: TypedValue, type: string): boolean {
	return entry.type?.toLowerCase() === type;
}

function entriesOf(list: ListName): { field: TypedField; type: string }[] {
	return (Object.keys(TYPED) as TypedField[]) // the keys of a constant
		.filter((field) => TYPED[field].list === list)
		.map((field) => ({ field, type: TYPED[field].type }));
}

function filledOnly(values: Record<string, string | null | undefined>): Record<string, string> {
	const filled: Record<string, string> = {};
	for (const [name, value] of Object.entries(values)) if (value) filled[name] = value;
	return filled;
}
