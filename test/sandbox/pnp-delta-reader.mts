/**
 * Follows changes with @pnp/graph, an independent client: prints whom the first round told of, waits
 * for a line on its input, and prints what the next round said. One line of JSON each. A process of
 * its own, because that library cannot be loaded by jest's CommonJS.
 *
 *   node --import tsx test/sandbox/pnp-delta-reader.mts <Graph URL> <access token>
 */
import { once } from 'node:events';
import { DefaultHeaders, DefaultInit, graphfi, GraphCollection, Paged } from '@pnp/graph';
import '@pnp/graph/users/index.js';
import { BrowserFetchWithRetry, DefaultParse, InjectHeaders } from '@pnp/queryable';

/** What its `Paged` gives. */
interface Page {
	readonly value: readonly { readonly id: string }[];
	readonly nextLink: string | null;
	readonly deltaLink: string | null;
}

const [graph = '', token = ''] = process.argv.slice(2);
const base = `${graph}/v1.0`;
const client = graphfi(base).using(
	DefaultHeaders(),
	DefaultInit(base),
	BrowserFetchWithRetry(),
	DefaultParse(),
	InjectHeaders({ authorization: `Bearer ${token}` }),
);

const read = async (query: ReturnType<typeof GraphCollection>) =>
	(await query.using(Paged())()) as object as Page;

/** Everything a round says, and the link to the next. */
async function round(start: ReturnType<typeof GraphCollection>) {
	const said: { id: string }[] = [];
	let page = await read(start);
	said.push(...page.value);
	while (page.nextLink !== null) {
		page = await read(GraphCollection([client.users, page.nextLink]));
		said.push(...page.value);
	}
	return { said, link: page.deltaLink ?? '' };
}

const first = await round(GraphCollection(client.users, 'delta'));
console.log(JSON.stringify(first.said.map(({ id }) => id)));
await once(process.stdin, 'data');
const second = await round(GraphCollection([client.users, first.link]));
console.log(JSON.stringify(second.said));
process.stdin.destroy();
