import { startSandbox } from '../../sandbox/sandbox.mts';
import type { Sandbox } from '../../sandbox/sandbox.mts';

let sandbox: Sandbox;
beforeEach(async () => {
	sandbox = await startSandbox();
});
afterEach(() => sandbox.stop());

async function ask(method: string, path: string, body?: object) {
	const { baseUrl, token } = sandbox.systems.telavox;
	const answer = await fetch(`${baseUrl}/v1${path}`, {
		method,
		headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
		...(body === undefined ? {} : { body: JSON.stringify(body) }),
	});
	return { status: answer.status, body: JSON.parse(await answer.text()) };
}

describe('the Telavox stand-in', () => {
	it('lists everybody in one answer, bare or below data', async () => {
		const { settings, state } = sandbox.control.telavox;
		expect((await ask('GET', '/extensions/users')).body.data).toHaveLength(state.users.size);
		settings.listShape = 'list';
		expect((await ask('GET', '/extensions/users')).body).toHaveLength(state.users.size);
	});

	it('counts pages from 0, when lists are paged', async () => {
		sandbox.control.telavox.settings.pageSize = 30;
		const keysOf = async (query: string) =>
			(await ask('GET', `/extensions/users${query}`)).body.data.map(
				({ key }: { key: string }) => key,
			);
		expect(await keysOf('?pageNumber=0')).toEqual(await keysOf(''));
		expect(await keysOf('?pageNumber=1')).not.toContain((await keysOf(''))[0]);
	});

	it('makes a user from the query alone, and takes a licence for it', async () => {
		const { settings, state } = sandbox.control.telavox;
		settings.freeLicenses = 1;
		const make = (email: string) =>
			ask('POST', `/extensions/users?country_code=SE&email=${email}`, { name: 'Ignored' });
		const { status, body } = await make('ada@example.com');
		expect({ status, body }).toMatchObject({
			status: 201,
			body: { key: expect.stringMatching(/^extension-\d+$/), email: 'ada@example.com', name: null },
		});
		expect(state.bought).toBe(0);
		await make('eda@example.com');
		expect(state.bought).toBe(1);
		expect((await ask('POST', '/extensions/users?email=a@example.com')).status).toBe(400);
	});

	it('empties what an update does not name', async () => {
		const { key } = sandbox.control.telavox.state.put({ name: 'Ada', licenseType: 'flow' });
		const { body } = await ask('PUT', `/extensions/users/${key}`, { name: 'Eda' });
		expect(body).toMatchObject({ name: 'Eda', licenseType: null });
	});

	it('neither deletes nor disables', async () => {
		const { key } = sandbox.control.telavox.state.put({ name: 'Ada' });
		expect((await ask('DELETE', `/extensions/users/${key}`)).status).toBe(404);
	});

	it('lets a token do what its maker may do', async () => {
		const { settings } = sandbox.control.telavox;
		settings.permission = 'reader';
		expect((await ask('POST', '/extensions/users?country_code=SE')).status).toBe(403);
		settings.permission = 'none';
		expect((await ask('GET', '/extensions/users')).status).toBe(400);
	});
});
