/** How every node of the directory side signs in: the choice in the panel, and the way to Graph. */
import type {
	IExecuteFunctions,
	IHookFunctions,
	ILoadOptionsFunctions,
	INodeCredentialDescription,
	INodeProperties,
	IWebhookFunctions,
} from 'n8n-workflow';

import { withConsent } from '../../entra/consent';
import type { EntraCredential, EntraCredentialType } from '../../entra/credential';
import { credentialNotes, readCredential } from '../../entra/credential';
import type { Graph } from '../../entra/graph';
import { openGraph } from '../../entra/graph';
import { registeredNote } from '../../entra/secret';
import { explainSignIn } from '../../entra/sign-in';
import type { HttpPort } from '../../http/port';
import type { RetryPolicy } from '../../http/retry';
import { withRetry } from '../../http/retry';
import type { Diagnostic } from '../../sync/diagnostic';
import { DiagnosedError } from '../../sync/diagnostic';
import type { ReadAccount } from '../../sync/item';
import { hostHttp } from '../host/http';

type Context = IExecuteFunctions | ILoadOptionsFunctions | IHookFunctions | IWebhookFunctions;

/** The choice itself, the first parameter of every node of the directory side. */
export const authenticationParameter: INodeProperties = {
	displayName: 'Authentication',
	name: 'authentication',
	type: 'options',
	noDataExpression: true,
	options: [
		{
			name: 'App Registration',
			value: 'entraOAuth2Api',
			description: 'With a client secret or a certificate; works wherever n8n runs',
		},
		{
			name: 'Managed Identity',
			value: 'entraManagedIdentityApi',
			description: 'Without any secret; n8n has to run in Azure',
		},
	],
	default: 'entraOAuth2Api',
};

const TYPES: readonly EntraCredentialType[] = ['entraOAuth2Api', 'entraManagedIdentityApi'];

export const directoryCredentials: INodeCredentialDescription[] = TYPES.map((name) => ({
	name,
	required: true,
	displayOptions: { show: { authentication: [name] } },
}));

export interface DirectoryConnection {
	/** Signed in and patient. */
	readonly http: HttpPort;
	/** Signed in; asks once, for what a run can do without. */
	readonly hasty: HttpPort;
	readonly graphUrl: string;
	/** The permissions in the token n8n holds now; null: it holds none. */
	readonly roles: () => Promise<readonly string[] | null>;
	/** As whom that token reads; null: there is none, or it does not say. */
	readonly account: () => Promise<ReadAccount | null>;
	/** Adds to a refusal what the app may do and where the rest is granted. */
	readonly explain: (diagnostic: Diagnostic) => Promise<Diagnostic>;
}

/** Connects with the credential of the node; n8n signs in and keeps the token. Nothing is sent yet. */
export async function connectDirectory(
	context: Context,
	patience: Partial<RetryPolicy> = {},
): Promise<DirectoryConnection> {
	const type = chosenType(context);
	const { graphUrl } = await readNow(context, type);
	const port = hostHttp(context, type, {
		signIn: type === 'entraOAuth2Api' ? 'oauth2' : 'renewed',
		explainRefusal: explainSignIn,
	});
	return {
		http: withRetry(port, patience),
		hasty: withRetry(port, { ...patience, attempts: 1, connectionAttempts: 1 }),
		graphUrl,
		roles: async () => (await readNow(context, type)).roles,
		account: async () => (await readNow(context, type)).account,
		// Read again, because the token that was refused may have come meanwhile.
		explain: async (diagnostic) => withConsent(diagnostic, await readNow(context, type)),
	};
}

/** Opens Microsoft Graph for reading. `explain`: for what is only found out from what was read. */
export async function openDirectory(
	context: Context,
	patience: Partial<RetryPolicy> = {},
): Promise<Graph & Pick<DirectoryConnection, 'explain' | 'account'>> {
	const { http, hasty, graphUrl, explain, account } = await connectDirectory(context, patience);
	const graph = openGraph(http, graphUrl, hasty);
	return {
		...graph,
		explain,
		account,
		async get(query, link) {
			try {
				return await graph.get(query, link);
			} catch (thrown) {
				return await rejectExplained(thrown, explain);
			}
		},
	};
}

/** What to tell early about the credential: a certificate or a secret that ends soon. */
export async function directoryNotes(
	context: IExecuteFunctions,
	graph: Graph,
): Promise<Diagnostic[]> {
	const type = chosenType(context);
	const raw = await rawCredential(context, type);
	const notes = credentialNotes(raw, Date.now());
	if (notes.length > 0 || type !== 'entraOAuth2Api') return notes;
	const { roles } = readCredential(raw, type);
	const note = await registeredNote(graph, raw, roles, Date.now());
	return note ? [note] : [];
}

/** Hands on what was thrown; a refusal for want of consent with what helps against it. */
export async function rejectExplained(
	thrown: unknown,
	explain: DirectoryConnection['explain'],
): Promise<never> {
	if (!(thrown instanceof DiagnosedError)) return await Promise.reject(thrown);
	// Explained already, where it was thrown.
	if (thrown.cause instanceof DiagnosedError) return await Promise.reject(thrown);
	const explained = await explain(thrown.diagnostic);
	// The very error, where there is nothing to add: its class may mean something to a caller.
	return await Promise.reject(
		explained === thrown.diagnostic ? thrown : new DiagnosedError(explained, { cause: thrown }),
	);
}

function chosenType(context: Context): EntraCredentialType {
	const chosen = authenticationIn(context);
	return TYPES.find((type) => type === chosen) ?? 'entraOAuth2Api';
}

function authenticationIn(context: Context): unknown {
	if ('getCurrentNodeParameter' in context)
		return context.getCurrentNodeParameter('authentication');
	return 'getExecutionCancelSignal' in context
		? context.getNodeParameter('authentication', 0, 'entraOAuth2Api')
		: context.getNodeParameter('authentication', 'entraOAuth2Api');
}

async function readNow(context: Context, type: EntraCredentialType): Promise<EntraCredential> {
	return readCredential(await rawCredential(context, type), type);
}

async function rawCredential(
	context: Context,
	type: EntraCredentialType,
): Promise<Readonly<Record<string, unknown>>> {
	if (context.getNode().credentials?.[type]) return await context.getCredentials(type);
	throw new DiagnosedError({
		code: 'entra.noCredential',
		what: 'The node has no credential for Microsoft Entra ID.',
		why: 'Templates come without credentials.',
		fix: "Open the node and choose or create one under 'Credential to connect with'.",
	});
}
