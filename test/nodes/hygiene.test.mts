/**
 * No secret, token or generated password reaches an item, an error, a hint, the log, the workflow's
 * memory or the stored run: not when all goes well, and not when a server says back all it was told.
 */
import type { IDataObject, INodeParameters, INodeType } from 'n8n-workflow';
import { PbxTarget } from '../../nodes/PbxTarget/PbxTarget.node.ts';
import { UnmatchedCleaner } from '../../nodes/UnmatchedCleaner/UnmatchedCleaner.node.ts';
import { systemNamed } from '../../pbx/systems.ts';
import type { Sandbox } from '../../sandbox/sandbox.mts';
import { startSandbox } from '../../sandbox/sandbox.mts';
import { fingerprint } from '../../sync/fingerprint.ts';
import type { Extension } from '../../sync/item.ts';
import { eavesdropOn, type Eavesdropper, type Manner } from './eavesdropper.mts';
import { everythingOf, findSecret } from './disguises.mts';
import { credentialType, propertiesOf, runNode, type NodeRunResult } from './engine.mts';
import { onWire, unmatched, type SystemName } from './leavers.mts';

// Patience with a server that will not get better would take minutes.
jest.mock('n8n-workflow', () => ({
	...jest.requireActual<object>('n8n-workflow'),
	sleep: async () => undefined,
}));

let sandbox: Sandbox;
let ear: Eavesdropper;
/** Besides what the eavesdropper hears. */
const learnt = new Set<string>();
const logged: unknown[][] = [];
beforeEach(async () => {
	sandbox = await startSandbox();
	logged.length = 0;
	learnt.clear();
	for (const level of ['log', 'info', 'warn', 'error', 'debug'] as const) {
		jest.spyOn(console, level).mockImplementation((...words) => void logged.push(words));
	}
});
afterEach(async () => {
	jest.restoreAllMocks();
	await ear.stop();
	await sandbox.stop();
});

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
const MANNERS: ReadonlyArray<readonly [Manner, boolean]> = [
	['honest', false],
	['echoes with 400', false],
	['echoes with 401', false],
	['echoes with 401', true],
	['echoes with 500', false],
	['echoes in disguise', false],
	['echoes in disguise', true],
	['refuses as OAuth does', true],
	['half a token', true],
	['no token', true],
	['a web page', false],
	['a web page', true],
];

function expectNoSecretIn(result: NodeRunResult): void {
	expect(ear.secrets.size).toBeGreaterThan(0);
	expect(findSecret(everythingOf(result, logged), [...ear.secrets, ...learnt])).toBeNull();
}

/** A recognisable value in every field of a credential that hides what is typed. */
function plant(type: string): Record<string, string> {
	const fields = propertiesOf(credentialType(type)).filter(
		({ typeOptions }) => typeOptions?.password === true && typeOptions.expirable !== true,
	);
	expect(fields.length).toBeGreaterThan(0);
	return Object.fromEntries(fields.map(({ name }) => [name, `Pl4nted&"${name}"+in/${type}=`]));
}

describe.each(SYSTEMS)('with %s', (name) => {
	const { credentialType: type, capabilities } = systemNamed(name);

	/** The credential, by way of the eavesdropper. */
	async function listenIn(): Promise<Record<string, IDataObject>> {
		const { baseUrl, ...rest } = { ...sandbox.systems[name] } as IDataObject & { baseUrl: string };
		const { origin } = new URL(baseUrl);
		ear = await eavesdropOn(origin);
		return { [type]: { ...rest, baseUrl: baseUrl.replace(origin, ear.url) } };
	}

	async function extensionsWith(credentials: Record<string, IDataObject>): Promise<Extension[]> {
		const parameters = { system: name, operation: 'getExtensions' };
		const { outputs, error } = await runNode({ node: new PbxTarget(), parameters, credentials });
		expect(error).toBeUndefined();
		// As the node promises them.
		return (outputs[0] ?? []).map(({ json }) => json['extension'] as unknown as Extension);
	}

	it.each(MANNERS)(
		'a list keeps every secret when the server is or sends: %s (signing in: %s)',
		async (manner, signInToo) => {
			const credentials = await listenIn();
			ear.behave(manner, signInToo);
			const parameters = { system: name, operation: 'getExtensions' };
			const result = await runNode({ node: new PbxTarget(), parameters, credentials });
			if (manner !== 'honest') expect(result.error).toBeDefined();
			expectNoSecretIn(result);
		},
		60_000,
	);

	it.each(MANNERS)(
		'a wrong secret is kept as well when the server is or sends: %s (signing in: %s)',
		async (manner, signInToo) => {
			const credentials = await listenIn();
			const { [type]: right = {} } = credentials;
			const planted = plant(type);
			for (const secret of Object.values(planted)) learnt.add(secret);
			ear.behave(manner, signInToo);
			const parameters = { system: name, operation: 'getExtensions' };
			const wrong = { [type]: { ...right, ...planted } };
			const result = await runNode({ node: new PbxTarget(), parameters, credentials: wrong });
			expect(result.error).toBeDefined();
			expectNoSecretIn(result);
		},
		60_000,
	);

	it.each(MANNERS)(
		'writing keeps every secret when the server is or sends: %s (signing in: %s)',
		async (manner, signInToo) => {
			const credentials = await listenIn();
			const found = (await extensionsWith(credentials)).find(({ enabled }) => enabled === true);
			const number = capabilities.numbers === 'none' ? null : '8001';
			const fields = {
				firstName: 'Ada',
				lastName: 'Ng',
				displayName: 'Ada Ng',
				email: 'a.ng@example.com',
			};
			const create = {
				kind: 'create',
				number,
				pbx: Object.fromEntries(
					Object.entries(fields).map(([key, to]) => [key, { from: null, to }]),
				),
				directory: {},
			};
			const disable = found
				? [{ kind: 'disable', extensionId: found.id, basedOn: fingerprint(found) }]
				: [];
			ear.behave(manner, signInToo);
			const apply: [INodeType, INodeParameters, object[]] = [
				new PbxTarget(),
				{ system: name, operation: 'applyChanges', dryRun: false },
				[create, ...disable].map((change) => ({ user: { id: 'u', status: 'active' }, change })),
			];
			const clean: [INodeType, INodeParameters, object[]] = [
				new UnmatchedCleaner(),
				{ system: name, dryRun: false },
				found ? [unmatched(found, name)] : [],
			];
			for (const [node, parameters, items] of [apply, clean]) {
				expectNoSecretIn(await runNode({ node, parameters, inputs: [onWire(items)], credentials }));
			}
		},
		60_000,
	);
});
