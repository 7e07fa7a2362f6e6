/**
 * What n8n's setting "On Error" promises, for every node: one bad item stops nobody else unless the
 * node is set to stop, and leaves by the error output with all it carried.
 */
import type { IDataObject, INodeParameters, INodeType, OnError } from 'n8n-workflow';
import { EntraUserSource } from '../../nodes/EntraUserSource/EntraUserSource.node.ts';
import { EntraUserTarget } from '../../nodes/EntraUserTarget/EntraUserTarget.node.ts';
import { ExtensionAllocator } from '../../nodes/ExtensionAllocator/ExtensionAllocator.node.ts';
import { FieldMapper } from '../../nodes/FieldMapper/FieldMapper.node.ts';
import { PbxTarget } from '../../nodes/PbxTarget/PbxTarget.node.ts';
import { SyncReport } from '../../nodes/SyncReport/SyncReport.node.ts';
import { UnmatchedCleaner } from '../../nodes/UnmatchedCleaner/UnmatchedCleaner.node.ts';
import type { Sandbox } from '../../sandbox/sandbox.mts';
import { startSandbox } from '../../sandbox/sandbox.mts';
import { runNode, type NodeRunResult } from './engine.mts';
import { credentialsFor, onWire, readEnabled, unmatched } from './leavers.mts';

let sandbox: Sandbox;
beforeEach(async () => {
	sandbox = await startSandbox();
	sandbox.control.entra.settings.roles = ['User.Read.All', 'User-Phone.ReadWrite.All'];
});
afterEach(() => sandbox.stop());

const directory = (change: IDataObject = {}): Record<string, IDataObject> => {
	const { authority, graph, tenantId, clientId, clientSecret } = sandbox.entra;
	const access = { authorityUrl: authority, graphUrl: graph, tenantId, clientId, clientSecret };
	return { entraOAuth2Api: { cloud: 'custom', ...access, ...change } };
};
const phones = () => credentialsFor(sandbox, 'scim');

/** What an administrator would miss if it got lost. */
const NOTE = { note: 'kept by an earlier node' };

interface Case {
	readonly node: INodeType;
	readonly parameters: INodeParameters;
	readonly credentials?: () => Record<string, IDataObject>;
	/** One that can be dealt with. */
	readonly good: () => Promise<object> | object;
	readonly bad: object;
	/** What comes by the other inputs. */
	readonly others?: object[][];
	/** Whether an item is what became of the good one. */
	readonly isDone: (json: IDataObject) => boolean;
}

const resultOf = (json: IDataObject) => (json['outcome'] as IDataObject | undefined)?.['result'];
const users = { id: 'r1', of: 'users', count: 2, scope: 'whole' };
const person = { id: 'u1', status: 'active', displayName: 'Ada Ng', mail: 'ada@example.com' };
const change = {
	kind: 'create',
	number: null,
	pbx: { email: { from: null, to: 'ada@example.com' } },
	directory: {},
};

/** An expression that cannot be worked out for an item without it. */
const STOPS_WITHOUT_ID = '={{ $json.extensionId ?? $("Nobody").item.json.id }}';

const CASES: Readonly<Record<string, Case>> = {
	'Field Mapper': {
		node: new FieldMapper(),
		parameters: { system: 'scim' },
		good: () => ({ user: person, read: users }),
		bad: { user: { id: 7 }, read: users },
		isDone: (json) => 'contact' in json,
	},
	'Extension Allocator': {
		node: new ExtensionAllocator(),
		parameters: { numbering: 'none' },
		good: () => ({ user: person, read: users, contact: { email: 'ada@example.com' } }),
		bad: { user: { id: 7 }, read: users, contact: 'none' },
		others: [[{ read: { id: 'r2', of: 'extensions', system: 'scim', count: 0, scope: 'whole' } }]],
		isDone: (json) => 'change' in json,
	},
	'PBX Target, Apply Changes': {
		node: new PbxTarget(),
		parameters: { system: 'scim', operation: 'applyChanges', dryRun: false },
		credentials: phones,
		good: () => ({ user: person, change }),
		bad: { user: person, change: { kind: 'frighten' } },
		isDone: (json) => resultOf(json) === 'created',
	},
	'PBX Target, Update': {
		node: new PbxTarget(),
		parameters: {
			system: 'scim',
			operation: 'update',
			dryRun: false,
			extension: { __rl: true, mode: 'id', value: '={{ $json.extensionId }}' },
			fields: { mappingMode: 'defineBelow', value: '={{ $json.fields }}' },
		},
		credentials: phones,
		good: async () => ({ extensionId: await anyId(), fields: { jobTitle: 'Engineer' } }),
		bad: { extensionId: 'x', fields: { shoeSize: '44' } },
		isDone: (json) => resultOf(json) === 'updated',
	},
	'PBX Target, Create': {
		node: new PbxTarget(),
		parameters: {
			system: 'scim',
			operation: 'create',
			dryRun: false,
			fields: { mappingMode: 'defineBelow', value: '={{ $json.fields }}' },
		},
		credentials: phones,
		good: () => ({ fields: { firstName: 'Ada', lastName: 'Ng', email: 'ada@example.com' } }),
		bad: { fields: { email: ['a@example.com', 'b@example.com'] } },
		isDone: (json) => resultOf(json) === 'created',
	},
	'PBX Target, Disable': {
		node: new PbxTarget(),
		parameters: {
			system: 'scim',
			operation: 'disable',
			dryRun: false,
			extension: { __rl: true, mode: 'id', value: STOPS_WITHOUT_ID },
		},
		credentials: phones,
		good: async () => ({ extensionId: await anyId() }),
		bad: {},
		isDone: (json) => resultOf(json) === 'disabled',
	},
	'PBX Target, Delete': {
		node: new PbxTarget(),
		parameters: {
			system: 'scim',
			operation: 'delete',
			dryRun: false,
			extension: { __rl: true, mode: 'id', value: STOPS_WITHOUT_ID },
		},
		credentials: phones,
		good: async () => ({ extensionId: await anyId() }),
		bad: {},
		isDone: (json) => resultOf(json) === 'deleted',
	},
	'PBX Target, Undo a Run': {
		node: new PbxTarget(),
		parameters: { system: 'scim', operation: 'undo', dryRun: false },
		credentials: phones,
		good: async () => {
			const [extension] = await readEnabled(sandbox, 'scim');
			const firstName = { from: 'Before', to: extension?.fields['firstName'] ?? null };
			const changes = JSON.stringify({ firstName });
			const extensionId = extension?.id;
			return { runId: '7', system: 'scim', extensionId, kind: 'update', changes };
		},
		bad: { runId: '7', system: 'scim', extensionId: 'x', kind: 'update', changes: 'nonsense' },
		isDone: (json) => resultOf(json) === 'updated',
	},
	'PBX Target, Apply Changes to a file': {
		node: new PbxTarget(),
		parameters: { system: 'csv', operation: 'applyChanges' },
		good: () => ({ user: person, change: { ...change, number: '201' } }),
		bad: { user: person, change: { kind: 'frighten' } },
		isDone: (json) => 'outcome' in json,
	},
	'PBX Target, Get': {
		node: new PbxTarget(),
		parameters: {
			system: 'scim',
			operation: 'get',
			extension: { __rl: true, mode: 'id', value: '={{ $json.extensionId }}' },
		},
		credentials: phones,
		good: async () => ({ extensionId: await anyId() }),
		bad: { extensionId: 'nobody' },
		isDone: (json) => 'extension' in json,
	},
	'PBX Target, Get Extensions, Only Those Needed': {
		node: new PbxTarget(),
		parameters: { system: 'scim', operation: 'getExtensions', read: 'needed' },
		credentials: phones,
		good: () => ({ user: person, read: users, contact: { email: 'ada@example.com' } }),
		bad: { user: { id: 7 }, read: users },
		// Whose list did not arrive whole gets everybody's.
		isDone: (json) => (json['extension'] as IDataObject | undefined)?.['id'] === firstAccount()?.id,
	},
	'Unmatched Cleaner': {
		node: new UnmatchedCleaner(),
		parameters: { system: 'scim', dryRun: false },
		credentials: phones,
		good: async () => {
			const [extension] = await readEnabled(sandbox, 'scim');
			if (!extension) throw new Error('There is one.');
			return unmatched(extension, 'scim');
		},
		bad: { extension: { id: 'x' } },
		isDone: (json) => resultOf(json) === 'disabled',
	},
	'Entra User Target, Update User': {
		node: new EntraUserTarget(),
		parameters: {
			operation: 'updateUser',
			dryRun: false,
			user: { __rl: true, mode: 'id', value: '={{ $json.id }}' },
			attributes: { mappingMode: 'defineBelow', value: '={{ $json.attributes }}' },
		},
		credentials: directory,
		good: () => ({ id: ownUser()?.id ?? '', attributes: { mobilePhone: '+46700000001' } }),
		bad: { id: 'somebody', attributes: { mobilePhone: ['+46700000001'] } },
		isDone: (json) => (json['directory'] as IDataObject | undefined)?.['result'] === 'updated',
	},
	'Entra User Target': {
		node: new EntraUserTarget(),
		parameters: { dryRun: false },
		credentials: directory,
		good: () => {
			const user = ownUser();
			const mobilePhone = { from: user?.mobilePhone ?? null, to: '+46700000001' };
			return {
				user: { id: user?.id, status: 'active' },
				change: { ...change, directory: { mobilePhone } },
			};
		},
		bad: { user: person, change: { kind: 'frighten' } },
		isDone: (json) => (json['directory'] as IDataObject | undefined)?.['result'] === 'updated',
	},
};

function firstAccount() {
	return [...sandbox.control.scim.state.accounts.values()][0];
}

/** A member the directory itself is the master of. */
function ownUser() {
	return [...sandbox.control.entra.state.users.values()].find(
		({ onPremisesSyncEnabled, userType }) =>
			onPremisesSyncEnabled === null && userType === 'Member',
	);
}

async function anyId(): Promise<string> {
	const [extension] = await readEnabled(sandbox, 'scim');
	return extension?.id ?? '';
}

async function run(name: string, onError: OnError): Promise<NodeRunResult> {
	const { node, parameters, credentials, good, bad, others = [] } = CASES[name] as Case; // of the same table
	return await runNode({
		node,
		parameters,
		inputs: [onWire([{ ...bad, ...NOTE }, await good()]), ...others.map(onWire)],
		onError,
		...(credentials ? { credentials: credentials() } : {}),
	});
}

describe.each(Object.keys(CASES))('%s', (name) => {
	const done = (items: NodeRunResult['outputs'][number]) =>
		items.filter(({ json }) => CASES[name]?.isDone(json));

	it('set to use the error output, sends the bad item there with its data and does the others', async () => {
		const { outputs, error } = await run(name, 'continueErrorOutput');
		expect(error).toBeUndefined();
		expect(done(outputs[0] ?? [])).toHaveLength(1);
		expect(outputs.at(-1)).toHaveLength(1);
		expect(outputs.at(-1)?.[0]?.json).toMatchObject({
			...NOTE,
			error: expect.stringMatching(/^.{10,}$/),
			details: { code: expect.any(String) },
		});
		expect(
			outputs
				.slice(0, -1)
				.flat()
				.filter(({ json }) => 'error' in json),
		).toEqual([]);
	});

	it('set to continue, says of the bad item what is wrong and does the others', async () => {
		const { outputs, error } = await run(name, 'continueRegularOutput');
		expect(error).toBeUndefined();
		expect(done(outputs[0] ?? [])).toHaveLength(1);
		expect(outputs[0]?.filter(({ json }) => 'error' in json)).toHaveLength(1);
	});

	it('set to stop, stops with one clear message', async () => {
		const { outputs, error } = await run(name, 'stopWorkflow');
		expect(error?.message).toMatch(/^.{10,}$/);
		expect(outputs.flat()).toEqual([]);
	});
});

describe('a node that can do nothing at all', () => {
	const nowhere = { clientSecret: 'wrong' };
	const attempt = (onError: OnError) =>
		runNode({
			node: new EntraUserSource(),
			credentials: directory(nowhere),
			inputs: [onWire([NOTE])],
			onError,
		});

	it('sends what came in to the error output, with the reason', async () => {
		const { outputs } = await attempt('continueErrorOutput');
		expect(outputs[0]).toEqual([]);
		expect(outputs[1]?.map(({ json }) => json)).toMatchObject([
			{ ...NOTE, error: expect.any(String), details: { fix: expect.any(String) } },
		]);
	});

	it('hands nothing on as if it had been read', async () => {
		const { outputs } = await attempt('continueRegularOutput');
		expect(outputs[0]?.map(({ json }) => Object.keys(json).sort())).toEqual([['details', 'error']]);
	});

	it('stops where it is set to stop', async () => {
		expect((await attempt('stopWorkflow')).error?.message).toMatch(/secret/i);
	});
});

describe('a row of Field Mapper whose expression stops for one person', () => {
	const stops = '={{ $json.user.id === "u1" ? $("Nobody").item.json.x : "Engineer" }}';
	const mapping = (onInvalid: string) => ({
		system: 'scim',
		mapping: 'custom',
		rows: {
			row: [
				{
					field: 'jobTitle',
					source: 'expression',
					expression: stops,
					options: { onInvalid },
				},
			],
		},
	});
	const others = ['u2', 'u3'].map((id) => ({ ...person, id }));

	const map = async (onInvalid: string, onError: OnError) =>
		await runNode({
			node: new FieldMapper(),
			parameters: mapping(onInvalid),
			inputs: [
				onWire(
					[person, ...others].map((user) => ({ user, read: { ...users, count: 3 }, ...NOTE })),
				),
			],
			onError,
		});

	it.each(['continueErrorOutput', 'continueRegularOutput', 'stopWorkflow'] as const)(
		'rejects that person with the reason, and maps the others (%s)',
		async (onError) => {
			const { outputs, error } = await map('reject', onError);
			expect(error).toBeUndefined();
			// A list that lost somebody is no longer whole.
			expect(outputs[0]?.map(({ json }) => json['contact'])).toEqual([
				null,
				{ jobTitle: 'Engineer' },
				{ jobTitle: 'Engineer' },
			]);
			expect(outputs[1]?.map(({ json }) => json)).toMatchObject([
				{
					...NOTE,
					user: { id: 'u1' },
					problems: [{ why: expect.stringContaining('The expression stopped') }],
				},
			]);
		},
	);

	it('leaves the field of that person alone where nobody is to be rejected for it', async () => {
		const { outputs } = await map('leave', 'continueErrorOutput');
		expect(outputs[0]?.map(({ json }) => json['contact'])).toEqual([
			{},
			{ jobTitle: 'Engineer' },
			{ jobTitle: 'Engineer' },
		]);
		expect(JSON.stringify(outputs[0]?.[0]?.json['decisions'])).toContain('expression stopped');
		expect(outputs[1]).toEqual([]);
	});
});

it('the import file holds those who can be read, where one cannot', async () => {
	const { outputs } = await run('PBX Target, Apply Changes to a file', 'continueErrorOutput');
	expect(outputs.map((items) => items.length)).toEqual([1, 1, 1]);
	expect(outputs[1]?.[0]).toMatchObject({
		json: { importFile: { count: 1, rows: [expect.anything()] } },
		pairedItem: [{ item: 1 }],
	});
});

it('Sync Report tells of what it cannot read, and stops for nothing', async () => {
	const { outputs, error } = await runNode({
		node: new SyncReport(),
		inputs: [onWire([{ something: 'else' }, { error: 'It broke.', details: {} }])],
		onError: 'stopWorkflow',
	});
	expect(error).toBeUndefined();
	expect(outputs[0]).toHaveLength(1);
	expect(JSON.stringify(outputs[0])).toContain('It broke.');
});
