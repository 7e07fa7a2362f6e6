import type { User, UserStatus } from '../sync/item';
import {
	EXTENSION_ATTRIBUTES,
	EXTENSION_ATTRIBUTES_OBJECT,
	MANAGER,
	MANAGER_PARTS,
} from './attributes';
import type { Row } from './listing';

/**
 * Makes a user of what Graph gave. Only what was asked for goes in, under Graph's names; what Graph
 * left out is null, because a full read knows that there is nothing.
 */
export function toUser(row: Row, attributes: readonly string[], status: UserStatus): User {
	const user: Record<string, unknown> = { id: row.id, status };
	for (const name of attributes) {
		if (name === EXTENSION_ATTRIBUTES_OBJECT) Object.assign(user, lift(row[name]));
		else if (isLifted(name)) user[name] = lift(row[EXTENSION_ATTRIBUTES_OBJECT])[name];
		else if (name === MANAGER) user[name] = managerOf(row[name]);
		else if (name !== 'id') user[name] = row[name] ?? null;
	}
	return { ...user, id: row.id, status };
}

function isLifted(name: string): boolean {
	return /^extensionAttribute\d+$/.test(name);
}

/** Only the parts that were asked for: Graph adds the type of the object. */
function managerOf(manager: unknown): Record<string, unknown> | null {
	if (typeof manager !== 'object' || manager === null) return null;
	const given = new Map(Object.entries(manager));
	return Object.fromEntries(MANAGER_PARTS.map((name) => [name, given.get(name) ?? null]));
}

function lift(values: unknown): Record<string, unknown> {
	const given = new Map(
		typeof values === 'object' && values !== null ? Object.entries(values) : [],
	);
	return Object.fromEntries(
		EXTENSION_ATTRIBUTES.map(({ name }) => [name, given.get(name) ?? null]),
	);
}

/**
 * Whether the account is in use. Only a clear 'false' counts as disabled: somebody's phone depends
 * on it.
 */
export function statusOf(row: Row): 'active' | 'disabled' {
	return row['accountEnabled'] === false ? 'disabled' : 'active';
}

export function isGuest(row: Row): boolean {
	return row['userType'] === 'Guest';
}

/**
 * Without permission to read users, Graph gives the members of a group as bare IDs with everything
 * else empty. Every real account has a principal name, so one without it means that we may not see.
 */
export function isBareId(row: Row): boolean {
	return typeof row['userPrincipalName'] !== 'string' && typeof row['accountEnabled'] !== 'boolean';
}

/**
 * Without more than User.ReadBasic.All, of everybody only names and addresses are shown. An account
 * without a type is old; one of which nobody says whether it is in use is not an account.
 */
export function isBasicOnly(row: Row): boolean {
	return typeof row['userType'] !== 'string' && typeof row['accountEnabled'] !== 'boolean';
}
