import type { User, UserStatus } from '../sync/item';
import {
	EXTENSION_ATTRIBUTES,
	EXTENSION_ATTRIBUTES_OBJECT,
	MANAGER,
	MANAGER_PARTS,
} from './attributes';
import type { Row } from './listing';

/**
 * Gives a function that makes a user of what Graph gave. Only what was asked for goes in, under
 * Graph's names; what Graph left out is null, because a full read knows that there is nothing.
 *
 * Every user is a copy of one blank that is filled in: objects of one shape are made several
 * times faster than objects that grow attribute by attribute, and take half the memory.
 */
export function userMaker(attributes: readonly string[]): (row: Row, status: UserStatus) => User {
	const names = attributes.flatMap((name) =>
		name === EXTENSION_ATTRIBUTES_OBJECT ? LIFTED : name,
	);
	const wanted = [...new Set(names)].filter((name) => name !== 'id' && name !== 'status');
	const lifted = wanted.filter((name) => LIFTED.includes(name));
	const plain = wanted.filter((name) => !LIFTED.includes(name));
	const blank: User = {
		id: '',
		status: 'active',
		...Object.fromEntries(wanted.map((name) => [name, null])),
	};

	return (row, status) => {
		const user: Filling = { ...blank, id: row.id, status };
		for (const name of plain) {
			user[name] = name === MANAGER ? managerOf(row[name]) : (row[name] ?? null);
		}
		const values = row[EXTENSION_ATTRIBUTES_OBJECT];
		if (isObject(values)) for (const name of lifted) user[name] = values[name] ?? null;
		return user;
	};
}

/** A user while it is made. */
type Filling = { -readonly [attribute in keyof User]: User[attribute] };

const LIFTED = EXTENSION_ATTRIBUTES.map(({ name }) => name);

function isObject(value: unknown): value is Record<string, unknown> {
	return typeof value === 'object' && value !== null;
}

/** Only the parts that were asked for: Graph adds the type of the object. */
function managerOf(manager: unknown): Record<string, unknown> | null {
	if (!isObject(manager)) return null;
	return Object.fromEntries(MANAGER_PARTS.map((name) => [name, manager[name] ?? null]));
}

/**
 * Whether the account is in use. Only a clear 'false' counts as disabled: somebody's phone depends
 * on it.
 */
export function statusOf(row: Row): 'active' | 'disabled' {
	return row['accountEnabled'] === false ? 'disabled' : 'active';
}

/** As what a user goes onto the wire. That an account is disabled says more than that it is out of scope. */
export function toldAs(row: Row, inScope: boolean): 'active' | 'disabled' | 'outOfScope' {
	const status = statusOf(row);
	return status === 'active' && !inScope ? 'outOfScope' : status;
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
