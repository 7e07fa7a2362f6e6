import { scim } from '../../pbx/scim/adapter.ts';
import { startSandbox } from '../../sandbox/sandbox.mts';
import { fetchPort } from '../http.mts';
import { runPhoneSystemContract } from './contract.mts';
import type { Rig } from './rig.mts';
import { addressOfNobody, open, refusalOf } from './rig.mts';

runPhoneSystemContract({
	name: 'SCIM',
	start,
	exceptions: [
		{
			behaviour: 'signs in again when its session ends in the middle of a run',
			because: 'a bearer token is made by hand and cannot be renewed from here',
			instead: async (rig) => {
				rig.control.fault({ path: '/Users', does: { kind: 'status', status: 401 } });
				expect(await refusalOf(rig, open(rig).list())).toBe('signIn.refused');
			},
		},
		{
			behaviour: 'gives the old mail address of somebody renamed to somebody else',
			because: 'the user name is the first mail address, until User Name is mapped too',
			instead: async (rig) => {
				const system = open(rig);
				const { id, fields } = await system.create(rig.person(1));
				await system.update(id, { email: 'renamed@example.com' });
				const { email = null } = fields;
				const other = rig.person(2, { email });
				expect(await refusalOf(rig, system.create(other))).toBe('account.duplicate');
				await system.update(id, { userName: 'renamed@example.com' });
				expect((await system.create(other)).fields['email']).toBe(email);
			},
		},
	],
});

describe('SCIM, in its own way', () => {
	let rig: Awaited<ReturnType<typeof start>>;
	beforeEach(async () => {
		rig = await start();
	});
	afterEach(async () => {
		await rig.stop();
	});

	it('keeps the object id on the account, and finds it by that after a renamed mail', async () => {
		const system = open(rig);
		const made = await system.create(rig.person(1));
		expect(made.externalId).toBe(rig.person(1).externalId);
		await system.update(made.id, { email: 'renamed@example.com', userName: 'renamed@example.com' });
		expect(
			(await system.list()).filter(({ externalId }) => externalId === made.externalId),
		).toEqual([await system.get(made.id)]);
	});

	it('does not take over an account of the same name that is not paired with this person', async () => {
		const system = open(rig);
		await system.create({ ...rig.person(1), externalId: null });
		expect(await refusalOf(rig, system.create(rig.person(1)))).toBe('account.duplicate');
	});

	it('signs people in by their mail address in lower case, unless a user name is mapped', async () => {
		const system = open(rig);
		const byMail = await system.create(rig.person(1, { email: 'Ada.One@Example.com' }));
		expect(byMail.fields).toMatchObject({
			userName: 'ada.one@example.com',
			email: 'Ada.One@Example.com',
		});
		const named = await system.create(rig.person(2, { userName: 'ada.two@example.com' }));
		expect(named.fields['userName']).toBe('ada.two@example.com');
		const neither = rig.person(3, { email: null });
		expect(await refusalOf(rig, system.create(neither))).toBe('account.noUserName');
	});

	it('leaves the other addresses and phones of an account alone', async () => {
		const system = open(rig);
		const { id } = await system.create(rig.person(1));
		const account = rig.scim.state.require(id);
		account.emails = [{ type: 'home', value: 'ada@home.example' }, ...(account.emails ?? [])];
		account.phoneNumbers = [
			{ type: 'fax', value: '+46317401200' },
			...(account.phoneNumbers ?? []),
		];
		await system.update(id, { email: 'new@example.com', mobile: null, phone: '+46317401234' });
		const after = rig.scim.state.require(id);
		expect(after.emails).toMatchObject([
			{ type: 'home', value: 'ada@home.example' },
			{ type: 'work', value: 'new@example.com' },
		]);
		expect(after.phoneNumbers).toMatchObject([
			{ type: 'fax', value: '+46317401200' },
			{ type: 'work', value: '+46317401234' },
		]);
	});

	it('says that the address is not that of a SCIM service', async () => {
		const baseUrl = rig.credential.baseUrl.replace('/scim/v2', '/elsewhere');
		const system = open(rig, { credential: { ...rig.credential, baseUrl } });
		expect(await refusalOf(rig, system.list())).toMatch(/^system\.(notThere|webPage)$/);
	});
});

async function start() {
	const sandbox = await startSandbox();
	const control = sandbox.control.scim;
	const store = control.state;
	const credential = sandbox.systems.scim;
	const bearer = (token: string) => fetchPort({ authorization: `Bearer ${token}` });
	return {
		definition: scim,
		http: bearer(credential.token),
		credential,
		wrong: { credential, http: bearer('not-the-token') },
		nowhere: { ...credential, baseUrl: await addressOfNobody() },
		secrets: [credential.token],
		control,
		requests: {
			list: { path: '/Users\\?', method: 'GET' },
			create: { path: '/Users$', method: 'POST' },
			update: { path: '/Users/', method: 'PATCH' },
		},
		rows: 'Resources',
		person: (n, fields = {}) => ({
			number: null,
			fields: {
				firstName: 'Ada',
				lastName: 'Lovelace',
				displayName: 'Ada Lovelace',
				email: `ada.${String(n)}@example.com`,
				mobile: '+46701740605',
				jobTitle: 'Analyst',
				department: 'Engines',
				...fields,
			},
			externalId: `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`,
		}),
		count: () => store.accounts.size,
		removeAll: () => {
			store.accounts.clear();
		},
		endSession: () => {},
		foreign: {
			set: (id) => {
				Object.assign(store.require(id), { nickName: 'Countess', locale: 'sv-SE' });
			},
			get: (id) => {
				const { nickName, locale } = { nickName: null, locale: null, ...store.require(id) };
				return { nickName, locale };
			},
		},
		stop: () => sandbox.stop(),
		scim: control,
	} satisfies Rig & Record<string, unknown>;
}
