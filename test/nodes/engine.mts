/**
 * Runs one of our nodes inside n8n-core's real workflow engine: real inputs and outputs, real
 * expression and credential handling, real error routing. Only what n8n keeps in its database
 * (credentials, node types) is held in memory here.
 */
import 'reflect-metadata';
import { ExecutionLifecycleHooks, HookContext, WorkflowExecute } from 'n8n-core';
import type {
	ICredentialDataDecryptedObject,
	ICredentialType,
	IDataObject,
	IHookFunctions,
	IHttpRequestHelper,
	IHttpRequestOptions,
	INode,
	INodeExecutionData,
	INodeParameters,
	INodeProperties,
	INodeType,
	INodeTypes,
	IRun,
	IWorkflowExecuteAdditionalData,
	NodeExecutionHint,
	OnError,
	WorkflowExecuteMode,
} from 'n8n-workflow';
import { NodeConnectionTypes, NodeHelpers, Workflow } from 'n8n-workflow';
import { EntraManagedIdentityApi } from '../../credentials/EntraManagedIdentityApi.credentials.ts';
import { EntraOAuth2Api } from '../../credentials/EntraOAuth2Api.credentials.ts';
import { MessageMediaApi } from '../../credentials/MessageMediaApi.credentials.ts';
import { CustomRestApi } from '../../credentials/CustomRestApi.credentials.ts';
import { LynesApi } from '../../credentials/LynesApi.credentials.ts';
import { ScimApi } from '../../credentials/ScimApi.credentials.ts';
import { FreePbxApi } from '../../credentials/FreePbxApi.credentials.ts';
import { TelavoxApi } from '../../credentials/TelavoxApi.credentials.ts';
import { ThreeCxApi } from '../../credentials/ThreeCxApi.credentials.ts';
import { VodiaApi } from '../../credentials/VodiaApi.credentials.ts';
import { YeastarApi } from '../../credentials/YeastarApi.credentials.ts';

export interface NodeRun {
	readonly node: INodeType;
	readonly parameters?: INodeParameters;
	/** One list of items per input; `null` leaves that input unconnected. */
	readonly inputs?: ReadonlyArray<readonly INodeExecutionData[] | null>;
	/** By credential type name. */
	readonly credentials?: Readonly<Record<string, IDataObject>>;
	readonly onError?: OnError;
	readonly mode?: WorkflowExecuteMode;
	/** What earlier runs of the workflow left behind. */
	readonly staticData?: IDataObject;
	/** Stops the run from outside, as the editor's stop button does, when it settles. */
	readonly cancelWhen?: Promise<unknown>;
}

export interface NodeRunResult {
	/** One list per output, the error output last when `onError` asks for one. */
	readonly outputs: INodeExecutionData[][];
	readonly error?: Error & { description?: string | null };
	readonly hints: readonly NodeExecutionHint[];
	readonly staticData: IDataObject;
	/** Everything n8n would store of this run, for tests that look for secrets in it. */
	readonly run: IRun;
}

const UNDER_TEST = 'Under Test';

/** Runs the node once with the given items and gives back what n8n would hand on. */
export async function runNode(options: NodeRun): Promise<NodeRunResult> {
	const inputs = options.inputs ?? [[{ json: {} }]];
	const workflow = workflowAround(options, inputs);
	const mode = options.mode ?? 'trigger';
	let staticData: IDataObject = {};
	const hooks = new ExecutionLifecycleHooks(mode, '1', {
		id: 'w1',
		name: 'test',
		active: false,
		isArchived: false,
		nodes: Object.values(workflow.nodes),
		connections: workflow.connectionsBySourceNode,
		createdAt: new Date(0),
		updatedAt: new Date(0),
		activeVersionId: null,
	});
	hooks.addHandler('workflowExecuteAfter', (_run, changed) => {
		staticData = changed;
	});
	const execution = new WorkflowExecute(additionalData(hooks, options.credentials ?? {}), mode).run(
		{ workflow, startNode: workflow.nodes['Start'] },
	);
	void options.cancelWhen?.then(() => {
		execution.cancel();
	});
	const run = await execution;
	const { runData, error } = run.data.resultData;
	const task = runData[UNDER_TEST]?.[0];
	return {
		outputs: (task?.data?.['main'] ?? []).map((items) => items ?? []),
		...((task?.error ?? error) ? { error: (task?.error ?? error) as Error } : {}),
		hints: task?.hints ?? [],
		staticData,
		run,
	};
}

/** Calls a trigger as n8n does when a workflow is switched on, and gives what was left behind. */
export async function switchOn(
	options: NodeRun,
	act: (context: IHookFunctions) => Promise<unknown>,
): Promise<{ readonly error: unknown; readonly staticData: IDataObject }> {
	const workflow = workflowAround(options, []);
	const hooks = new ExecutionLifecycleHooks('trigger', '1', {
		id: 'w1',
		name: 'test',
		active: true,
		isArchived: false,
		nodes: Object.values(workflow.nodes),
		connections: {},
		createdAt: new Date(0),
		updatedAt: new Date(0),
		activeVersionId: null,
	});
	const [node] = Object.values(workflow.nodes).filter(({ name }) => name === UNDER_TEST);
	if (!node) throw new Error('It was put there.');
	const data = additionalData(hooks, options.credentials ?? {});
	const context = new HookContext(workflow, node, data, 'trigger', 'activate');
	const error: unknown = await act(context).then(
		() => null,
		(thrown: unknown) => thrown,
	);
	return { error, staticData: workflow.staticData };
}

/** Start -> one feeder per connected input -> the node under test. */
function workflowAround(options: NodeRun, inputs: NonNullable<NodeRun['inputs']>): Workflow {
	const description = options.node.description;
	const credentials = Object.fromEntries(
		Object.keys(options.credentials ?? {}).map((type) => [type, { id: type, name: type }]),
	);
	const nodes: INode[] = [
		node('Start', 'test.start'),
		...inputs.flatMap((items, index) =>
			items === null ? [] : [node(`Input ${String(index)}`, `test.feeder${String(index)}`)],
		),
		{
			...node(UNDER_TEST, 'test.node', options.parameters),
			credentials,
			...(options.onError ? { onError: options.onError } : {}),
		},
	];
	const feeders = nodes.filter((candidate) => candidate.name.startsWith('Input '));
	const to = (name: string, index: number) => ({
		node: name,
		type: NodeConnectionTypes.Main,
		index,
	});
	const types: Record<string, INodeType> = {
		'test.start': passThrough(),
		'test.node': options.node,
	};
	inputs.forEach((items, index) => {
		if (items) types[`test.feeder${String(index)}`] = feeder(items);
	});
	const nodeTypes: INodeTypes = {
		getByName: (type) => requireType(types, type),
		getByNameAndVersion: (type, version) =>
			NodeHelpers.getVersionedNodeType(requireType(types, type), version),
		getKnownTypes: () => ({}),
	};
	return new Workflow({
		id: 'w1',
		name: description.displayName,
		active: false,
		nodes,
		nodeTypes,
		connections: {
			Start: { main: [feeders.map((feeding) => to(feeding.name, 0))] },
			...Object.fromEntries(
				feeders.map((feeding) => [
					feeding.name,
					{ main: [[to(UNDER_TEST, Number(feeding.name.slice('Input '.length)))]] },
				]),
			),
		},
		settings: { executionOrder: 'v1' },
		// As n8n keeps it between runs: in its database, as JSON.
		...(options.staticData
			? { staticData: JSON.parse(JSON.stringify(options.staticData)) as IDataObject }
			: {}),
	});
}

function node(name: string, type: string, parameters: INodeParameters = {}): INode {
	return { id: name, name, type, typeVersion: 1, position: [0, 0], parameters };
}

function passThrough(): INodeType {
	return feeder([{ json: {} }]);
}

function feeder(items: readonly INodeExecutionData[]): INodeType {
	return {
		description: {
			displayName: 'Feeder',
			name: 'feeder',
			group: ['input'],
			version: 1,
			description: '',
			defaults: {},
			inputs: [NodeConnectionTypes.Main],
			outputs: [NodeConnectionTypes.Main],
			properties: [],
		},
		// A copy, as every item that crosses a wire in n8n is one's own.
		execute: async () => [structuredClone([...items])],
	};
}

function requireType(types: Record<string, INodeType>, type: string): INodeType {
	const found = types[type];
	if (!found) throw new Error(`Node type ${type} is not known to this test`);
	return found;
}

/** n8n's own base type, as far as OAuth2 credentials inherit from it. */
const oAuth2Api: ICredentialType = {
	name: 'oAuth2Api',
	displayName: 'OAuth2 API',
	properties: (
		[
			['grantType', 'authorizationCode'],
			['authUrl', ''],
			['accessTokenUrl', ''],
			['clientId', ''],
			['clientCredentialType', 'clientSecret'],
			['clientSecret', ''],
			['privateKey', ''],
			['certificate', ''],
			['scope', ''],
			['authQueryParameters', ''],
			['authentication', 'header'],
			['sendAdditionalBodyProperties', false],
			['additionalBodyProperties', ''],
			['oauthTokenData', {}],
		] as const
	).map(
		([name, value]): INodeProperties => ({
			displayName: name,
			name,
			type: typeof value === 'object' ? 'json' : typeof value === 'boolean' ? 'boolean' : 'string',
			default: value,
		}),
	),
};

const CREDENTIAL_TYPES: readonly ICredentialType[] = [
	oAuth2Api,
	new EntraOAuth2Api(),
	new EntraManagedIdentityApi(),
	new YeastarApi(),
	new VodiaApi(),
	new ThreeCxApi(),
	new ScimApi(),
	new CustomRestApi(),
	new LynesApi(),
	new TelavoxApi(),
	new FreePbxApi(),
	new MessageMediaApi(),
];

export function credentialType(name: string): ICredentialType {
	const found = CREDENTIAL_TYPES.find((type) => type.name === name);
	if (!found) throw new Error(`Credential type ${name} is not known to this test`);
	return found;
}

export function propertiesOf(type: ICredentialType): INodeProperties[] {
	const properties: INodeProperties[] = [];
	for (const parent of type.extends ?? [])
		NodeHelpers.mergeNodeProperties(properties, propertiesOf(credentialType(parent)));
	NodeHelpers.mergeNodeProperties(properties, type.properties);
	return properties;
}

/** Credentials as n8n's own helper treats them: defaults filled in, expressions over `$self` resolved. */
function additionalData(
	hooks: ExecutionLifecycleHooks,
	stored: Readonly<Record<string, IDataObject>>,
): IWorkflowExecuteAdditionalData {
	const kept: Record<string, IDataObject> = structuredClone(stored);
	const resolving = new Workflow({
		nodes: [node('Credential', 'test.start')],
		connections: {},
		active: false,
		nodeTypes: {
			getByName: () => passThrough(),
			getByNameAndVersion: () => passThrough(),
			getKnownTypes: () => ({}),
		},
	});
	const mockNode = node('Credential', 'test.start');
	const resolve = (value: unknown, keys: IDataObject): unknown =>
		resolving.expression.getComplexParameterValue(
			mockNode,
			value as never,
			'internal',
			keys as never,
		);

	const credentialsHelper = {
		getParentTypes: (name: string) => credentialType(name).extends ?? [],
		isCredentialUsableByNode: () => true,
		getCredentialsProperties: (name: string) => propertiesOf(credentialType(name)),
		getDecrypted: async (_data: unknown, details: { name: string }, name: string) => {
			const data = kept[details.name];
			if (!data) throw new Error(`No credential ${details.name} in this test`);
			const filled = NodeHelpers.getNodeParameters(
				propertiesOf(credentialType(name)),
				data as INodeParameters,
				true,
				false,
				null,
				null,
			);
			const resolved = resolve(filled, { $self: filled }) as ICredentialDataDecryptedObject;
			return {
				...resolved,
				...(data['oauthTokenData'] ? { oauthTokenData: data['oauthTokenData'] } : {}),
			};
		},
		authenticate: async (
			credentials: ICredentialDataDecryptedObject,
			name: string,
			request: IHttpRequestOptions,
		) => {
			const { authenticate } = credentialType(name);
			if (typeof authenticate === 'function') return await authenticate(credentials, request);
			for (const [part, values] of Object.entries(authenticate?.properties ?? {})) {
				const target = { ...(request[part as 'headers'] ?? {}) } as IDataObject;
				for (const [key, value] of Object.entries(values as IDataObject))
					target[key] = resolve(value, { $credentials: credentials }) as string;
				Object.assign(request, { [part]: target });
			}
			return request;
		},
		preAuthentication: async (
			helpers: IHttpRequestHelper,
			credentials: ICredentialDataDecryptedObject,
			name: string,
			_node: INode,
			expired: boolean,
		) => {
			const type = credentialType(name);
			const token = type.properties.find(({ typeOptions }) => typeOptions?.expirable)?.name;
			if (!token || !type.preAuthentication) return undefined;
			if (credentials[token] !== '' && !expired) return undefined;
			const output = await type.preAuthentication.call(helpers, credentials);
			keep(name, output);
			return Object.assign(credentials, output);
		},
		runPreAuthentication: async () => undefined,
		updateCredentials: async () => undefined,
		updateCredentialsOauthTokenData: async (
			details: { name: string },
			_type: string,
			data: ICredentialDataDecryptedObject,
		) => {
			kept[details.name] = {
				...kept[details.name],
				oauthTokenData: data['oauthTokenData'] as IDataObject,
			};
		},
	};
	function keep(name: string, values: IDataObject) {
		kept[name] = { ...kept[name], ...values };
	}

	const base = 'http://127.0.0.1:1';
	// n8n fills this in from its database and server; the engine needs only these parts for one node.
	return {
		hooks,
		credentialsHelper,
		executionId: '1',
		currentNodeExecutionIndex: 0,
		variables: {},
		restApiUrl: base,
		instanceBaseUrl: base,
		formBaseUrl: base,
		formWaitingBaseUrl: base,
		formTestBaseUrl: base,
		webhookBaseUrl: base,
		webhookWaitingBaseUrl: base,
		webhookTestBaseUrl: base,
		mcpBaseUrl: base,
		mcpTestBaseUrl: base,
	} as unknown as IWorkflowExecuteAdditionalData;
}
