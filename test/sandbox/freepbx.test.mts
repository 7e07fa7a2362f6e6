import { startSandbox } from '../../sandbox/sandbox.mts';
import type { Sandbox } from '../../sandbox/sandbox.mts';

let now = Date.UTC(2026, 0, 1);
let sandbox: Sandbox;
let token: string;
beforeEach(async () => {
	sandbox = await startSandbox({ clock: () => now });
	token = (await askToken()).body.access_token;
});
afterEach(() => sandbox.stop());

async function read(answer: Response) {
	return { status: answer.status, body: JSON.parse(await answer.text()) };
}

async function askToken(changes: Record<string, string> = {}) {
	const { baseUrl, clientId, clientSecret } = sandbox.systems.freepbx;
	const form = new URLSearchParams({
		grant_type: 'client_credentials',
		client_id: clientId,
		client_secret: clientSecret,
		...changes,
	});
	return read(await fetch(`${baseUrl}/admin/api/api/token`, { method: 'POST', body: form }));
}

async function ask(query: string, variables: object = {}) {
	const answer = await fetch(`${sandbox.systems.freepbx.baseUrl}/admin/api/api/gql`, {
		method: 'POST',
		headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
		body: JSON.stringify({ query, variables }),
	});
	return read(answer);
}

const pbx = () => sandbox.control.freepbx.state;
const refusal = (message: string) => ({
	status: 400,
	body: { errors: [{ message: expect.stringContaining(message), status: false }] },
});
const add = (input: string) =>
	ask(`mutation { addExtension(input: {${input}}) { status message } }`);

describe('the FreePBX stand-in', () => {
	it('gives a token for an hour to who has the secret', async () => {
		expect((await askToken({ client_secret: 'wrong' })).status).toBe(401);
		expect((await askToken({ grant_type: 'magic' })).status).toBe(400);
		expect((await ask('{ fetchAllExtensions { status } }')).status).toBe(200);
		now += 3_601_000;
		expect((await ask('{ fetchAllExtensions { status } }')).status).toBe(401);
	});

	it('lists what is asked for, page by page', async () => {
		const page = async (args: string) =>
			(await ask(`{ fetchAllExtensions${args} { status totalCount extension { extensionId } } }`))
				.body.data.fetchAllExtensions;
		const all = await page('');
		expect(all.totalCount).toBe(pbx().extensions.size);
		expect(all.extension).toHaveLength(all.totalCount);
		expect(all.extension[0]).toEqual({ extensionId: '200' });
		const after = Buffer.from('arrayconnection:1').toString('base64');
		const second = await page(`(first: 2, after: "${after}")`);
		expect(second.extension).toEqual(all.extension.slice(2, 4));
	});

	it('tells a refusal with status 400 and the words of the first thing asked for', async () => {
		expect(await ask('{ fetchExtension(extensionId: "999") { status message } }')).toEqual(
			refusal('Extension does not exists'),
		);
		expect((await ask('{ fetchExtension(extensionId: "200") { extensionId } }')).status).toBe(400);
		expect(await ask('{ fetchEverything { status } }')).toEqual(
			refusal('Cannot query field "fetchEverything" on type "Query"'),
		);
		expect(await ask('{ fetchExtension(')).toEqual(refusal('Syntax Error'));
	});

	it('wants number, name and mail address of a new extension, once each', async () => {
		expect(await add('extensionId: 801 name: "Ada"')).toEqual(refusal('addExtensionInput.email'));
		expect(await add('extensionId: "8a" name: "Ada" email: "a@x"')).toEqual(refusal('numeric'));
		expect((await add('extensionId: 801 name: "Ada" email: "a@x"')).status).toBe(200);
		expect(await add('extensionId: 801 name: "Ada" email: "a@x"')).toEqual(refusal('in use'));
		expect(await add('extensionId: 802 name: "A" email: "a@x" umEnable: true')).toEqual(
			refusal('please provide password'),
		);
	});

	it('makes an extension anew when it is updated, and most of it is lost', async () => {
		const before = pbx().put({
			id: '801',
			name: 'Ada',
			outboundCid: '4711',
			ringtimer: 25,
			mailbox: { password: '99', name: 'Ada', email: 'a@x', greeting: 'Hello' },
		});
		await ask('mutation M($i: updateExtensionInput!) { updateExtension(input: $i) { status } }', {
			i: { extensionId: '801', name: 'Eda', email: 'a@x' },
		});
		const after = pbx().extensions.get('801');
		expect(after).toMatchObject({ name: 'Eda', outboundCid: '4711', ringtimer: 0 });
		expect(after?.mailbox).toMatchObject({ password: '99', greeting: null });
		expect(after?.secret).not.toBe(before.secret);
		expect(pbx().welcomeMails).toEqual(['a@x']);
	});

	it('puts nothing into force until it is told to', async () => {
		await add('extensionId: 801 name: "Ada" email: "a@x"');
		expect(pbx().needsReload).toBe(true);
		sandbox.control.freepbx.settings.reloadPolls = 1;
		const { body } = await ask('mutation { doreload(input: {}) { status transaction_id } }');
		const statusOf = async () =>
			(
				await ask(
					`{ fetchApiStatus(txnId: "${body.data.doreload.transaction_id}") { status message } }`,
				)
			).body.data.fetchApiStatus.message;
		expect([await statusOf(), await statusOf()]).toEqual(['Processing', 'Executed']);
		expect(pbx().needsReload).toBe(false);
	});

	it('logs what was asked for, though it all goes to one address', async () => {
		sandbox.control.freepbx.clearRequests();
		await ask('{ fetchAllExtensions { status } }');
		await add('extensionId: 801 name: "Ada" email: "a@x"');
		expect(sandbox.control.freepbx.requests().map(({ path, write }) => [path, write])).toEqual([
			['/admin/api/api/gql/fetchAllExtensions', false],
			['/admin/api/api/gql/addExtension', true],
		]);
	});
});
