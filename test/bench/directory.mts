/**
 * What a full read of the directory takes: requests, seconds and peak memory. The tenant is made up
 * in this process and answers at once, so the seconds are the reader's own.
 *
 *   node --import tsx test/bench/directory.mts [users]
 */
import process from 'node:process';
import { READ_BY_DEFAULT } from '../../entra/attributes.ts';
import { openGraph } from '../../entra/graph.ts';
import { readUsers } from '../../entra/users.ts';
import { GRAPH_URL, largeTenant } from '../unit/entra/large-tenant.mts';

const users = Number(process.argv[2] ?? 100_000);
const { port } = largeTenant(users);
const graph = openGraph(port, GRAPH_URL);
const began = performance.now();
const directory = await readUsers(graph, {
	scope: { kind: 'all' },
	filter: { userType: 'members', includeDisabled: true, conditions: [], combine: 'and', raw: null },
	leaveOut: [],
	optIn: null,
	attributes: READ_BY_DEFAULT,
	includeDeleted: true,
	includeOutOfScope: false,
});
const seconds = (performance.now() - began) / 1000;
const peak = process.resourceUsage().maxRSS / 1024;
console.log(
	`${directory.users.length} users, ${graph.cost.requests} requests, ${seconds.toFixed(1)} s, peak memory ${peak.toFixed(0)} MB`,
);
