import { vodia } from '../../pbx/vodia/adapter.ts';
import { startSandbox } from '../../sandbox/sandbox.mts';
import { fetchPort } from '../http.mts';
import { runPhoneSystemContract } from './contract.mts';
import { itWith, readCatalogue, watched } from './official-description.mts';
import type { Rig } from './rig.mts';
import { addressOfNobody, open, refusalOf } from './rig.mts';

const CATALOGUE = 'vodia/api-catalog.json';
const description = readCatalogue(CATALOGUE);

runPhoneSystemContract({
	name: 'Vodia',
	start,
	exceptions: [
		{
			behaviour: 'refuses a list that stays shorter than stated',
			because: 'it states no number of accounts, and gives all of them in one answer',
			instead: async (rig) => {
				// The list is read again after the accounts; as long as the two differ it is refused.
				let turn = 0;
				const flickering: typeof rig.http = async (request, signal) => {
					const response = await rig.http(request, signal);
					if (!request.url.endsWith('/users')) return response;
					const rows: unknown[] = JSON.parse(response.body);
					turn += 1;
					return { ...response, body: JSON.stringify(turn % 2 === 0 ? rows : rows.slice(1)) };
				};
				const list = open(rig, { http: flickering }).list();
				expect(await refusalOf(rig, list)).toBe('system.incompleteList');
			},
		},
		{
			behaviour: 'signs in again when its session ends in the middle of a run',
			because: 'there is no session, every request carries the password',
			instead: async (rig) => {
				rig.control.fault({ path: '/users$', does: { kind: 'status', status: 401 } });
				expect(await refusalOf(rig, open(rig).list())).toBe('signIn.refused');
			},
		},
	],
});

describe('Vodia, in its own way', () => {
	let rig: Awaited<ReturnType<typeof start>>;
	beforeEach(async () => {
		rig = await start();
	});
	afterEach(async () => {
		await rig.stop();
	});

	it('lists extensions only, not the queues and attendants beside them', async () => {
		const listed = await open(rig).list();
		const numbers = listed.map(({ number }) => number);
		expect(numbers).toContain('205');
		for (const number of ['500', '501', '510', '590']) expect(numbers).not.toContain(number);
	});

	it('never removes or changes what is no extension', async () => {
		const system = open(rig);
		for (const work of [
			() => system.delete('500'),
			() => system.get('500'),
			() => system.update('500', { firstName: 'Eva' }),
			() => system.setEnabled('500', false),
			() => system.create({ ...rig.person(1), number: '500' }),
		]) {
			expect(await refusalOf(rig, work())).toBe('account.notExtension');
		}
		expect(rig.tenant.accounts.get('500')?.settings).toMatchObject({ disabled: 'false' });
		expect(rig.control.writes()).toEqual([]);
	});

	it('keeps the object id on the account, in the field that is set', async () => {
		const { externalId } = rig.person(1);
		expect((await open(rig).create(rig.person(1))).externalId).toBe(externalId);
		expect(rig.tenant.accounts.get('8001')?.settings['param3']).toBe(externalId);

		const credential = { ...rig.credential, externalIdField: 'param1' };
		await open(rig, { credential }).create(rig.person(2));
		expect(rig.tenant.accounts.get('8002')?.settings).toMatchObject({
			param1: rig.person(2).externalId,
			param3: '',
		});

		const none = open(rig, { credential: { ...rig.credential, externalIdField: 'none' } });
		expect((await none.create(rig.person(3))).externalId).toBeNull();
		expect(rig.tenant.accounts.get('8003')?.settings).toMatchObject({ param1: '', param3: '' });
	});

	it('tells what somebody else keeps in the slot, so that no mark is written over it', async () => {
		expect(rig.tenant.accounts.get('480')?.settings['param3']).toBe('cost centre 12');
		expect((await open(rig).get('480'))?.externalId).toBe('cost centre 12');
	});

	it('has no slot where the credential gives it none', async () => {
		const credential = { ...rig.credential, externalIdField: 'none' };
		const { capabilities } = vodia.forCredential?.(credential) ?? vodia;
		expect(capabilities.hasExternalId).toBe(false);
		expect((await open(rig, { credential }).get('480'))?.externalId).toBeNull();
	});

	it('says that nothing was made although the answer was a success', async () => {
		rig.control.settings.licences = 0;
		expect(await refusalOf(rig, open(rig).create(rig.person(1)))).toBe('account.notMade');
	});

	it('finishes an account that was left blank between the two steps', async () => {
		rig.tenant.put('8001');
		const made = await open(rig).create(rig.person(1));
		expect(made.fields).toMatchObject(rig.person(1).fields);
		expect(made.externalId).toBe(rig.person(1).externalId);
	});

	it('takes an account away again when its values are refused right after making it', async () => {
		const count = rig.count();
		rig.control.fault({ ...rig.requests.update, does: { kind: 'status', status: 400 } });
		expect(await refusalOf(rig, open(rig).create(rig.person(1)))).toBe('account.refused');
		expect(rig.count()).toBe(count);
	});

	it('never takes away an account it found', async () => {
		rig.tenant.put('8001');
		rig.control.fault({ ...rig.requests.update, does: { kind: 'status', status: 400 } });
		expect(await refusalOf(rig, open(rig).create(rig.person(1)))).toBe('account.refused');
		expect(rig.tenant.accounts.has('8001')).toBe(true);
	});

	it('makes one account, never several, whatever the number holds', async () => {
		const wanted = { ...rig.person(1), number: '8001/8002' };
		expect(await refusalOf(rig, open(rig).create(wanted))).toBe('account.noNumber');
		expect(rig.control.writes()).toEqual([]);
	});

	it('says which field the system passed over', async () => {
		const { id } = await open(rig).create(rig.person(1));
		rig.control.settings.absent = ['cell_dis'];
		const refused = open(rig).update(id, { mobile: '+46701740699' });
		await expect(refused).rejects.toMatchObject({ diagnostic: { field: 'Cell Phone' } });
		expect(await refusalOf(rig, refused)).toBe('account.notStored');
	});

	it('writes the cell phone under the name the credential gives it', async () => {
		const system = open(rig, { credential: { ...rig.credential, mobileField: 'cfa' } });
		await system.create(rig.person(1));
		expect(rig.tenant.accounts.get('8001')?.settings).toMatchObject({
			cfa: '+46701740605',
			cell_dis: '',
		});
	});

	it('sends text only, switches included', async () => {
		const system = open(rig);
		const { id } = await system.create(rig.person(1));
		await system.setEnabled(id, false);
		expect(rig.tenant.accounts.get(id)?.settings['disabled']).toBe('true');
	});

	it('says that the administrator has no API access, and that there is no such tenant', async () => {
		const system = { ...rig.credential, domain: 'elsewhere.example' };
		expect(await refusalOf(rig, open(rig, { credential: system }).list())).toBe('signIn.forbidden');
		const asSystem = { credential: system, http: rig.asSystemAdministrator };
		expect(await refusalOf(rig, open(rig, asSystem).list())).toBe('system.notThere');
		rig.control.settings.apiAccess = false;
		expect(await refusalOf(rig, open(rig).list())).toBe('signIn.forbidden');
	});

	itWith(description, CATALOGUE)('sends and gets what the official description says', async () => {
		const complaints: string[] = [];
		const http = watched(rig.http, description, complaints, { responses: true });
		const system = open(rig, { http });
		await system.list();
		const { id } = await system.create(rig.person(1));
		await system.update(id, { mobile: null, jobTitle: 'Countess' });
		await system.setEnabled(id, false);
		await system.setEnabled(id, true);
		await system.delete(id);
		expect(await system.get(id)).toBeNull();
		expect(complaints).toEqual([]);
	});
});

async function start() {
	const sandbox = await startSandbox();
	const control = sandbox.control.vodia;
	const { tenant } = control.state;
	const credential = sandbox.systems.vodia;
	const complaints: string[] = [];
	const basic = (username: string, password: string) => {
		const authorization = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
		return watched(fetchPort({ authorization }), description, complaints);
	};
	const foreign = { dnd: 'true', comment: 'desk by the window', email_vmail: 'link' };
	return {
		definition: vodia,
		http: basic(credential.username, credential.password),
		asSystemAdministrator: basic('admin', credential.password),
		credential,
		wrong: { credential, http: basic(credential.username, 'not-the-password') },
		nowhere: { ...credential, baseUrl: await addressOfNobody() },
		secrets: [credential.password],
		control,
		requests: {
			list: { path: '/users$', method: 'GET' },
			create: { path: '/addacc$', method: 'POST' },
			update: { path: '/user_settings/', method: 'POST' },
		},
		rows: '',
		person: (n, fields = {}) => ({
			number: String(8000 + n),
			fields: {
				firstName: 'Ada',
				lastName: 'Lovelace',
				email: `ada.${String(n)}@example.com`,
				mobile: '+46701740605',
				jobTitle: 'Analyst',
				department: 'Engines',
				...fields,
			},
			externalId: `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`,
		}),
		count: () => tenant.extensions.length,
		removeAll: () => {
			tenant.accounts.clear();
		},
		endSession: () => {},
		foreign: {
			set: (id) => {
				Object.assign(tenant.accounts.get(id)?.settings ?? {}, foreign);
			},
			get: (id) => {
				const { dnd, comment, email_vmail } = tenant.accounts.get(id)?.settings ?? {};
				return { dnd, comment, email_vmail };
			},
		},
		stop: async () => {
			await sandbox.stop();
			expect(complaints).toEqual([]);
		},
		tenant,
	} satisfies Rig & Record<string, unknown>;
}
