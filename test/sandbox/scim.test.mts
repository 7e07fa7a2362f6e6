import { startSandbox } from '../../sandbox/sandbox.mts';
import type { Sandbox } from '../../sandbox/sandbox.mts';
import { scim } from './clients.mts';
import type { Body } from './clients.mts';

const USER = 'urn:ietf:params:scim:schemas:core:2.0:User';
const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
const PATCH = 'urn:ietf:params:scim:api:messages:2.0:PatchOp';

let sandbox: Sandbox;

beforeEach(async () => {
	sandbox = await startSandbox();
});
afterEach(() => sandbox.stop());

const store = () => sandbox.control.scim.state;
const ask = (method: string, path: string, body?: unknown) => scim(sandbox, method, path, body);
const NEW = {
	schemas: [USER, ENTERPRISE],
	userName: 'nina.berg@nordvik.example',
	externalId: 'object-id-of-nina',
	active: true,
	name: { givenName: 'Nina', familyName: 'Berg' },
	emails: [{ type: 'work', value: 'nina.berg@nordvik.example', primary: true }],
	phoneNumbers: [{ type: 'work', value: '+46 (0)8-465 004 12' }],
	[ENTERPRISE]: { department: 'Sales' },
};

describe('the SCIM phone system', () => {
	it('lists every account once over its pages', async () => {
		const ids: unknown[] = [];
		for (let start = 1; start <= store().accounts.size; start += 10) {
			const { body } = await ask('GET', `/Users?startIndex=${start}&count=10`);
			expect(body['totalResults']).toBe(store().accounts.size);
			ids.push(...(body['Resources'] as Body[]).map((account) => account['id']));
		}
		expect(ids).toEqual([...store().accounts.keys()]);
	});

	it('keeps what it was sent as it was sent', async () => {
		const created = await ask('POST', '/Users', NEW);
		expect(created.status).toBe(201);
		const { body } = await ask('GET', `/Users/${String(created.body['id'])}`);
		expect(body).toMatchObject(NEW);
	});

	it('finds accounts by external id and by work mail', async () => {
		await ask('POST', '/Users', NEW);
		for (const filter of [
			'externalId eq "object-id-of-nina"',
			'emails[type eq "work" and value eq "nina.berg@nordvik.example"]',
		]) {
			const { body } = await ask('GET', `/Users?filter=${encodeURIComponent(filter)}`);
			expect(body).toMatchObject({ totalResults: 1, Resources: [{ userName: NEW.userName }] });
		}
	});

	it('refuses a user name that is taken, in any case', async () => {
		await ask('POST', '/Users', NEW);
		const again = await ask('POST', '/Users', { ...NEW, userName: NEW.userName.toUpperCase() });
		expect(again).toMatchObject({ status: 409, body: { scimType: 'uniqueness' } });
	});

	it('switches an account off and keeps the rest of it', async () => {
		const id = String((await ask('POST', '/Users', NEW)).body['id']);
		await ask('PATCH', `/Users/${id}`, {
			schemas: [PATCH],
			Operations: [{ op: 'replace', path: 'active', value: false }],
		});
		const { body } = await ask('GET', `/Users/${id}`);
		expect(body).toMatchObject({ ...NEW, active: false });
	});

	it('deletes an account once', async () => {
		const id = String((await ask('POST', '/Users', NEW)).body['id']);
		expect((await ask('DELETE', `/Users/${id}`)).status).toBe(204);
		expect((await ask('DELETE', `/Users/${id}`)).status).toBe(404);
		expect((await ask('GET', `/Users/${id}`)).status).toBe(404);
	});

	it('opens to nobody without the token', async () => {
		expect((await scim(sandbox, 'GET', '/Users', undefined, 'guess')).status).toBe(401);
	});

	it('logs which requests were meant to change something', async () => {
		await ask('GET', '/Users');
		await ask('POST', '/Users', NEW);
		expect(sandbox.control.scim.requests().map((each) => each.write)).toEqual([false, true]);
	});

	it('does not share accounts with a second sandbox in the same process', async () => {
		const second = await startSandbox();
		await ask('POST', '/Users', NEW);
		expect(store().accounts.size).toBe(second.control.scim.state.accounts.size + 1);
		await second.stop();
	});

	it('starts with one person under two accounts', () => {
		const mails = [...store().accounts.values()].flatMap((each) => each.emails?.[0]?.value ?? []);
		expect(mails.filter((mail, i) => mails.indexOf(mail) !== i)).toHaveLength(1);
	});
});
