import { startSandbox } from '../../sandbox/sandbox.mts';
import type { Sandbox } from '../../sandbox/sandbox.mts';
import { graphClient, scim } from './clients.mts';

let sandbox: Sandbox;

beforeEach(async () => {
	sandbox = await startSandbox();
});
afterEach(() => sandbox.stop());

const token = () => sandbox.systems.scim.token;
const users = () =>
	fetch(`${sandbox.systems.scim.baseUrl}/Users?count=5`, {
		headers: { authorization: `Bearer ${token()}` },
	});
const create = (userName: string) =>
	scim(sandbox, 'POST', '/Users', {
		schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'],
		userName,
	});
const accounts = () => sandbox.control.scim.state.accounts.size;

describe('faults', () => {
	it('throttle with Retry-After, in the words of Graph', async () => {
		const graph = await graphClient(sandbox);
		sandbox.control.entra.fault({
			path: '/users',
			does: { kind: 'status', status: 429, retryAfter: 2 },
		});
		const answer = await graph('/users');
		expect(answer).toMatchObject({ status: 429, body: { error: { code: 'TooManyRequests' } } });
		expect(answer.headers.get('retry-after')).toBe('2');
		expect((await graph('/users')).status).toBe(200);
	});

	it('throttle without Retry-After', async () => {
		sandbox.control.scim.fault({ does: { kind: 'status', status: 429 } });
		expect((await users()).headers.has('retry-after')).toBe(false);
	});

	it('hit only the requests they are meant for, from the nth on, as often as told', async () => {
		sandbox.control.scim.fault({
			path: '/Users',
			method: 'GET',
			after: 1,
			times: 2,
			does: { kind: 'status', status: 503 },
		});
		expect((await create('first@nordvik.example')).status).toBe(201);
		const statuses: number[] = [];
		for (let i = 0; i < 4; i += 1) statuses.push((await users()).status);
		expect(statuses).toEqual([200, 503, 503, 200]);
	});

	it('cut the connection before anything is done', async () => {
		const before = accounts();
		sandbox.control.scim.fault({ method: 'POST', does: { kind: 'dropBefore' } });
		await expect(create('nina@nordvik.example')).rejects.toThrow('fetch failed');
		expect(accounts()).toBe(before);
	});

	it('cut the connection after the account was made', async () => {
		const before = accounts();
		sandbox.control.scim.fault({ method: 'POST', does: { kind: 'dropAfter' } });
		await expect(create('nina@nordvik.example')).rejects.toThrow('fetch failed');
		expect(accounts()).toBe(before + 1);
	});

	it.each([
		['hangBefore', 0],
		['hangAfter', 1],
	] as const)('never answer: %s makes %i accounts', async (kind, made) => {
		const before = accounts();
		sandbox.control.scim.fault({ method: 'POST', does: { kind } });
		const waiting = create('nina@nordvik.example').catch(() => undefined);
		while (accounts() < before + made || sandbox.control.scim.writes().length === 0) {
			await new Promise((resolve) => setImmediate(resolve));
		}
		expect(sandbox.control.scim.writes()).toMatchObject([{ status: null, fault: kind }]);
		expect(accounts()).toBe(before + made);
		await sandbox.stop();
		await waiting;
	});

	it('end a body half-way as if that were all', async () => {
		const whole = await (await users()).text();
		sandbox.control.scim.fault({ does: { kind: 'truncate' } });
		const response = await users();
		const half = await response.text();
		expect(response.status).toBe(200);
		expect(whole.startsWith(half)).toBe(true);
		expect(() => JSON.parse(half)).toThrow(SyntaxError);
	});

	it('break off in the middle of a body', async () => {
		sandbox.control.scim.fault({ does: { kind: 'breakOff' } });
		const response = await users();
		expect(response.status).toBe(200);
		await expect(response.text()).rejects.toThrow();
	});

	it('answer with a page of HTML where JSON was expected', async () => {
		sandbox.control.scim.fault({ does: { kind: 'html' } });
		const response = await users();
		expect(response.headers.get('content-type')).toContain('text/html');
		expect(await response.text()).toContain('<!doctype html>');
	});

	it('answer later, and then as always', async () => {
		sandbox.control.scim.fault({ does: { kind: 'slow', ms: 20 } });
		expect((await users()).status).toBe(200);
		expect(sandbox.control.scim.requests()[0]?.fault).toBe('slow');
	});

	it('answer anything at all with status 200', async () => {
		sandbox.control.yeastar.fault({ does: { kind: 'answer', body: { errcode: 10005 } } });
		const response = await fetch(`${sandbox.systems.yeastar.baseUrl}/openapi/v1.0/get_token`);
		expect(await response.json()).toEqual({ errcode: 10005 });
	});

	it('leave the requests they swallowed in the log', async () => {
		sandbox.control.scim.fault({ does: { kind: 'dropBefore' } });
		await users().catch(() => undefined);
		expect(sandbox.control.scim.requests()).toMatchObject([
			{ path: '/scim/v2/Users', status: null, fault: 'dropBefore' },
		]);
	});
});

describe('the controls over HTTP', () => {
	const control = (path: string, method = 'GET', body?: unknown) =>
		fetch(`${sandbox.entra.graph}/__sandbox/${path}`, {
			method,
			headers: { 'content-type': 'application/json' },
			...(body === undefined ? {} : { body: JSON.stringify(body) }),
		});

	it('show and clear the log, and do not appear in it', async () => {
		await fetch(`${sandbox.entra.graph}/v1.0/users`);
		const log = await (await control('requests')).json();
		expect(log).toMatchObject({ requests: [{ path: '/v1.0/users', status: 401 }] });
		await control('requests', 'DELETE');
		expect(await (await control('requests')).json()).toEqual({ requests: [] });
	});

	it('set and clear faults, and say when one is not understood', async () => {
		const fault = { times: 5, does: { kind: 'status', status: 500 } };
		expect((await control('faults', 'POST', fault)).status).toBe(204);
		expect((await fetch(`${sandbox.entra.graph}/v1.0/users`)).status).toBe(500);
		await control('faults', 'DELETE');
		expect((await fetch(`${sandbox.entra.graph}/v1.0/users`)).status).toBe(401);
		expect((await control('faults', 'POST', { does: { kind: 'explode' } })).status).toBe(400);
	});

	it('change settings and show the state', async () => {
		expect((await control('settings', 'PATCH', { roles: ['User.Read.All'] })).status).toBe(200);
		expect(sandbox.control.entra.settings.roles).toEqual(['User.Read.All']);
		expect((await control('settings', 'PATCH', { rolls: [] })).status).toBe(400);
		const state = JSON.stringify(await (await control('state')).json());
		expect(state).toContain('lindqvist');
		expect(state).not.toContain(sandbox.entra.clientSecret);
	});
});
