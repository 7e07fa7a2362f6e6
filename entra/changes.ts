/** Only the users something changed about, each as complete as a whole read would give them. */
import type { Diagnostic } from '../sync/diagnostic';
import {
	ALWAYS_READ,
	ATTRIBUTES,
	EXTENSION_ATTRIBUTES_OBJECT,
	isDirectoryExtension,
	MANAGER,
	selectFor,
} from './attributes';
import type { Again } from './checkpoint';
import { digest, membersHash } from './checkpoint';
import type { Mention } from './delta';
import { fromNowOn, LOST, readRound } from './delta';
import { literal } from './filter';
import type { Graph } from './graph';
import type { OnProgress, Row } from './listing';
import { Reader } from './reader';
import type { Standing, UserQuery } from './scope';
import { Judge, neededToJudge, toldGroups } from './scope';
import { toldAs } from './user';
import type { Directory } from './users';
import { Findings, readUsers } from './users';

/** Where to go on from, in the next read of changes. */
export interface Continuation {
	readonly link: string;
	readonly members: string;
	readonly again: readonly Again[];
}

export interface Changes extends Directory, Continuation {
	readonly kind: 'changes' | 'whole';
}

/** Everything has to be read; the sentence says why. */
export interface StartOver {
	readonly kind: 'startOver';
	readonly because: string;
}

/** Graph takes fifteen IDs in one filter. */
const IDS_PER_REQUEST = 15;
const REQUESTS_AT_ONCE = 4;
/** More, and reading everybody is the quicker way: 999 come with one page. */
const MANY = 1_500;
/** So few can be looked at one by one. */
const MANY_AGAIN = 200;
/** Lists and objects lag behind what changes tell, by minutes; a change is looked for this long. */
const LOOK_FOR = 3_600_000;

/**
 * Reads everybody and remembers where changes begin. The link is taken first, so that what changes
 * during the read is told again and not lost. With a link that is still good (`last`), that one is
 * followed to its end instead: who changed a moment ago may not show in a list yet, so those are
 * looked at again in the next reads. `now`: milliseconds since 1970.
 */
export async function readWholeWithLink(
	graph: Graph,
	query: UserQuery,
	now: number,
	last: Pick<Continuation, 'link'> | null = null,
	onProgress?: OnProgress,
): Promise<Changes> {
	const telling = { ...query, includeOutOfScope: true, includeDeleted: true };
	const tracked = trackedBy(query);
	const round = last === null ? LOST : await readRound(graph, tracked, last.link, onProgress);
	const link = round === LOST ? await fromNowOn(graph, tracked) : round.link;
	const justNow = round === LOST || round.mentions.size > MANY_AGAIN ? [] : round.mentions.keys();
	const until = now + LOOK_FOR;
	const again = [...justNow].map((id) => ({ id, seen: null, removed: false, until }));
	const members = await new Reader(graph, query, onProgress).members();
	const directory = await readUsers(graph, telling, onProgress, members);
	return { kind: 'whole', ...directory, link, members: membersHash(members), again };
}

/**
 * Reads who changed since. Users who were disabled, deleted or left the scope are always told, as
 * such. What Graph says of a change is only taken as a hint: each user is read again, because what is
 * absent there is not empty, and an old change may be told once more. A change that is told and does
 * not show is looked for in the next reads, too. `now`: milliseconds since 1970.
 */
export async function readChanges(
	graph: Graph,
	query: UserQuery,
	last: Continuation,
	now: number,
	onProgress?: OnProgress,
): Promise<Changes | StartOver> {
	const round = await readRound(graph, trackedBy(query), last.link, onProgress);
	if (round === LOST)
		return startOver('Microsoft Graph no longer knows where the last read ended.');
	const reader = new Reader(graph, query, onProgress);
	const members = await reader.members();
	if (membersHash(members) !== last.members) {
		return startOver('The members of a group changed.');
	}
	const before = new Map(last.again.map((each) => [each.id, each]));
	const ids = [...new Set([...round.mentions.keys(), ...before.keys()])];
	if (ids.length > MANY) return startOver(`${String(ids.length)} users changed.`);

	const looking = new Looking(reader, round.mentions);
	const rows = await looking.atUsers(ids);
	const missing = ids.filter((id) => !rows.has(id));
	const bin = missing.length === 0 ? [] : await reader.deleted();
	const deleted = new Map(bin.map((row) => [row.id, row]));

	const seenAs = (id: string): string | null => {
		const row = rows.get(id);
		return row ? digest(row) : deleted.has(id) ? 'deleted' : null;
	};
	const toldGone = (id: string) =>
		round.mentions.get(id)?.removed ?? before.get(id)?.removed ?? false;
	// Who is looked at again and is as given before is not given once more.
	const news = ids.filter((id) => round.mentions.has(id) || seenAs(id) !== before.get(id)?.seen);

	const found = new Findings(reader.attributes);
	found.tell(toldGroups(query, members));
	const shown = news.flatMap((id) => rows.get(id) ?? []);
	await judge(reader, members, shown, found);
	for (const id of news.filter((each) => !rows.has(each))) {
		const row = deleted.get(id);
		if (row) found.add(row, 'deleted', []);
		else if (toldGone(id)) found.addGone(id);
	}

	const again: Again[] = [];
	const notes: Diagnostic[] = [];
	for (const id of ids) {
		const told = round.mentions.has(id);
		if (told && !(looking.isOpen(id) && !deleted.has(id))) continue;
		const until = told ? now + LOOK_FOR : (before.get(id)?.until ?? now);
		const seen = seenAs(id);
		if (until > now) again.push({ id, seen, removed: toldGone(id), until });
		else if (seen === null && !toldGone(id)) notes.push(neverShown(id));
	}
	return {
		kind: 'changes',
		users: found.users(),
		notes: [...reader.notes, ...notes],
		link: round.link,
		members: last.members,
		again,
	};
}

async function judge(
	reader: Reader,
	members: Standing['members'],
	rows: readonly Row[],
	found: Findings,
): Promise<void> {
	const { query } = reader;
	const meetsRaw = await meetingRaw(reader, rows);
	const judging = new Judge(query, { members, meetsRaw });
	for (const row of rows) {
		const { inScope, because } = judging.verdict(row);
		found.add(row, toldAs(row, inScope), [because]);
	}
}

async function meetingRaw(
	reader: Reader,
	rows: readonly Row[],
): Promise<ReadonlySet<string> | null> {
	const { raw } = reader.query.filter;
	if (raw === null) return null;
	const meeting = await inParts(
		rows.map(({ id }) => id),
		async (part) => [...(await reader.meetingRaw(raw, { text: oneOf(part), advanced: true }))],
	);
	return new Set(meeting);
}

/** Looks at changed users as they are now. */
class Looking {
	private readonly needed: readonly string[];

	private readonly rows = new Map<string, Row>();

	constructor(
		private readonly reader: Reader,
		private readonly mentions: ReadonlyMap<string, Mention>,
	) {
		this.needed = neededToJudge(reader.query, reader.query.filter);
	}

	/** By ID; who is not there is missing. Lists lag behind, so who is in doubt is read alone. */
	async atUsers(ids: readonly string[]): Promise<ReadonlyMap<string, Row>> {
		const listed = await inParts(ids, (part) =>
			this.reader.users({ text: oneOf(part), advanced: false }, this.needed),
		);
		const { rows } = this;
		for (const row of listed) rows.set(row.id, row);
		const doubtful = ids.filter((id) => this.isInDoubt(id, rows.get(id)));
		await inParts(doubtful, async (part) => {
			for (const id of part) {
				const row = await this.reader.user(id, this.needed);
				if (row === null) rows.delete(id);
				else rows.set(id, row);
			}
			return [];
		});
		return rows;
	}

	/** Whether what was told of a user does not show; for those looked at. */
	isOpen(id: string): boolean {
		const said = this.mentions.get(id);
		const row = this.rows.get(id);
		if (!said) return false;
		return said.removed ? row !== undefined : row === undefined || differs(said.values, row);
	}

	private isInDoubt(id: string, row: Row | undefined): boolean {
		const said = this.mentions.get(id);
		// One of an earlier read, when the list did not show what was told.
		if (!said) return true;
		// Told to be gone and still listed: restored since, or the list lags behind.
		return said.removed === (row !== undefined) || (row !== undefined && differs(said.values, row));
	}
}

/** Whether what was said of a user is not what is there. What was not said does not count. */
function differs(said: Row, row: Row): boolean {
	return Object.entries(said).some(([name, value]) =>
		// Who the manager is comes in another form; what else has an @ is about the answer.
		name.includes('@')
			? name.startsWith(`${MANAGER}@`) && MANAGER in row
			: !agrees(value, row[name]),
	);
}

function agrees(said: unknown, found: unknown): boolean {
	if (Array.isArray(said) && Array.isArray(found)) return inOrder(said) === inOrder(found);
	const isPlain = typeof said === 'object' && said !== null && !Array.isArray(said);
	if (!isPlain) return JSON.stringify(said ?? null) === JSON.stringify(found ?? null);
	const parts = new Map(Object.entries(found ?? {}));
	return Object.entries(said).every(([name, value]) => agrees(value, parts.get(name)));
}

/** Nobody promises an order of the entries of a list. */
function inOrder(entries: readonly unknown[]): string {
	return JSON.stringify(entries.map((each) => JSON.stringify(each)).sort());
}

async function inParts<T>(
	ids: readonly string[],
	read: (part: readonly string[]) => Promise<readonly T[]>,
): Promise<T[]> {
	const parts: Array<readonly string[]> = [];
	for (let at = 0; at < ids.length; at += IDS_PER_REQUEST) {
		parts.push(ids.slice(at, at + IDS_PER_REQUEST));
	}
	const found: T[] = [];
	for (let at = 0; at < parts.length; at += REQUESTS_AT_ONCE) {
		const answers = await Promise.all(parts.slice(at, at + REQUESTS_AT_ONCE).map(read));
		for (const answer of answers) found.push(...answer);
	}
	return found;
}

function oneOf(ids: readonly string[]): string {
	return `id in (${ids.map(literal).join(', ')})`;
}

/** Graph tells only of changes to what is selected, so all that can decide about a user is. */
export function trackedBy(query: UserQuery): readonly string[] {
	const { filter, attributes } = query;
	const inRaw = [...(filter.raw?.matchAll(/[A-Za-z]\w+/g) ?? [])].map(([name]) => name);
	const known = [...ATTRIBUTES.map(({ name }) => name), EXTENSION_ATTRIBUTES_OBJECT, LICENSES];
	return [
		...selectFor([
			...ALWAYS_READ,
			...attributes,
			...neededToJudge(query, filter),
			...inRaw.filter((name) => known.includes(name) || isDirectoryExtension(name)),
		]),
		...(attributes.includes(MANAGER) ? [MANAGER] : []),
	];
}

const LICENSES = 'assignedLicenses';

function startOver(because: string): StartOver {
	return { kind: 'startOver', because };
}

function neverShown(id: string): Diagnostic {
	return {
		code: 'entra.neverShown',
		what: `Microsoft Graph told of a change to the user ${id} and then did not know the user.`,
		why: 'The account was probably created and removed within a short time.',
		fix: 'Nothing has to be done; the next whole read settles it.',
	};
}
