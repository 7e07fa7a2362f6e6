/**
 * The plan: which extensions to create, update and enable, what a person has to decide, and which
 * extensions have no active user any more. It only decides; nothing is written here.
 *
 * The same users and extensions give the same plan, byte for byte, in whatever order or pages they
 * come. Every user ends in one place: changes, unchanged, conflicts, unmatched or skipped.
 */
import { departed, linkedIds, notFound, type Reads } from './absence';
import { allocate, kept, keeps, type Allocation, type Allocations } from './allocate';
import { isNews, type Base } from './base';
import { changeItem } from './change';
import type { FieldDefinition } from './contact';
import {
	matchOf,
	needsNothing,
	sortUser,
	type Draft,
	type PlanSettings,
	type Surroundings,
	type SystemFacts,
} from './draft';
import { driftOf, type Drift } from './drift';
import { EmailBook } from './email';
import { writesNothing } from './fingerprint';
import { doubtsAboutAbsence, type Wholeness } from './guard';
import type { NumberEvent } from './history';
import type {
	ChangeItem,
	ConflictItem,
	ContactItem,
	Extension,
	Link,
	ReadMark,
	Summary,
	UnmatchedItem,
} from './item';
import { KeyBook } from './keybook';
import { fold, KEYS } from './keys';
import { match } from './match';
import { choiceFor } from './reaction';
import { bySeniority, byText } from './order';
import type { Matching } from './pairing';
import { summarize } from './summary';
import { wishesOf, type Wish } from './wish';

export interface PlanInput {
	readonly users: readonly ContactItem[];
	readonly extensions: readonly Extension[];
	/** Null: no links are wired, so nothing is remembered from run to run. */
	readonly links: readonly Link[] | null;
	/** Numbers given and released before, as the journal tells. */
	readonly history?: readonly NumberEvent[];
	readonly usersRead: Wholeness;
	readonly extensionsRead: Wholeness & { readonly mark: ReadMark };
	readonly facts: SystemFacts;
	readonly fields: readonly FieldDefinition[];
	readonly settings: PlanSettings;
	/** ISO time; only tells how long ago a number was released. */
	readonly now: string;
	/** Whether users who need nothing are listed; they are counted either way. */
	readonly listUnchanged: boolean;
}

export interface Plan {
	/**
	 * By user id. Among them updates that name no field: an adopted extension that is already right
	 * and has to be remembered.
	 */
	readonly changes: readonly ChangeItem[];
	/** By user id, where they are asked for: users whose extension is right, with an update that names no field. */
	readonly unchanged: readonly ChangeItem[];
	/** By user id. */
	readonly conflicts: readonly ConflictItem[];
	/** By extension id. Extensions that are disabled already are left out unless asked for. */
	readonly unmatched: readonly UnmatchedItem[];
	readonly summary: Summary;
}

/** Throws a `DiagnosedError` when a range in the settings cannot be read; no user makes it throw. */
export function plan(input: PlanInput): Plan {
	const links = input.links ?? [];
	const people = [...distinctById(input.users, ({ user }) => user.id).values()];
	const byId = distinctById(input.extensions, ({ id }) => id);
	const extensions = [...byId.values()];
	const matching = match({
		people,
		extensions: byId,
		links,
		by: input.settings.matchBy,
		usersWhole: input.usersRead.whole,
		extensionsWhole: input.extensionsRead.whole,
	});
	const wishes = wishesOf(people, input.settings.numbering);

	const { drafts, drifts, quiet, refused, orphans } = sortAll(
		input,
		people,
		extensions,
		matching,
		wishes,
	);
	const doubts = doubtsAboutAbsence(input.usersRead, input.extensionsRead);
	if (doubts.length === 0) {
		const linked = linkedIds(links);
		for (const extension of extensions) {
			if (matching.claimed.has(extension.id)) continue;
			orphans.push(notFound(extension, linked, readsOf(input)));
		}
	}

	const numbers = numberAll(input, drafts, extensions, wishes);
	const { items, unnumbered } = finishAll(input, drafts, numbers);
	const { choices = {}, reactions = {} } = input.settings;
	const told = [...refused, ...unnumbered].filter(
		({ conflict }) => choiceFor(conflict, choices) !== 'skip',
	);
	const unmatched = orphans.filter(
		({ extension }) =>
			(extension.enabled !== false || input.settings.includeDisabled === true) &&
			reactions.orphaned !== 'ignore',
	);
	const parts = {
		changes: items.filter((item) => isChange(item, input)),
		unchanged: items.filter((item) => !isChange(item, input)),
		conflicts: told.sort((a, b) => byText(a.user.id, b.user.id)),
		unmatched: unmatched.sort((a, b) => byText(a.extension.id, b.extension.id)),
	};
	const summary = summarize(input, parts, {
		users: people.length,
		extensions: extensions.length,
		quiet,
		orphaned: orphans.length,
		wishes: [...wishes.values()],
		unmetWishes: [...numbers.byUser.values()].filter(hasUnmetWish).length,
		pools: numbers.pools,
		doubts,
		drifts,
	});
	return { ...parts, summary };
}

/** Everyone's own situation: something to write, nothing to do, something to decide, or out of service. */
function sortAll(
	input: PlanInput,
	people: readonly ContactItem[],
	extensions: readonly Extension[],
	{ pairings }: Matching,
	wishes: ReadonlyMap<string, Wish>,
) {
	const { facts, fields, settings, links, usersRead, extensionsRead } = input;
	const active = people.filter(({ user }) => user.status === 'active');
	const emails = new EmailBook(extensions, active);
	const phones = new KeyBook(extensions, active, KEYS.phone);
	const marks = new KeyBook(extensions, [], KEYS.externalId);
	const extensionsWhole = extensionsRead.whole;
	const baseOf = basesIn(links ?? []);
	const around = {
		facts,
		fields,
		settings,
		links,
		extensionsWhole,
		emails,
		phones,
		marks,
		wishes,
		baseOf,
	};

	const drafts: Draft[] = [];
	const drifts: Drift[] = [];
	const quiet = { linked: 0, adopted: 0 };
	const refused: ConflictItem[] = [];
	const orphans: UnmatchedItem[] = [];
	for (const person of people) {
		const pairing = pairings.get(person.user.id);
		if (pairing === undefined || pairing.kind === 'ignored') continue;
		const sorted = sortUser(person, pairing, around);
		if (sorted.kind === 'draft') {
			const { situation } = matchOf(pairing);
			const { extension } = sorted.draft;
			if (extension) drifts.push(...driftOf(person, extension, fields));
			const silent = !input.listUnchanged && needsNothing(sorted.draft, around);
			if (silent && situation === 'linked') quiet.linked++;
			else if (silent && situation === 'adopted' && !remembers(input)) quiet.adopted++;
			else drafts.push(sorted.draft);
		} else if (sorted.kind === 'conflict') {
			refused.push({
				...person,
				match: matchOf(pairing),
				...(sorted.conflict.fields && pairing.kind === 'paired'
					? { extension: pairing.extension }
					: {}),
				conflict: sorted.conflict,
			});
		} else if (sorted.kind === 'departed') {
			// By mail alone, somebody who did not arrive could be the true owner.
			if (sorted.by === 'email' && !(usersRead.whole && extensionsWhole)) continue;
			orphans.push(departed(person, sorted, readsOf(input)));
		}
	}
	drafts.sort((a, b) => byText(a.person.user.id, b.person.user.id));
	return { drafts, drifts, quiet, refused, orphans };
}

function numberAll(
	input: PlanInput,
	drafts: readonly Draft[],
	extensions: readonly Extension[],
	wishes: ReadonlyMap<string, Wish>,
): Allocations {
	const { settings, facts, now, history = [] } = input;
	// Whoever keeps a number takes nothing from anybody: of most people in most runs there is nothing to decide.
	const undecided = drafts.filter(
		({ person, extension }) => !keeps(extension, wishes.get(person.user.id), facts),
	);
	const seekers = undecided.map(({ person: { user }, pairing, extension }) => ({
		user,
		extension,
		remembered: pairing.kind === 'none' ? (pairing.link?.number ?? null) : null,
	}));
	return allocate({
		seekers: bySeniority(seekers),
		wishes,
		extensions,
		extensionsWhole: input.extensionsRead.whole,
		history: [...history, ...lostNumbers(input, extensions)],
		now,
		numbering: settings.numbering,
		choices: settings.choices ?? {},
		facts,
	});
}

/** Numbers of remembered extensions that are gone, which only a whole list can say. */
function lostNumbers(
	{ links, extensionsRead, settings }: PlanInput,
	extensions: readonly Extension[],
): NumberEvent[] {
	if (links === null || !extensionsRead.whole || !settings.numbering.coolingDays) return [];
	const here = new Set(extensions.map(({ id }) => id));
	return links.flatMap(({ userId, extensionId, number, state, releasedAt }) =>
		number === null || state === 'ignored' || here.has(extensionId)
			? []
			: [{ kind: 'released', number, userId: fold(userId), at: releasedAt ?? null }],
	);
}

/** Drafts with a number become changes, drafts without one become conflicts. */
function finishAll(input: PlanInput, drafts: readonly Draft[], { byUser }: Allocations) {
	const items: ChangeItem[] = [];
	const unnumbered: ConflictItem[] = [];
	for (const draft of drafts) {
		const { person, pairing } = draft;
		const allocation = byUser.get(person.user.id) ?? kept(draft.extension);
		if (allocation.kind === 'chosen') {
			items.push(changeItem(input, draft, allocation));
		} else {
			unnumbered.push({ ...person, match: matchOf(pairing), conflict: allocation.conflict });
		}
	}
	return { items, unnumbered };
}

/** Whether pairings are kept from run to run. */
function remembers({ links, settings }: PlanInput): boolean {
	return links !== null && settings.matchBy.has('link');
}

function isChange({ change, match: { situation }, base }: ChangeItem, input: PlanInput): boolean {
	const isToRemember = situation === 'adopted' || (base !== undefined && isNews(base));
	return !writesNothing(change) || (remembers(input) && isToRemember);
}

/** What the links remember of both sides, by pair. */
function basesIn(links: readonly Link[]): Surroundings['baseOf'] {
	const bases = new Map<string, Base>();
	for (const { userId, extensionId, base } of links) {
		if (base) bases.set(`${fold(userId)} ${extensionId}`, base);
	}
	return (userId, extensionId) => bases.get(`${fold(userId)} ${extensionId}`) ?? null;
}

function hasUnmetWish(allocation: Allocation): boolean {
	return allocation.kind === 'chosen' && allocation.unmet !== null;
}

function readsOf({ usersRead, extensionsRead }: PlanInput): Reads {
	return { users: usersRead.mark, extensions: extensionsRead.mark };
}

/**
 * One of each, by id. Should one id arrive twice with different contents, the choice must not hang
 * on the order, so the one whose JSON sorts first is taken.
 */
function distinctById<T>(values: readonly T[], idOf: (value: T) => string): ReadonlyMap<string, T> {
	const byId = new Map<string, T>();
	for (const value of values) {
		const id = idOf(value);
		const other = byId.get(id);
		const first = other === undefined || JSON.stringify(value) < JSON.stringify(other);
		if (first) byId.set(id, value);
	}
	return byId;
}
