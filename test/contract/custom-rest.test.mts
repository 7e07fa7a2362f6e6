import { customRest } from '../../pbx/custom/adapter.ts';
import scimProfile from '../../pbx/custom/profiles/scim.json' with { type: 'json' };
import yeastarProfile from '../../pbx/custom/profiles/yeastar.json' with { type: 'json' };
import { startSandbox } from '../../sandbox/sandbox.mts';
import { runPhoneSystemContract } from './contract.mts';
import { ada, insideOf, restRig } from './rest.mts';
import { open, refusalOf } from './rig.mts';

runPhoneSystemContract({ name: 'Custom REST', start });

runPhoneSystemContract({ name: 'Custom REST, driving a Yeastar by its profile', start: asYeastar });

runPhoneSystemContract({
	name: 'Custom REST, driving a SCIM server nobody here wrote',
	start: asScim,
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
			because: 'its profile makes the user name of the first mail address and leaves it so',
			instead: async (rig) => {
				const system = open(rig);
				const { id, fields } = await system.create(rig.person(1));
				await system.update(id, { email: 'renamed@example.com' });
				const count = rig.count();
				const other = rig.person(2, { email: fields['email'] ?? null });
				expect(await refusalOf(rig, system.create(other))).toBe('account.duplicate');
				expect(rig.count()).toBe(count);
			},
		},
	],
});

describe('Custom REST, in its own way', () => {
	let rig: Awaited<ReturnType<typeof start>>;
	beforeEach(async () => {
		rig = await start();
	});
	afterEach(async () => {
		await rig.stop();
	});
	const writes = () => rig.control.writes().map(({ method, path }) => `${method} ${path}`);

	it('makes an account in two steps where creating takes only half', async () => {
		const made = await open(rig).create(ada(1));
		expect(made).toMatchObject({ number: '8001', externalId: ada(1).externalId });
		expect(made.fields).toEqual(ada(1).fields);
		expect(writes()).toEqual(['POST /v2/people', `PUT /v2/people/${made.id}`]);
	});

	it('finishes an account that was left half made', async () => {
		const system = open(rig);
		const put = { path: '/people/', method: 'PUT' };
		rig.control.fault({ ...put, times: 99, does: { kind: 'status', status: 500 } });
		expect(await refusalOf(rig, system.create(ada(1)))).toBe('system.unwell');
		const count = rig.count();
		rig.control.clearFaults();
		const made = await system.create(ada(1));
		expect(made.fields).toEqual(ada(1).fields);
		expect(rig.count()).toBe(count);
	});

	it('waits where an answer asks for patience in words, with status 200', async () => {
		rig.control.settings.busy = 2;
		expect(await open(rig).list()).toHaveLength(rig.count());
		rig.control.settings.busy = 99;
		expect(await refusalOf(rig, open(rig).list())).toBe('system.busy');
	});

	it('gives its session back', async () => {
		const system = open(rig);
		await system.list();
		expect(rig.tokens.size).toBe(1);
		await system.close();
		expect(rig.tokens.size).toBe(0);
	});

	it('can do what its profile has requests for, and has the fields of its profile', async () => {
		const { capabilities, fields } = customRest.forCredential?.(rig.credential) ?? customRest;
		expect(capabilities).toMatchObject({
			numbers: 'required',
			canChangeNumber: false,
			disable: 'native',
			canDelete: true,
			hasExternalId: true,
			partialUpdate: false,
		});
		expect(fields.map(({ name }) => name)).toEqual(['number', ...Object.keys(ada(1).fields)]);
	});

	it('does not take an answer of another shape for an empty list', async () => {
		rig.control.fault({
			...rig.requests.list,
			does: { kind: 'answer', body: { persons: [], more: { count: 3 } } },
		});
		expect(await refusalOf(rig, open(rig).list())).toBe('system.answerUnexpected');
	});
});

async function start() {
	let now = Date.UTC(2026, 0, 1);
	const sandbox = await startSandbox({ clock: () => now });
	const control = sandbox.control.customRest;
	const rig = await restRig({
		definition: customRest,
		credential: sandbox.systems.customRest,
		secret: 'secret',
		control,
		requests: {
			list: { path: '/people\\?max', method: 'GET' },
			create: { path: '/people$', method: 'POST' },
			update: { path: '/people/', method: 'PUT' },
		},
		rows: 'people',
		person: ada,
		stop: sandbox.stop,
		endSession: () => {
			now += control.settings.tokenLifetime + 1;
		},
		inside: insideOf(control.state.store),
	});
	return { ...rig, tokens: control.state.tokens };
}

/** The second shipped profile, over the stand-in the Yeastar adapter is tested with. */
async function asYeastar() {
	let now = Date.UTC(2026, 0, 1);
	const sandbox = await startSandbox({ clock: () => now });
	const control = sandbox.control.yeastar;
	const { extensions } = control.state.pbx;
	const { baseUrl, clientId: account, clientSecret: secret } = sandbox.systems.yeastar;
	return await restRig({
		definition: customRest,
		credential: { baseUrl, account, secret, profile: JSON.stringify(yeastarProfile) },
		secret: 'secret',
		control,
		requests: {
			list: { path: '/extension/list' },
			create: { path: '/extension/create' },
			update: { path: '/extension/update' },
		},
		rows: 'data',
		person: (n, fields = {}) => {
			const { firstName, lastName, email, mobile, jobTitle } = ada(n).fields;
			const known = Object.entries({ firstName, lastName, email, mobile, jobTitle });
			const filled = known.map(([name, value]) => [name, value ?? null] as const);
			return { ...ada(n), fields: { ...Object.fromEntries(filled), ...fields } };
		},
		stop: sandbox.stop,
		endSession: () => {
			now += 1_801_000;
		},
		inside: {
			count: () => extensions.size,
			removeAll: () => {
				extensions.clear();
			},
			foreign: {
				set: (id) => {
					Object.assign(extensions.get(Number(id)) ?? {}, { caller_id: '4711' });
				},
				get: (id) => extensions.get(Number(id))?.caller_id,
			},
		},
	});
}

async function asScim() {
	const sandbox = await startSandbox();
	const control = sandbox.control.scim;
	const { accounts } = control.state;
	const { baseUrl, token: secret } = sandbox.systems.scim;
	return await restRig({
		definition: customRest,
		credential: { baseUrl, secret, profile: JSON.stringify(scimProfile) },
		secret: 'secret',
		control,
		requests: {
			list: { path: '/Users\\?startIndex', method: 'GET' },
			create: { path: '/Users$', method: 'POST' },
			update: { path: '/Users/', method: 'PUT' },
		},
		rows: 'Resources',
		person: (n, fields = {}) => ({ ...ada(n, fields), number: null }),
		stop: sandbox.stop,
		inside: {
			count: () => accounts.size,
			removeAll: () => {
				accounts.clear();
			},
			foreign: {
				set: (id) => {
					Object.assign(accounts.get(id) ?? {}, { nickName: 'Countess', locale: 'sv-SE' });
				},
				get: (id) => {
					const { nickName, locale } = { nickName: null, locale: null, ...accounts.get(id) };
					return { nickName, locale };
				},
			},
		},
	});
}
