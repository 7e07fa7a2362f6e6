/**
 * A directory or a phone system that means harm is refused in clear words, within bounds, and gets
 * nobody's sign-in for another host.
 */
import type { IDataObject, INodeParameters, INodeType } from 'n8n-workflow';
import { EntraUserSource } from '../../nodes/EntraUserSource/EntraUserSource.node.ts';
import { EntraUserTarget } from '../../nodes/EntraUserTarget/EntraUserTarget.node.ts';
import { PbxTarget } from '../../nodes/PbxTarget/PbxTarget.node.ts';
import { systemNamed } from '../../pbx/systems.ts';
import type { Sandbox } from '../../sandbox/sandbox.mts';
import { startSandbox } from '../../sandbox/sandbox.mts';
import { runNode, type NodeRunResult } from './engine.mts';
import { impersonate, type Impostor, type Manner } from './impostor.mts';
import { onWire, type SystemName } from './leavers.mts';

// Patience with a server that will not get better would take minutes.
jest.mock('n8n-workflow', () => ({
	...jest.requireActual<object>('n8n-workflow'),
	sleep: async () => undefined,
}));

let sandbox: Sandbox;
let impostor: Impostor;
beforeAll(async () => {
	sandbox = await startSandbox();
	sandbox.control.entra.settings.roles = ['User.Read.All', 'User-Phone.ReadWrite.All'];
	for (const level of ['log', 'info', 'warn', 'error', 'debug'] as const) {
		jest.spyOn(console, level).mockImplementation(() => undefined);
	}
});
afterEach(() => impostor.stop());
afterAll(async () => {
	jest.restoreAllMocks();
	await sandbox.stop();
});

/** Nothing can be made of these. */
const USELESS: readonly Manner[] = [
	'redirects to another host',
	'sends without end',
	'sends JSON a hundred thousand levels deep',
	'sends a web page',
	'sends bytes that are no text',
];
/** Something honest is in these. */
const SPOILED: readonly Manner[] = [
	'has keys that poison prototypes',
	'says that every list goes on at another host',
];
const MOST_BYTES = 70_000_000;

const SYSTEMS: readonly SystemName[] = [
	'3cx',
	'freepbx',
	'messagemedia',
	'scim',
	'telavox',
	'vodia',
	'yeastar',
	'lynes',
	'customRest',
];

/**
 * Where n8n's own code asks for the token, it reads the answer whole and follows redirects of
 * Microsoft's sign-in service; a node has no say in that (`docs/security.md`, "What is left").
 */
const byN8n: Readonly<Record<string, readonly Manner[]>> = {
	'the directory': ['redirects to another host', 'sends without end'],
	'3cx': ['sends without end'],
	freepbx: ['sends without end'],
};

interface Service {
	readonly name: string;
	readonly credentials: () => Promise<Record<string, IDataObject>>;
	readonly read: readonly [INodeType, INodeParameters];
	readonly write: readonly [INodeType, INodeParameters, () => object[]];
}

const create = {
	user: { id: 'u', status: 'active' },
	change: {
		kind: 'create',
		number: '8001',
		pbx: Object.fromEntries(
			Object.entries({ displayName: 'Ada Ng', lastName: 'Ng', email: 'ada@example.com' }).map(
				([name, to]) => [name, { from: null, to }],
			),
		),
		directory: {},
	},
};

const directory: Service = {
	name: 'the directory',
	async credentials() {
		const { authority, graph, tenantId, clientId, clientSecret } = sandbox.entra;
		impostor = await impersonate(graph);
		expect(new URL(authority).origin).toBe(new URL(graph).origin);
		const { url } = impostor;
		const access = { tenantId, clientId, clientSecret, authorityUrl: url, graphUrl: url };
		return { entraOAuth2Api: { cloud: 'custom', ...access } };
	},
	read: [new EntraUserSource(), {}],
	write: [
		new EntraUserTarget(),
		{ dryRun: false },
		() => {
			const [user] = sandbox.control.entra.state.users.values();
			const mobilePhone = { from: user?.mobilePhone ?? null, to: '+46700000001' };
			const change = { kind: 'update', extensionId: '7', pbx: {}, basedOn: 'x' };
			return [
				{
					user: { id: user?.id, status: 'active' },
					change: { ...change, directory: { mobilePhone } },
					outcome: { result: 'updated', dryRun: false },
				},
			];
		},
	],
};

const phones = (name: SystemName): Service => ({
	name,
	async credentials() {
		const { baseUrl, ...rest } = { ...sandbox.systems[name] } as IDataObject & { baseUrl: string };
		const { origin } = new URL(baseUrl);
		impostor = await impersonate(origin);
		const access = { ...rest, baseUrl: baseUrl.replace(origin, impostor.url) };
		return { [systemNamed(name).credentialType]: access };
	},
	read: [new PbxTarget(), { system: name, operation: 'getExtensions' }],
	write: [
		new PbxTarget(),
		{ system: name, operation: 'applyChanges', dryRun: false },
		() => {
			const isNumbered = systemNamed(name).capabilities.numbers !== 'none';
			const change = { ...create.change, number: isNumbered ? '8001' : null };
			return [{ ...create, change }];
		},
	],
});

function expectClear({ error }: NodeRunResult): void {
	expect(error?.message).toMatch(/^.{10,200}$/);
	expect(error?.description).toMatch(/^.{20,}$/);
	expect(`${error?.message ?? ''} ${error?.description ?? ''}`).not.toMatch(
		/undefined|\[object|TypeError|RangeError|Maximum call stack|Unexpected token/,
	);
}

describe.each([directory, ...SYSTEMS.map(phones)])(
	'$name',
	({ name, credentials, read, write }) => {
		async function reading(manner: Manner, signInToo = false): Promise<NodeRunResult> {
			const access = await credentials();
			impostor.behave(manner, signInToo);
			const [node, parameters] = read;
			return await runNode({ node, parameters, credentials: access });
		}

		it.each(USELESS)(
			'that %s is refused when it is read',
			async (manner) => {
				const result = await reading(manner);
				expect(impostor.spoiled).toBeGreaterThan(0);
				expect(impostor.spoiled).toBeLessThan(20);
				expectClear(result);
				expect(result.outputs.flat()).toEqual([]);
				expect(impostor.lured).toEqual([]);
				expect(impostor.longest).toBeLessThan(MOST_BYTES);
			},
			60_000,
		);

		it.each(USELESS.filter((manner) => !(byN8n[name] ?? []).includes(manner)))(
			'that %s also where one signs in is refused',
			async (manner) => {
				const result = await reading(manner, true);
				expectClear(result);
				expect(impostor.lured).toEqual([]);
				expect(impostor.spoiled).toBeLessThan(20);
				expect(impostor.longest).toBeLessThan(MOST_BYTES);
			},
			60_000,
		);

		it.each(USELESS)(
			'that %s when it is written to is told in clear words',
			async (manner) => {
				const access = await credentials();
				impostor.behave(manner);
				const [node, parameters, items] = write;
				const result = await runNode({
					node,
					parameters,
					credentials: access,
					inputs: [onWire(items())],
				});
				expect(impostor.lured).toEqual([]);
				expect(impostor.longest).toBeLessThan(MOST_BYTES);
				if (result.error) expectClear(result);
				else {
					const [item] = result.outputs.flat();
					expect(JSON.stringify(item?.json)).toMatch(/"result":"(failed|held)"/);
				}
			},
			60_000,
		);

		it.each(SPOILED)(
			'that %s leads nowhere and poisons nothing',
			async (manner) => {
				const result = await reading(manner);
				expect(impostor.spoiled).toBeGreaterThan(0);
				expect(impostor.lured).toEqual([]);
				expect(Object.keys(Object.prototype)).toEqual([]);
				expect('polluted' in {}).toBe(false);
				expect(JSON.stringify(result.outputs)).not.toContain('polluted');
				for (const { json } of result.outputs.flat()) expect('polluted' in json).toBe(false);
				if (result.error) expectClear(result);
				else expect(result.outputs.flat().length).toBeGreaterThan(5);
			},
			60_000,
		);
	},
);
