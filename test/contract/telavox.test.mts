import { telavox } from '../../pbx/telavox/adapter.ts';
import { startSandbox } from '../../sandbox/sandbox.mts';
import { fetchPort } from '../http.mts';
import { runPhoneSystemContract } from './contract.mts';
import type { Rig } from './rig.mts';
import { addressOfNobody, open, refusalOf } from './rig.mts';

runPhoneSystemContract({
	name: 'Telavox',
	start,
	exceptions: [
		{
			behaviour: 'puts an account out of use and back, as often as it is asked to',
			because: 'its interface has no request for it',
			instead: async (rig) => {
				expect(rig.definition.capabilities.disable).toBe('none');
				const system = open(rig);
				const { id } = await system.create(rig.person(1));
				rig.control.clearRequests();
				expect(await refusalOf(rig, system.setEnabled(id, false))).toBe('system.cannot.disable');
				expect(rig.control.requests()).toEqual([]);
			},
		},
		{
			behaviour: 'removes an account, and does not mind when it is gone already',
			because: 'its interface has no request for it',
			instead: async (rig) => {
				expect(rig.definition.capabilities.canDelete).toBe(false);
				const system = open(rig);
				const { id } = await system.create(rig.person(1));
				rig.control.clearRequests();
				expect(await refusalOf(rig, system.delete(id))).toBe('system.cannot.delete');
				expect(rig.control.requests()).toEqual([]);
			},
		},
		{
			behaviour: 'says that an account is gone when it is to be changed',
			because: 'it cannot be made to go from here',
			instead: async (rig) => {
				const system = open(rig);
				const { id } = await system.create(rig.person(1));
				rig.removeAll();
				const renaming = system.update(id, { displayName: 'Eva' });
				expect(await refusalOf(rig, renaming)).toBe('account.gone');
				expect(await refusalOf(rig, system.update(id, {}))).toBe('account.gone');
			},
		},
		{
			behaviour: 'signs in again when its session ends in the middle of a run',
			because: 'a token is made by hand and cannot be renewed from here',
			instead: async (rig) => {
				rig.control.fault({ path: '/users', does: { kind: 'status', status: 401 } });
				expect(await refusalOf(rig, open(rig).list())).toBe('signIn.refused');
			},
		},
	],
});

describe('Telavox, in its own way', () => {
	let rig: Awaited<ReturnType<typeof start>>;
	beforeEach(async () => {
		rig = await start();
	});
	afterEach(async () => {
		await rig.stop();
	});
	it('holds creations until the credential allows them, because each takes a licence', () => {
		expect(telavox.capabilities.sideEffects).toEqual({
			create: expect.stringContaining('licence'),
		});
	});

	it('reads on while further pages bring further users', async () => {
		Object.assign(rig.telavox.settings, { pageSize: 7, statesTotal: false });
		expect(await open(rig).list()).toHaveLength(rig.count());
	});

	it('takes a bare list, and one that knows nothing of pages', async () => {
		rig.telavox.settings.listShape = 'list';
		rig.control.fault({ path: 'pageNumber=1', does: { kind: 'status', status: 400 } });
		expect(await open(rig).list()).toHaveLength(rig.count());
	});

	it('refuses a list when a page in its middle is refused', async () => {
		Object.assign(rig.telavox.settings, { pageSize: 7, statesTotal: false });
		rig.control.fault({ path: 'pageNumber=2', does: { kind: 'status', status: 400 } });
		expect(await refusalOf(rig, open(rig).list())).toBe('account.refused');
	});

	it('buys nothing twice: a user of that mail address without a name is finished, not made again', async () => {
		const half = rig.telavox.state.put({ email: 'Ada.1@example.com' });
		const made = await open(rig).create(rig.person(1));
		expect(made).toMatchObject({ id: half.key, fields: { displayName: 'Ada' } });
		expect(rig.control.writes().map(({ method }) => method)).toEqual(['PUT']);
	});

	it('makes nobody without a mail address', async () => {
		const nobody = rig.person(1, { email: null });
		expect(await refusalOf(rig, open(rig).create(nobody))).toBe('account.noEmail');
		expect(rig.control.requests()).toEqual([]);
	});

	it('asks for everybody once, however many users it makes', async () => {
		const system = open(rig);
		for (const n of [1, 2, 3]) await system.create(rig.person(n));
		const lists = rig.control.requests().filter(({ path, method }) => {
			return method === 'GET' && path.endsWith('/users');
		});
		expect(lists).toHaveLength(2); // the list, and whether there is a second page
	});

	it('sends what the credential says about new users', async () => {
		const credential = {
			...rig.credential,
			countryCode: 'no',
			invoicePlace: 'invoice-place-1',
			template: 'template-17',
			confirmationEmail: true,
		};
		await open(rig, { credential }).create(rig.person(1));
		expect(rig.control.requests().find(({ method }) => method === 'POST')?.query).toEqual({
			country_code: 'NO',
			email: 'ada.1@example.com',
			invoice_place: 'invoice-place-1',
			template: 'template-17',
			confirmation_email: 'true',
		});
	});

	it('gives new users a template and an invoice place by their names, or by their keys', async () => {
		const system = open(rig);
		expect(await system.choices?.('template')).toEqual(['Field service', 'Office']);
		expect(await system.choices?.('invoicePlace')).toEqual(['Nordvik AB']);
		const byName = { template: 'field service', invoicePlace: 'Nordvik AB' };
		const made = await system.create(rig.person(1, byName));
		expect(made.fields).toEqual(rig.person(1).fields);
		await system.create(rig.person(2, { template: 'template-17' }));
		const { users } = rig.telavox.state;
		const templates = [...users.values()].slice(-2).map(({ template }) => template);
		expect(templates).toEqual(['template-18', 'template-17']);
	});

	it('makes nobody from a template that does not exist', async () => {
		const count = rig.count();
		const wanted = rig.person(1, { template: 'Palace' });
		expect(await refusalOf(rig, open(rig).create(wanted))).toBe('account.noTemplate');
		expect(rig.count()).toBe(count);
	});

	it('says when a value was accepted and forgotten', async () => {
		const system = open(rig);
		const { id } = await system.create(rig.person(1));
		rig.telavox.settings.ignoresUpdates = true;
		const work = system.update(id, { displayName: 'Eva' });
		expect(await refusalOf(rig, work)).toBe('account.notTaken');
	});

	it('sends only what changes where the credential says so', async () => {
		rig.telavox.settings.replaces = false;
		const system = open(rig, { credential: { ...rig.credential, updateSends: 'changes' } });
		const { id } = await system.create(rig.person(1));
		rig.foreign.set(id);
		const after = await system.update(id, { displayName: 'Eva' });
		expect(after.fields).toEqual({ ...rig.person(1).fields, displayName: 'Eva' });
		expect(rig.foreign.get(id)).toEqual({ keyWords: ['support'], licenseType: 'flow-plus' });
	});

	it('reads users under the names the credential gives', async () => {
		const credential = { ...rig.credential, nameName: 'licenseType', keyName: 'id' };
		const renamed = fetchPort({ authorization: `Bearer ${rig.credential.token}` });
		const http: Rig['http'] = async (request, signal) => {
			const response = await renamed(request, signal);
			return { ...response, body: response.body.replaceAll('"key":', '"id":') };
		};
		const [first] = await open(rig, { credential, http }).list();
		expect(first?.id).toMatch(/^extension-/);
		expect(first?.fields['displayName']).toBe('flow');
	});

	it('says that the address is not that of the interface', async () => {
		const baseUrl = rig.credential.baseUrl.replace('/api/capi', '/elsewhere');
		const system = open(rig, { credential: { ...rig.credential, baseUrl } });
		expect(await refusalOf(rig, system.list())).toMatch(/^system\.(notThere|webPage)$/);
	});

	it.each([['reader'], ['none']] as const)(
		'says that the person who made the token may not do it: %s',
		async (permission) => {
			const system = open(rig);
			const [user] = await system.list();
			rig.telavox.settings.permission = permission;
			const work = system.update(user?.id ?? '', { displayName: 'Eva' });
			expect(await refusalOf(rig, work)).toBe('signIn.forbidden');
		},
	);
});

async function start() {
	const sandbox = await startSandbox();
	const control = sandbox.control.telavox;
	// The contract asks what becomes of a list that is shorter than stated, so it has to be stated.
	control.settings.statesTotal = true;
	const { users } = control.state;
	const credential = sandbox.systems.telavox;
	const bearer = (token: string) => fetchPort({ authorization: `Bearer ${token}` });
	return {
		definition: telavox,
		http: bearer(credential.token),
		credential,
		wrong: { credential, http: bearer('not-the-token') },
		nowhere: { ...credential, baseUrl: await addressOfNobody() },
		secrets: [credential.token],
		control,
		requests: {
			list: { path: '/users(\\?|$)', method: 'GET' },
			create: { path: '/users\\?', method: 'POST' },
			update: { path: '/users/', method: 'PUT' },
		},
		rows: 'data',
		nameField: 'displayName',
		clearable: ['fixedNumber', 'mobileNumber'],
		person: (n, fields = {}) => ({
			number: null,
			fields: {
				displayName: 'Ada',
				email: `ada.${String(n)}@example.com`,
				fixedNumber: '+46317401234',
				mobileNumber: '+46701740605',
				...fields,
			},
			externalId: `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`,
		}),
		count: () => users.size,
		removeAll: () => {
			users.clear();
		},
		endSession: () => {},
		foreign: {
			set: (id) => {
				Object.assign(users.get(id) ?? {}, { keyWords: ['support'], licenseType: 'flow-plus' });
			},
			get: (id) => {
				const { keyWords, licenseType } = users.get(id) ?? {};
				return { keyWords, licenseType };
			},
		},
		stop: () => sandbox.stop(),
		telavox: control,
	} satisfies Rig & Record<string, unknown>;
}
