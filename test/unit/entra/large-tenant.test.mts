import { READ_BY_DEFAULT } from '../../../entra/attributes.ts';
import { openGraph } from '../../../entra/graph.ts';
import type { UserQuery } from '../../../entra/scope.ts';
import { readUsers } from '../../../entra/users.ts';
import { GRAPH_URL, largeTenant } from './large-tenant.mts';

const query: UserQuery = {
	scope: { kind: 'all' },
	filter: { userType: 'members', includeDisabled: true, conditions: [], combine: 'and', raw: null },
	leaveOut: [],
	optIn: null,
	attributes: READ_BY_DEFAULT,
	includeDeleted: true,
	includeOutOfScope: false,
};

describe('a tenant of 100,000 users', () => {
	const USERS = 100_000;
	const DELETED = 1_500;

	it('takes one request for every 999 users and every 999 deleted ones, and no other', async () => {
		const { port, requests } = largeTenant(USERS, DELETED);
		const graph = openGraph(port, GRAPH_URL);
		const { users } = await readUsers(graph, query);
		expect(users).toHaveLength(USERS + DELETED);
		expect(requests).toHaveLength(Math.ceil(USERS / 999) + Math.ceil(DELETED / 999));
		expect(graph.cost).toEqual({ requests: requests.length, units: requests.length });
	});

	it('keeps the sentences of users they are the same for once', async () => {
		const { port } = largeTenant(5_000);
		const { users } = await readUsers(openGraph(port, GRAPH_URL), query);
		expect(new Set(users.map(({ decisions }) => decisions)).size).toBe(2);
	});
});
