import type { IDataObject, INodeExecutionData, INodeParameters } from 'n8n-workflow';
import { PbxTarget } from '../../nodes/PbxTarget/PbxTarget.node.ts';
import { SyncReport } from '../../nodes/SyncReport/SyncReport.node.ts';
import type { Sandbox } from '../../sandbox/sandbox.mts';
import { startSandbox } from '../../sandbox/sandbox.mts';
import { fingerprint } from '../../sync/fingerprint.ts';
import type { Change, Extension, ExtensionItem, OutcomeItem } from '../../sync/item.ts';
import type { NodeRun } from './engine.mts';
import { runNode } from './engine.mts';

let sandbox: Sandbox;
beforeEach(async () => {
	sandbox = await startSandbox();
});
afterEach(async () => {
	await sandbox.stop();
});

type System = 'yeastar' | 'scim';

async function run(system: System, parameters: INodeParameters, rest: Partial<NodeRun> = {}) {
	const credentials = { [`${system}Api`]: { ...sandbox.systems[system] } };
	return await runNode({
		node: new PbxTarget(),
		parameters: { system, ...parameters },
		credentials,
		...rest,
	});
}

/** The items of an output, as the node promises them. */
const items = <Item,>(output: readonly INodeExecutionData[] | undefined) =>
	(output ?? []).map(({ json }) => json as unknown as Item);

async function readAll(system: System): Promise<Extension[]> {
	const { outputs } = await run(system, { operation: 'getExtensions' });
	return items<ExtensionItem>(outputs[0]).map(({ extension }) => extension);
}

const change = (kind: 'update' | 'disable' | 'delete', on: Extension): Change => {
	const basedOn = fingerprint(on);
	const pbx = { jobTitle: { from: on.fields['jobTitle'] ?? null, to: 'Analyst' } };
	return kind === 'update'
		? { kind, extensionId: on.id, pbx, directory: {}, basedOn }
		: { kind, extensionId: on.id, basedOn };
};

const creation = (n: number, number: string | null): Change => ({
	kind: 'create',
	number,
	pbx: {
		firstName: { from: null, to: 'Ada' },
		email: { from: null, to: `ada.${String(n)}@example.com` },
	},
	directory: {},
});

function planned(...changes: Change[]): INodeExecutionData[][] {
	return [
		changes.map((each, n) => ({
			json: {
				user: { id: `user-${String(n)}`, status: 'active', displayName: `User ${String(n)}` },
				decisions: ['in scope'],
				number: { value: '8001', reason: 'pool', pool: 'Everyone' },
				change: each as unknown as IDataObject,
			},
		})),
	];
}

describe.each(['yeastar', 'scim'] as const)('PBX Target on %s', (system) => {
	const number = (n: number) => (system === 'yeastar' ? String(8000 + n) : null);
	const writes = () => sandbox.control[system].writes();

	it('reads every extension once, each with the same mark', async () => {
		const { outputs, error } = await run(
			system,
			{ operation: 'getExtensions' },
			{ inputs: [[{ json: {} }, { json: {} }]] },
		);
		expect(error).toBeUndefined();
		const read = items<ExtensionItem>(outputs[0]);
		const [first] = read;
		expect(read.length).toBeGreaterThan(8);
		expect(first?.read).toMatchObject({
			of: 'extensions',
			system,
			count: read.length,
			scope: 'whole',
		});
		expect(read.every((item) => item.read.id === first?.read.id)).toBe(true);
		expect(new Set(read.map(({ extension }) => extension.id)).size).toBe(read.length);
		expect(outputs[0]?.every(({ pairedItem }) => pairedItem !== undefined)).toBe(true);
	});

	it('says with one item that there is no extension', async () => {
		sandbox.control.yeastar.state.pbx.extensions.clear();
		sandbox.control.scim.state.accounts.clear();
		const { outputs } = await run(system, { operation: 'getExtensions' });
		expect(outputs[0]).toMatchObject([{ json: { read: { count: 0, scope: 'whole' } } }]);
		expect(outputs[0]?.[0]?.json).not.toHaveProperty('extension');
	});

	it('applies a plan, keeps what the items carried and says what became of each', async () => {
		const [a, b, c] = await readAll(system);
		if (!a || !b || !c) throw new Error('Too few extensions');
		const { outputs, hints, error } = await run(
			system,
			{ operation: 'applyChanges', dryRun: false },
			{
				inputs: planned(
					creation(1, number(1)),
					change('update', a),
					change('disable', b),
					change('delete', c),
				),
			},
		);
		expect(error).toBeUndefined();
		const done = items<OutcomeItem>(outputs[0]);
		expect(done.map(({ outcome }) => outcome.result)).toEqual([
			'created',
			'updated',
			'disabled',
			'deleted',
		]);
		expect(done[0]).toMatchObject({
			user: { id: 'user-0' },
			decisions: ['in scope'],
			number: { reason: 'pool' },
			change: { kind: 'create' },
			extension: { number: number(1), fields: { firstName: 'Ada' } },
			outcome: { dryRun: false, number: number(1), link: { userId: 'user-0', state: 'active' } },
		});
		expect(hints.map(({ message }) => message)).toContain(
			'1 created, 1 updated, 1 disabled, 1 deleted.',
		);
		const now = await readAll(system);
		expect(now.find(({ id }) => id === a.id)?.fields['jobTitle']).toBe('Analyst');
		expect(now.find(({ id }) => id === b.id)?.enabled).toBe(false);
		expect(now.some(({ id }) => id === c.id)).toBe(false);
	});

	it('previews when nobody said otherwise: everything checked, nothing written', async () => {
		const [a] = await readAll(system);
		if (!a) throw new Error('Too few extensions');
		sandbox.control[system].clearRequests();
		const { outputs, hints } = await run(
			system,
			{ operation: 'applyChanges' },
			{ inputs: planned(creation(1, number(1)), change('update', a)) },
		);
		const done = items<OutcomeItem>(outputs[0]);
		expect(done.map(({ outcome }) => [outcome.result, outcome.dryRun, outcome.link])).toEqual([
			['created', true, null],
			['updated', true, null],
		]);
		expect(writes()).toEqual([]);
		expect(hints[0]?.message).toMatch(/^Dry run, nothing was written/);
	});

	it('holds a change that is no longer as planned, with the reason', async () => {
		const [a] = await readAll(system);
		if (!a) throw new Error('Too few extensions');
		const stale = change('update', { ...a, fields: { ...a.fields, firstName: 'Older' } });
		sandbox.control[system].clearRequests();
		const { outputs, hints } = await run(
			system,
			{ operation: 'applyChanges', dryRun: false },
			{ inputs: planned(stale) },
		);
		expect(outputs[0]?.[0]?.json['outcome']).toMatchObject({
			result: 'held',
			because: { code: 'change.stale' },
		});
		expect(writes()).toEqual([]);
		expect(hints.some(({ type }) => type === 'warning')).toBe(true);
	});

	it('keeps a refused person among the results, and the others are written', async () => {
		const plan = planned(
			creation(1, number(1)),
			creation(1, number(system === 'yeastar' ? 2 : 1)),
			creation(3, number(3)),
		);
		const parameters = { operation: 'applyChanges', dryRun: false };
		const { outputs } = await run(system, parameters, { inputs: plan });
		const results = items<OutcomeItem>(outputs[0]).map(({ outcome }) => outcome.result);
		// The first two want the same mail address and run together; one of them gets it.
		expect([...results].sort()).toEqual(['created', 'created', 'failed']);
		expect(results[2]).toBe('created');
	});

	it('sends a refused person to the error output when there is one', async () => {
		const taken = creation(1, number(1));
		const parameters = { operation: 'applyChanges', dryRun: false };
		await run(system, parameters, { inputs: planned(taken) });
		const inputs = planned(creation(2, number(2)), {
			...taken,
			number: number(3),
		} as Change);
		const { outputs } = await run(system, parameters, { inputs, onError: 'continueErrorOutput' });
		expect(outputs[0]).toHaveLength(1);
		expect(outputs[1]).toHaveLength(1);
		expect(outputs[1]?.[0]?.json).toMatchObject({
			error: expect.stringMatching(/already/),
			details: { code: 'account.duplicate' },
			user: { id: 'user-1' },
		});
	});

	it('refuses items that hold no change, before anything is written', async () => {
		const { error } = await run(
			system,
			{ operation: 'applyChanges', dryRun: false },
			{ inputs: [[...(planned(creation(1, number(1)))[0] ?? []), { json: { hello: 'world' } }]] },
		);
		expect(error?.message).toBe('Item 1 holds no planned change.');
		expect(error?.description).toContain("Connect the output 'Changes'");
		expect(writes()).toEqual([]);
	});

	it('makes, changes, disables, enables, reads and removes a single extension', async () => {
		const fields = (value: IDataObject) =>
			({ mappingMode: 'defineBelow', value }) as INodeParameters;
		const once = async (operation: string, parameters: INodeParameters) => {
			const { outputs, error } = await run(system, { operation, dryRun: false, ...parameters });
			expect(error).toBeUndefined();
			const [item] = items<OutcomeItem>(outputs[0]);
			if (!item) throw new Error('No item came out');
			return item;
		};
		const value = { firstName: 'Ada', email: 'ada@example.com' };
		const withNumber = system === 'yeastar' ? { ...value, number: '8001' } : value;
		const made = await once('create', { fields: fields(withNumber), userId: 'user-1' });
		expect(made.outcome).toMatchObject({ result: 'created', link: { userId: 'user-1' } });
		const extension = { __rl: true, mode: 'id', value: made.outcome.extensionId };
		const updated = await once('update', {
			extension,
			fields: fields({ firstName: 'Ada', jobTitle: 'Analyst', email: '' }),
		});
		expect(updated.outcome.result).toBe('updated');
		expect(updated.change).toMatchObject({
			pbx: {
				jobTitle: { from: null, to: 'Analyst' },
				email: { from: 'ada@example.com', to: null },
			},
		});
		expect(updated.change).not.toHaveProperty('pbx.firstName');
		expect((await once('disable', { extension })).extension?.enabled).toBe(false);
		expect((await once('disable', { extension })).outcome.result).toBe('unchanged');
		expect((await once('enable', { extension })).extension?.enabled).toBe(true);
		const { outputs } = await run(system, { operation: 'get', extension });
		expect(outputs[0]).toMatchObject([
			{ json: { extension: { fields: { jobTitle: 'Analyst', email: null } } } },
		]);
		expect((await once('delete', { extension })).outcome.result).toBe('deleted');
		const gone = await run(system, { operation: 'get', extension });
		expect(gone.error?.message).toMatch(/^There is no extension with the ID/);
	});

	it('previews a single write when nobody said otherwise', async () => {
		const [a] = await readAll(system);
		sandbox.control[system].clearRequests();
		const extension = { __rl: true, mode: 'id', value: a?.id ?? '' };
		const { outputs } = await run(system, { operation: 'delete', extension });
		expect(outputs[0]).toMatchObject([{ json: { outcome: { result: 'deleted', dryRun: true } } }]);
		expect(writes()).toEqual([]);
	});

	it('stops with one clear message when the sign-in is refused', async () => {
		const secret =
			system === 'yeastar' ? { clientSecret: 'wrong-secret' } : { token: 'wrong-secret' };
		const {
			error,
			outputs,
			run: stored,
		} = await run(
			system,
			{ operation: 'getExtensions' },
			{ credentials: { [`${system}Api`]: { ...sandbox.systems[system], ...secret } } },
		);
		expect(error?.message).toMatch(/did not accept the sign-in/);
		expect(error?.description).toMatch(/credential|client/);
		expect(outputs.flat()).toEqual([]);
		expect(JSON.stringify(stored)).not.toContain('wrong-secret');
	});

	it('stops with one clear message when the credential is missing', async () => {
		const { error } = await run(system, { operation: 'getExtensions' }, { credentials: {} });
		expect(error?.message).toMatch(/^The node has no credential for/);
		expect(error?.description).toContain('Credential to connect with');
	});

	it('stops with one clear message when the list breaks off', async () => {
		sandbox.control[system].fault({ path: 'extension/list|/Users', does: { kind: 'truncate' } });
		const { error, outputs } = await run(system, { operation: 'getExtensions' });
		expect(error?.message).toMatch(/cannot be read/);
		expect(outputs.flat()).toEqual([]);
	});

	it('gives the phone system back what it holds, also after a run that went wrong', async () => {
		sandbox.control[system].fault({ path: 'extension/list|/Users', does: { kind: 'html' } });
		await run(system, { operation: 'getExtensions' });
		await run(system, { operation: 'getExtensions' });
		expect(sandbox.control.yeastar.state.sessions.open).toBe(0);
	});

	it('leaves no password, token or secret in what n8n stores', async () => {
		const { run: stored } = await run(
			system,
			{ operation: 'applyChanges', dryRun: false },
			{ inputs: planned(creation(1, number(1)), creation(1, number(1))) },
		);
		const text = JSON.stringify(stored);
		const { pbx } = sandbox.control.yeastar.state;
		const passwords = [...pbx.passwords.values()].flatMap((each) => Object.values(each));
		const { clientSecret } = sandbox.systems.yeastar;
		for (const secret of [
			...passwords,
			clientSecret,
			sandbox.systems.scim.token,
			'access_token=',
		]) {
			if (secret) expect(text).not.toContain(secret);
		}
	});
});

describe('limits on a plan', () => {
	const wave = (...changes: Change[]) => ({ inputs: planned(...changes) });
	const creations = (count: number) => Array.from({ length: count }, (_, n) => creation(n, null));
	const limitTo = (maxCount: number, more: INodeParameters = {}) => ({
		operation: 'applyChanges',
		dryRun: false,
		limits: { limit: [{ kind: 'create', maxCount, maxPercent: 100 }] },
		...more,
	});
	const codes = (output: readonly INodeExecutionData[] | undefined) =>
		items<OutcomeItem>(output).map(({ outcome }) => outcome.because?.code ?? outcome.result);

	it('hold every change of a kind that is too many, and let other kinds through', async () => {
		const [account] = await readAll('scim');
		if (!account) throw new Error('No extension');
		const changes = [...creations(3), change('update', account)];
		const { outputs } = await run('scim', limitTo(2), wave(...changes));
		expect(codes(outputs[0])).toEqual([...Array<string>(3).fill('limit.create'), 'updated']);
		expect(sandbox.control.scim.writes()).toHaveLength(1);
	});

	it('count what earlier runs did', async () => {
		const first = await run('scim', limitTo(3), wave(...creations(2)));
		expect(codes(first.outputs[0])).toEqual(['created', 'created']);
		const more = [creation(8, null), creation(9, null)];
		const { staticData } = first;
		const second = await run('scim', limitTo(3), { ...wave(...more), staticData });
		expect(codes(second.outputs[0])).toEqual(['limit.create', 'limit.create']);
	});

	it('yield to an override with a number and a day', async () => {
		const until = new Date(Date.now() + 86_400_000).toISOString();
		const allow = (count: number) => ({
			options: { override: { allow: [{ kind: 'create', count, until }] } },
		});
		const short = await run('scim', limitTo(1, allow(2)), wave(...creations(3)));
		expect(codes(short.outputs[0])).toEqual(Array<string>(3).fill('limit.create'));
		const enough = await run('scim', limitTo(1, allow(3)), wave(...creations(3)));
		expect(codes(enough.outputs[0])).toEqual(Array<string>(3).fill('created'));
	});
});

describe('limits for a group', () => {
	const groups = (...group: Array<{ members: string; kind: string; maxCount: number }>) => ({
		operation: 'applyChanges',
		dryRun: false,
		options: { groupLimits: { group } },
	});
	const told = (output: readonly INodeExecutionData[] | undefined) =>
		items<OutcomeItem>(output).map(({ outcome }) => outcome.because?.code ?? outcome.result);
	/** New people of a department, each with a number from a pool. */
	const arrivals = (department: string, pool: string, count: number) =>
		Array.from({ length: count }, (_, n) => ({
			user: { id: `${department} ${String(n)}`, status: 'active' },
			number: { value: null, reason: 'pool', pool },
			change: {
				...creation(n, null),
				pbx: {
					email: { from: null, to: `${department}.${String(n)}@example.com` },
					department: { from: null, to: department },
				},
			},
		}));
	const apply = async (
		parameters: INodeParameters,
		arriving: readonly object[],
		rest: Partial<NodeRun> = {},
	) => {
		const inputs = [arriving.map((json) => ({ json: json as IDataObject }))];
		const { outputs, ...more } = await run('scim', parameters, { ...rest, inputs });
		return { ...more, told: told(outputs[0]), results: items<OutcomeItem>(outputs[0]) };
	};

	it('hold all of that group and nobody else, and say how many there are', async () => {
		const limit = groups({ members: 'department=Sales', kind: 'create', maxCount: 2 });
		const arriving = [...arrivals('Sales', 'A', 3), ...arrivals('Support', 'A', 3)];
		const { results, ...ran } = await apply(limit, arriving);
		expect(ran.told).toEqual([
			...Array<string>(3).fill('limit.create'),
			...Array<string>(3).fill('created'),
		]);
		expect(results[0]?.outcome.because?.what).toBe(
			"3 extensions of 'department=Sales' would be created, the limit is 2, so none is created.",
		);
		expect(sandbox.control.scim.writes()).toHaveLength(3);
	});

	it('know the pool a number comes from', async () => {
		const limit = groups({ members: 'pool=Visitors', kind: 'create', maxCount: 1 });
		const arriving = [...arrivals('Sales', 'Visitors', 2), ...arrivals('Legal', 'Everyone', 2)];
		expect((await apply(limit, arriving)).told).toEqual([
			...Array<string>(2).fill('limit.create'),
			...Array<string>(2).fill('created'),
		]);
	});

	it('count what earlier runs did to the group, and only that', async () => {
		const limit = groups(
			{ members: 'department=Sales', kind: 'create', maxCount: 3 },
			{ members: 'department=Sales', kind: 'update', maxCount: 3 },
		);
		const first = await apply(limit, [
			...arrivals('Sales', 'A', 2),
			...arrivals('Support', 'A', 4),
		]);
		expect(new Set(first.told)).toEqual(new Set(['created']));
		const { staticData } = first;
		const one = arrivals('Sales', 'B', 3).slice(2);
		expect((await apply(limit, one, { staticData })).told).toEqual(['created']);
		const two = [
			...arrivals('Sales', 'C', 4).slice(3),
			...arrivals('Sales', 'C', 5).slice(4),
			...arrivals('Support', 'C', 5).slice(4),
		];
		const { told: next } = await apply(limit, two, { staticData });
		expect(next).toEqual(['limit.create', 'limit.create', 'created']);
	});

	it.each(['update', 'enable'] as const)('hold for %s as well', async (kind) => {
		const accounts = (await readAll('scim')).filter(({ enabled }) => enabled === true).slice(0, 3);
		if (kind === 'enable') {
			const off = accounts.map((each) => change('disable', each));
			await run('scim', { operation: 'applyChanges', dryRun: false }, { inputs: planned(...off) });
		}
		const ids = new Set(accounts.map(({ id }) => id));
		const now = (await readAll('scim')).filter(({ id }) => ids.has(id));
		const [a, b] = now.map(({ fields }) => fields['email'] ?? '');
		const limit = groups({ members: `${a ?? ''}, ${b ?? ''}`, kind, maxCount: 1 });
		sandbox.control.scim.clearRequests();
		const changes = now.map((each): Change => ({ ...change('update', each), kind }) as Change); // either has the same parts
		const { outputs } = await run('scim', limit, { inputs: planned(...changes) });
		expect(told(outputs[0])).toEqual([`limit.${kind}`, `limit.${kind}`, `${kind}d`]);
	});

	it('count whoever moves from one group to another in both', async () => {
		const account = (await readAll('scim')).find(({ fields }) => fields['jobTitle']);
		const from = account?.fields['jobTitle'];
		if (!account || !from) throw new Error('No extension with a job title');
		const move: Change = {
			kind: 'update',
			extensionId: account.id,
			pbx: { jobTitle: { from, to: 'Moved' } },
			directory: {},
			basedOn: fingerprint(account),
		};
		for (const members of [`jobTitle=${from}`, 'jobTitle=Moved']) {
			const limit = groups({ members, kind: 'update', maxCount: 0 });
			const { outputs } = await run('scim', limit, { inputs: planned(move) });
			expect(told(outputs[0])).toEqual(['limit.update']);
		}
	});

	it('yield to an override', async () => {
		const until = new Date(Date.now() + 86_400_000).toISOString();
		const { options, ...limit } = groups({ members: 'pool=A', kind: 'create', maxCount: 1 });
		const override = { allow: [{ kind: 'create', count: 2, until }] };
		const parameters = { ...limit, options: { ...options, override } };
		expect((await apply(parameters, arrivals('Sales', 'A', 2))).told).toEqual([
			'created',
			'created',
		]);
	});

	it('are refused where a pool is named and none is known, before anything is written', async () => {
		const limit = groups({ members: 'pool=A', kind: 'update', maxCount: 1 });
		const { error } = await apply(limit, arrivals('Sales', 'A', 1));
		expect(error?.message).toContain('pool=A');
		expect(error?.description).toContain('range of numbers');
		expect(sandbox.control.scim.writes()).toEqual([]);
	});
});

describe('an approved plan', () => {
	const apply = async (input: INodeExecutionData[], approvedPlan: unknown) =>
		await run(
			'scim',
			{
				operation: 'applyChanges',
				dryRun: false,
				options: { approvedPlan } as unknown as INodeParameters,
			},
			{ inputs: [input] },
		);
	const outcomes = (output: readonly INodeExecutionData[] | undefined) =>
		items<OutcomeItem>(output).map(({ outcome }) => outcome);

	async function preview() {
		const [a, b] = await readAll('scim');
		if (!a || !b) throw new Error('Too few extensions');
		const stale = { ...change('update', b), basedOn: 'what it was yesterday' };
		const { outputs } = await run(
			'scim',
			{ operation: 'applyChanges' },
			{ inputs: planned(change('update', a), stale, creation(1, null)) },
		);
		const shown = outputs[0] ?? [];
		const { outputs: told } = await runNode({
			node: new SyncReport(),
			inputs: [null, shown],
		});
		const [report] = items<{ report: { planDigest: string } }>(told[0]);
		return { shown, digest: report?.report.planDigest ?? '', a };
	}

	it('is carried out exactly as it was shown, what was held included', async () => {
		const { shown, digest } = await preview();
		expect(sandbox.control.scim.writes()).toEqual([]);
		const { outputs } = await apply(shown, digest);
		expect(outcomes(outputs[0])).toMatchObject([
			{ result: 'updated', dryRun: false },
			{ result: 'held', because: { code: 'change.stale' } },
			{ result: 'created', dryRun: false },
		]);
	});

	it.each([
		['nothing', ''],
		['no answer at all', null],
		['another plan', 'f'.repeat(64)],
	])('is not carried out when %s was approved', async (_, approved) => {
		const { shown } = await preview();
		const { outputs } = await apply(shown, approved);
		expect(outcomes(outputs[0]).map(({ because }) => because?.code)).toEqual([
			'plan.notApproved',
			'change.stale',
			'plan.notApproved',
		]);
		expect(sandbox.control.scim.writes()).toEqual([]);
	});

	it('is refused when a change was taken out, added or altered on the way', async () => {
		const { shown, digest } = await preview();
		const altered = structuredClone(shown);
		const [first] = items<{ change: { pbx: Record<string, { to: string }> } }>(altered);
		if (first?.change.pbx['jobTitle']) first.change.pbx['jobTitle'].to = 'Director';
		for (const input of [
			shown.slice(1),
			[...shown, ...(planned(creation(7, null))[0] ?? [])],
			altered,
		]) {
			const { outputs } = await apply(input, digest);
			expect(outcomes(outputs[0]).filter(({ result }) => result !== 'held')).toEqual([]);
		}
		expect(sandbox.control.scim.writes()).toEqual([]);
	});

	it('still leaves alone, one by one, what somebody changed after it was shown', async () => {
		const { shown, digest, a } = await preview();
		sandbox.control.scim.state.require(a.id).displayName = 'Somebody Else';
		const { outputs } = await apply(shown, digest);
		expect(outcomes(outputs[0]).map(({ result }) => result)).toEqual(['held', 'held', 'created']);
	});
});

it('a plan for another phone system is refused as a whole', async () => {
	const plan = {
		by: 'allocator',
		system: 'yeastar',
		base: 9,
		settings: { code: '', scope: '', mapping: {}, numbering: '' },
		previewOnly: null,
	};
	const input = (planned(creation(1, null))[0] ?? []).map(({ json }) => ({
		json: { ...json, plan },
	}));
	const { error } = await run(
		'scim',
		{ operation: 'applyChanges', dryRun: false },
		{ inputs: [input] },
	);
	expect(error?.message).toContain('planned for yeastar');
	expect(sandbox.control.scim.writes()).toEqual([]);
});
