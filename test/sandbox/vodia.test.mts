import { startSandbox } from '../../sandbox/sandbox.mts';
import type { Sandbox } from '../../sandbox/sandbox.mts';

let now = Date.UTC(2026, 10, 22);
let sandbox: Sandbox;

beforeEach(async () => {
	sandbox = await startSandbox({ clock: () => now });
});
afterEach(() => sandbox.stop());

const control = () => sandbox.control.vodia;
const accounts = () => control().state.tenant.accounts;

/** A request with the tenant administrator's password, or with headers of one's own. */
async function ask(
	method: string,
	path: string,
	body?: unknown,
	headers: Record<string, string> = basic(),
) {
	const { baseUrl } = sandbox.systems.vodia;
	const response = await fetch(`${baseUrl}/rest${path}`, {
		method,
		headers,
		...(body === undefined ? {} : { body: JSON.stringify(body) }),
	});
	const text = await response.text();
	return { status: response.status, headers: response.headers, text };
}

function basic(username = sandbox.systems.vodia.username): Record<string, string> {
	const { password } = sandbox.systems.vodia;
	const encoded = Buffer.from(`${username}:${password}`).toString('base64');
	return { authorization: `Basic ${encoded}` };
}

const tenant = (path: string) => `/domain/${sandbox.systems.vodia.domain}/${path}`;

describe('access', () => {
	it('takes the password of either administrator, and nothing else', async () => {
		expect((await ask('GET', tenant('users'))).status).toBe(200);
		expect((await ask('GET', tenant('users'), undefined, basic('admin'))).status).toBe(200);
		expect((await ask('GET', tenant('users'), undefined, basic('root'))).status).toBe(401);
		expect((await ask('GET', tenant('users'), undefined, {})).status).toBe(401);
	});

	it('does not let a tenant administrator out of the tenant', async () => {
		expect((await ask('GET', '/system/domains')).status).toBe(403);
		expect((await ask('GET', '/domain/other.example/users')).status).toBe(403);
		expect(
			(await ask('GET', '/domain/other.example/users', undefined, basic('admin'))).status,
		).toBe(404);
	});

	it('is refused without API access, although the password is right', async () => {
		control().settings.apiAccess = false;
		expect((await ask('GET', tenant('users'))).status).toBe(403);
	});

	it('tells anybody about itself at the session address, which therefore proves nothing', async () => {
		expect((await ask('GET', '/system/session', undefined, {})).status).toBe(200);
	});

	it('exchanges a token for a session within ten seconds, once', async () => {
		const domain = sandbox.systems.vodia.domain;
		const begin = async () =>
			JSON.parse((await ask('POST', '/system/session', { name: '3rd', domain })).text);
		const exchange = (value: unknown) =>
			ask('POST', '/system/session', { name: 'session', value }, {});

		const token = await begin();
		expect(token).toHaveLength(20);
		const { text, headers } = await exchange(token);
		expect(text).toBe('true');
		const cookie = headers.get('set-cookie')?.split(';')[0] ?? '';
		expect((await ask('GET', tenant('users'), undefined, { cookie })).status).toBe(200);
		expect((await exchange(token)).text).toBe('false');

		const late = await begin();
		now += 11_000;
		expect((await exchange(late)).text).toBe('false');
	});
});

describe('accounts', () => {
	it('are made with account_ext; with account the answer is the same and nothing is there', async () => {
		const before = accounts().size;
		const wrong = await ask('POST', tenant('addacc'), { type: 'extensions', account: '350' });
		expect(wrong).toMatchObject({ status: 200, text: '' });
		expect(accounts().size).toBe(before);
		const right = await ask('POST', tenant('addacc'), { type: 'extensions', account_ext: '350' });
		expect(right).toMatchObject({ status: 200, text: '' });
		expect(accounts().get('350')?.kind).toBe('extensions');
	});

	it('are made several at once when numbers are joined by slashes', async () => {
		await ask('POST', tenant('addacc'), { type: 'extensions', account_ext: '350/351/352' });
		expect([...accounts().keys()]).toEqual(expect.arrayContaining(['350', '351', '352']));
	});

	it('are not made twice, nor beyond the licence, and nobody is told', async () => {
		const before = accounts().size;
		expect(
			await ask('POST', tenant('addacc'), { type: 'extensions', account_ext: '200' }),
		).toMatchObject({ status: 200 });
		control().settings.licences = 0;
		expect(
			await ask('POST', tenant('addacc'), { type: 'extensions', account_ext: '350' }),
		).toMatchObject({ status: 200 });
		expect(accounts().size).toBe(before);
	});

	it('have booleans in the list and text in their settings', async () => {
		const rows = JSON.parse((await ask('GET', tenant('users'))).text);
		expect(rows).toEqual(
			expect.arrayContaining([
				expect.objectContaining({ name: '200', disabled: false, usertype: 'extensions' }),
				expect.objectContaining({ name: '500', usertype: 'hunts' }),
			]),
		);
		const settings = JSON.parse((await ask('GET', tenant('user_settings/200'))).text);
		expect(settings.disabled).toBe('false');
		expect(new Set(Object.values(settings).map((value) => typeof value))).toEqual(
			new Set(['string']),
		);
	});

	it('keep what a change does not name, and pass over what is no text or not known', async () => {
		const path = tenant('user_settings/400');
		const before = JSON.parse((await ask('GET', path)).text);
		const sent = { position: 'Analyst', disabled: true, nonsense: 'x' };
		const after = JSON.parse((await ask('POST', path, sent)).text);
		expect(after).toEqual({ ...before, position: 'Analyst' });
	});

	it('are missing with 404, before and after they are removed', async () => {
		expect((await ask('GET', tenant('user_settings/9999'))).status).toBe(404);
		expect((await ask('DELETE', tenant('addacc/480'))).status).toBe(200);
		expect((await ask('DELETE', tenant('addacc/480'))).status).toBe(404);
		expect((await ask('POST', tenant('user_settings/480'), { room: '1' })).status).toBe(404);
	});
});
