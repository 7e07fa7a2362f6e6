/** Everything a node needs to offer a choice of phone systems and to talk to the chosen one. */
import type {
	ICredentialDataDecryptedObject,
	IExecuteFunctions,
	ILoadOptionsFunctions,
	INodeCredentialDescription,
	INodeProperties,
} from 'n8n-workflow';
import { z } from 'zod';

import type { RetryPolicy, Wait } from '../../http/retry';
import { withRetry } from '../../http/retry';
import type { Consented, PhoneSystem, SystemDefinition } from '../../pbx/adapter';
import { SYSTEMS, systemNamed } from '../../pbx/systems';
import { DiagnosedError } from '../../sync/diagnostic';
import { hostHttp } from './http';
import { tellProgress } from './progress';

/** The choice itself, the first parameter of every node that has it. */
export const systemParameter: INodeProperties = {
	displayName: 'Phone System',
	name: 'system',
	type: 'options',
	noDataExpression: true,
	options: SYSTEMS.map(({ name, displayName }) => ({ name: displayName, value: name })),
	default: 'yeastar',
	description: 'Where the extensions are. It decides which credential and which fields there are.',
};

/** One credential per system, shown when that system is chosen. */
export const systemCredentials: INodeCredentialDescription[] = SYSTEMS.filter(
	({ credentialType }) => credentialType !== '',
).map(({ name, credentialType }) => ({
	name: credentialType,
	required: true,
	displayOptions: { show: { system: [name] } },
}));

export interface OpenedPhoneSystem {
	readonly definition: SystemDefinition;
	/** Call `close()` when done, whatever happened. */
	readonly system: PhoneSystem;
	/** Changes with a side effect that the credential allows all the same. */
	readonly consents: ReadonlySet<Consented>;
}

const flag = z.boolean().catch(false);
const credentialFlags = z.object({ ignoreSslIssues: flag, allowCreate: flag, allowUpdate: flag });

/**
 * Opens the chosen phone system with the node's credential. Nothing is sent yet.
 *
 * Every request waits and tries again as `http/retry.ts` says, and ends when the run is cancelled.
 * Rejects with a `DiagnosedError` when there is no credential or it is not complete.
 */
export async function openPhoneSystem(
	context: IExecuteFunctions | ILoadOptionsFunctions,
	itemIndex = 0,
	patience: Partial<RetryPolicy> = {},
): Promise<OpenedPhoneSystem> {
	const chosen = chosenSystem(context, itemIndex);
	const { credentialType } = chosen;
	const credential = await credentialOf(context, chosen);
	const definition = { ...chosen, ...chosen.forCredential?.(credential) };
	const { ignoreSslIssues, allowCreate, allowUpdate } = credentialFlags.parse(credential);
	const consents = new Set<Consented>();
	if (allowCreate) consents.add('create');
	if (allowUpdate) consents.add('update');
	const signal =
		'getExecutionCancelSignal' in context ? context.getExecutionCancelSignal() : undefined;
	const http = withRetry(
		hostHttp(context, credentialType, { credential, allowUnauthorizedCerts: ignoreSslIssues }),
		{
			signal,
			onWait: (wait) => context.logger.info(describe(wait)),
			...patience,
		},
	);
	// Only a run has a log that somebody reads; a panel's list is short.
	const onProgress =
		'getExecutionCancelSignal' in context ? tellProgress(context, 'read') : undefined;
	const system = definition.open({ http, credential, signal, onProgress });
	return { definition, system, consents };
}

/** The chosen system, without opening it. */
export function chosenSystem(
	context: IExecuteFunctions | ILoadOptionsFunctions,
	itemIndex = 0,
): SystemDefinition {
	const name: unknown =
		'getInputData' in context
			? context.getNodeParameter('system', itemIndex)
			: context.getCurrentNodeParameter('system');
	return systemNamed(String(name));
}

/**
 * The chosen system as its credential makes it, without opening it. Before there is a credential it
 * is all it could be.
 */
export async function chosenWithCredential(
	context: IExecuteFunctions | ILoadOptionsFunctions,
): Promise<SystemDefinition> {
	const chosen = chosenSystem(context);
	const { forCredential, credentialType } = chosen;
	if (!forCredential || !context.getNode().credentials?.[credentialType]) return chosen;
	return { ...chosen, ...forCredential(await credentialOf(context, chosen)) };
}

async function credentialOf(
	context: IExecuteFunctions | ILoadOptionsFunctions,
	{ credentialType, displayName }: SystemDefinition,
): Promise<ICredentialDataDecryptedObject> {
	if (context.getNode().credentials?.[credentialType]) {
		return await context.getCredentials(credentialType);
	}
	throw new DiagnosedError({
		code: 'signIn.noCredential',
		what: `The node has no credential for ${displayName}.`,
		why: 'Templates come without credentials, and another phone system needs another one.',
		fix: "Open the node and choose or create one under 'Credential to connect with'.",
		field: 'Credential to connect with',
	});
}

function describe({ host, ms, status, attempt }: Wait): string {
	const reason = status === null ? 'gave no answer' : `answered with status ${String(status)}`;
	return `${host} ${reason} (attempt ${String(attempt)}); trying again in ${String(Math.round(ms / 1000))} s`;
}
