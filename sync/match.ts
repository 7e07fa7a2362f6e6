/**
 * Pairs users with extensions: strongest kind of evidence first, and for all users at once, so that
 * nobody takes by mail what belongs to somebody else by link. Where the evidence points to more
 * than one pairing, nothing is paired: a person decides.
 */
import type { Extension, Link, MatchedBy, User } from './item';
import { KeyBook, type Holders } from './keybook';
import { fold, KEYS, type Person } from './keys';
import { absentees, isUndecided, ownAmong, ownersOf, type Owners } from './owner';
import type { Matching, Pairing } from './pairing';
import { disputed, judgeSuits, type Suit } from './suit';

/** Strongest first; this is the order they are tried in. */
const MATCH_STRENGTH: readonly MatchedBy[] = ['link', 'externalId', 'email', 'number', 'phone'];

export interface MatchInput {
	/** Distinct, in any order. */
	readonly people: readonly Person[];
	/** By id. */
	readonly extensions: ReadonlyMap<string, Extension>;
	readonly links: readonly Link[];
	readonly by: ReadonlySet<MatchedBy>;
	/** Whether each list is all there is; absence from a list that is not whole means nothing. */
	readonly usersWhole: boolean;
	readonly extensionsWhole: boolean;
}

export function match(input: MatchInput): Matching {
	const matcher = new Matcher(input);
	for (const by of MATCH_STRENGTH) {
		if (input.by.has(by)) matcher.round(by);
		else if (by === 'link') matcher.followPins();
	}
	return matcher.result();
}

class Matcher {
	private readonly pairings = new Map<string, Pairing>();
	/** Ids of extensions that are spoken for, and by whom where that is clear. */
	private readonly claimed = new Map<string, string | null>();
	/** Those of the claimed that were left alone, or given to somebody, by hand. */
	private readonly ignored = new Set<string>();
	private readonly ignoredUsers = new Set<string>();
	private readonly pinned = new Set<string>();
	private readonly linksOfUser: ReadonlyMap<string, readonly Link[]>;
	private people: ReadonlyMap<string, string> | null = null;
	/** Whom evidence may name: those who arrived, and those who may exist although they did not. */
	private readonly nameable: readonly Person[];

	constructor(private readonly input: MatchInput) {
		this.linksOfUser = rowsByUser(input.links);
		this.nameable = input.usersWhole ? input.people : [...input.people, ...absentees(input)];
		for (const { state, userId, extensionId } of input.links) {
			if (state !== 'ignored') continue;
			this.ignoredUsers.add(fold(userId));
			this.ignored.add(extensionId);
			this.claimed.set(extensionId, null);
		}
		if (!input.extensionsWhole) this.waitForMissing();
	}

	/** A pairing somebody made by hand holds whatever is switched off. */
	followPins(): void {
		if (!this.input.links.some(({ state }) => state === 'pinned')) return;
		this.pairNamed('link', this.linkedBy('pinned'));
		const here = new Set(this.input.people.map(({ user }) => user.id));
		// What a pin gave to somebody who may be gone is in doubt, and not a reason for a second one.
		for (const [id, holder] of this.claimed) {
			if (holder === null ? !this.ignored.has(id) : here.has(holder)) this.pinned.add(id);
		}
	}

	/** One kind of evidence. People who are in service come first where it is only a likeness. */
	round(by: MatchedBy): void {
		if (by === 'link') {
			this.followPins();
			if (this.input.links.length === 0) return;
			this.pairNamed(by, this.linkedBy('active'));
		} else if (by === 'externalId') {
			const marked = [...this.input.extensions.values()].filter(({ externalId }) => externalId);
			if (marked.length === 0) return;
			const book = new KeyBook(marked, [], KEYS[by]);
			this.pairNamed(by, (person) => book.candidates(person).flat());
		} else {
			const { people } = this.input;
			const inService = people.filter(
				({ user }) => user.status === 'active' && !this.isIgnored(user),
			);
			this.pairAlike(by, inService);
			// Two people can have had the same number or phone; only mail says who somebody was.
			if (by === 'email') this.pairAlike(by, people);
		}
	}

	/** People who are to be left alone were paired too, so that their extensions are left alone with them. */
	result(): Matching {
		this.holdOwners();
		for (const { user } of this.input.people) {
			if (this.isIgnored(user)) {
				this.pairings.set(user.id, { kind: 'ignored' });
			} else if (!this.pairings.has(user.id)) {
				const lost = this.linksOfUser
					.get(fold(user.id))
					?.find(({ extensionId }) => !this.input.extensions.has(extensionId));
				this.pairings.set(user.id, { kind: 'none', link: lost ?? null });
			}
		}
		return { pairings: this.pairings, claimed: this.claimed };
	}

	/** Ids of those who were read, by the folded id. Made when it is first needed. */
	private get present(): ReadonlyMap<string, string> {
		this.people ??= new Map(this.input.people.map(({ user }) => [fold(user.id), user.id]));
		return this.people;
	}

	private isIgnored(user: User): boolean {
		return this.ignoredUsers.size > 0 && this.ignoredUsers.has(fold(user.id));
	}

	private waitForMissing(): void {
		const useAll = this.input.by.has('link');
		for (const { user } of this.nameable) {
			const rows = this.linksOfUser.get(fold(user.id)) ?? [];
			const links = useAll ? rows : rows.filter(({ state }) => state === 'pinned');
			const [first] = links;
			if (first && links.every(({ extensionId }) => !this.input.extensions.has(extensionId))) {
				this.pairings.set(user.id, { kind: 'missing', link: first });
			}
		}
	}

	/**
	 * By evidence that names the extension. Somebody whose own extension went to another user
	 * disputes it with that user, unless it was given away by hand.
	 */
	private pairNamed(by: 'link' | 'externalId', namedFor: (person: Person) => Extension[]): void {
		const suits: Suit[] = [];
		for (const person of this.nameable) {
			const { id } = person.user;
			if (this.pairings.has(id)) continue;
			const named = namedFor(person);
			if (named.length === 0) continue;
			const isFree = (extension: Extension) => !this.claimed.has(extension.id);
			const free = named.every(isFree) ? named : named.filter(isFree);
			if (free.length > 0) {
				suits.push({ userId: id, lists: [free] });
				continue;
			}
			const lost = named.filter((extension) => !this.pinned.has(extension.id));
			if (lost.length === 0) continue;
			this.pairings.set(id, { ...disputed([lost]), by });
			for (const extension of lost) this.contest(extension.id);
		}
		this.settle(by, suits);
	}

	/**
	 * By likeness, among the extensions that nobody claimed. One that belongs to somebody in the
	 * directory, if only by evidence that is switched off, is that person's or nobody's, and who has
	 * one of their own gets no other.
	 */
	private pairAlike(
		by: Exclude<MatchedBy, 'link' | 'externalId'>,
		people: readonly Person[],
	): void {
		const waiting = people.filter(({ user }) => !this.pairings.has(user.id));
		if (waiting.length === 0) return;
		const free: Extension[] = [];
		for (const [id, extension] of this.input.extensions) {
			if (!this.claimed.has(id)) free.push(extension);
		}
		const known = this.input.usersWhole ? free : [...free, ...this.takenByAbsentees()];
		if (known.length === 0) return;
		const owners = this.ownersOf(known);
		const ownBy = new Map<string, number>();
		for (const each of owners.values()) {
			for (const { userId } of each) ownBy.set(userId, (ownBy.get(userId) ?? 0) + 1);
		}
		const nobodys = new KeyBook(
			free.filter(({ id }) => !owners.has(id)),
			[],
			KEYS[by],
		);
		const owned = new KeyBook(
			known.filter(({ id }) => owners.has(id)),
			[],
			KEYS[by],
		);
		const suits: Suit[] = [];
		for (const person of waiting) {
			const { id } = person.user;
			const me = fold(id);
			const alike = owners.size > 0 ? owned.candidates(person) : [];
			const undecided = firstById(
				alike.flat().filter((each) => isUndecided(owners.get(each.id), me)),
			);
			if (undecided) {
				this.pairings.set(id, { kind: 'held', because: 'ownerNotRead', by, extension: undecided });
				continue;
			}
			const count = ownBy.get(me) ?? 0;
			// Of two extensions that are the user's by what is switched off, a likeness chooses none.
			if (count > 1) continue;
			const lists = count === 1 ? ownAmong(alike, owners, me) : nobodys.candidates(person);
			if (lists.length > 0) suits.push({ userId: id, lists });
		}
		this.settle(by, suits);
	}

	/** What was claimed for people who were not read, and whom nobody knows to be there. */
	private takenByAbsentees(): Extension[] {
		const taken: Extension[] = [];
		for (const [id, holder] of this.claimed) {
			const here = holder === null ? this.ignored.has(id) : this.present.has(fold(holder));
			const extension = here ? undefined : this.input.extensions.get(id);
			if (extension) taken.push(extension);
		}
		return taken;
	}

	/**
	 * Evidence that is switched off pairs nobody. It still speaks against a second extension, and what
	 * belongs to somebody in the directory is never called nobody's.
	 */
	private holdOwners(): void {
		const free = [...this.input.extensions.values()].filter(({ id }) => !this.claimed.has(id));
		const owners = ownersOf(free, this.input.links, { here: this.present, usersWhole: true });
		if (owners.size === 0) return;
		for (const extension of free.sort((a, b) => (a.id < b.id ? -1 : 1))) {
			for (const { userId, by } of owners.get(extension.id) ?? []) {
				this.claimed.set(extension.id, null);
				const id = this.present.get(userId) ?? '';
				if (this.pairings.has(id)) continue;
				this.pairings.set(id, { kind: 'held', because: 'evidenceOff', by, extension });
			}
		}
	}

	/** What is disputed is out of reach for weaker evidence. */
	private settle(by: MatchedBy, suits: readonly Suit[]): void {
		const disputedLists = new Set<Holders>();
		judgeSuits(suits).forEach((verdict, index) => {
			const { userId = '', lists = [] } = suits[index] ?? {};
			if (verdict.kind === 'clear') {
				const { extension } = verdict;
				this.pairings.set(userId, { kind: 'paired', by, extension });
				this.claimed.set(extension.id, userId);
			} else {
				this.pairings.set(userId, { kind: 'disputed', by, candidates: verdict.candidates });
				for (const list of lists) disputedLists.add(list);
			}
		});
		for (const list of disputedLists) for (const { id } of list) this.claimed.set(id, null);
	}

	/** Strong evidence speaks for somebody else too, so whoever was paired with it is not sure of it. */
	private contest(extensionId: string): void {
		const holder = this.claimed.get(extensionId) ?? null;
		const pairing = holder === null ? undefined : this.pairings.get(holder);
		if (holder === null || pairing?.kind !== 'paired') return;
		this.pairings.set(holder, { ...disputed([[pairing.extension]]), by: pairing.by });
	}

	private linkedBy(state: Link['state']): (person: Person) => Extension[] {
		return ({ user }) => {
			const linked: Extension[] = [];
			for (const link of this.linksOfUser.get(fold(user.id)) ?? []) {
				const extension =
					link.state === state ? this.input.extensions.get(link.extensionId) : undefined;
				if (extension && !linked.includes(extension)) linked.push(extension);
			}
			return linked;
		};
	}

	/** Nor does a row count of somebody who has another extension for sure: the next run has moved it. */
	private ownersOf(extensions: readonly Extension[]): Owners {
		const { links, usersWhole } = this.input;
		const isMoved = ({ userId, extensionId }: Link) => {
			const owner = fold(userId);
			const pairing = this.pairings.get(this.present.get(owner) ?? owner);
			if (pairing?.kind !== 'paired' || pairing.extension.id === extensionId) return false;
			return pairing.by === 'link' || pairing.by === 'externalId';
		};
		const rows = links.filter((row) => !isMoved(row));
		return ownersOf(extensions, rows, { here: this.present, usersWhole });
	}
}

function firstById(extensions: readonly Extension[]): Extension | undefined {
	return [...extensions].sort((a, b) => (a.id < b.id ? -1 : 1))[0];
}

/** Of several rows of a user the order must not matter, so they are put in one. */
function rowsByUser(links: readonly Link[]): ReadonlyMap<string, readonly Link[]> {
	const rows = new Map<string, Link[]>();
	for (const link of links) {
		const key = fold(link.userId);
		const same = rows.get(key);
		if (!same) rows.set(key, [link]);
		else {
			same.push(link);
			same.sort((a, b) => (a.extensionId < b.extensionId ? -1 : 1));
		}
	}
	return rows;
}
