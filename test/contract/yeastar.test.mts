import { yeastar } from '../../pbx/yeastar/adapter.ts';
import { startSandbox } from '../../sandbox/sandbox.mts';
import { fetchPort } from '../http.mts';
import { runPhoneSystemContract } from './contract.mts';
import type { Rig } from './rig.mts';
import { addressOfNobody, open, refusalOf } from './rig.mts';

runPhoneSystemContract({ name: 'Yeastar', start });

describe('Yeastar, in its own way', () => {
	let rig: Awaited<ReturnType<typeof start>>;
	beforeEach(async () => {
		rig = await start();
	});
	afterEach(async () => {
		await rig.stop();
	});
	const signIns = () =>
		rig.control
			.requests()
			.map(({ path }) => path.split('/').at(-1))
			.filter((endpoint) => endpoint?.endsWith('_token'));

	it('signs in once, however many requests begin together, and gives the token back', async () => {
		const system = open(rig);
		await Promise.all(Array.from({ length: 10 }, () => system.get('41')));
		expect(signIns()).toEqual(['get_token']);
		expect(rig.yeastar.state.sessions.open).toBe(1);
		await system.close();
		expect(rig.yeastar.state.sessions.open).toBe(0);
	});

	it('refreshes a token that ended, and signs in anew only when that does not help', async () => {
		const system = open(rig);
		await system.get('41');
		rig.turnClock(1_801);
		await Promise.all(Array.from({ length: 10 }, () => system.get('41')));
		expect(signIns()).toEqual(['get_token', 'refresh_token']);
		rig.yeastar.state.sessions.forget();
		await Promise.all(Array.from({ length: 10 }, () => system.get('41')));
		expect(signIns()).toEqual(['get_token', 'refresh_token', 'refresh_token', 'get_token']);
	});

	it('does not take a refused value for a dead token', async () => {
		const system = open(rig);
		const wanted = rig.person(1, { mobile: 'no phone number at all, and far too long for one' });
		expect(await refusalOf(rig, system.create(wanted))).toBe('account.refused');
		expect(signIns()).toEqual(['get_token']);
	});

	it('says that all tokens are in use', async () => {
		rig.yeastar.settings.maxTokens = 0;
		expect(await refusalOf(rig, open(rig).list())).toBe('signIn.tooMany');
	});

	it('says that its address is not allowed', async () => {
		rig.yeastar.settings.blocked = true;
		expect(await refusalOf(rig, open(rig).list())).toBe('signIn.addressForbidden');
	});

	it('says that there is no room for another extension', async () => {
		rig.yeastar.settings.capacity = 0;
		expect(await refusalOf(rig, open(rig).create(rig.person(1)))).toBe('account.noSeat');
	});

	it('tells how many extensions its licence allows, or nothing where that makes no sense', async () => {
		const system = open(rig);
		rig.yeastar.settings.capacity = 120;
		expect(await system.capacity?.()).toBe(120);
		rig.yeastar.settings.capacity = 0;
		expect(await system.capacity?.()).toBeNull();
	});

	it('puts an extension into organizations by their names, and tells them by name', async () => {
		rig.yeastar.settings.organizationRequired = true;
		const system = open(rig);
		const wanted = rig.person(1, { organization: 'nordvik ab; Nordvik Services' });
		const { id, fields } = await system.create(wanted);
		expect(fields['organization']).toBe('Nordvik AB; Nordvik Services');
		const moved = await system.update(id, { organization: 'Nordvik Services' });
		expect(moved.fields).toMatchObject({ organization: 'Nordvik Services', firstName: 'Ada' });
		const listed = (await system.list()).find((each) => each.id === id);
		expect(listed).toEqual(await system.get(id));
		expect(rig.yeastar.state.pbx.extensions.get(Number(id))?.organization_list).toEqual([
			{ value: '2' },
		]);
	});

	it('says that there is no such organization, before anything is made', async () => {
		const wanted = rig.person(1, { organization: 'Nobody Ltd' });
		expect(await refusalOf(rig, open(rig).create(wanted))).toBe('account.noOrganization');
		expect(rig.control.writes()).toEqual([]);
	});

	it('offers its organizations to pick from', async () => {
		const system = open(rig);
		expect(await system.choices?.('organization')).toEqual(['Nordvik AB', 'Nordvik Services']);
		expect(await system.choices?.('jobTitle')).toBeNull();
	});

	it('gives a new extension the role it is named, and never touches it again', async () => {
		const system = open(rig);
		expect(await system.choices?.('role')).toEqual(['Administrator', 'Supervisor', 'Employee']);
		const { id } = await system.create(rig.person(1, { role: 'employee' }));
		const account = rig.yeastar.state.pbx.extensions.get(Number(id));
		expect(account?.role_id).toBe(5);
		await system.update(id, { role: 'Administrator', firstName: 'Eva' });
		expect(account).toMatchObject({ role_id: 5, first_name: 'Eva' });
		const wanted = rig.person(2, { role: 'Emperor' });
		expect(await refusalOf(rig, system.create(wanted))).toBe('account.noRole');
		expect(rig.yeastar.state.pbx.byNumber('8002')).toBeUndefined();
	});

	it('finds the extension it made when the answer is lost, role or not', async () => {
		rig.control.fault({ ...rig.requests.create, does: { kind: 'dropAfter' } });
		const wanted = rig.person(1, { role: 'Employee', email: null });
		expect((await open(rig).create(wanted)).number).toBe('8001');
	});

	it('has the welcome mail sent only where the credential asks for it', async () => {
		expect(open(rig).welcome).toBeUndefined();
		const system = open(rig, { credential: { ...rig.credential, sendWelcomeEmail: true } });
		const made = await system.create(rig.person(1));
		expect(rig.yeastar.state.pbx.welcomed).toEqual([]);
		await system.welcome?.(made);
		expect(rig.yeastar.state.pbx.welcomed).toEqual([Number(made.id)]);
		await system.welcome?.(await system.create(rig.person(2, { email: null })));
		expect(rig.yeastar.state.pbx.welcomed).toHaveLength(1);
		const gone = system.welcome?.({ ...made, id: '99999' }) ?? Promise.resolve();
		expect(await refusalOf(rig, gone)).toMatch(/^account\./);
	});

	it('says that an organization is wanted', async () => {
		rig.yeastar.settings.organizationRequired = true;
		expect(await refusalOf(rig, open(rig).create(rig.person(1)))).toBe('account.noOrganization');
	});

	it('refuses a mail address in use, and a creation without a number', async () => {
		const system = open(rig);
		await system.create(rig.person(1));
		const sameMail = { ...rig.person(1), number: '7777' };
		expect(await refusalOf(rig, system.create(sameMail))).toBe('account.duplicate');
		const noNumber = { ...rig.person(2), number: null };
		expect(await refusalOf(rig, system.create(noNumber))).toBe('account.noNumber');
	});

	it('reads account by account where several at once are not offered', async () => {
		const unknown = { kind: 'answer', body: { errcode: 10001, errmsg: 'INTERFACE NOT EXISTED' } };
		rig.control.fault({
			path: 'extension/query',
			times: 999,
			does: { ...unknown, kind: 'answer' },
		});
		expect(await open(rig).list()).toHaveLength(rig.count());
	});

	it('replaces both passwords when it locks an account, and tells them to nobody', async () => {
		const system = open(rig);
		const made = await system.create(rig.person(1));
		const { passwords } = rig.yeastar.state.pbx;
		const first = { ...passwords.get(Number(made.id)) };
		const locked = await system.setEnabled(made.id, false);
		const second = { ...passwords.get(Number(made.id)) };
		expect(second.reg_password).not.toBe(first.reg_password);
		expect(second.user_password).not.toBe(first.user_password);
		const told = JSON.stringify([made, locked]);
		for (const secret of [...Object.values(first), ...Object.values(second)]) {
			expect(secret).toMatch(/^[A-Za-z2-9]{24}$/);
			expect(told).not.toContain(secret);
		}
	});

	it('counts an account as in use while anything of it is open', async () => {
		const system = open(rig);
		const { id } = await system.create(rig.person(1));
		await system.setEnabled(id, false);
		const account = rig.yeastar.state.pbx.extensions.get(Number(id));
		if (account) account.enb_mobile_client = 1;
		expect((await system.get(id))?.enabled).toBe(true);
	});
});

async function start() {
	let now = Date.UTC(2026, 0, 1);
	const sandbox = await startSandbox({ clock: () => now });
	const control = sandbox.control.yeastar;
	const { pbx } = control.state;
	const credential = sandbox.systems.yeastar;
	const http = fetchPort();
	const foreign = { caller_id: '4711', role_id: 3, presence_status: 'lunch' };
	return {
		definition: yeastar,
		http,
		credential,
		wrong: { http, credential: { ...credential, clientSecret: 'not-the-secret' } },
		nowhere: { ...credential, baseUrl: await addressOfNobody() },
		secrets: [credential.clientSecret],
		control,
		requests: {
			list: { path: '/extension/list' },
			create: { path: '/extension/create' },
			update: { path: '/extension/update' },
		},
		rows: 'data',
		person: (n, fields = {}) => ({
			number: String(8000 + n),
			fields: {
				firstName: 'Ada',
				lastName: 'Lovelace',
				email: `ada.${String(n)}@example.com`,
				mobile: '+46701740605',
				jobTitle: 'Analyst',
				...fields,
			},
			externalId: `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`,
		}),
		count: () => pbx.extensions.size,
		removeAll: () => {
			pbx.extensions.clear();
		},
		endSession: () => {
			now += 1_801_000;
		},
		foreign: {
			set: (id) => {
				Object.assign(pbx.extensions.get(Number(id)) ?? {}, foreign);
			},
			get: (id) => {
				const { caller_id, role_id, presence_status } = pbx.extensions.get(Number(id)) ?? {};
				return { caller_id, role_id, presence_status };
			},
		},
		stop: () => sandbox.stop(),
		yeastar: control,
		turnClock: (seconds: number) => {
			now += seconds * 1000;
		},
	} satisfies Rig & Record<string, unknown>;
}
