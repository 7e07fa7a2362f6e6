import { freepbx } from '../../pbx/freepbx/adapter.ts';
import { startSandbox } from '../../sandbox/sandbox.mts';
import { fetchPort } from '../http.mts';
import { runPhoneSystemContract } from './contract.mts';
import type { Rig } from './rig.mts';
import { addressOfNobody, open, refusalOf } from './rig.mts';

async function refusesToClear(rig: Rig): Promise<void> {
	const system = open(rig);
	const { id } = await system.create(rig.person(1));
	rig.control.clearRequests();
	const work = system.update(id, { outboundCid: null });
	expect(await refusalOf(rig, work)).toBe('account.cannotClear');
	expect(rig.control.writes()).toEqual([]);
}

runPhoneSystemContract({
	name: 'FreePBX',
	start,
	exceptions: [
		{
			behaviour: 'changes only the fields it is given',
			because: 'an update removes the extension and makes it anew, which is held until allowed',
			instead: async (rig) => {
				expect(rig.definition.capabilities.partialUpdate).toBe(false);
				expect(rig.definition.capabilities.sideEffects?.update).toContain('makes it anew');
				const system = open(rig);
				const made = await system.create(rig.person(1));
				const after = await system.update(made.id, { outboundCid: '4711' });
				expect(after).toEqual({ ...made, fields: { ...made.fields, outboundCid: '4711' } });
			},
		},
		{
			behaviour: 'clears a field',
			because: 'it takes an empty value for one that stays',
			instead: refusesToClear,
		},
		{
			behaviour: 'empties a field and fills it again',
			because: 'it takes an empty value for one that stays',
			instead: refusesToClear,
		},
		{
			behaviour: 'puts an account out of use and back, as often as it is asked to',
			because: 'its interface has no request for it',
			instead: async (rig) => {
				expect(rig.definition.capabilities.disable).toBe('none');
				const system = open(rig);
				expect(await refusalOf(rig, system.setEnabled('400', false))).toBe('system.cannot.disable');
				expect(rig.control.requests()).toEqual([]);
			},
		},
	],
});

describe('FreePBX, in its own way', () => {
	let rig: Awaited<ReturnType<typeof start>>;
	beforeEach(async () => {
		rig = await start();
	});
	afterEach(async () => {
		await rig.stop();
	});
	const known = (id: string) => rig.freepbx.state.extensions.get(id);
	const asked = () => rig.control.requests().map(({ path }) => path.split('/').at(-1));

	it('keeps the password of the phones, the emergency number and the PIN through an update', async () => {
		const system = open(rig);
		const { id } = await system.create(rig.person(1));
		Object.assign(known(id) ?? {}, { emergencyCid: '112', tech: 'sip' });
		const before = { ...known(id) };
		await system.update(id, { displayName: 'Eva' });
		expect(known(id)).toMatchObject({
			name: 'Eva',
			secret: before.secret,
			emergencyCid: '112',
			tech: 'sip',
			outboundCid: before.outboundCid,
			mailbox: { password: before.mailbox?.password, email: 'ada.1@example.com' },
		});
	});

	it('brings an extension back that was removed for an update and not made anew', async () => {
		const system = open(rig);
		const { id } = await system.create(rig.person(1));
		const secret = known(id)?.secret;
		rig.freepbx.settings.breaksHalfway = true;
		const after = await system.update(id, { displayName: 'Eva' });
		expect(after.fields['displayName']).toBe('Eva');
		expect(known(id)?.secret).toBe(secret);
	});

	it('says so when it cannot be brought back', async () => {
		const system = open(rig);
		const { id } = await system.create(rig.person(1));
		rig.freepbx.settings.breaksHalfway = true;
		rig.control.fault({ ...rig.requests.create, does: { kind: 'status', status: 400 } });
		const work = system.update(id, { displayName: 'Eva' });
		expect(await refusalOf(rig, work)).toBe('account.lost');
	});

	it('leaves an extension alone whose phone password it cannot read', async () => {
		const system = open(rig);
		const { id } = await system.create(rig.person(1));
		Object.assign(known(id) ?? {}, { secret: '' });
		const work = system.update(id, { displayName: 'Eva' });
		expect(await refusalOf(rig, work)).toBe('account.noPhonePassword');
		expect(known(id)?.name).toBe('Ada');
	});

	it('writes no mail address that it could not read back', async () => {
		const { id } = rig.freepbx.state.put({ id: '801', name: 'Hall' });
		const system = open(rig);
		expect((await system.get(id))?.fields['email']).toBeNull();
		const work = system.update(id, { email: 'hall@example.com' });
		expect(await refusalOf(rig, work)).toBe('account.noMailbox');
		expect((await system.update(id, { displayName: 'Lobby' })).fields['displayName']).toBe('Lobby');
		expect(known(id)?.mailbox).toBeNull();
	});

	it('makes passwords and PINs at random and tells them to nobody', async () => {
		const system = open(rig);
		const made = [await system.create(rig.person(1)), await system.create(rig.person(2))];
		const secrets = made.flatMap(({ id }) => [
			known(id)?.mailbox?.password ?? '',
			known(id)?.panelUser?.password ?? '',
		]);
		expect(new Set(secrets).size).toBe(4);
		const told = JSON.stringify(made);
		for (const secret of secrets) {
			expect(secret).toMatch(/^(\d{8}|[A-Za-z2-9]{24})$/);
			expect(told).not.toContain(secret);
		}
	});

	it('makes no control panel account where the credential says so', async () => {
		const credential = { ...rig.credential, panelAccount: false };
		const { id } = await open(rig, { credential }).create(rig.person(1));
		expect(known(id)?.panelUser).toBeNull();
		expect(rig.freepbx.state.welcomeMails).toEqual([]);
	});

	it('puts changes into force when told to, and waits until they are', async () => {
		const system = open(rig);
		await system.create(rig.person(1));
		expect(rig.freepbx.state.needsReload).toBe(true);
		await system.activate?.();
		expect(rig.freepbx.state).toMatchObject({ needsReload: false, reloads: 1 });
	});

	it.each([
		['the configuration cannot be applied', { reloadFails: true }],
		['the application may not apply it', { mayReload: false }],
	])('says that changes are not in force when %s', async (_what, settings) => {
		Object.assign(rig.freepbx.settings, settings);
		const work = Promise.resolve(open(rig).activate?.());
		expect(await refusalOf(rig, work)).toBe('system.notInForce');
	});

	it('signs in once, however many requests begin together', async () => {
		const system = open(rig);
		await Promise.all(Array.from({ length: 10 }, () => system.get('400')));
		expect(asked().filter((name) => name === 'token')).toEqual(['token']);
	});

	it('asks for fifty mailboxes at a time', async () => {
		for (let n = 0; n < 100; n++) rig.freepbx.state.put({ id: String(9000 + n) });
		await open(rig).list();
		const boxes = asked().filter((name) => name === 'fetchVoiceMail');
		expect(boxes).toHaveLength(Math.ceil(rig.count() / 50));
	});

	it('refuses a list without mail addresses, because everybody would look new', async () => {
		rig.freepbx.settings.hasVoicemail = false;
		expect(await refusalOf(rig, open(rig).list())).toBe('signIn.forbidden');
	});

	it('says that a scope is missing, and that there is no licence', async () => {
		const system = open(rig);
		rig.freepbx.settings.licenseLimit = 0;
		expect(await refusalOf(rig, system.create(rig.person(1)))).toBe('account.noSeat');
		rig.freepbx.settings.mayWrite = false;
		expect(await refusalOf(rig, system.create(rig.person(1)))).toBe('signIn.forbidden');
	});

	it('takes the address as people paste it', async () => {
		const baseUrl = `${rig.credential.baseUrl}/admin/config.php`;
		const system = open(rig, { credential: { ...rig.credential, baseUrl } });
		expect(await system.list()).toHaveLength(rig.count());
	});
});

async function start() {
	let now = Date.UTC(2026, 0, 1);
	const sandbox = await startSandbox({ clock: () => now });
	const control = sandbox.control.freepbx;
	const { extensions } = control.state;
	const credential = sandbox.systems.freepbx;
	const http = fetchPort();
	return {
		definition: freepbx,
		http,
		credential,
		wrong: { http, credential: { ...credential, clientSecret: 'not-the-secret' } },
		nowhere: { ...credential, baseUrl: await addressOfNobody() },
		secrets: [credential.clientSecret],
		control,
		// All requests go to one address; the stand-in's log adds what was asked for.
		requests: {
			list: { path: '/gql(/fetchAllExtensions|$)' },
			create: { path: '/gql/addExtension' },
			update: { path: '/gql/updateExtension' },
		},
		rows: 'data.fetchAllExtensions.extension',
		nameField: 'displayName',
		person: (n, fields = {}) => ({
			number: String(8000 + n),
			fields: {
				displayName: 'Ada',
				email: `ada.${String(n)}@example.com`,
				outboundCid: '+46317401234',
				...fields,
			},
			externalId: `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`,
		}),
		count: () => extensions.size,
		removeAll: () => {
			extensions.clear();
		},
		endSession: () => {
			now += 3_601_000;
		},
		foreign: { set: () => {}, get: () => null },
		stop: () => sandbox.stop(),
		freepbx: control,
	} satisfies Rig & Record<string, unknown>;
}
