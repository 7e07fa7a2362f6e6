import type { IDataObject, INodeParameters } from 'n8n-workflow';
import { ExtensionAllocator } from '../../nodes/ExtensionAllocator/ExtensionAllocator.node.ts';
import { PbxTarget } from '../../nodes/PbxTarget/PbxTarget.node.ts';
import type { Sandbox } from '../../sandbox/sandbox.mts';
import { startSandbox } from '../../sandbox/sandbox.mts';
import { runNode } from './engine.mts';

let sandbox: Sandbox;
beforeEach(async () => {
	sandbox = await startSandbox();
});
afterEach(async () => {
	await sandbox.stop();
});

/** Runs PBX Target with the sandbox's profile, parts of it taken out or put in. */
async function run(parameters: INodeParameters, changes: object = {}) {
	const { profile, ...access } = sandbox.systems.customRest;
	const own = JSON.stringify({ ...JSON.parse(profile), ...changes });
	return await runNode({
		node: new PbxTarget(),
		parameters: { system: 'customRest', ...parameters },
		credentials: { customRestApi: { ...access, profile: own } },
	});
}

const newcomer = (fields: IDataObject) => ({
	json: {
		user: { id: 'ada', status: 'active' },
		contact: { email: 'ada@example.com', firstName: 'Ada', ...fields },
		read: { id: 'r', of: 'users', count: 1, scope: 'whole' },
		decisions: [],
	},
});

describe('Custom REST in the nodes', () => {
	it('tells with the list what the profile allows', async () => {
		const { outputs, error } = await run({ operation: 'getExtensions' });
		expect(error).toBeUndefined();
		expect(outputs[0]).toHaveLength(sandbox.control.customRest.state.store.accounts.size);
		expect(outputs[0]?.[0]?.json['read']).toMatchObject({
			system: 'customRest',
			abilities: { facts: { numbers: 'required', canCreate: true } },
		});
	});

	it('plans only what the profile allows, and only its fields', async () => {
		const fields = { email: { path: 'addresses[type=mail].value' }, firstName: 'name.first' };
		const plan = async (changes: object) => {
			const { outputs } = await run({ operation: 'getExtensions' }, { fields, ...changes });
			return await runNode({
				node: new ExtensionAllocator(),
				parameters: {
					numbering: 'nextFree',
					pools: { pool: [{ name: 'All', ranges: '800-899' }] },
				},
				inputs: [[newcomer({ jobTitle: 'Analyst' })], outputs[0] ?? [], null],
			});
		};
		const able = await plan({});
		expect(able.error).toBeUndefined();
		const [change] = able.outputs[0] ?? [];
		expect(change?.json['change']).toMatchObject({ kind: 'create' });
		expect(change?.json['change']).not.toHaveProperty('pbx.jobTitle');
		const unable = await plan({ create: undefined });
		expect(unable.outputs[0]).toEqual([]);
		expect(unable.outputs[1]).toHaveLength(1);
	});

	it('says in its results what is to be done by hand', async () => {
		const [account] = sandbox.control.customRest.state.store.accounts.values();
		const { outputs } = await run(
			{ operation: 'delete', dryRun: false, extension: { mode: 'id', value: account?.id ?? '' } },
			{ delete: undefined },
		);
		expect(outputs[0]?.[0]?.json['outcome']).toMatchObject({
			result: 'held',
			because: { code: 'system.cannot.delete' },
		});
		expect(sandbox.control.customRest.writes()).toEqual([]);
	});

	it('names the part of the profile that is not usable, and sends nothing', async () => {
		const { error } = await run({ operation: 'getExtensions' }, { list: { path: 'people' } });
		expect(`${error?.message ?? ''} ${error?.description ?? ''}`).toMatch(
			/profile .* not usable\. list\.path: It begins with one slash/,
		);
		expect(sandbox.control.customRest.requests()).toEqual([]);
	});

	it('lets no secret and no token show up in what n8n keeps of the run', async () => {
		const result = await run({ operation: 'getExtensions' });
		const everything = JSON.stringify(result.run.data.resultData);
		for (const secret of [sandbox.systems.customRest.secret, 'X-Session']) {
			expect(everything).not.toContain(secret);
		}
	});
});
