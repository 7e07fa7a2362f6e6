/**
 * Pairs users with extensions: strongest kind of evidence first, and for all users at once, so that
 * nobody takes by mail what belongs to somebody else by link. Where the evidence points to more
 * than one pairing, nothing is paired: a person decides.
 */
import type { Extension, Link, MatchedBy } from './item';
import { KeyBook } from './keybook';
import { fold, KEYS, type Person } from './keys';

/** Strongest first; this is the order they are tried in. */
export const MATCH_STRENGTH: readonly MatchedBy[] = [
	'link',
	'externalId',
	'email',
	'number',
	'phone',
];

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

class Matcher {
	private readonly pairings = new Map<string, Pairing>();
	private readonly claimed = new Set<string>();
	/** Those of the claimed that were left alone, or given to somebody, by hand. */
	private readonly ignored = new Set<string>();
	private readonly ignoredUsers = new Set<string>();
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
		for (const { state, userId, extensionId } of input.links) {
			if (state !== 'ignored') continue;
			this.ignoredUsers.add(fold(userId));
			this.ignored.add(extensionId);
			this.claimed.add(extensionId);
		}
		if (!input.extensionsWhole && input.by.has('link')) this.waitForMissing();
	}

	/** One kind of evidence. People who are in service come first where it is only a likeness. */
	round(by: MatchedBy): void {
		const { people } = this.input;
		if (by === 'link') {
			this.pair(by, people, this.linkedBy('pinned'));
			for (const id of this.claimed) if (!this.ignored.has(id)) this.pinned.add(id);
			this.pair(by, people, this.linkedBy('active'));
			return;
		}
		const book = new KeyBook(this.input.extensions, [], KEYS[by]);
		if (by === 'externalId') {
			this.pair(by, people, (person) => book.candidates(person));
			return;
		}
		const free = (person: Person) =>
			book.candidates(person).filter((extension) => !this.belongsToAnother(extension, person));
		const inService = people.filter(
			({ user }) => user.status === 'active' && !this.ignoredUsers.has(fold(user.id)),
		);
		this.pair(by, inService, free);
		// Two people can have had the same number or phone; only mail says who somebody was.
		if (by === 'email') this.pair(by, people, free);
	}

	/** People who are to be left alone were paired too, so that their extensions are left alone with them. */
	result(): Matching {
		for (const { user } of this.input.people) {
			const id = fold(user.id);
			if (this.ignoredUsers.has(id)) {
				this.pairings.set(user.id, { kind: 'ignored' });
			} else if (!this.pairings.has(user.id)) {
				const lost = this.linksOfUser
					.get(id)
					?.find(({ extensionId }) => !this.extensions.has(extensionId));
				this.pairings.set(user.id, { kind: 'none', link: lost ?? null });
			}
		}
		return { pairings: this.pairings, claimed: this.claimed };
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
				this.pairings.set(user.id, disputed(by, lost));
				for (const { id } of lost) this.contest(id);
			}
		}
		for (const [userId, candidates] of free) {
			const [extension] = candidates;
			const clear = extension && candidates.length === 1 && suitors.get(extension.id) === 1;
			this.pairings.set(
				userId,
				clear ? { kind: 'paired', by, extension } : disputed(by, candidates),
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
		this.pairings.set(holder, disputed(by, [extension]));
	}

	private linkedBy(state: Link['state']): (person: Person) => Extension[] {
		return ({ user }) => {
			const links = this.linksOfUser.get(fold(user.id)) ?? [];
			const ids = new Set(
				links.filter((link) => link.state === state).map(({ extensionId }) => extensionId),
			);
			return [...ids].flatMap((id) => this.extensions.get(id) ?? []);
		};
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

function disputed(by: MatchedBy, candidates: readonly Extension[]): Pairing {
	const sorted = [...candidates].sort((a, b) => (a.id < b.id ? -1 : 1));
	return { kind: 'disputed', by, candidates: sorted };
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
