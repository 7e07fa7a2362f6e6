import type { IExecuteFunctions, ILoadOptionsFunctions } from 'n8n-workflow';

import { readCredential } from '../../entra/credential';
import type { Graph } from '../../entra/graph';
import { openGraph } from '../../entra/graph';
import { explainSignIn } from '../../entra/sign-in';
import type { RetryPolicy } from '../../http/retry';
import { withRetry } from '../../http/retry';
import { DiagnosedError } from '../../sync/diagnostic';
import { hostHttp } from '../host/http';

const CREDENTIAL = 'entraOAuth2Api';

/** Opens Microsoft Graph with the credential of the node; n8n signs in and keeps the token. */
export async function openDirectory(
	context: IExecuteFunctions | ILoadOptionsFunctions,
	patience: Partial<RetryPolicy> = {},
): Promise<Graph> {
	const { graphUrl } = readCredential(await credentialOf(context));
	const port = hostHttp(context, CREDENTIAL, { signIn: 'oauth2', explainRefusal: explainSignIn });
	return openGraph(withRetry(port, patience), graphUrl);
}

async function credentialOf(
	context: IExecuteFunctions | ILoadOptionsFunctions,
): Promise<Readonly<Record<string, unknown>>> {
	if (context.getNode().credentials?.[CREDENTIAL]) return await context.getCredentials(CREDENTIAL);
	throw new DiagnosedError({
		code: 'entra.noCredential',
		what: 'The node has no credential for Microsoft Entra ID.',
		why: 'Templates come without credentials.',
		fix: "Open the node and choose or create one under 'Credential to connect with'.",
	});
}
