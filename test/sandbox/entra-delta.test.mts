import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { PageIterator } from '@microsoft/microsoft-graph-client';
import type { PageCollection } from '@microsoft/microsoft-graph-client';
import { startSandbox } from '../../sandbox/sandbox.mts';
import type { Sandbox } from '../../sandbox/sandbox.mts';
import { accessToken, graphClient } from './clients.mts';
import type { Body, GraphClient } from './clients.mts';
import { microsoftGraphClient } from './microsoft-client.mts';

const DAY = 86_400_000;

let now: number;
let sandbox: Sandbox;
let graph: GraphClient;

beforeEach(async () => {
	now = Date.UTC(2026, 10, 23);
	sandbox = await startSandbox({ clock: () => now });
	graph = await graphClient(sandbox);
});
afterEach(() => sandbox.stop());

const tenant = () => sandbox.control.entra.state;
const settings = () => sandbox.control.entra.settings;
const first = () => {
	const user = [...tenant().users.values()].find(({ mobilePhone }) => mobilePhone);
	if (!user) throw new Error('nobody has a phone');
	return user;
};

/** A whole round: everything said, and the link to the next. */
async function round(link: string, minimal = false) {
	const said: Body[] = [];
	let next: unknown = link;
	let delta = '';
	let pages = 0;
	while (typeof next === 'string') {
		const { body, status } = await graph(next, minimal ? { prefer: 'return=minimal' } : {});
		expect(status).toBe(200);
		said.push(...(body['value'] as Body[]));
		expect('@odata.nextLink' in body).not.toBe('@odata.deltaLink' in body);
		next = body['@odata.nextLink'];
		delta = String(body['@odata.deltaLink'] ?? '');
		pages += 1;
	}
	return { said, delta, pages };
}
const START = '/users/delta?$select=displayName,mobilePhone,accountEnabled';

describe('the first round of a delta query', () => {
	it("is read to its end by the official SDK's PageIterator, which finds the delta link", async () => {
		const client = await microsoftGraphClient(sandbox);
		const ids: string[] = [];
		const page = (await client.api('/users/delta').select('displayName').get()) as PageCollection;
		const iterator = new PageIterator(client, page, (user: { id: string }) => {
			ids.push(user.id);
			return true;
		});
		await iterator.iterate();
		expect(iterator.isComplete()).toBe(true);
		expect(ids.sort()).toEqual([...tenant().users.keys(), ...tenant().deletedUsers.keys()].sort());
		expect(iterator.getDeltaLink()).toMatch(/\$deltatoken=/);
	});

	it('leaves out what was never set, and already tells who is in the recycle bin', async () => {
		const { said } = await round(START);
		const removed = said.filter((each) => '@removed' in each);
		expect(removed.map(({ id }) => id)).toEqual([...tenant().deletedUsers.keys()]);
		expect(removed[0]?.['@removed']).toEqual({ reason: 'changed' });
		const quiet = [...tenant().users.values()].find(({ mobilePhone }) => mobilePhone === null);
		expect(said.find(({ id }) => id === quiet?.id)).not.toHaveProperty('mobilePhone');
	});

	it('can be skipped with a token for the latest state', async () => {
		const { said, delta } = await round(`${START}&$deltatoken=latest`);
		expect(said).toEqual([]);
		expect((await round(delta)).said).toEqual([]);
	});
});

describe('a later round', () => {
	it('is followed by @pnp/graph, a client nobody here wrote', async () => {
		settings().deltaPageSize = 50;
		const reader = spawn(
			process.execPath,
			[
				...['--import', 'tsx', 'test/sandbox/pnp-delta-reader.mts'],
				...[sandbox.entra.graph, await accessToken(sandbox)],
			],
			{ stdio: ['pipe', 'pipe', 'inherit'] },
		);
		const lines = createInterface(reader.stdout)[Symbol.asyncIterator]();
		const said = async () => JSON.parse(String((await lines.next()).value)) as unknown;
		const everybody = (await said()) as string[];
		expect(everybody.sort()).toEqual(
			[...tenant().users.keys(), ...tenant().deletedUsers.keys()].sort(),
		);
		const user = first();
		user.mobilePhone = null;
		reader.stdin.end('go on\n');
		expect(await said()).toMatchObject([{ id: user.id, mobilePhone: null }]);
	}, 30_000);

	it('tells changes of selected properties only, and clears by null', async () => {
		const { delta } = await round(START);
		const user = first();
		user.jobTitle = 'Not tracked';
		expect((await round(delta)).said).toEqual([]);
		user.mobilePhone = null;
		const { said, delta: next } = await round(delta);
		expect(said).toEqual([
			{
				id: user.id,
				displayName: user.displayName,
				accountEnabled: user.accountEnabled,
				mobilePhone: null,
			},
		]);
		expect(next).not.toBe(delta);
		expect((await round(next)).said).toEqual([]);
		// The old link still tells it: a replay.
		expect((await round(delta)).said).toHaveLength(1);
	});

	it('tells only what changed with return=minimal', async () => {
		const { delta } = await round(START);
		const user = first();
		user.displayName = 'New Name';
		expect((await round(delta, true)).said).toEqual([{ id: user.id, displayName: 'New Name' }]);
	});

	it('tells a soft deletion and, later, the permanent one', async () => {
		const { delta } = await round(START);
		const user = first();
		tenant().users.delete(user.id);
		tenant().deletedUsers.set(user.id, user);
		const soft = await round(delta);
		expect(soft.said).toEqual([{ id: user.id, '@removed': { reason: 'changed' } }]);
		tenant().deletedUsers.delete(user.id);
		const hard = await round(soft.delta);
		expect(hard.said).toEqual([{ id: user.id, '@removed': { reason: 'deleted' } }]);
	});

	it('does not tell that somebody was restored when properties were selected', async () => {
		const [user] = tenant().deletedUsers.values();
		if (!user) throw new Error('empty');
		const [narrow, wide] = [await round(START), await round('/users/delta')];
		tenant().deletedUsers.delete(user.id);
		tenant().users.set(user.id, user);
		expect((await round(narrow.delta)).said).toEqual([]);
		expect((await round(wide.delta)).said.map(({ id }) => id)).toEqual([user.id]);
	});

	it('tells who the new manager is', async () => {
		const { delta } = await round('/users/delta?$select=displayName,manager');
		const [id = ''] = tenant().managers.keys();
		tenant().managers.set(id, first().id);
		expect((await round(delta)).said[0]).toMatchObject({
			id,
			'manager@delta': [{ '@odata.type': '#microsoft.graph.user', id: first().id }],
		});
	});

	it('pages, doubles and empties itself on request', async () => {
		const { delta } = await round(START);
		Object.assign(settings(), { deltaPageSize: 1, deltaDuplicates: true, emptyPages: true });
		first().displayName = 'Renamed';
		const { said, pages } = await round(delta);
		expect(said.map(({ displayName }) => displayName)).toEqual([expect.any(String), 'Renamed']);
		expect(pages).toBe(4);
	});
});

describe('a delta link', () => {
	it('is good for seven days', async () => {
		const { delta } = await round(START);
		now += 7 * DAY;
		graph = await graphClient(sandbox);
		expect((await graph(delta)).status).toBe(200);
		now += 1;
		expect(await graph(delta)).toMatchObject({
			status: 400,
			body: { error: { code: 'syncStateNotFound' } },
		});
	});

	it('can be answered with 410 and the way to begin anew', async () => {
		const { delta } = await round(START);
		settings().deltaLost = 'gone';
		const { status, headers } = await graph(delta);
		expect(status).toBe(410);
		const location = headers.get('location') ?? '';
		expect(location).toMatch(/\/users\/delta\?\$deltatoken=$/);
		settings().deltaLost = null;
		expect((await round(location)).said.length).toBeGreaterThan(200);
	});
});

describe('what a delta query refuses', () => {
	const idsUpTo = (count: number) =>
		Array.from({ length: count }, (_, index) => `id eq '${index}'`).join(' or ');

	it.each([
		['a page size', '$top=5'],
		['an order', '$orderby=displayName'],
		['an expansion', '$expand=manager'],
		['a filter by anything but IDs', "$filter=department eq 'Sales'"],
		['more than fifty IDs', `$filter=${idsUpTo(51)}`],
	])('%s', async (_what, option) => {
		expect(await graph(`/users/delta?${encodeURI(option)}`)).toMatchObject({
			status: 400,
			body: { error: { code: 'Request_UnsupportedQuery', message: 'Unsupported Query.' } },
		});
	});

	it('but not fifty IDs', async () => {
		const ids = [...tenant().users.keys()].slice(0, 50);
		const filter = ids.map((id) => `id eq '${id}'`).join(' or ');
		const { said } = await round(`/users/delta?$filter=${encodeURIComponent(filter)}`);
		expect(said.map(({ id }) => id)).toEqual(ids);
	});
});

describe('throttling', () => {
	it('refuses when the units of ten seconds are used up, and says for how long', async () => {
		settings().resourceUnits = 5;
		const page = () => graph('/users?$top=999');
		const costing2 = [await page(), await page(), await page()];
		expect(costing2.map(({ status }) => status)).toEqual([200, 200, 200]);
		now += 4_000;
		const { status, headers, body } = await page();
		expect(status).toBe(429);
		expect(body).toMatchObject({ error: { code: 'TooManyRequests' } });
		expect(headers.get('retry-after')).toBe('6.000');
		expect(headers.get('x-ms-throttle-information')).toBe('ResourceUnitLimitExceeded');
		expect(headers.get('x-ms-throttle-scope')).toContain('Tenant_Application/ReadWrite/');
		now += 6_000;
		expect((await page()).status).toBe(200);
	});

	it('counts writes on their own, and refuses those that are too many', async () => {
		settings().roles = ['User.ReadWrite.All'];
		settings().writeLimit = 2;
		const writer = await graphClient(sandbox);
		const { id } = first();
		const write = () => writer(`/users/${id}`, { method: 'PATCH', body: { city: 'Oslo' } });
		expect([(await write()).status, (await write()).status]).toEqual([204, 204]);
		const { status, headers } = await write();
		expect(status).toBe(429);
		expect(headers.get('retry-after')).toBe('150.000');
		expect(headers.get('x-ms-throttle-information')).toBe('WriteLimitExceeded');
		expect((await writer('/users?$top=1')).status).toBe(200);
		now += 150_000;
		expect((await write()).status).toBe(204);
	});

	it('counts less for selected properties and more for expanded ones', async () => {
		const units = async (query: string) =>
			(await graph(`/users?${query}`)).headers.get('x-ms-resource-unit');
		expect(await units('$top=999')).toBe('2');
		expect(await units('$select=id')).toBe('1');
		expect(await units('$select=id&$expand=manager($select=id)')).toBe('2');
	});
});

describe('lists', () => {
	it('can lag behind what an object and a delta query say', async () => {
		const { delta } = await round(START);
		tenant().lagging = structuredClone(tenant().users);
		const user = first();
		const before = user.displayName;
		user.displayName = 'Ahead';
		const { body } = await graph(`/users?$filter=id eq '${user.id}'&$select=displayName`);
		expect(body['value']).toEqual([{ displayName: before }]);
		expect((await graph(`/users/${user.id}`)).body['displayName']).toBe('Ahead');
		expect((await round(delta)).said).toHaveLength(1);
	});

	it('take fifteen alternatives in a filter and no more', async () => {
		const among = (count: number) =>
			`/users?$filter=id in (${Array.from({ length: count }, () => "'x'").join()})`;
		expect((await graph(among(15))).status).toBe(200);
		expect((await graph(among(16))).status).toBe(400);
	});

	it('expand the manager, but not in an advanced query', async () => {
		const path = '/users?$select=id&$expand=manager($select=id)&$top=999';
		const { body } = await graph(path);
		const [id = '', manager] = [...tenant().managers][0] ?? [];
		const rows = body['value'] as Body[];
		expect(rows.find((row) => row['id'] === id)).toMatchObject({ manager: { id: manager } });
		expect((await graph(`${path}&$count=true`, { eventual: true })).status).toBe(400);
	});
});
