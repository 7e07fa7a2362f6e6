import { threeCx } from '../../pbx/3cx/adapter.ts';
import { startSandbox } from '../../sandbox/sandbox.mts';
import { fetchPort } from '../http.mts';
import { runPhoneSystemContract } from './contract.mts';
import { itWith, readOpenApi, watched } from './official-description.mts';
import type { Rig } from './rig.mts';
import { addressOfNobody, open, refusalOf } from './rig.mts';

const FILE = '3cx/xapi.yaml';
const description = readOpenApi(FILE, { base: '/xapi/v1', outside: ['/connect/token'] });

runPhoneSystemContract({ name: '3CX', start });

describe('3CX, in its own way', () => {
	let rig: Awaited<ReturnType<typeof start>>;
	beforeEach(async () => {
		rig = await start();
	});
	afterEach(async () => {
		await rig.stop();
	});
	const signIns = () =>
		rig.control.requests().filter(({ path }) => path === '/connect/token').length;

	it('gets one token, however many requests begin together', async () => {
		const system = open(rig);
		await Promise.all(Array.from({ length: 10 }, () => system.get('41')));
		expect(signIns()).toBe(1);
	});

	it('gets one new token when a minute is over, however many requests notice together', async () => {
		const system = open(rig);
		await system.get('41');
		rig.endSession();
		const found = await Promise.all(Array.from({ length: 10 }, () => system.get('41')));
		expect(new Set(found.map((extension) => extension?.number))).toEqual(new Set(['200']));
		expect(signIns()).toBe(2);
	});

	it('goes on when another program takes the only token away', async () => {
		const system = open(rig);
		await system.get('41');
		await open(rig).get('41');
		expect((await system.get('41'))?.number).toBe('200');
		expect(signIns()).toBe(3);
	});

	it('says that another program uses the same API client when no token lasts', async () => {
		rig.control.settings.tokenLifetime = 0;
		expect(await refusalOf(rig, open(rig).list())).toBe('signIn.sessionLost');
		expect(signIns()).toBeLessThanOrEqual(4);
	});

	it('says that the API client may not use the interface', async () => {
		rig.control.settings.mayUseInterface = false;
		expect(await refusalOf(rig, open(rig).list())).toBe('signIn.forbidden');
	});

	it('never asks for more than a hundred users at a time', async () => {
		for (let n = 0; n < 150; n++) rig.pbx.put({ Number: String(1000 + n) });
		expect(await open(rig, { pageSize: 5000 }).list()).toHaveLength(rig.count());
		const sizes = rig.control.requests().map(({ query }) => query['$top']);
		expect(sizes.filter(Boolean)).toEqual(['100', '100', '100']);
	});

	it('does not read the passwords of users', async () => {
		const answers: string[] = [];
		const listening: typeof rig.http = async (request, signal) => {
			const response = await rig.http(request, signal);
			if (request.method === 'GET') answers.push(response.body);
			return response;
		};
		const system = open(rig, { http: listening });
		await system.list();
		await system.create(rig.person(1));
		expect(answers.join('')).not.toContain('sandbox-sip-password');
	});

	it('sends no password when it creates, nor tells one', async () => {
		const made = await open(rig).create(rig.person(1));
		expect(JSON.stringify(made)).not.toContain('sandbox-sip-password');
		expect(rig.pbx.byNumber('8001')?.AuthPassword).toMatch(/^sandbox-sip-password/);
	});

	it('puts a new user into the department it is given, quotes in its name included', async () => {
		await open(rig).create(rig.person(1, { group: "Chef's Office" }));
		expect(rig.pbx.byNumber('8001')).toMatchObject({
			PrimaryGroupId: 32,
			Groups: [{ GroupId: 32, Rights: { RoleName: 'users' } }],
		});
	});

	it('offers its departments to pick from', async () => {
		const system = open(rig);
		expect(await system.choices?.('group')).toEqual(
			expect.arrayContaining(['DEFAULT', 'Sales', "Chef's Office"]),
		);
		expect(await system.choices?.('email')).toBeNull();
	});

	it('offers all its departments, however many pages of them there are', async () => {
		for (let n = 0; n < 197; n++) {
			rig.pbx.departments.push({ Id: 100 + n, Name: `Team ${String(n)}`, Number: `T${String(n)}` });
		}
		expect(await open(rig).choices?.('group')).toHaveLength(200);
	});

	it('has the welcome mail sent only where the credential asks for it', async () => {
		expect(open(rig).welcome).toBeUndefined();
		const system = open(rig, { credential: { ...rig.credential, sendWelcomeEmail: true } });
		const made = await system.create(rig.person(1));
		await system.welcome?.(made);
		expect(rig.pbx.welcomed).toEqual([Number(made.id)]);
		await system.welcome?.(await system.create(rig.person(2, { email: null })));
		expect(rig.pbx.welcomed).toHaveLength(1);
		const gone = system.welcome?.({ ...made, id: '99999' }) ?? Promise.resolve();
		expect(await refusalOf(rig, gone)).toMatch(/^(account|system)\./);
	});

	it('makes nobody for a department that does not exist', async () => {
		const wanted = rig.person(1, { group: 'Nowhere' });
		expect(await refusalOf(rig, open(rig).create(wanted))).toBe('account.noDepartment');
		expect(rig.pbx.byNumber('8001')).toBeUndefined();
	});

	it('leaves the department of a user alone', async () => {
		const system = open(rig);
		const { id } = await system.create(rig.person(1, { group: 'Sales' }));
		await system.update(id, { firstName: 'Eva', group: 'DEFAULT' });
		expect(rig.pbx.byNumber('8001')).toMatchObject({ FirstName: 'Eva', PrimaryGroupId: 31 });
	});

	it('finds the user it made when the answer is lost, department or not', async () => {
		const wanted = rig.person(1, { group: 'Sales', email: null });
		rig.control.fault({ ...rig.requests.create, does: { kind: 'dropAfter' } });
		expect((await open(rig).create(wanted)).number).toBe('8001');
	});

	it('names the field the phone system refuses, and what is missing otherwise', async () => {
		const system = open(rig);
		const refused = system.create(rig.person(1, { email: 'no mail address' }));
		await expect(refused).rejects.toMatchObject({ diagnostic: { field: 'Email Address' } });
		expect(await refusalOf(rig, refused)).toBe('account.refused');
		const noNumber = { ...rig.person(1), number: null };
		expect(await refusalOf(rig, system.create(noNumber))).toBe('account.noNumber');
		rig.control.settings.capacity = 0;
		expect(await refusalOf(rig, system.create(rig.person(1)))).toBe('account.noSeat');
	});

	itWith(description, FILE)('sends and gets what the official description says', async () => {
		const complaints: string[] = [];
		const http = watched(rig.http, description, complaints, { responses: true });
		const system = open(rig, { http });
		await system.list();
		const { id } = await system.create(rig.person(1, { group: 'Sales' }));
		expect(await refusalOf(rig, system.create(rig.person(2, { email: '@' })))).toBe(
			'account.refused',
		);
		expect((await system.create(rig.person(1))).id).toBe(id); // refused, then found by its number
		await system.update(id, { mobile: null, callerId: '+46317401234' });
		await system.setEnabled(id, false);
		await system.setEnabled(id, true);
		await system.delete(id);
		expect(await system.get(id)).toBeNull();
		expect(complaints).toEqual([]);
	});
});

async function start() {
	let now = Date.UTC(2026, 0, 1);
	const sandbox = await startSandbox({ clock: () => now });
	const control = sandbox.control['3cx'];
	const { pbx } = control.state;
	const credential = sandbox.systems['3cx'];
	const complaints: string[] = [];
	const http = watched(fetchPort(), description, complaints);
	const foreign = { Language: 'SV', HideInPhonebook: true, Require2FA: false };
	return {
		definition: threeCx,
		http,
		credential,
		wrong: { http, credential: { ...credential, clientSecret: 'not-the-key' } },
		nowhere: { ...credential, baseUrl: await addressOfNobody() },
		secrets: [credential.clientSecret],
		control,
		requests: {
			list: { path: '/Users\\?', method: 'GET' },
			create: { path: '/Users$', method: 'POST' },
			update: { path: '/Users\\(', method: 'PATCH' },
		},
		rows: 'value',
		clearable: ['mobile', 'lastName'],
		person: (n, fields = {}) => ({
			number: String(8000 + n),
			fields: {
				firstName: 'Ada',
				lastName: 'Lovelace',
				email: `ada.${String(n)}@example.com`,
				mobile: '+46701740605',
				...fields,
			},
			externalId: `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`,
		}),
		count: () => pbx.users.size,
		removeAll: () => {
			pbx.users.clear();
		},
		endSession: () => {
			now += 61_000;
		},
		foreign: {
			set: (id) => {
				Object.assign(pbx.users.get(Number(id)) ?? {}, foreign);
			},
			get: (id) => {
				const { Language, HideInPhonebook, Require2FA } = pbx.users.get(Number(id)) ?? {};
				return { Language, HideInPhonebook, Require2FA };
			},
		},
		stop: async () => {
			await sandbox.stop();
			expect(complaints).toEqual([]);
		},
		pbx,
	} satisfies Rig & Record<string, unknown>;
}
