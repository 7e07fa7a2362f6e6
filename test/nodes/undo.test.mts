/** PBX Target "Undo a Run" in n8n's engine, against the sandbox: do, report, take back. */
import type { IDataObject, INodeExecutionData, INodeParameters, OnError } from 'n8n-workflow';
import { PbxTarget } from '../../nodes/PbxTarget/PbxTarget.node.ts';
import { SyncReport } from '../../nodes/SyncReport/SyncReport.node.ts';
import type { Sandbox } from '../../sandbox/sandbox.mts';
import { startSandbox } from '../../sandbox/sandbox.mts';
import { fingerprint } from '../../sync/fingerprint.ts';
import type { Change, Extension, OutcomeItem } from '../../sync/item.ts';
import { runNode } from './engine.mts';
import { credentialsFor, onWire, readEnabled, type SystemName } from './leavers.mts';

let sandbox: Sandbox;
beforeEach(async () => {
	sandbox = await startSandbox();
});
afterEach(async () => {
	await sandbox.stop();
});

async function target(
	system: SystemName,
	parameters: INodeParameters,
	input: INodeExecutionData[],
	onError: OnError = 'stopWorkflow',
) {
	const result = await runNode({
		onError,
		node: new PbxTarget(),
		parameters: { system, dryRun: false, ...parameters },
		credentials: credentialsFor(sandbox, system),
		inputs: [input],
	});
	// The items of this node have this shape; that is what the tests look at.
	const outcomes = (result.outputs[0] ?? []).map(({ json }) => json as unknown as OutcomeItem);
	return { ...result, outcomes };
}

const plan = { by: 'a', base: 250, previewOnly: null } as const;
const settings = { code: '', scope: '', mapping: {}, numbering: '' };

/** Carries out changes and gives the journal of it. */
async function run(system: SystemName, changes: readonly Change[]): Promise<INodeExecutionData[]> {
	const items = changes.map((change, n) => ({
		change,
		plan: { ...plan, system, settings },
		user: { id: `user-${String(n)}`, status: 'active' },
		decisions: [],
	}));
	const { outputs } = await target(system, { operation: 'applyChanges' }, onWire(items));
	const summary = onWire([{ summary: summaryOf(system) }]);
	const told = await runNode({ node: new SyncReport(), inputs: [summary, outputs[0] ?? []] });
	return (told.outputs[3] ?? []).map(({ json }) => ({ json }));
}

function summaryOf(system: string): IDataObject {
	const side = { read: 1, whole: true };
	return {
		system,
		users: side,
		extensions: side,
		situations: { linked: 0, adopted: 0, new: 0, disputed: 0, orphaned: 0 },
		changes: { create: 0, update: 0, enable: 0, disable: 0, delete: 0 },
		unchanged: 0,
		conflicts: 0,
		unmatched: { disabled: 0, deleted: 0, outOfScope: 0, notFound: 0 },
		skipped: 0,
		pools: [],
		planDigest: '',
		notes: [],
	};
}

function update(on: Extension, to: string): Change {
	const pbx = { firstName: { from: on.fields['firstName'] ?? null, to } };
	return { kind: 'update', extensionId: on.id, pbx, directory: {}, basedOn: fingerprint(on) };
}

async function several(system: SystemName, count: number): Promise<Extension[]> {
	return (await readEnabled(sandbox, system)).slice(0, count);
}

const results = ({ outcomes }: { outcomes: OutcomeItem[] }) =>
	outcomes.map(({ outcome }) => outcome.because?.code ?? outcome.result);

describe.each(['scim', 'yeastar'] as const)('Undo on %s', (system) => {
	const creation: Change = {
		kind: 'create',
		number: system === 'yeastar' ? '8123' : null,
		pbx: {
			firstName: { from: null, to: 'Ada' },
			lastName: { from: null, to: 'New' },
			email: { from: null, to: 'ada.new@example.com' },
		},
		directory: {},
	};

	it('puts back the values a run wrote, and puts out of use what it created', async () => {
		const before = await readEnabled(sandbox, system);
		const journal = await run(system, [update(before[0] as Extension, 'Changed'), creation]);
		expect(await readEnabled(sandbox, system)).toHaveLength(before.length + 1);
		const undone = await target(system, { operation: 'undo' }, journal);
		expect(undone.error).toBeUndefined();
		expect(results(undone).sort()).toEqual(['disabled', 'updated']);
		expect(await readEnabled(sandbox, system)).toEqual(before);
	});

	it('first shows what it would do, and sends no write', async () => {
		const [one] = await several(system, 1);
		const journal = await run(system, [update(one as Extension, 'Changed')]);
		sandbox.control[system].clearRequests();
		const shown = await target(system, { operation: 'undo', dryRun: true }, journal);
		expect(shown.outcomes[0]?.outcome).toMatchObject({ result: 'updated', dryRun: true });
		expect(sandbox.control[system].writes()).toEqual([]);
	});
});

describe('Undo', () => {
	it('leaves alone what somebody corrected since, and says so', async () => {
		const [one] = await several('scim', 1);
		const journal = await run('scim', [update(one as Extension, 'Changed')]);
		const [now] = await several('scim', 1);
		await run('scim', [update(now as Extension, 'By hand')]);
		sandbox.control.scim.clearRequests();
		expect(results(await target('scim', { operation: 'undo' }, journal))).toEqual([
			'undo.changedSince',
		]);
		expect(sandbox.control.scim.writes()).toEqual([]);
	});

	it('takes back the phone side of a two-way write, and says that the directory side stays', async () => {
		const [one] = await several('scim', 1);
		const [row] = await run('scim', [update(one as Extension, 'Changed')]);
		const changes = JSON.parse(String(row?.json['changes'])) as object;
		const both = { ...changes, 'directory.mobilePhone': { from: '1', to: '2' } };
		const rows = [{ json: { ...row?.json, changes: JSON.stringify(both) } }];
		const { outcomes } = await target('scim', { operation: 'undo' }, rows);
		expect(outcomes[0]?.outcome).toMatchObject({
			result: 'updated',
			because: { code: 'undo.directory' },
		});
	});

	it('says that what was deleted does not come back', async () => {
		const [one] = (await several('scim', 1)) as [Extension];
		const journal = await run('scim', [
			{ kind: 'delete', extensionId: one.id, basedOn: fingerprint(one) },
		]);
		expect(results(await target('scim', { operation: 'undo' }, journal))).toEqual(['undo.deleted']);
	});

	it('is behind limits of its own: a run that created many is not undone by one click', async () => {
		const many = Array.from(
			{ length: 21 },
			(_, n): Change => ({
				kind: 'create',
				number: null,
				pbx: { email: { from: null, to: `new.${String(n)}@example.com` } },
				directory: {},
			}),
		);
		const journal = await run('scim', many);
		expect(journal).toHaveLength(21);
		expect(results(await target('scim', { operation: 'undo' }, journal))).toEqual(
			Array(21).fill('limit.disable'),
		);
		const until = new Date(Date.now() + 86_400_000).toISOString();
		const options = { override: { allow: [{ kind: 'disable', count: 21, until }] } };
		const allowed = await target('scim', { operation: 'undo', options }, journal);
		expect(results(allowed)).toEqual(Array(21).fill('disabled'));
	});

	it('deletes what was created only when asked to', async () => {
		const journal = await run('scim', [
			{
				kind: 'create',
				number: null,
				pbx: { email: { from: null, to: 'short@example.com' } },
				directory: {},
			},
		]);
		const options = { deleteCreated: true };
		expect(results(await target('scim', { operation: 'undo', options }, journal))).toEqual([
			'deleted',
		]);
	});

	it('says whose extension it was and which run, so that the undo has a whole journal too', async () => {
		const [one] = await several('scim', 1);
		const journal = await run('scim', [update(one as Extension, 'Changed')]);
		const { outputs, outcomes } = await target('scim', { operation: 'undo' }, journal);
		const of = { runId: '1', system: 'scim', userId: 'user-0' };
		expect(outcomes[0]).toMatchObject({ undone: of });
		// Nothing else in the workflow of an undo knows the phone system.
		const told = await runNode({ node: new SyncReport(), inputs: [outputs[0] ?? []] });
		expect(told.outputs[3]?.map(({ json }) => json)).toMatchObject([
			{ system: 'scim', userId: 'user-0', kind: 'update', result: 'updated' },
		]);
	});

	describe('with a row nobody can read among the others', () => {
		/** Three people changed; the second row is spoiled. */
		async function spoiled(spoil: IDataObject) {
			const people = await several('scim', 3);
			const journal = await run(
				'scim',
				people.map((each) => update(each, 'Changed')),
			);
			const rows = journal.map(({ json }, n) => ({ json: n === 1 ? { ...json, ...spoil } : json }));
			const now = await several('scim', 3);
			return { people, rows, now };
		}
		const undoing = { operation: 'undo' };

		it.each([
			['is not JSON', { changes: 'nonsense' }],
			['is of another phone system', { system: 'yeastar' }],
			['does not say which extension', { extensionId: '' }],
		])(
			'that %s: it leaves by the error output with its data, the rest is undone',
			async (_, spoil) => {
				const { people, rows, now } = await spoiled(spoil);
				const { outputs, error } = await target('scim', undoing, rows, 'continueErrorOutput');
				expect(error).toBeUndefined();
				expect(outputs[0]?.map(({ pairedItem }) => pairedItem)).toHaveLength(2);
				expect(outputs[1]?.map(({ json }) => json)).toMatchObject([
					{
						...rows[1]?.json,
						error: expect.stringMatching(/^Item 2 /),
						details: { code: 'undo.row', fix: expect.stringContaining('others are taken back') },
					},
				]);
				expect(await several('scim', 3)).toEqual([people[0], now[1], people[2]]);
			},
		);

		it('says among the results what is wrong where the node has no error output', async () => {
			const { rows } = await spoiled({ changes: 'nonsense' });
			const { outputs } = await target('scim', undoing, rows, 'continueRegularOutput');
			expect(outputs[0]?.map(({ json }) => 'error' in json).sort()).toEqual([false, false, true]);
		});

		it('leaves alone an extension of which another row can be read', async () => {
			const { rows, now } = await spoiled({ changes: 'nonsense' });
			const id = rows[0]?.json['extensionId'] ?? '';
			const mixed = rows.map(({ json }, n) => ({
				json: n === 1 ? { ...json, extensionId: id } : json,
			}));
			const { outputs, outcomes } = await target('scim', undoing, mixed, 'continueErrorOutput');
			expect(outputs[1]).toHaveLength(1);
			expect(results({ outcomes }).sort()).toEqual(['undo.unread', 'updated']);
			expect((await several('scim', 3))[0]).toEqual(now[0]);
		});
	});

	it('sends an extension the phone system refuses to the error output, with its row', async () => {
		const people = await several('scim', 2);
		const journal = await run(
			'scim',
			people.map((each) => update(each, 'Changed')),
		);
		const id = String(journal[0]?.json['extensionId']);
		const does = { kind: 'status', status: 400 } as const;
		sandbox.control.scim.fault({ method: 'PATCH', path: id, times: 9, does });
		const { outputs } = await target('scim', { operation: 'undo' }, journal, 'continueErrorOutput');
		expect(outputs.map((items) => items.length)).toEqual([1, 1]);
		expect(outputs[1]?.[0]?.json).toMatchObject({
			...journal[0]?.json,
			error: expect.stringMatching(/^.{10,}$/),
			details: { code: expect.stringMatching(/^account\./) },
		});
	});

	it('counts what it did to a group, and holds what is too many of it', async () => {
		const people = await several('scim', 2);
		const journal = await run(
			'scim',
			people.map((each) => update(each, 'Changed')),
		);
		const [first, second] = people.map(({ fields }) => fields['email'] ?? '');
		const members = `${first ?? ''}, ${second ?? ''}`;
		const limit = (maxCount: number) => ({
			operation: 'undo',
			options: { groupLimits: { group: [{ members, kind: 'update', maxCount }] } },
		});
		expect(results(await target('scim', limit(1), journal))).toEqual(Array(2).fill('limit.update'));
		const done = await target('scim', limit(2), journal);
		expect(results(done)).toEqual(['updated', 'updated']);
		expect(JSON.stringify(done.staticData)).toContain(`"count":2,"group":"${members}"`);
	});

	it.each([
		['of two runs', { runId: '2' }, /2 runs/],
		['of another phone system', { system: 'yeastar' }, /not a row/],
		['that are no journal rows', { changes: 'nonsense' }, /not a row/],
	])('refuses rows %s before anything is written', async (_, changed, message) => {
		const people = await several('scim', 2);
		const journal = await run(
			'scim',
			people.map((each) => update(each, 'Changed')),
		);
		const rows = journal.map(({ json }, n) => ({ json: n === 1 ? { ...json, ...changed } : json }));
		sandbox.control.scim.clearRequests();
		const { error } = await target('scim', { operation: 'undo' }, rows);
		expect(error?.message).toMatch(message);
		expect(sandbox.control.scim.writes()).toEqual([]);
	});
});
