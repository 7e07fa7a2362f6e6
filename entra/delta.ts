/**
 * Graph's delta queries on users: what changed since a link was given. Facts: Microsoft Learn,
 * "Use delta query to track changes in Microsoft Graph data" and "user: delta".
 */
import { DiagnosedError } from '../sync/diagnostic';
import { ASKING, BrokenAnswer, ExpiredPage } from './diagnosis';
import type { Graph, GraphQuery } from './graph';
import type { OnProgress, Row } from './listing';
import { readPage, Trail } from './listing';

/** All that one round said of a user. */
export interface Mention {
	/** The last word was that the user is gone. Replays come in any order, so it is only a hint. */
	readonly removed: boolean;
	/** What was said of the attributes; what was not said is absent, and absent is not empty. */
	readonly values: Row;
}

export interface Round {
	/** Users something was said of, each once. */
	readonly mentions: ReadonlyMap<string, Mention>;
	/** Where the next round begins. */
	readonly link: string;
}

/** The link is no longer good, or never was: everything has to be read anew. */
export const LOST = 'lost';

const RESTARTS = 3;
/** Empty pages with a link are normal here and may come in long rows. */
const EMPTY_PAGES = 5_000;

/** Gives a link to what changes from now on. `tracked`: the attributes whose changes are told. */
export async function fromNowOn(graph: Graph, tracked: readonly string[]): Promise<string> {
	const query = { ...deltaQuery(tracked), fromNow: true };
	const read = await follow(graph, query, undefined);
	if (read.kind === 'expired') throw new ExpiredPage();
	return read.link;
}

/**
 * Reads one round to its end. Gives all of it, or `LOST` when Graph no longer knows the link (seven
 * days, a move of the tenant, other attributes), or rejects: never a part of it.
 */
export async function readRound(
	graph: Graph,
	tracked: readonly string[],
	link: string,
	onProgress?: OnProgress,
): Promise<Round | typeof LOST> {
	for (let restarts = 0; restarts <= RESTARTS; restarts++) {
		const read = await follow(graph, deltaQuery(tracked), link, onProgress, restarts);
		if (read.kind === 'round') return read;
		// The token of a page in the middle is given anew with the round; the first one is not.
		if (read.pages === 0) return LOST;
	}
	return LOST;
}

function deltaQuery(tracked: readonly string[]): GraphQuery {
	return { path: '/users/delta', asking: ASKING.changes, select: tracked };
}

type Followed =
	| ({ readonly kind: 'round' } & Round)
	| { readonly kind: 'expired'; readonly pages: number };

async function follow(
	graph: Graph,
	query: GraphQuery,
	start: string | undefined,
	onProgress?: OnProgress,
	restarts = 0,
): Promise<Followed> {
	const mentions = new Map<string, Mention>();
	const trail = new Trail(EMPTY_PAGES);
	let link = start;
	for (;;) {
		const stored = trail.pages === 0 && start !== undefined;
		const read = await readPage(graph, query, link).catch((thrown: unknown) =>
			stored ? lostOr(thrown) : giveUp(thrown),
		);
		if (read === LOST || read.kind === 'again') return { kind: 'expired', pages: trail.pages };
		for (const row of read.page.value) mention(mentions, row);
		const end = read.page['@odata.deltaLink'];
		link = trail.next(read.page, read.page.value.length > 0);
		onProgress?.({ page: trail.pages, objects: mentions.size, total: null, restarts });
		if (link !== undefined) continue;
		// Every round ends with a link to the next; a page without any was not the end.
		if (!end) throw new BrokenAnswer(query.asking);
		return { kind: 'round', mentions, link: end };
	}
}

/** The same user may come several times, also with what was told in an earlier round. */
function mention(mentions: Map<string, Mention>, row: Row): void {
	const before = mentions.get(row.id);
	const removed = row['@removed'] !== undefined;
	mentions.set(row.id, {
		removed,
		values: removed ? (before?.values ?? { id: row.id }) : { ...before?.values, ...row },
	});
}

/** A stored link may be from another tenant or cloud: whatever is wrong with it, it is no use. */
const USELESS_LINK = new Set(['entra.queryRefused', 'entra.notFound', 'entra.linkElsewhere']);

function lostOr(thrown: unknown): typeof LOST {
	if (thrown instanceof DiagnosedError && USELESS_LINK.has(thrown.diagnostic.code)) return LOST;
	return giveUp(thrown);
}

function giveUp(thrown: unknown): never {
	throw thrown;
}
