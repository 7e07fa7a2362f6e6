/**
 * Reads every user with @pnp/graph, an independent client, and prints their ids as one JSON line.
 * A process of its own, because that library cannot be loaded by jest's CommonJS.
 *
 *   node --import tsx test/sandbox/pnp-reader.mts <Graph URL> <access token>
 */
import { DefaultHeaders, DefaultInit, graphfi } from '@pnp/graph';
import '@pnp/graph/users/index.js';
import { BrowserFetchWithRetry, DefaultParse, InjectHeaders } from '@pnp/queryable';

const [graph = '', token = ''] = process.argv.slice(2);
const base = `${graph}/v1.0`;
const client = graphfi(base).using(
	DefaultHeaders(),
	DefaultInit(base),
	BrowserFetchWithRetry(),
	DefaultParse(),
	InjectHeaders({ authorization: `Bearer ${token}` }),
);

const ids: string[] = [];
for await (const page of client.users.select('id').top(50)) {
	ids.push(...page.map((user) => user.id ?? ''));
}
process.stdout.write(`${JSON.stringify(ids)}\n`);
