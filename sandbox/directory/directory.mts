/**
 * The tenant the Entra stand-in serves: the same on every start, made from index arithmetic and
 * hashes; no clock, no chance. `sandbox/README.md` counts what is in it.
 */
import { buildDevices, buildGroups } from './groups.mts';
import { buildDeleted, buildOddities } from './oddities.mts';
import { buildStaff } from './people.mts';
import type { DirectoryDevice, DirectoryGroup, DirectoryUser } from './user.mts';

export interface Directory {
	readonly users: Map<string, DirectoryUser>;
	readonly deletedUsers: Map<string, DirectoryUser>;
	readonly groups: Map<string, DirectoryGroup>;
	/** The manager of each user who has one, by ID of the user. */
	readonly managers: Map<string, string>;
	readonly devices: Map<string, DirectoryDevice>;
	/** The number each user's phone text stands for, when it stands for exactly one. By user id. */
	readonly numbers: ReadonlyMap<string, { mobile: string | null; business: string | null }>;
}

export function buildDirectory(): Directory {
	const staff = buildStaff();
	const users = [...staff.map((person) => person.user), ...buildOddities()].sort((a, b) =>
		a.id < b.id ? -1 : 1,
	);
	const devices = buildDevices();
	return {
		users: byId(users),
		deletedUsers: byId(buildDeleted()),
		groups: byId(buildGroups(users, devices)),
		managers: managersOf(staff.map(({ user }) => user)),
		devices: byId(devices),
		numbers: new Map(
			staff.map(({ user, mobile, business }) => [
				user.id,
				{ mobile: mobile.e164, business: business.e164 },
			]),
		),
	};
}

/** The first of each department manages the others, and is managed by nobody. */
function managersOf(staff: readonly DirectoryUser[]): Map<string, string> {
	const first = new Map<string | null, string>();
	const managers = new Map<string, string>();
	for (const { id, department } of staff) {
		const manager = first.get(department);
		if (manager === undefined) first.set(department, id);
		else managers.set(id, manager);
	}
	return managers;
}

const byId = <T extends { readonly id: string }>(items: readonly T[]) =>
	new Map(items.map((item) => [item.id, item]));
