/** PBX Target "Undo a Run" in n8n's engine, against the sandbox: do, report, take back. */
import type { IDataObject, INodeExecutionData, INodeParameters } from 'n8n-workflow';
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
) {
	const result = await runNode({
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
