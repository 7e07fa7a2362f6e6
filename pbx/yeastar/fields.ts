import type { Contact, FieldDefinition } from '../../sync/contact';
import type { Extension } from '../../sync/item';
import type { NewExtension } from '../adapter';
import { generateSecret } from '../secret';
import { idsOf, namesOf, roleIdOf, type Named } from './organizations';
import type { ExtensionRecord } from './wire';

export const FIELDS: readonly FieldDefinition[] = [
	{
		name: 'number',
		displayName: 'Extension Number',
		type: 'digits',
		required: true,
		maxLength: 7,
		createOnly: true,
	},
	{ name: 'firstName', displayName: 'First Name', type: 'text' },
	{ name: 'lastName', displayName: 'Last Name', type: 'text' },
	{ name: 'email', displayName: 'Email Address', type: 'email', ignoreCase: true },
	{ name: 'mobile', displayName: 'Mobile Number', type: 'phone' },
	{ name: 'jobTitle', displayName: 'Job Title', type: 'text' },
	{
		name: 'organization',
		displayName: 'Organization',
		type: 'text',
		ignoreCase: true,
		unordered: true,
	},
	// Rights hang on it, so it is given once and never touched afterwards.
	{ name: 'role', displayName: 'Role', type: 'text', ignoreCase: true, createOnly: true },
];

/** Our field -> theirs. The number is not among them: it cannot be changed. */
const THEIRS = {
	firstName: 'first_name',
	lastName: 'last_name',
	email: 'email_addr',
	mobile: 'mobile_number',
	jobTitle: 'title',
} as const;

/** Their name of a value -> the name an administrator sees. */
export function displayNameOf(theirName: string): string | null {
	if (theirName === 'number') return 'Extension Number';
	if (theirName === 'organization_list') return 'Organization';
	if (theirName === 'role_id') return 'Role';
	const ours = Object.entries(THEIRS).find(([, theirs]) => theirs === theirName)?.[0];
	return FIELDS.find(({ name }) => name === ours)?.displayName ?? null;
}

/**
 * The settings that lock an account when they all stand like this. There is no switch for it, so
 * an account counts as disabled when none of those it tells is open.
 */
const LOCKED = {
	disable_outb_call: 1,
	allow_reg_remotely: 0,
	enb_mobile_client: 0,
	enb_desktop_client: 0,
	enb_web_client: 0,
} as const;

const OPEN = Object.fromEntries(Object.entries(LOCKED).map(([lever, value]) => [lever, 1 - value]));

/** As it is there, in our words. */
export function toExtension(record: ExtensionRecord, organizations: readonly Named[]): Extension {
	const fields: Record<string, string | null> = {
		organization: namesOf(record.organization_list, organizations),
	};
	for (const [ours, theirs] of Object.entries(THEIRS)) fields[ours] = record[theirs] || null;
	return {
		id: record.id,
		number: record.number,
		enabled: enabledIn(record),
		externalId: null,
		fields,
	};
}

/** Only the named fields. Empty text clears. Throws when an organization is not known. */
export function toValues(
	fields: Contact,
	organizations: readonly Named[],
): Record<string, unknown> {
	const values: Record<string, unknown> = {};
	for (const [ours, theirs] of Object.entries(THEIRS)) {
		const value = fields[ours];
		if (value !== undefined) values[theirs] = value ?? '';
	}
	const organization = fields['organization'];
	if (organization !== undefined) {
		values['organization_list'] = idsOf(organization, organizations).map((value) => ({ value }));
	}
	return values;
}

/** An account to be made, with everything the system wants besides our fields. */
export function toNewRecord(
	number: string,
	{ fields }: NewExtension,
	organizations: readonly Named[],
	roles: readonly Named[],
): Record<string, unknown> {
	const filled = Object.entries(toValues(fields, organizations)).filter(
		([, value]) => value !== '',
	);
	const { role } = fields;
	return {
		type: 'SIP',
		number,
		reg_name: number,
		concurrent_registrations: 1,
		presence_status: 'available',
		...Object.fromEntries(filled),
		...(role ? { role_id: roleIdOf(role, roles) } : {}),
		...freshSecrets(number, fields),
	};
}

/**
 * Locks an account out or opens it again. Locking also replaces both passwords, so that phones and
 * apps that are signed in do not find their way back.
 */
export function toLevers(enabled: boolean, extension: Extension): Record<string, unknown> {
	if (enabled) return OPEN;
	return { ...LOCKED, ...freshSecrets(extension.number ?? '', extension.fields) };
}

/** Passwords as the system wants them; they go there and are forgotten. */
function freshSecrets(number: string, fields: Contact): Record<string, string> {
	const forbidden = [number, fields['firstName'] ?? null, fields['lastName'] ?? null];
	return {
		reg_password: generateSecret(24, forbidden),
		user_password: generateSecret(24, forbidden),
	};
}

function enabledIn(record: ExtensionRecord): boolean | null {
	const told = Object.entries(LOCKED).flatMap(([lever, locked]) => {
		const value = record[lever as keyof typeof LOCKED]; // the keys of a constant
		return value === undefined ? [] : [value === Boolean(locked)];
	});
	return told.length === 0 ? null : !told.every((isLocked) => isLocked);
}
