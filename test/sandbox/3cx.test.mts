import { startSandbox } from '../../sandbox/sandbox.mts';
import type { Sandbox } from '../../sandbox/sandbox.mts';
import { read } from './clients.mts';
import type { Answer } from './clients.mts';

let now = Date.UTC(2026, 10, 22);
let sandbox: Sandbox;
let token: string;

beforeEach(async () => {
	sandbox = await startSandbox({ clock: () => now });
	token = String((await signIn()).body['access_token']);
});
afterEach(() => sandbox.stop());

const { stringify } = JSON;
const pbx = () => sandbox.control['3cx'].state.pbx;

async function signIn(changes: Record<string, string> = {}): Promise<Answer> {
	const { baseUrl, clientId, clientSecret } = sandbox.systems['3cx'];
	const body = new URLSearchParams({
		grant_type: 'client_credentials',
		client_id: clientId,
		client_secret: clientSecret,
		...changes,
	});
	return await read(await fetch(`${baseUrl}/connect/token`, { method: 'POST', body }));
}

async function ask(method: string, path: string, body?: unknown): Promise<Answer> {
	const { baseUrl } = sandbox.systems['3cx'];
	const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
	const sent = body === undefined ? {} : { body: stringify(body) };
	return await read(await fetch(`${baseUrl}/xapi/v1${path}`, { method, headers, ...sent }));
}

describe('tokens', () => {
	it('last sixty seconds, and say so', async () => {
		expect((await signIn()).body).toMatchObject({ expires_in: 60, token_type: 'Bearer' });
		now += 60_000;
		expect(await ask('GET', '/Users?$top=1')).toMatchObject({
			status: 401,
			body: { error: 'unauthorized' },
		});
	});

	it('are one at a time: the next ends the one before', async () => {
		expect((await ask('GET', '/Users?$top=1')).status).toBe(200);
		await signIn();
		expect((await ask('GET', '/Users?$top=1')).status).toBe(401);
	});

	it('are not given for a wrong key', async () => {
		expect((await signIn({ client_secret: 'wrong' })).status).toBe(401);
	});
});

describe('users', () => {
	it('come a hundred at a time at most', async () => {
		expect((await ask('GET', '/Users?$top=101')).body['error']).toMatchObject({
			message: expect.stringContaining("The limit of '100' for Top query has been exceeded"),
		});
		for (let n = 0; n < 150; n++) pbx().put({ Number: String(1000 + n) });
		const { body } = await ask('GET', '/Users?$count=true');
		expect(body).toMatchObject({ '@odata.count': pbx().users.size });
		expect(body['value']).toHaveLength(100);
	});

	it('come with their passwords, unless only some properties are asked for', async () => {
		expect(stringify((await ask('GET', '/Users(41)')).body)).toContain('AuthPassword');
		expect((await ask('GET', '/Users(41)?$select=Id,Number')).body).toEqual({
			Id: 41,
			Number: '200',
		});
	});

	it('come with their departments only when these are asked for', async () => {
		expect((await ask('GET', '/Users(41)')).body).not.toHaveProperty('Groups');
		expect((await ask('GET', '/Users(41)?$expand=Groups')).body).toHaveProperty('Groups');
	});

	it('are found by number, too', async () => {
		expect((await ask('GET', "/Users(Number='200')")).body).toMatchObject({ Id: 41 });
		expect((await ask('GET', "/Users(Number='9999')")).status).toBe(404);
	});

	it('get the first free number when none is given', async () => {
		expect(await ask('POST', '/Users', {})).toMatchObject({
			status: 201,
			body: { Number: '100' },
		});
	});

	it('keep their number, and numbers are theirs alone', async () => {
		const change = await ask('PATCH', '/Users(41)', { Number: '201' });
		expect(change.status).toBe(400);
		expect(await ask('POST', '/Users', { Number: '200' })).toMatchObject({
			status: 400,
			body: {
				error: {
					message: 'Number:\nWARNINGS.XAPI.ALREADY_IN_USE',
					details: [{ target: 'Number', message: 'WARNINGS.XAPI.ALREADY_IN_USE' }],
				},
			},
		});
	});

	it('are changed without an answer but 204, and keep what was not named', async () => {
		const before = (await ask('GET', '/Users(41)')).body;
		expect(await ask('PATCH', '/Users(41)', { Mobile: '+46701740605' })).toMatchObject({
			status: 204,
			body: {},
		});
		expect((await ask('GET', '/Users(41)')).body).toEqual({ ...before, Mobile: '+46701740605' });
	});

	it('have no property that is misspelt', async () => {
		expect((await ask('PATCH', '/Users(41)', { FrstName: 'Ada' })).status).toBe(400);
	});
});
