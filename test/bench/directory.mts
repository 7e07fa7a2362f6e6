/**
 * What a full read of a directory of 100,000 users takes: requests, seconds and peak memory. The
 * tenant is made up in this process and answers at once, so the seconds are the reader's own.
 *
 * Alone, where the memory is not that of another bench too:
 *   node --import tsx test/bench/directory.mts
 */
import process from 'node:process';
import { READ_BY_DEFAULT } from '../../entra/attributes.ts';
import { openGraph } from '../../entra/graph.ts';
import { readUsers } from '../../entra/users.ts';
import { GRAPH_URL, largeTenant } from '../unit/entra/large-tenant.mts';

interface Row {
	readonly name: string;
	readonly value: number;
	readonly unit: string;
	readonly goal: string | null;
	readonly holds: boolean | null;
}

const USERS = 100_000;
/** One page for every 999 users, and one of an empty recycle bin. */
const REQUESTS = Math.ceil(USERS / 999) + 1;

export async function measure(): Promise<Row[]> {
	const { port } = largeTenant(USERS);
	const graph = openGraph(port, GRAPH_URL);
	const began = performance.now();
	await readUsers(graph, {
		scope: { kind: 'all' },
		filter: {
			userType: 'members',
			includeDisabled: true,
			conditions: [],
			combine: 'and',
			raw: null,
		},
		leaveOut: [],
		optIn: null,
		attributes: READ_BY_DEFAULT,
		includeDeleted: true,
		includeOutOfScope: false,
	});
	const seconds = Math.round((performance.now() - began) / 100) / 10;
	const peak = Math.round(process.resourceUsage().maxRSS / 1024);
	const { requests } = graph.cost;
	return [
		{
			name: 'directory: requests',
			value: requests,
			unit: 'for 100,000 users',
			goal: `exactly ${REQUESTS}`,
			holds: requests === REQUESTS,
		},
		{
			name: 'directory: reading',
			value: seconds,
			unit: 's for 100,000 users',
			goal: null,
			holds: null,
		},
		{
			name: 'directory: peak memory',
			value: peak,
			unit: 'MB for 100,000 users',
			goal: null,
			holds: null,
		},
	];
}

if (process.argv[1]?.endsWith('directory.mts')) {
	for (const { name, value, unit } of await measure()) console.log(`${name}: ${value} ${unit}`);
}
