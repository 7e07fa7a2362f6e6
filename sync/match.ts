/**
 * Pairs users with extensions: strongest kind of evidence first, and for all users at once, so that
 * nobody takes by mail what belongs to somebody else by link. Where the evidence points to more
 * than one pairing, nothing is paired: a person decides.
 */
import type { Contact } from './contact';
import type { Extension, Link, MatchedBy, User } from './item';

/** Strongest first; this is the order they are tried in. */
export const MATCH_STRENGTH: readonly MatchedBy[] = [
	'link',
	'externalId',
	'email',
	'number',
	'phone',
];

export interface Person {
	readonly user: User;
	readonly contact: Contact | null;
}

export interface MatchInput {
	/** Distinct, in a stable order. */
	readonly people: readonly Person[];
	readonly extensions: readonly Extension[];
	readonly links: readonly Link[];
	readonly by: ReadonlySet<MatchedBy>;
	/** Whether each list is all there is; absence from a list that is not whole means nothing. */
	readonly usersWhole: boolean;
	readonly extensionsWhole: boolean;
}

/** What is known about one user after matching. */
export type Pairing =
	| { readonly kind: 'paired'; readonly by: MatchedBy; readonly extension: Extension }
	| {
			readonly kind: 'disputed';
			readonly by: MatchedBy;
			readonly candidates: readonly Extension[];
	  }
	/** Left alone by hand. */
	| { readonly kind: 'ignored' }
	/** A remembered extension did not arrive, and the list is not whole: it may well exist. */
	| { readonly kind: 'missing'; readonly link: Link }
	/** No extension. `link`: the one it had, which is gone. */
	| { readonly kind: 'none'; readonly link: Link | null };

export interface Matching {
	/** For every person, by user id. */
	readonly pairings: ReadonlyMap<string, Pairing>;
	/** Extensions that are paired, disputed or ignored, by id: nobody's to clean up. */
	readonly claimed: ReadonlySet<string>;
}

export function match(input: MatchInput): Matching {
	const matcher = new Matcher(input);
	for (const by of MATCH_STRENGTH) {
		if (input.by.has(by)) matcher.round(by);
	}
	return matcher.result();
}

/** Mail addresses a user is known by: mail, UPN, aliases and what the mapping would write. */
export function emailsOf({ user, contact }: Person): ReadonlySet<string> {
	const aliases = Array.isArray(user['proxyAddresses']) ? user['proxyAddresses'] : [];
	const smtp = aliases
		.filter((alias) => typeof alias === 'string')
		.filter((alias) => /^smtp:/i.test(alias))
		.map((alias) => alias.slice('smtp:'.length));
	const all = [user['mail'], user['userPrincipalName'], contact?.['email'], ...smtp];
	return new Set(all.map(fold).filter((email) => email !== ''));
}

/** Spaces around and case do not make another mail address or object id. */
export function fold(value: unknown): string {
	return typeof value === 'string' ? value.trim().toLowerCase() : '';
}

/**
 * A phone number as it can be compared: digits after a plus, from `+41 44 …` and `0041 44 …` alike.
 * Empty where the country is not written, because it would have to be guessed.
 */
function comparablePhone(value: string | null | undefined): string {
	const dialled = (value ?? '').replace(/[^\d+]/g, '').replace(/^00/, '+');
	return /^\+\d{7,15}$/.test(dialled) ? dialled : '';
}

/** Phone numbers as keys, each of its own kind: a mobile number is compared with mobile numbers only. */
export function phonesOf(fields: Contact): string[] {
	return ['mobile', 'phone'].flatMap((field) => {
		const number = comparablePhone(fields[field]);
		return number === '' ? [] : [`${field} ${number}`];
	});
}

class Matcher {
	private readonly pairings = new Map<string, Pairing>();
	private readonly claimed = new Set<string>();
	/** Those of the claimed that were left alone, or given to somebody, by hand. */
	private readonly ignored = new Set<string>();
	private readonly pinned = new Set<string>();
	/** Who is paired with an extension: user id by extension id. */
	private readonly holders = new Map<string, string>();
	private readonly extensions = new Map<string, Extension>();
	private readonly linksOfUser: ReadonlyMap<string, Link[]>;
	/** Folded object ids that an extension is remembered to belong to, by extension id. */
	private readonly linkedOwners: ReadonlyMap<string, string[]>;
	private readonly userIds: ReadonlySet<string>;

	constructor(private readonly input: MatchInput) {
		for (const extension of input.extensions) this.extensions.set(extension.id, extension);
		this.userIds = new Set(input.people.map(({ user }) => fold(user.id)));
		const live = input.links.filter(({ state }) => state !== 'ignored');
		this.linksOfUser = group(input.links, ({ userId }) => fold(userId));
		this.linkedOwners = new Map(
			[...group(live, ({ extensionId }) => extensionId)].map(([id, links]) => [
				id,
				links.map(({ userId }) => fold(userId)),
			]),
		);
		this.obeyIgnored();
		if (!input.extensionsWhole && input.by.has('link')) this.waitForMissing();
	}

	/** One kind of evidence. People who are in service come first where it is only a likeness. */
	round(by: MatchedBy): void {
		const { people } = this.input;
		if (by === 'link') {
			this.pair(by, people, this.linkedBy('pinned'));
			for (const id of this.claimed) if (!this.ignored.has(id)) this.pinned.add(id);
			this.pair(by, people, this.linkedBy('active'));
		} else if (by === 'externalId') {
			const ownId = this.sameKey(
				({ externalId }) => [fold(externalId)],
				(person) => [fold(person.user.id)],
			);
			this.pair(by, people, ownId);
		} else {
			const likeness = this.likeness(by);
			const inService = people.filter(({ user }) => user.status === 'active');
			this.pair(by, inService, likeness);
			// Two people can have had the same number or phone; only mail says who somebody was.
			if (by === 'email') this.pair(by, people, likeness);
		}
	}

	result(): Matching {
		for (const { user } of this.input.people) {
			if (this.pairings.has(user.id)) continue;
			const link = this.linksOfUser
				.get(fold(user.id))
				?.find(({ extensionId }) => !this.extensions.has(extensionId));
			this.pairings.set(user.id, { kind: 'none', link: link ?? null });
		}
		return { pairings: this.pairings, claimed: this.claimed };
	}

	private obeyIgnored(): void {
		for (const link of this.input.links) {
			if (link.state !== 'ignored' || link.extensionId === '') continue;
			this.ignored.add(link.extensionId);
			this.claimed.add(link.extensionId);
		}
		for (const { user } of this.input.people) {
			const links = this.linksOfUser.get(fold(user.id)) ?? [];
			if (links.some(({ state }) => state === 'ignored')) {
				this.pairings.set(user.id, { kind: 'ignored' });
			}
		}
	}

	private waitForMissing(): void {
		for (const { user } of this.input.people) {
			if (this.pairings.has(user.id)) continue;
			const links = this.linksOfUser.get(fold(user.id)) ?? [];
			const [first] = links;
			if (first && links.every(({ extensionId }) => !this.extensions.has(extensionId))) {
				this.pairings.set(user.id, { kind: 'missing', link: first });
			}
		}
	}

	/**
	 * Pairs who has exactly one free candidate that is nobody else's candidate; everyone else who has
	 * a candidate is disputed, and what they dispute is out of reach for weaker evidence. Somebody
	 * whose own extension, by link or external id, went to another user disputes it with that user,
	 * unless it was given away by hand.
	 */
	private pair(
		by: MatchedBy,
		people: readonly Person[],
		candidatesOf: (person: Person) => readonly Extension[],
	): void {
		const strong = by === 'link' || by === 'externalId';
		const free = new Map<string, readonly Extension[]>();
		const suitors = new Map<string, number>();
		for (const { user, contact } of people) {
			if (this.pairings.has(user.id)) continue;
			const all = candidatesOf({ user, contact });
			const candidates = all.filter(({ id }) => !this.claimed.has(id));
			const lost = all.filter(({ id }) => !this.pinned.has(id));
			if (candidates.length > 0) {
				free.set(user.id, candidates);
				for (const { id } of candidates) suitors.set(id, (suitors.get(id) ?? 0) + 1);
			} else if (strong && lost.length > 0) {
				this.pairings.set(user.id, { kind: 'disputed', by, candidates: lost });
				for (const { id } of lost) this.contest(id);
			}
		}
		for (const [userId, candidates] of free) {
			const [extension] = candidates;
			const clear = extension && candidates.length === 1 && suitors.get(extension.id) === 1;
			this.pairings.set(
				userId,
				clear ? { kind: 'paired', by, extension } : { kind: 'disputed', by, candidates },
			);
			for (const { id } of candidates) this.claimed.add(id);
			if (clear) this.holders.set(extension.id, userId);
		}
	}

	/** Strong evidence speaks for somebody else too, so whoever was paired with it is not sure of it. */
	private contest(extensionId: string): void {
		const holder = this.holders.get(extensionId);
		const pairing = holder === undefined ? undefined : this.pairings.get(holder);
		if (holder === undefined || pairing?.kind !== 'paired') return;
		const { by, extension } = pairing;
		this.pairings.set(holder, { kind: 'disputed', by, candidates: [extension] });
	}

	private linkedBy(state: Link['state']): (person: Person) => Extension[] {
		return ({ user }) =>
			distinct(
				(this.linksOfUser.get(fold(user.id)) ?? [])
					.filter((link) => link.state === state)
					.flatMap(({ extensionId }) => this.extensions.get(extensionId) ?? []),
			);
	}

	private likeness(by: 'email' | 'number' | 'phone'): (person: Person) => Extension[] {
		const sameKey = {
			email: () =>
				this.sameKey(
					({ fields }) => [fold(fields['email'])],
					(person) => emailsOf(person),
				),
			number: () =>
				this.sameKey(
					({ number }) => [number ?? ''],
					({ contact }) => [contact?.['number'] ?? ''],
				),
			phone: () =>
				this.sameKey(
					({ fields }) => phonesOf(fields),
					({ contact }) => phonesOf(contact ?? {}),
				),
		}[by]();
		return (person) =>
			sameKey(person).filter((extension) => !this.belongsToAnother(extension, person));
	}

	/** Extensions with a key that the person has too. Empty keys are no keys. */
	private sameKey(
		keysOfExtension: (extension: Extension) => Iterable<string>,
		keysOfPerson: (person: Person) => Iterable<string>,
	): (person: Person) => Extension[] {
		const index = new Map<string, Extension[]>();
		for (const extension of this.extensions.values()) {
			for (const key of keysOfExtension(extension)) {
				if (key === '') continue;
				const same = index.get(key);
				if (same) same.push(extension);
				else index.set(key, [extension]);
			}
		}
		return (person) => distinct([...keysOfPerson(person)].flatMap((key) => index.get(key) ?? []));
	}

	/**
	 * Whether the external id or a link names somebody else who is in the directory, or who might be
	 * in the part of it that did not arrive. Somebody gone for good does not keep a successor out.
	 */
	private belongsToAnother(extension: Extension, { user }: Person): boolean {
		const owners = [fold(extension.externalId), ...(this.linkedOwners.get(extension.id) ?? [])];
		return owners.some(
			(owner) =>
				owner !== '' &&
				owner !== fold(user.id) &&
				(this.userIds.has(owner) || !this.input.usersWhole),
		);
	}
}

function distinct(extensions: readonly Extension[]): Extension[] {
	return [...new Set(extensions)].sort((a, b) => (a.id < b.id ? -1 : 1));
}

function group<T>(values: readonly T[], keyOf: (value: T) => string): Map<string, T[]> {
	const groups = new Map<string, T[]>();
	for (const value of values) {
		const key = keyOf(value);
		const same = groups.get(key);
		if (same) same.push(value);
		else groups.set(key, [value]);
	}
	return groups;
}
