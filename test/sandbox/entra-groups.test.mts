import { startSandbox } from '../../sandbox/sandbox.mts';
import type { Sandbox } from '../../sandbox/sandbox.mts';
import { graphClient, readAll } from './clients.mts';
import type { GraphClient } from './clients.mts';

let sandbox: Sandbox;
let graph: GraphClient;

beforeAll(async () => {
	sandbox = await startSandbox();
	graph = await graphClient(sandbox);
});
afterAll(() => sandbox.stop());

const groupNamed = (name: string) =>
	[...sandbox.control.entra.state.groups.values()].find((group) => group.displayName === name)
		?.id ?? '';

describe('groups', () => {
	it('are found by how their name starts', async () => {
		const rows = await readAll(
			graph,
			"/groups?$select=displayName&$filter=startsWith(displayName,'phone')",
		);
		expect(rows.map((row) => row['displayName']).sort()).toEqual([
			'Phone Exceptions',
			'Phone Users',
		]);
	});

	it('are found by any word of their name, with the header that asks for it', async () => {
		const path = '/groups?$select=displayName&$search="displayName:users"';
		const rows = await readAll(graph, path, { eventual: true });
		expect(rows.map((row) => row['displayName'])).toContain('Phone Users');
		expect(rows.map((row) => row['displayName'])).not.toContain('Phone Exceptions');
		expect(await graph(path)).toMatchObject({ status: 400 });
	});

	it('never show the ids of their members as a property', async () => {
		const { body } = await graph(`/groups/${groupNamed('Phone Users')}`);
		expect(body).toMatchObject({ displayName: 'Phone Users' });
		expect(body).not.toHaveProperty('members');
	});

	it('that do not exist are not found', async () => {
		expect((await graph('/groups/5e0b1c39-0000-0000-0000-000000000000/members')).status).toBe(404);
	});
});

describe('members', () => {
	it('come as users, groups and devices, each saying which', async () => {
		const rows = await readAll(graph, `/groups/${groupNamed('Phone Users')}/members`);
		expect(new Set(rows.map((row) => row['@odata.type']))).toEqual(
			new Set(['#microsoft.graph.user', '#microsoft.graph.group', '#microsoft.graph.device']),
		);
	});

	it('of nested groups come once each, users only, through the cast', async () => {
		const { groups, users } = sandbox.control.entra.state;
		const path = `/groups/${groupNamed('Phone Users')}/transitiveMembers/microsoft.graph.user`;
		const rows = await readAll(graph, `${path}?$select=id&$top=50&$count=true`, {
			eventual: true,
		});
		const nested = ['Department Sales', 'Department Support', 'Nordics', 'Phone Users'].flatMap(
			(name) => groups.get(groupNamed(name))?.members ?? [],
		);
		const wanted = new Set(nested.filter((id) => users.has(id)));
		expect(rows).toHaveLength(wanted.size);
		expect(new Set(rows.map((row) => row['id']))).toEqual(wanted);
	});

	it('of two groups in a ring are still found', async () => {
		const rows = await readAll(graph, `/groups/${groupNamed('Ring A')}/transitiveMembers`);
		expect(rows.map((row) => row['@odata.type']).sort()).toEqual([
			'#microsoft.graph.group',
			'#microsoft.graph.user',
			'#microsoft.graph.user',
		]);
	});

	it('through a cast with options need an advanced query', async () => {
		const path = `/groups/${groupNamed('Nordics')}/members/microsoft.graph.user`;
		expect((await graph(`${path}?$select=id`)).status).toBe(400);
		expect((await graph(path)).status).toBe(200);
	});

	it('are empty but for their ids when User.Read.All is missing', async () => {
		sandbox.control.entra.settings.roles = ['GroupMember.Read.All'];
		const limited = await graphClient(sandbox);
		const { body } = await limited(
			`/groups/${groupNamed('Nordics')}/members/microsoft.graph.user?$select=id,mobilePhone,mail&$top=1&$count=true`,
			{ eventual: true },
		);
		expect(body['value']).toEqual([
			{
				'@odata.type': '#microsoft.graph.user',
				id: expect.any(String),
				mobilePhone: null,
				mail: null,
			},
		]);
		expect((await limited('/users?$top=1')).status).toBe(403);
	});
});
