import type { Diagnostic } from '../sync/diagnostic';
import type { User, UserStatus } from '../sync/item';
import type { ODataFilter, UserFilter } from './filter';
import { NO_FILTER, splitFilter } from './filter';
import type { Graph } from './graph';
import type { OnProgress, Row } from './listing';
import { Reader } from './reader';
import type { Standing, UserQuery } from './scope';
import { groupsOf, Judge, memberKey, neededToJudge, toldGroups } from './scope';
import { statusOf, toldAs, userMaker } from './user';

export interface ReadUser {
	readonly user: User;
	/** Shared between users it is the same for. */
	readonly decisions: readonly string[];
}

export interface Directory {
	/** In Graph's order: in scope first, then out of scope, then deleted. */
	readonly users: readonly ReadUser[];
	/** What could not be read and does not have to be. */
	readonly notes: readonly Diagnostic[];
}

/**
 * Reads the users of a tenant. Gives all of them or rejects with a `DiagnosedError`: a list that may
 * be missing people is never given.
 *
 * `members`: who is in which group, when that is known already.
 */
export async function readUsers(
	graph: Graph,
	query: UserQuery,
	onProgress?: OnProgress,
	members?: Standing['members'],
): Promise<Directory> {
	const reader = new Reader(graph, query, onProgress);
	const found = new Findings(reader.attributes);
	await reader.refuseHidden();
	if (query.scope.kind === 'groups' && !query.includeOutOfScope && !reader.withManager) {
		await fromGroups(reader, found);
	} else {
		await fromEverybody(reader, found, members ?? (await reader.members()));
	}
	if (query.includeDeleted) {
		for (const row of await reader.deleted()) found.add(row, 'deleted', []);
	}
	return { users: found.users(), notes: reader.notes };
}

/** Only those in the chosen groups are asked for. */
async function fromGroups(reader: Reader, found: Findings): Promise<void> {
	const { query } = reader;
	const { userType, includeDisabled } = query.filter;
	// Type and state are judged here: of the members of a group, Graph is only asked what it is known to answer.
	const split = splitFilter({ ...query.filter, userType: 'all', includeDisabled: true });
	const here = { ...split.here, userType, includeDisabled };
	const { scope } = query;
	const inScope = groupsOf({ ...query, optIn: null, tellGroups: [] });
	const members = await reader.members(groupsOf({ ...query, scope: { kind: 'all' } }));
	found.tell(toldGroups(query, members));
	for (const group of inScope) {
		const rows = await reader.usersIn(group, split.graph, neededToJudge(query, here));
		const known = new Map(members);
		known.set(memberKey(group), new Set(rows.map(({ id }) => id)));
		const one = scope.kind === 'groups' ? { ...scope, groups: [group] } : scope;
		const judge = new Judge({ ...query, scope: one }, { members: known, meetsRaw: null }, here);
		for (const row of rows) {
			const { inScope: wanted, because } = judge.verdict(row);
			if (wanted) found.add(row, statusOf(row), [because]);
		}
	}
}

/** The whole tenant is listed, filtered by Graph as far as nobody else is to be told about. */
async function fromEverybody(
	reader: Reader,
	found: Findings,
	members: Standing['members'],
): Promise<void> {
	const { query } = reader;
	found.tell(toldGroups(query, members));
	const { graph, here } = splitForEverybody(query, reader.withManager);
	const meetsRaw = here.raw === null ? null : await reader.meetingRaw(here.raw);
	const judge = new Judge(query, { members, meetsRaw }, here);
	const { includeDisabled } = query.filter;
	const all = await reader.usersAs(graph, neededToJudge(query, here), (row) => {
		const { inScope, because } = judge.verdict(row);
		const status = toldAs(row, inScope);
		const isTold =
			inScope || (query.includeOutOfScope && (status !== 'disabled' || includeDisabled));
		return isTold ? { inScope, user: found.make(row, status, [because]) } : null;
	});
	for (const wanted of [true, false]) {
		for (const each of all) if (each?.inScope === wanted) found.take(each.user);
	}
}

function splitForEverybody(
	{ filter, includeOutOfScope }: UserQuery,
	plain: boolean,
): { graph: ODataFilter; here: UserFilter } {
	if (includeOutOfScope) return { graph: NO_FILTER, here: filter };
	return splitFilter(filter, { plain });
}

/** Users found so far, each once, with what is the same for many kept once. */
export class Findings {
	private readonly found = new Map<string, ReadUser>();

	private readonly sentences = new Map<string, readonly string[]>();

	private groupsOf: ((userId: string) => readonly string[]) | null = null;

	private readonly toUser: ReturnType<typeof userMaker>;

	constructor(attributes: readonly string[]) {
		this.toUser = userMaker(attributes);
	}

	/** Users added from now on say which of some groups they are in. */
	tell(groupsOf: ((userId: string) => readonly string[]) | null): void {
		this.groupsOf = groupsOf;
	}

	/** Whoever was found first stays: what is in scope now counts more than the recycle bin. */
	add(row: Row, status: UserStatus, because: readonly string[]): void {
		if (!this.found.has(row.id)) this.take(this.make(row, status, because));
	}

	/** What was made of a row before, by the same rule. */
	take(made: ReadUser): void {
		if (!this.found.has(made.user.id)) this.found.set(made.user.id, made);
	}

	/** What is found of a row, without counting it as found yet. */
	make(row: Row, status: UserStatus, because: readonly string[]): ReadUser {
		const sentences = [...because, ...STATUS_SENTENCES[status]];
		const key = sentences.join('\n');
		const decisions = this.sentences.get(key) ?? sentences;
		this.sentences.set(key, decisions);
		const user = this.toUser(row, status);
		const groups = this.groupsOf?.(row.id);
		return { user: groups ? { ...user, groups } : user, decisions };
	}

	/** Deleted for good: nothing but the ID is left, and what was not read is not said to be empty. */
	addGone(id: string): void {
		const decisions = STATUS_SENTENCES.deleted;
		if (!this.found.has(id)) this.found.set(id, { user: { id, status: 'deleted' }, decisions });
	}

	users(): readonly ReadUser[] {
		return [...this.found.values()];
	}
}

const STATUS_SENTENCES: Readonly<Record<UserStatus, readonly string[]>> = {
	active: [],
	disabled: ['Disabled in Entra ID'],
	deleted: ['Deleted in Entra ID'],
	outOfScope: [],
};
