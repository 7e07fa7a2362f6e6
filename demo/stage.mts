/**
 * Everything a run needs, standing: the sandbox, a real n8n with the packed package, its owner,
 * and a credential for the directory and for each phone system. The demo and the tests share it.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startSandbox, type Sandbox } from '../sandbox/sandbox.mts';
import { N8nApi, type CredentialRef, type NodeType, type Owner } from './n8n/api.mts';
import { packProject, pretendPublished } from './n8n/package.mts';
import type { Host } from './n8n/process.mts';
import { startN8n, type N8nServer } from './n8n/server.mts';
import { credentialTypeOf } from './template.mts';

export interface Stage {
	readonly sandbox: Sandbox;
	readonly n8n: N8nServer;
	readonly api: N8nApi;
	readonly owner: Owner;
	readonly nodeTypes: readonly NodeType[];
	/** By credential type. */
	readonly credentials: ReadonlyMap<string, CredentialRef>;
	/** What a credential of a type was made of. */
	readonly secrets: ReadonlyMap<string, Readonly<Record<string, unknown>>>;
	/** Ends n8n and the sandbox and removes what they left. May be called twice. */
	stop(): Promise<void>;
}

export const PACKAGE = 'n8n-nodes-entra-pbx-sync';

/** Whether a node type, or a tool made of it, comes from the package. */
export const isOurs = ({ name }: { readonly name: string }) => name.startsWith(`${PACKAGE}.`);

/** Only for this throw-away n8n, which listens on this machine alone. */
const OWNER: Owner = { email: 'owner@example.com', password: 'Phones-work-1-Monday' };

/**
 * Puts the stage up; `root` is the project, whose `dist` is built. `say` hears what is going on.
 * When a step does not work out, what already stood is taken down again.
 */
export async function openStage(options: {
	root: string;
	host: Host;
	/** Let n8n itself install the package, as its Community Nodes page does. */
	communityNodes?: boolean;
	/** Load the project itself instead of what is packed, and again whenever its build changes. */
	linked?: boolean;
	/** What n8n's process is told besides, for instance by the machine it runs on. */
	environment?: (sandbox: Sandbox) => Readonly<Record<string, string>>;
	/** Starts another n8n than the usual one in a single process, given the packed package. */
	startWith?: (tarball: string) => Promise<N8nServer>;
	port?: number | undefined;
	say?: (text: string) => void;
	signal?: AbortSignal;
}): Promise<Stage> {
	const {
		root,
		host,
		communityNodes = false,
		linked = false,
		environment = () => ({}),
		startWith,
		port,
		say = () => undefined,
		signal,
	} = options;
	const undo: (() => Promise<unknown>)[] = [];
	const takeDown = async () => {
		for (const step of undo.reverse()) await step();
	};
	let stopping: Promise<void> | undefined;
	const stop = () => (stopping ??= takeDown());
	try {
		say('Starting the sandbox: a directory and the phone systems');
		const sandbox = await startSandbox();
		undo.push(() => sandbox.stop());

		say('Packing the package');
		const folder = await mkdtemp(join(tmpdir(), 'entra-pbx-sync-pack-'));
		undo.push(() => rm(folder, { recursive: true, force: true }));
		const tarball = await packProject(root, folder);

		say('Starting n8n');
		const programs = join(folder, 'programs');
		const published = communityNodes ? await pretendPublished(tarball, programs) : undefined;
		const packed = published === undefined ? { tarball } : { programs };
		const start = linked ? { project: root } : packed;
		const n8n = await (startWith?.(tarball) ??
			startN8n({ host, ...start, environment: environment(sandbox), port, signal }));
		undo.push(() => n8n.stop());
		const api = new N8nApi(n8n.url);
		await api.setUpOwner(OWNER);
		if (published !== undefined) await api.installPackage(published);

		say('Making credentials');
		const nodeTypes = await api.nodeTypes((types) => types.some(isOurs));
		const secrets = secretsOf(sandbox, nodeTypes);
		const credentials = new Map<string, CredentialRef>();
		for (const [type, data] of secrets) {
			credentials.set(type, await api.createCredential(`Sandbox (${type})`, type, data));
		}
		return { sandbox, n8n, api, owner: OWNER, nodeTypes, credentials, secrets, stop };
	} catch (cause) {
		await stop();
		throw cause;
	}
}

/** A phone system of the sandbox. */
export type SystemName = keyof Sandbox['systems'];

/** Those the sandbox has, in the order they are shown. */
export const SYSTEMS: readonly SystemName[] = [
	'3cx',
	'freepbx',
	'messagemedia',
	'scim',
	'telavox',
	'vodia',
	'yeastar',
	'lynes',
	'customRest',
	'csv',
];

/** What to type into each credential, by credential type. */
function secretsOf(sandbox: Sandbox, nodeTypes: readonly NodeType[]) {
	const { authority, graph, tenantId, clientId, clientSecret } = sandbox.entra;
	const secrets = new Map<string, Readonly<Record<string, unknown>>>([
		[
			'entraOAuth2Api',
			{
				cloud: 'custom',
				authorityUrl: authority,
				graphUrl: graph,
				tenantId,
				clientId,
				clientSecret,
			},
		],
	]);
	for (const system of SYSTEMS) {
		// Nobody signs in to files.
		if (system === 'csv') continue;
		const access = sandbox.systems[system];
		secrets.set(credentialTypeOf(system, nodeTypes), { ...access });
	}
	return secrets;
}
