/**
 * Who plays which part in the phone systems as they are found before the first sync, so that a
 * sync has something of everything to do. Chosen by position among the directory's people.
 */
import type { Directory } from './directory/directory.mts';
import type { DirectoryUser } from './directory/user.mts';

export interface CastMember {
	readonly user: DirectoryUser;
	readonly mail: string;
	/** The number their mobile text stands for; null where it stands for none, or for two. */
	readonly mobile: string | null;
}

export interface Cast {
	/** Have an account that is up to date in every field. */
	readonly upToDate: readonly CastMember[];
	/** Have an account with something old in it. */
	readonly outdated: readonly CastMember[];
	/** Left, disabled in the directory, account still open. */
	readonly disabled: readonly CastMember[];
	/** Of those in the recycle bin, one whose account is still open. */
	readonly deleted: CastMember | undefined;
	/** Came back: active in the directory, account closed. */
	readonly returned: CastMember | undefined;
	/** Two accounts carry this person's mail, where the system lets them. */
	readonly disputed: CastMember | undefined;
}

export function castOf(directory: Directory): Cast {
	const all = [...directory.users.values()].flatMap((user) => toMember(directory, user));
	// Ordinary staff only, and mobiles that can be read one way: what is up to date must stay so.
	const staff = all.filter(
		({ user, mobile }) =>
			user.employeeId !== null &&
			mobile !== null &&
			user.country !== null &&
			user.usageLocation !== null &&
			user.onPremisesExtensionAttributes['extensionAttribute1'] === null &&
			!user.mobilePhone?.match(/x|ext/),
	);
	const active = staff.filter(({ user }) => user.accountEnabled && hasOwnCountry(user));
	const deleted = [...directory.deletedUsers.values()].flatMap((user) => toMember(directory, user));
	return {
		upToDate: active.slice(0, 20),
		outdated: active.slice(20, 34),
		disabled: all
			.filter(({ user }) => !user.accountEnabled && user.employeeId !== null)
			.slice(0, 8),
		deleted: deleted[0],
		returned: active[34],
		disputed: active[35],
	};
}

function toMember(directory: Directory, user: DirectoryUser): CastMember[] {
	if (user.mail === null) return [];
	return [{ user, mail: user.mail, mobile: directory.numbers.get(user.id)?.mobile ?? null }];
}

/** A number typed the national way can only be read with the right country. */
const hasOwnCountry = (user: DirectoryUser) =>
	user.usageLocation !== null && user.preferredLanguage?.endsWith(user.usageLocation) === true;
