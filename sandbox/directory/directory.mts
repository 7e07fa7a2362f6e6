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
		devices: byId(devices),
		numbers: new Map(
			staff.map(({ user, mobile, business }) => [
				user.id,
				{ mobile: mobile.e164, business: business.e164 },
			]),
		),
	};
}

const byId = <T extends { readonly id: string }>(items: readonly T[]) =>
	new Map(items.map((item) => [item.id, item]));
