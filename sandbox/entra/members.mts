/** Who is in a group, and how much of it an app gets to see. */
import type { DirectoryGroup } from '../directory/user.mts';
import type { Row } from './list.mts';
import { DEVICE, GROUP, USER } from './properties.mts';
import type { Tenant } from './tenant.mts';

const HIDDEN = 'HiddenMembership';
const READ_HIDDEN = 'Member.Read.Hidden';

/** What `User.ReadBasic.All` alone shows of a user; everything else is null. */
const BASIC = ['id', 'displayName', 'givenName', 'surname', 'mail', 'userPrincipalName'];

/**
 * IDs of the members, those of groups inside it included when `nested`. A group that hides its
 * members shows none to an app without the permission for it: an empty list, not a refusal.
 */
export function membersOf(
	tenant: Tenant,
	group: DirectoryGroup,
	nested: boolean,
	roles: readonly string[],
): Set<string> {
	const shown = ({ visibility, members }: DirectoryGroup) =>
		visibility === HIDDEN && !roles.includes(READ_HIDDEN) ? [] : members;
	if (!nested) return new Set(shown(group));
	const found = new Set<string>();
	const open = [...shown(group)];
	for (let id = open.pop(); id !== undefined; id = open.pop()) {
		if (found.has(id)) continue;
		found.add(id);
		const inner = tenant.groups.get(id);
		if (inner) open.push(...shown(inner));
	}
	// A ring of groups leads back to the group asked about, which is no member of itself.
	found.delete(group.id);
	return found;
}

export function memberRows(tenant: Tenant, ids: ReadonlySet<string>): Row[] {
	return [...ids].flatMap((id): Row[] => {
		const user = tenant.users.get(id);
		if (user !== undefined) return [{ type: USER, values: { ...user } }];
		const group = tenant.groups.get(id);
		if (group !== undefined) return [{ type: GROUP, values: { ...group } }];
		const device = tenant.devices.get(id);
		return device === undefined ? [] : [{ type: DEVICE, values: { ...device } }];
	});
}

/** Without permission to read users, they come with nothing but their ID. */
export const blankUser = (row: Row): Row => keeping(row, ['id']);

/** With permission for the basic profile only. */
export const basicUser = (row: Row): Row => keeping(row, BASIC);

function keeping(row: Row, names: readonly string[]): Row {
	if (row.type !== USER) return row;
	const values = Object.fromEntries(
		Object.entries(row.values).map(([name, value]) => [name, names.includes(name) ? value : null]),
	);
	return { ...row, values };
}
