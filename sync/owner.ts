/** To whom an extension belongs by evidence that names somebody, used to match or not. */
import type { Extension, Link } from './item';
import type { Holders } from './keybook';
import { fold, OBJECT_ID, type Person } from './keys';

export interface Owner {
	/** Folded. */
	readonly userId: string;
	/** Whether the person is among those who were read. */
	readonly here: boolean;
	readonly by: 'link' | 'externalId';
}

/** By extension id; those that belong to nobody are absent. */
export type Owners = ReadonlyMap<string, readonly Owner[]>;

/**
 * Only somebody who is in the directory counts, or who might be in the part of it that did not
 * arrive: somebody gone for good does not keep a successor out. `here`: who was read, by folded id.
 */
export function ownersOf(
	extensions: readonly Extension[],
	rows: readonly Link[],
	read: { readonly here: { has(userId: string): boolean }; readonly usersWhole: boolean },
): Owners {
	const owners = new Map<string, Owner[]>();
	const claim = (extensionId: string, userId: string, by: Owner['by']) => {
		const here = read.here.has(userId);
		if (userId === '' || (read.usersWhole && !here)) return;
		const known = owners.get(extensionId) ?? [];
		if (known.some((owner) => owner.userId === userId)) return;
		owners.set(extensionId, [...known, { userId, here, by }]);
	};
	const ids = new Set(extensions.map(({ id }) => id));
	for (const { id, externalId } of extensions) {
		const owner = fold(externalId);
		// What other tools keep there names nobody.
		if (read.here.has(owner) || OBJECT_ID.test(owner)) claim(id, owner, 'externalId');
	}
	for (const { state, extensionId, userId } of rows) {
		if (state !== 'ignored' && ids.has(extensionId)) claim(extensionId, fold(userId), 'link');
	}
	return owners;
}

/** Of what is alike, what belongs to this user and to nobody else. */
export function ownAmong(alike: readonly Holders[], owners: Owners, me: string): Holders[] {
	const isMine = ({ id }: Extension) => {
		const [first, ...others] = owners.get(id) ?? [];
		return first?.userId === me && others.length === 0;
	};
	return alike.map((list) => list.filter(isMine)).filter((list) => list.length > 0);
}

/** Whether it hangs on somebody who was not read if the extension could be this user's. */
export function isUndecided(owners: readonly Owner[] = [], me: string): boolean {
	const others = owners.filter(({ userId }) => userId !== me);
	return others.length > 0 && others.every(({ here }) => !here);
}

/**
 * Users named by a link or an external id who are not in a list that is not whole. Were they left
 * out, a dispute between two people would look settled as soon as only one of them changed.
 */
export function absentees({
	people,
	links,
	extensions,
}: {
	readonly people: readonly Person[];
	readonly links: readonly Link[];
	readonly extensions: ReadonlyMap<string, Extension>;
}): Person[] {
	const known = new Set(people.map(({ user }) => fold(user.id)));
	const absent: Person[] = [];
	const add = (id: string) => {
		if (id === '' || known.has(id)) return;
		known.add(id);
		absent.push({ user: { id, status: 'active' }, contact: null });
	};
	for (const { userId } of links) add(fold(userId));
	for (const { externalId } of extensions.values()) {
		if (externalId !== null && OBJECT_ID.test(externalId)) add(fold(externalId));
	}
	return absent;
}
