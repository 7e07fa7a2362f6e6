/**
 * The plan: which extensions to create, update and enable, what a person has to decide, and which
 * extensions have no active user any more. It only decides; nothing is written here.
 *
 * The same users and extensions give the same plan, byte for byte, in whatever order or pages they
 * come. Every user ends in one place: changes, unchanged, conflicts, unmatched or skipped.
 */
import { departed, linkedIds, notFound, type Reads } from './absence';
import { allocate, type Allocation, type Allocations } from './allocate';
import type { FieldDefinition } from './contact';
import { decided } from './decision';
import { matchOf, sortUser, type Draft, type PlanSettings, type SystemFacts } from './draft';
import { EmailBook } from './email';
import { fingerprint, writesNothing } from './fingerprint';
import { doubtsAboutAbsence, type Wholeness } from './guard';
import type {
	Change,
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
import { KEYS } from './keys';
import { match, type Matching } from './match';
import { summarize } from './summary';

export interface PlanInput {
	readonly users: readonly ContactItem[];
	readonly extensions: readonly Extension[];
	/** Null: no links are wired, so nothing is remembered from run to run. */
	readonly links: readonly Link[] | null;
	readonly usersRead: Wholeness;
	readonly extensionsRead: Wholeness & { readonly mark: ReadMark };
	readonly facts: SystemFacts;
	readonly fields: readonly FieldDefinition[];
	readonly settings: PlanSettings;
}

export interface Plan {
	/**
	 * By user id. Among them updates that name no field: an adopted extension that is already right
	 * and has to be remembered.
	 */
	readonly changes: readonly ChangeItem[];
	/** Users whose extension is right, in the same form, with an update that names no field. */
	readonly unchanged: readonly ChangeItem[];
	/** By user id. */
	readonly conflicts: readonly ConflictItem[];
	/** By extension id. Extensions that are disabled already are left out. */
	readonly unmatched: readonly UnmatchedItem[];
	readonly summary: Summary;
}

/** Throws a `DiagnosedError` when a range in the settings cannot be read; no user makes it throw. */
export function plan(input: PlanInput): Plan {
	const links = input.links ?? [];
	const people = distinctById(input.users, ({ user }) => user.id);
	const extensions = distinctById(input.extensions, ({ id }) => id);
	const matching = match({
		people,
		extensions,
		links,
		by: input.settings.matchBy,
		usersWhole: input.usersRead.whole,
		extensionsWhole: input.extensionsRead.whole,
	});
	const wishes = mappedNumbers(people);

	const { drafts, refused, orphans } = sortAll(input, people, extensions, matching, wishes);
	const doubts = doubtsAboutAbsence(input.usersRead, input.extensionsRead);
	if (doubts.length === 0) {
		const linked = linkedIds(links);
		for (const extension of extensions) {
			if (matching.claimed.has(extension.id)) continue;
			orphans.push(notFound(extension, linked, readsOf(input)));
		}
	}

	const numbers = allocate({
		seekers: drafts.map(({ person: { user }, pairing, extension }) => ({
			user,
			extension,
			remembered: pairing.kind === 'none' ? (pairing.link?.number ?? null) : null,
		})),
		wishes,
		extensions,
		numbering: input.settings.numbering,
		facts: input.facts,
	});
	const { items, unnumbered } = finishAll(input, drafts, numbers);

	const remembering = input.links !== null && input.settings.matchBy.has('link');
	const isChange = ({ change, match: { situation } }: ChangeItem) =>
		!writesNothing(change) || (remembering && situation === 'adopted');
	const conflicts = [...refused, ...unnumbered];
	const unmatched = orphans.filter(({ extension }) => extension.enabled !== false);
	const parts = {
		changes: items.filter((item) => isChange(item)),
		unchanged: items.filter((item) => !isChange(item)),
		conflicts: conflicts.sort((a, b) => byText(a.user.id, b.user.id)),
		unmatched: unmatched.sort((a, b) => byText(a.extension.id, b.extension.id)),
	};
	const summary = summarize(input, parts, {
		users: people.length,
		extensions: extensions.length,
		orphaned: orphans.length,
		wishes: wishes.size,
		unmetWishes: [...numbers.byUser.values()].filter(hasUnmetWish).length,
		pools: numbers.pools,
		doubts,
	});
	return { ...parts, summary };
}

/** Everyone's own situation: something to write, something to decide, or out of service. */
function sortAll(
	input: PlanInput,
	people: readonly ContactItem[],
	extensions: readonly Extension[],
	{ pairings }: Matching,
	wishes: ReadonlyMap<string, string>,
) {
	const { facts, fields, settings, links, usersRead, extensionsRead } = input;
	const active = people.filter(({ user }) => user.status === 'active');
	const emails = new EmailBook(extensions, active);
	const phones = new KeyBook(extensions, active, KEYS.phone);
	const extensionsWhole = extensionsRead.whole;
	const around = { facts, fields, settings, links, extensionsWhole, emails, phones, wishes };

	const drafts: Draft[] = [];
	const refused: ConflictItem[] = [];
	const orphans: UnmatchedItem[] = [];
	for (const person of people) {
		const pairing = pairings.get(person.user.id);
		if (pairing === undefined || pairing.kind === 'ignored') continue;
		const sorted = sortUser(person, pairing, around);
		if (sorted.kind === 'draft') {
			drafts.push(sorted.draft);
		} else if (sorted.kind === 'conflict') {
			refused.push({ ...person, match: matchOf(pairing), conflict: sorted.conflict });
		} else if (sorted.kind === 'departed') {
			// By mail alone, somebody who did not arrive could be the true owner.
			if (sorted.by === 'email' && !(usersRead.whole && extensionsWhole)) continue;
			orphans.push(departed(person, sorted, readsOf(input)));
		}
	}
	return { drafts, refused, orphans };
}

/** Drafts with a number become changes, drafts without one become conflicts. */
function finishAll(input: PlanInput, drafts: readonly Draft[], { byUser }: Allocations) {
	const items: ChangeItem[] = [];
	const unnumbered: ConflictItem[] = [];
	for (const draft of drafts) {
		const { person, pairing } = draft;
		const allocation = byUser.get(person.user.id);
		if (allocation?.kind === 'chosen') {
			items.push(changeItem(input, draft, allocation));
		} else if (allocation?.kind === 'conflict') {
			unnumbered.push({ ...person, match: matchOf(pairing), conflict: allocation.conflict });
		}
	}
	return { items, unnumbered };
}

type Chosen = Extract<Allocation, { kind: 'chosen' }>;

function changeItem(input: PlanInput, draft: Draft, { choice, unmet }: Chosen): ChangeItem {
	const { person, pairing, extension, pbx } = draft;
	const decisions = [
		...person.decisions,
		pairing.kind === 'paired'
			? decided.matched(pairing.by, pairing.extension)
			: decided.isNew(pairing.link),
		...decided.number(choice),
		...(unmet === null ? [] : [decided.numberUnmet(unmet)]),
	];
	const base = { ...person, match: matchOf(pairing), number: choice };
	if (extension === null) {
		const change = { kind: 'create', number: choice.value, pbx, directory: {} } as const;
		return { ...base, change, decisions: [...decisions, ...sideEffectOf(change, input.facts)] };
	}

	const disabled = extension.enabled === false;
	const mayEnable = input.settings.enable !== 'never' && input.facts.disable !== 'none';
	const kind = disabled && mayEnable ? 'enable' : 'update';
	if (disabled) decisions.push(decided.enabling(kind === 'enable'));
	const renumbered = choice.value !== extension.number;
	const change = {
		kind,
		extensionId: extension.id,
		pbx: renumbered ? { ...pbx, number: { from: extension.number, to: choice.value } } : pbx,
		directory: {},
		basedOn: fingerprint(extension),
	} as const;
	decisions.push(...sideEffectOf(change, input.facts));
	return { ...base, extension, change, decisions };
}

/** What the change does on this phone system besides what it says. */
function sideEffectOf(change: Change, { sideEffects = {} }: SystemFacts): string[] {
	if (writesNothing(change)) return [];
	const sentence = change.kind === 'create' ? sideEffects.create : sideEffects.update;
	return sentence === undefined ? [] : [sentence];
}

function hasUnmetWish(allocation: Allocation): boolean {
	return allocation.kind === 'chosen' && allocation.unmet !== null;
}

/** What the mapping fills in as the extension number, of every active user, by user id. */
function mappedNumbers(people: readonly ContactItem[]): ReadonlyMap<string, string> {
	const wishes = new Map<string, string>();
	for (const { user, contact } of people) {
		const wish = contact?.['number']?.trim() ?? '';
		if (user.status === 'active' && wish !== '') wishes.set(user.id, wish);
	}
	return wishes;
}

function readsOf({ usersRead, extensionsRead }: PlanInput): Reads {
	return { users: usersRead.mark, extensions: extensionsRead.mark };
}

/**
 * One of each, by id. Should one id arrive twice with different contents, the choice must not hang
 * on the order, so the one whose JSON sorts first is taken.
 */
function distinctById<T>(values: readonly T[], idOf: (value: T) => string): T[] {
	const byId = new Map<string, T>();
	for (const value of values) {
		const id = idOf(value);
		const other = byId.get(id);
		const first = other === undefined || JSON.stringify(value) < JSON.stringify(other);
		if (first) byId.set(id, value);
	}
	return [...byId].sort(([a], [b]) => byText(a, b)).map(([, value]) => value);
}

/** By code units: the same on every machine, whatever its language. */
function byText(a: string, b: string): number {
	return a < b ? -1 : a > b ? 1 : 0;
}
