import type { Diagnostic } from '../sync/diagnostic';
import { DiagnosedError } from '../sync/diagnostic';
import type { User, UserStatus } from '../sync/item';
import { ALWAYS_READ } from './attributes';
import { ASKING } from './diagnosis';
import type { UserFilter } from './filter';
import { toConditionFilter, toFilter } from './filter';
import type { Graph, GraphQuery } from './graph';
import type { OnProgress, Row } from './listing';
import { readList } from './listing';
import { isBareId, isGuest, statusOf, toUser } from './user';

export interface GroupRef {
	readonly id: string;
	/** As it was called when it was chosen; null when only the ID is known. */
	readonly name: string | null;
}

export type Scope =
	| { readonly kind: 'all' }
	| { readonly kind: 'groups'; readonly groups: readonly GroupRef[]; readonly nested: boolean };

/** Whom to read, and what of them. */
export interface UserQuery {
	readonly scope: Scope;
	readonly filter: UserFilter;
	/** Graph's names, besides those that are always read. */
	readonly attributes: readonly string[];
	/** Also read the recycle bin: the strongest sign that somebody has left. */
	readonly includeDeleted: boolean;
	/** Also read everybody else and mark them as out of scope, so that leaving the scope can be seen. */
	readonly includeOutOfScope: boolean;
}

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

/** Largest page Graph gives for users. */
const PAGE = 999;

/**
 * Reads the users of a tenant. Gives all of them or rejects with a `DiagnosedError`: a list that may
 * be missing people is never given.
 */
export async function readUsers(
	graph: Graph,
	query: UserQuery,
	onProgress?: OnProgress,
): Promise<Directory> {
	const attributes = [...new Set([...ALWAYS_READ, ...query.attributes])];
	const read = new Reading(graph, query, attributes, onProgress);
	await read.inScope();
	if (query.includeOutOfScope) await read.outOfScope();
	if (query.includeDeleted) await read.deleted();
	return read.directory();
}

class Reading {
	private readonly users = new Map<string, ReadUser>();

	private readonly notes: Diagnostic[] = [];

	private readonly sentences = new Map<string, readonly string[]>();

	constructor(
		private readonly graph: Graph,
		private readonly query: UserQuery,
		private readonly attributes: readonly string[],
		private readonly onProgress: OnProgress | undefined,
	) {}

	async inScope(): Promise<void> {
		const { scope, filter } = this.query;
		if (scope.kind === 'all') {
			const { text, advanced } = toFilter(filter);
			const rows = await this.list('/users', ASKING.users, text, advanced);
			for (const row of this.visible(rows)) this.add(row, statusOf(row), [why(row, filter)]);
			return;
		}
		const { text } = toConditionFilter(filter);
		for (const group of scope.groups) {
			const segment = scope.nested ? 'transitiveMembers' : 'members';
			// The cast leaves out devices and contacts; with it Graph needs the advanced capabilities.
			const path = `/groups/${groupId(group)}/${segment}/microsoft.graph.user`;
			const rows = await this.list(path, ASKING.members, text, true);
			for (const row of this.visible(rows)) {
				if (isWanted(row, filter)) this.add(row, statusOf(row), [why(row, filter, group)]);
			}
		}
	}

	async outOfScope(): Promise<void> {
		const rows = await this.list('/users', ASKING.users, null, false);
		for (const row of this.visible(rows)) {
			const status = statusOf(row);
			if (status === 'active') this.add(row, 'outOfScope', ['Not in scope']);
			else if (this.query.filter.includeDisabled) this.add(row, status, ['Not in scope']);
		}
	}

	/** Not being allowed to see the recycle bin costs evidence, not the run. */
	async deleted(): Promise<void> {
		const rows = await this.list(
			'/directory/deletedItems/microsoft.graph.user',
			ASKING.deletedUsers,
			null,
			false,
		).catch((thrown: unknown) => this.unlessForbidden(thrown));
		for (const row of rows) this.add(row, 'deleted', []);
	}

	directory(): Directory {
		return { users: [...this.users.values()], notes: this.notes };
	}

	private async list(
		path: string,
		asking: GraphQuery['asking'],
		filter: string | null,
		advanced: boolean,
	): Promise<Row[]> {
		return await readList(
			this.graph,
			{
				path,
				asking,
				select: this.attributes,
				top: PAGE,
				advanced,
				...(filter === null ? {} : { filter }),
			},
			this.onProgress,
		);
	}

	private visible(rows: Row[]): Row[] {
		if (rows.some(isBareId)) throw idsOnly();
		return rows;
	}

	/** Whoever was read first stays: what is in scope now counts more than the recycle bin. */
	private add(row: Row, status: UserStatus, because: readonly string[]): void {
		if (this.users.has(row.id)) return;
		const sentences = [...because, ...STATUS_SENTENCES[status]];
		const key = sentences.join('\n');
		const decisions = this.sentences.get(key) ?? sentences;
		this.sentences.set(key, decisions);
		this.users.set(row.id, { user: toUser(row, this.attributes, status), decisions });
	}

	private unlessForbidden(thrown: unknown): Row[] {
		if (!(thrown instanceof DiagnosedError)) throw thrown;
		if (thrown.diagnostic.code !== 'entra.permissionMissing') throw thrown;
		this.notes.push(thrown.diagnostic);
		return [];
	}
}

const STATUS_SENTENCES: Readonly<Record<UserStatus, readonly string[]>> = {
	active: [],
	disabled: ['Disabled in Entra ID'],
	deleted: ['Deleted in Entra ID'],
	outOfScope: [],
};

function why(row: Row, filter: UserFilter, group?: GroupRef): string {
	const who = isGuest(row) ? 'guest' : 'member';
	const where = group ? ` in group "${group.name ?? group.id}"` : '';
	const conditions = filter.conditions.length > 0 || filter.raw ? ', meets the conditions' : '';
	return `In scope: ${who}${where}${conditions}`;
}

/** What Graph decides for a list of all users is decided here for the members of a group. */
function isWanted(row: Row, filter: UserFilter): boolean {
	if (filter.userType === 'members' && isGuest(row)) return false;
	if (filter.userType === 'guests' && !isGuest(row)) return false;
	return filter.includeDisabled || statusOf(row) === 'active';
}

const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** A GUID and nothing else: it becomes part of the address. */
function groupId(group: GroupRef): string {
	if (GUID.test(group.id)) return group.id;
	throw new DiagnosedError({
		code: 'entra.groupId',
		what: `"${group.id}" is not the object ID of a group.`,
		why: 'An object ID looks like 6babcaad-604b-40ac-a9d7-9fd97c0b779f.',
		fix: "Choose the group from the list, or copy 'Object ID' from its overview page.",
		field: 'Groups',
	});
}

function idsOnly(): DiagnosedError {
	return new DiagnosedError({
		code: 'entra.idsOnly',
		what: 'Microsoft Graph gave users without their attributes.',
		why: 'The app may see who is a member of the group, but not the users themselves: the application permission User.Read.All is missing.',
		fix: 'Add User.Read.All as an application permission (not a delegated one) to the app registration, grant admin consent, and wait a few minutes.',
	});
}
