import { CustomRestApi } from '../../../credentials/CustomRestApi.credentials.ts';
import { startSandbox } from '../../../sandbox/sandbox.mts';

const ADDRESS = 'https://pbx.example';
const list = { path: '/people', query: { kind: 'user' } };

/** What the Test sends. */
async function tested(profile: object) {
	const credential = new CustomRestApi();
	const request = { baseURL: ADDRESS, url: String(credential.test.request.url) };
	const data = { baseUrl: ADDRESS, account: 'me', secret: 's', profile: JSON.stringify(profile) };
	return await credential.authenticate(data, request);
}

describe('the Test of a Custom REST credential', () => {
	it.each([
		[{ kind: 'none' }, {}],
		[{ kind: 'basic' }, { Authorization: 'Basic bWU6cw==' }],
		[{ kind: 'bearer' }, { Authorization: 'Bearer s' }],
		[{ kind: 'apiKey', name: 'X-Key', prefix: 'k ' }, { 'X-Key': 'k s' }],
	])('reads the list, signed in as %j', async (auth, headers) => {
		const request = await tested({ auth, list });
		expect(request).toMatchObject({ method: 'GET', url: '/people', qs: { kind: 'user' }, headers });
	});

	it('puts a key into the query where the profile wants it there', async () => {
		const request = await tested({ auth: { kind: 'apiKey', in: 'query', name: 'key' }, list });
		expect(request.qs).toEqual({ kind: 'user', key: 's' });
	});

	it('signs in where that is a request of its own', async () => {
		const auth = { kind: 'oauth2', tokenUrl: '/token', scope: 'users' };
		const request = await tested({ auth, list });
		expect(request).toMatchObject({ method: 'POST', url: '/token' });
		expect(String(request.body)).toBe(
			'grant_type=client_credentials&scope=users&client_id=me&client_secret=s',
		);
	});

	it('is what the sandbox takes for a sign-in', async () => {
		const sandbox = await startSandbox();
		try {
			const { baseUrl, profile, ...access } = sandbox.systems.customRest;
			const credential = new CustomRestApi();
			const send = async (secret: string) => {
				const data = { ...access, secret, profile };
				const url = String(credential.test.request.url);
				const request = await credential.authenticate(data, { baseURL: baseUrl, url });
				const answer = await fetch(baseUrl + request.url, {
					method: request.method ?? 'GET',
					headers: { 'content-type': 'application/json' },
					body: JSON.stringify(request.body),
				});
				return answer.status;
			};
			expect(await send(access.secret)).toBe(200);
			expect(await send('not-the-secret')).toBe(403);
		} finally {
			await sandbox.stop();
		}
	});

	it('leaves every other request alone', async () => {
		const request = { baseURL: ADDRESS, url: '/people' };
		expect(await new CustomRestApi().authenticate({}, request)).toBe(request);
	});

	it('names the part of the profile it cannot use', async () => {
		await expect(tested({ auth: { kind: 'magic' }, list })).rejects.toThrow(/auth\.kind/);
	});
});
