/** Changes that do more than their name says, through PBX Target in n8n's engine. */
import type { IDataObject } from 'n8n-workflow';
import { PbxTarget } from '../../nodes/PbxTarget/PbxTarget.node.ts';
import { startSandbox } from '../../sandbox/sandbox.mts';
import type { Sandbox } from '../../sandbox/sandbox.mts';
import type { OutcomeItem } from '../../sync/item.ts';
import { runNode } from './engine.mts';

let sandbox: Sandbox;
beforeEach(async () => {
	sandbox = await startSandbox();
});
afterEach(async () => {
	await sandbox.stop();
});

async function write(
	system: string,
	credentials: Record<string, IDataObject>,
	parameters: IDataObject,
) {
	const { outputs, error, run } = await runNode({
		node: new PbxTarget(),
		parameters: { system, dryRun: false, ...parameters },
		credentials,
	});
	expect(error).toBeUndefined();
	// Items are what the node promises.
	const { outcome } = outputs[0]?.[0]?.json as unknown as OutcomeItem;
	return { outcome, run };
}

const fields = (value: IDataObject) => ({ mappingMode: 'defineBelow', value });

describe('a new Telavox user', () => {
	const create = (allowCreate: boolean) =>
		write(
			'telavox',
			{ telavoxApi: { ...sandbox.systems.telavox, allowCreate } },
			{
				operation: 'create',
				fields: fields({ displayName: 'Ada', email: 'ada@example.com' }),
			},
		);

	it('is held while the credential does not allow creating', async () => {
		const { outcome } = await create(false);
		expect(outcome).toMatchObject({
			result: 'held',
			because: { code: 'change.notAllowed.create', field: 'Allow Creating' },
		});
		expect(sandbox.control.telavox.writes()).toEqual([]);
	});

	it('is made once it does', async () => {
		expect((await create(true)).outcome.result).toBe('created');
		expect(sandbox.control.telavox.state.byEmail('ada@example.com')?.name).toBe('Ada');
	});
});

describe('a FreePBX extension', () => {
	const rename = (allowUpdate: boolean) =>
		write(
			'freepbx',
			{ freePbxApi: { ...sandbox.systems.freepbx, allowUpdate } },
			{
				operation: 'update',
				extension: { __rl: true, mode: 'id', value: '400' },
				fields: fields({ displayName: 'Eva' }),
			},
		);

	it('is left alone while the credential does not allow updating', async () => {
		const { outcome } = await rename(false);
		expect(outcome).toMatchObject({
			result: 'held',
			because: { code: 'change.notAllowed.update', field: 'Allow Updating' },
		});
		expect(sandbox.control.freepbx.writes()).toEqual([]);
	});

	it('is changed once it does, the change is in force, and nothing of it is told', async () => {
		const secret = sandbox.control.freepbx.state.extensions.get('400')?.secret ?? '';
		const { outcome, run } = await rename(true);
		expect(outcome).toMatchObject({ result: 'updated', because: null });
		const { extensions, needsReload, reloads } = sandbox.control.freepbx.state;
		expect(extensions.get('400')).toMatchObject({ name: 'Eva', secret });
		expect({ needsReload, reloads }).toEqual({ needsReload: false, reloads: 1 });
		const panel = extensions.get('400')?.panelUser?.password ?? '';
		for (const told of [secret, panel]) expect(JSON.stringify(run)).not.toContain(told);
	});
});
