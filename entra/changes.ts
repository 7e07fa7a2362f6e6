/** Only the users something changed about, each as complete as a whole read would give them. */
import type { Diagnostic } from '../sync/diagnostic';
import {
	ALWAYS_READ,
	ATTRIBUTES,
	EXTENSION_ATTRIBUTES_OBJECT,
	MANAGER,
	selectFor,
} from './attributes';
import { membersHash } from './checkpoint';
import type { Mention } from './delta';
import { fromNowOn, LOST, readRound } from './delta';
import { literal } from './filter';
import type { Graph } from './graph';
import type { OnProgress, Row } from './listing';
import { Reader } from './reader';
import type { Standing, UserQuery } from './scope';
import { Judge, neededToJudge } from './scope';
import { statusOf } from './user';
import type { Directory } from './users';
import { Findings, readUsers } from './users';

/** Where to go on from, in the next read of changes. */
export interface Continuation {
	readonly link: string;
	readonly members: string;
	readonly again: readonly string[];
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

/**
 * Reads everybody and remembers where changes begin. The link is taken first, so that what changes
 * during the read is told again and not lost.
 */
export async function readWholeWithLink(
	graph: Graph,
	query: UserQuery,
	onProgress?: OnProgress,
): Promise<Changes> {
	const telling = { ...query, includeOutOfScope: true, includeDeleted: true };
	const link = await fromNowOn(graph, trackedBy(query));
	const members = await new Reader(graph, query, onProgress).members();
	const directory = await readUsers(graph, telling, onProgress, members);
	return { kind: 'whole', ...directory, link, members: membersHash(members), again: [] };
}

/**
 * Reads who changed since. Users who were disabled, deleted or left the scope are always told, as
 * such. What Graph says of a change is only taken as a hint: each user is read again, because what is
 * absent there is not empty, and an old change may be told once more.
 */
export async function readChanges(
	graph: Graph,
	query: UserQuery,
	last: Continuation,
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
	const ids = [...new Set([...round.mentions.keys(), ...last.again])];
	if (ids.length > MANY) return startOver(`${String(ids.length)} users changed.`);

	const again = new Set<string>();
	const notes: Diagnostic[] = [];
	const looking = new Looking(reader, round.mentions, again);
	const rows = await looking.atUsers(ids);
	const missing = ids.filter((id) => !rows.has(id));
	const bin = missing.length === 0 ? [] : await reader.deleted();
	const deleted = new Map(bin.map((row) => [row.id, row]));

	const found = new Findings(reader.attributes);
	await judge(reader, members, [...rows.values()], found);
	for (const id of missing) {
		const row = deleted.get(id);
		if (row) found.add(row, 'deleted', []);
		else if (round.mentions.get(id)?.removed) found.addGone(id);
		else if (last.again.includes(id)) notes.push(neverShown(id));
		else again.add(id);
	}
	return {
		kind: 'changes',
		users: found.users(),
		notes: [...reader.notes, ...notes],
		link: round.link,
		members: last.members,
		again: [...again],
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
		const status = statusOf(row);
		found.add(row, !inScope && status === 'active' ? 'outOfScope' : status, [because]);
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

	constructor(
		private readonly reader: Reader,
		private readonly mentions: ReadonlyMap<string, Mention>,
		/** Users whose change Graph tells but does not show yet are added here. */
		private readonly again: Set<string>,
	) {
		this.needed = neededToJudge(reader.query, reader.query.filter);
	}

	/** By ID; who is not there is missing. Lists lag behind, so who is in doubt is read alone. */
	async atUsers(ids: readonly string[]): Promise<Map<string, Row>> {
		const listed = await inParts(ids, (part) =>
			this.reader.users({ text: oneOf(part), advanced: false }, this.needed),
		);
		const rows = new Map(listed.map((row) => [row.id, row]));
		const doubtful = ids.filter((id) => this.isInDoubt(id, rows.get(id)));
		await inParts(doubtful, async (part) => {
			for (const id of part) await this.atOne(id, rows);
			return [];
		});
		return rows;
	}

	private async atOne(id: string, rows: Map<string, Row>): Promise<void> {
		const row = await this.reader.user(id, this.needed);
		if (row === null) {
			rows.delete(id);
			return;
		}
		rows.set(id, row);
		const said = this.mentions.get(id);
		if (said && !said.removed && differs(said.values, row)) this.again.add(id);
	}

	private isInDoubt(id: string, row: Row | undefined): boolean {
		const said = this.mentions.get(id);
		// One of last time, when the list did not show what was told.
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
	const isPlain = typeof said === 'object' && said !== null && !Array.isArray(said);
	if (!isPlain) return JSON.stringify(said ?? null) === JSON.stringify(found ?? null);
	const parts = new Map(Object.entries(found ?? {}));
	return Object.entries(said).every(([name, value]) => agrees(value, parts.get(name)));
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
			...inRaw.filter((name) => known.includes(name)),
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
