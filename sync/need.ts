/**
 * Which extensions have to be read for the users who changed. Whoever has a remembered link needs
 * that one extension and no other. Everything else needs the whole list: a new account, because
 * nobody must get a second one; what only one extension may have, because it may be in use.
 */
import type { Contact } from './contact';
import type { SystemFacts } from './draft';
import type { ContactItem, Extension, Link, ReadMark } from './item';
import { fold, OBJECT_ID, phonesOf } from './keys';

export type Need =
	/** By extension id, each once. */
	| { readonly kind: 'these'; readonly ids: readonly string[] }
	/** The sentence says why. */
	| { readonly kind: 'all'; readonly because: string };

export interface Asking {
	readonly users: readonly ContactItem[];
	/** Null: nothing arrived that says what the users are. */
	readonly mark: ReadMark | null;
	/** Null: no links are wired. */
	readonly links: readonly Link[] | null;
}

/** What is to be asked for, before anything is read. */
export function needOf({ users, mark, links }: Asking): Need {
	if (mark === null) return all('Nothing on the Users input says which users changed.');
	if (mark.scope === 'whole') return all('All users were read, so all extensions are compared.');
	if (links === null) return all('No remembered links are connected to the Links input.');
	const rows = rowsOf(links);
	const ids = new Set<string>();
	let strangers = 0;
	for (const person of users) {
		const own = rows.get(fold(person.user.id)) ?? [];
		if (own.some(({ state }) => state === 'ignored') || isRejected(person)) continue;
		if (own.length === 0 && isServed(person)) strangers++;
		for (const { extensionId } of own) ids.add(extensionId);
	}
	if (strangers > 0) {
		return all(
			`${people(strangers)} no remembered extension. Only the whole list tells whether there is one, and which numbers are free.`,
		);
	}
	return { kind: 'these', ids: [...ids] };
}

/**
 * Why the whole list is needed after all, once those asked for were read; null when they are enough.
 * `found` has every id that was asked for; null: there is no such extension.
 */
export function needsAll(
	{ users, links }: Asking,
	found: ReadonlyMap<string, Extension | null>,
	facts: Unique,
): string | null {
	const rows = rowsOf(links ?? []);
	let lost = 0;
	let claims = 0;
	let doubtful = 0;
	for (const person of users) {
		const own = rows.get(fold(person.user.id)) ?? [];
		if (isRejected(person) || own.some(({ state }) => state === 'ignored')) continue;
		const theirs = own.flatMap(({ extensionId }) => found.get(extensionId) ?? []);
		if (theirs.some((extension) => isMarkedForAnother(extension, person))) doubtful++;
		if (!isServed(person)) continue;
		if (theirs.length === 0) lost++;
		else if (theirs.some((extension) => claimsNew(person, extension, facts))) claims++;
	}
	if (lost > 0) return `The remembered extension of ${String(lost)} of the users is gone.`;
	if (doubtful > 0)
		return `The external ID of ${String(doubtful)} of the extensions names another user than the link does.`;
	if (claims === 0) return null;
	return `${people(claims)} something to get that no two extensions may have. Only the whole list tells whether it is free.`;
}

type Unique = Pick<
	SystemFacts,
	'numbers' | 'canChangeNumber' | 'sharedEmail' | 'sharedMobile' | 'hasExternalId'
>;

/** Whether something is to be written that no two extensions may have. */
function claimsNew(
	{ user, contact: wishes }: ContactItem,
	{ number, externalId, fields }: Extension,
	facts: Unique,
): boolean {
	const contact: Contact = wishes ?? {};
	if (facts.hasExternalId && !externalId && OBJECT_ID.test(user.id)) return true;
	const wish = contact['number'] ?? null;
	if (facts.numbers !== 'none' && facts.canChangeNumber && wish !== null && wish !== number)
		return true;
	const email = fold(contact['email']);
	if (!facts.sharedEmail && email !== '' && email !== fold(fields['email'])) return true;
	const [mobile] = phonesOf({ mobile: contact['mobile'] ?? null });
	const [before] = phonesOf({ mobile: fields['mobile'] ?? null });
	return facts.sharedMobile === false && mobile !== undefined && mobile !== before;
}

function isMarkedForAnother({ externalId }: Extension, { user }: ContactItem): boolean {
	return externalId !== null && OBJECT_ID.test(externalId) && fold(externalId) !== fold(user.id);
}

/** Somebody who is to have an extension. */
function isServed({ user, contact }: ContactItem): boolean {
	return user.status === 'active' && contact !== null;
}

/** Active, and without values: nothing is done for such a user, and nothing against. */
function isRejected({ user, contact }: ContactItem): boolean {
	return user.status === 'active' && contact === null;
}

function rowsOf(links: readonly Link[]): ReadonlyMap<string, readonly Link[]> {
	const rows = new Map<string, Link[]>();
	for (const link of links) {
		const key = fold(link.userId);
		const same = rows.get(key);
		if (same) same.push(link);
		else rows.set(key, [link]);
	}
	return rows;
}

function people(count: number): string {
	return count === 1 ? '1 user has' : `${String(count)} users have`;
}

function all(because: string): Need {
	return { kind: 'all', because };
}
