/** The lists of users a read is made of, each read to its end and never taken for more than it is. */
import type { Diagnostic } from '../sync/diagnostic';
import { DiagnosedError } from '../sync/diagnostic';
import { ALWAYS_READ, MANAGER, MANAGER_PARTS, selectFor } from './attributes';
import type { Asking } from './diagnosis';
import { ASKING } from './diagnosis';
import type { ODataFilter } from './filter';
import { NO_FILTER, rawFilter } from './filter';
import type { Graph, GraphQuery } from './graph';
import { membersPath } from './group';
import type { OnProgress, Row } from './listing';
import { readList, readListAs, readObject } from './listing';
import type { GroupToRead, UserQuery } from './scope';
import { groupsOf, memberKey } from './scope';
import { allVisible, noneBare, refuseHidden, refuseIfBlind, Sight } from './visibility';

const EXPAND_MANAGER = `${MANAGER}($select=${MANAGER_PARTS.join(',')})`;

/** Largest page Graph gives for users. */
const PAGE = 999;

interface ListOptions {
	readonly filter?: ODataFilter;
	readonly expand?: string;
	readonly advanced?: boolean;
}

export class Reader {
	/** What goes on the wire of each user. */
	readonly attributes: readonly string[];

	/** What could not be read and does not have to be. */
	readonly notes: Diagnostic[] = [];

	/** Graph cannot expand the manager in the same request as its advanced capabilities. */
	readonly withManager: boolean;

	constructor(
		readonly graph: Graph,
		readonly query: UserQuery,
		private readonly onProgress?: OnProgress,
	) {
		this.attributes = [...new Set([...ALWAYS_READ, ...query.attributes])];
		this.withManager = query.attributes.includes(MANAGER);
	}

	/** Users of the tenant. `more` are attributes needed for a decision, besides those of the wire. */
	async users(filter: ODataFilter, more: readonly string[]): Promise<Row[]> {
		return await this.usersAs(filter, more, (row) => row);
	}

	/** The same, keeping of every user only what `keep` makes of it as it comes. */
	async usersAs<Kept>(
		filter: ODataFilter,
		more: readonly string[],
		keep: (row: Row) => Kept,
	): Promise<Kept[]> {
		const sight = new Sight();
		const expand = this.withManager ? { expand: EXPAND_MANAGER } : {};
		const query = queryOf('/users', ASKING.users, this.select(more), { filter, ...expand });
		const look = (row: Row) => {
			sight.look(row);
			return keep(row);
		};
		const kept = await readListAs(this.graph, query, look, this.onProgress);
		sight.refuse();
		return kept;
	}

	/** Users in a group. Without their managers: expanding is not possible here. */
	async usersIn(group: GroupToRead, filter: ODataFilter, more: readonly string[]): Promise<Row[]> {
		const options = { filter, advanced: true };
		const rows = await this.list(membersPath(group), ASKING.members, this.select(more), options);
		if (rows.length === 0 && filter.text !== null) await refuseIfBlind(this.graph, group);
		return allVisible(rows);
	}

	/** Rejects when a group of the query would look empty only because it hides its members. */
	async refuseHidden(): Promise<void> {
		await refuseHidden(this.graph, groupsOf(this.query));
	}

	/** Who is in the groups the query names, by `memberKey`. IDs only, so it is cheap. */
	async members(
		groups: readonly GroupToRead[] = groupsOf(this.query),
	): Promise<Map<string, ReadonlySet<string>>> {
		const members = new Map<string, ReadonlySet<string>>();
		for (const group of groups) {
			const rows = await this.list(membersPath(group), ASKING.members, ['id'], { advanced: true });
			members.set(memberKey(group), new Set(rows.map(({ id }) => id)));
		}
		return members;
	}

	/** Who meets the experts' filter, among these users only when there is a `among`. */
	async meetingRaw(raw: string, among: ODataFilter = NO_FILTER): Promise<ReadonlySet<string>> {
		const { text } = rawFilter(raw);
		const filter = { text: among.text ? `${among.text} and ${text ?? ''}` : text, advanced: true };
		const rows = await this.list('/users', ASKING.users, ['id'], { filter });
		return new Set(rows.map(({ id }) => id));
	}

	/** The recycle bin. Not being allowed to see it costs evidence, not the run. */
	async deleted(): Promise<Row[]> {
		const path = '/directory/deletedItems/microsoft.graph.user';
		const list = this.list(path, ASKING.deletedUsers, this.select([]), {});
		return noneBare(await list.catch((thrown: unknown) => this.unlessForbidden(thrown)));
	}

	/** One user by ID or user principal name; null when there is none. */
	async user(idOrName: string, more: readonly string[]): Promise<Row | null> {
		const query = {
			path: `/users/${encodeURIComponent(idOrName)}`,
			asking: ASKING.users,
			select: this.select(more),
			...(this.withManager ? { expand: EXPAND_MANAGER } : {}),
		};
		const row = await readObject(this.graph, query).catch(unlessNotFound);
		return row === null ? null : (allVisible([row])[0] ?? null);
	}

	private select(more: readonly string[]): readonly string[] {
		return selectFor([...this.attributes, ...more]);
	}

	private async list(
		path: string,
		asking: Asking,
		select: readonly string[],
		options: ListOptions,
	): Promise<Row[]> {
		const query = queryOf(path, asking, select, options);
		return await readList(this.graph, query, this.onProgress);
	}

	private unlessForbidden(thrown: unknown): Row[] {
		if (!(thrown instanceof DiagnosedError)) throw thrown;
		if (thrown.diagnostic.code !== 'entra.permissionMissing') throw thrown;
		this.notes.push(thrown.diagnostic);
		return [];
	}
}

function queryOf(
	path: string,
	asking: Asking,
	select: readonly string[],
	{ filter = NO_FILTER, expand, advanced }: ListOptions,
): GraphQuery {
	return {
		path,
		asking,
		select,
		top: PAGE,
		advanced: advanced ?? filter.advanced,
		...(filter.text === null ? {} : { filter: filter.text }),
		...(expand === undefined ? {} : { expand }),
	};
}

function unlessNotFound(thrown: unknown): null {
	if (thrown instanceof DiagnosedError && thrown.diagnostic.code === 'entra.notFound') return null;
	throw thrown;
}
