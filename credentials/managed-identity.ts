/**
 * Tokens without a secret, by Microsoft's own library. It is the only third-party code of this
 * package that looks at environment variables and opens connections of its own, so it is loaded
 * only when a credential of this kind is used; docs/decisions/0008-managed-identity.md says why.
 */
import type { INetworkModule } from '@azure/msal-node';
import type { IHttpRequestOptions, IN8nHttpFullResponse } from 'n8n-workflow';
import { z } from 'zod';

/** n8n's own request helper: it knows the proxy, Microsoft's library does not. */
export type HostRequest = (options: IHttpRequestOptions) => Promise<unknown>;

const identity = z.object({
	kind: z.literal('identity'),
	identityClientId: z.string().trim().default(''),
	graphBaseUrl: z.string(),
});

const federated = identity.extend({
	kind: z.literal('federated'),
	clientId: z.string().trim().min(1, 'Client ID is empty'),
	accessTokenUrl: z.string().url('Tenant ID or sign-in address is not usable'),
	exchangeAudience: z.string(),
});

const credential = z.discriminatedUnion('kind', [identity, federated]);

type Identity = z.infer<typeof identity>;
type Federated = z.infer<typeof federated>;

/**
 * A sign-in that gave no token. `body` has the shape of a token endpoint's refusal (RFC 6749, 5.2),
 * which is what the nodes look for when they put a refusal into words. Holds no token.
 */
class SignInRefused extends Error {
	readonly body: {
		readonly error: string;
		readonly error_description: string;
		readonly error_codes: readonly number[];
	};

	constructor(error: string, description: string, codes: readonly number[]) {
		super(description);
		this.body = { error, error_description: description, error_codes: codes };
	}
}

const pending = new Map<string, Promise<string>>();

/**
 * Gets a new access token for Microsoft Graph. Calls that come together share one request, because
 * the library would send one each. Rejects with `SignInRefused`.
 */
export async function acquireToken(raw: unknown, request: HostRequest): Promise<string> {
	const given = credential.safeParse(raw);
	if (!given.success) {
		throw new SignInRefused('invalid_request', given.error.issues[0]?.message ?? '', []);
	}
	const key = JSON.stringify(given.data);
	const running = pending.get(key) ?? begin(key, given.data, request);
	return await running;
}

async function begin(
	key: string,
	given: Identity | Federated,
	request: HostRequest,
): Promise<string> {
	const running = (
		given.kind === 'identity' ? fromIdentity(given, given.graphBaseUrl) : fromApp(given, request)
	)
		.catch(refuse)
		.finally(() => pending.delete(key));
	pending.set(key, running);
	return await running;
}

/**
 * Asks the machine. Always the endpoint itself: Azure caches there, and n8n asks only when the token
 * it holds is of no use any more. These addresses are local to the machine, so no proxy belongs in
 * between and the library's own client is right.
 */
async function fromIdentity(
	{ identityClientId }: Identity | Federated,
	resource: string,
): Promise<string> {
	const { ManagedIdentityApplication } = await import('@azure/msal-node');
	const application = new ManagedIdentityApplication(
		identityClientId === ''
			? {}
			: { managedIdentityIdParams: { userAssignedClientId: identityClientId } },
	);
	const { accessToken } = await application
		.acquireToken({ resource, forceRefresh: true })
		.catch(refuseIdentity);
	return accessToken;
}

/**
 * Shows the identity's token to the app registration that trusts it. A new client each time: after
 * a 429 or 5xx the library refuses by itself for a minute or longer, even when Entra is well again.
 */
async function fromApp(given: Federated, request: HostRequest): Promise<string> {
	const { ConfidentialClientApplication } = await import('@azure/msal-node');
	const assertion = await fromIdentity(given, given.exchangeAudience);
	const address = new URL(given.accessTokenUrl);
	const tenant = address.pathname.split('/')[1] ?? '';
	// The addresses are given, not looked up: the library would not take a custom cloud otherwise.
	const application = new ConfidentialClientApplication({
		auth: {
			clientId: given.clientId,
			clientAssertion: assertion,
			authority: `https://login.microsoftonline.com/${tenant}`,
			authorityMetadata: JSON.stringify({
				token_endpoint: given.accessTokenUrl,
				authorization_endpoint: given.accessTokenUrl.replace(/token$/, 'authorize'),
				issuer: `https://login.microsoftonline.com/${tenant}/v2.0`,
				jwks_uri: `${address.origin}/${tenant}/discovery/v2.0/keys`,
			}),
		},
		system: { networkClient: hostNetwork(request) },
	});
	const result = await application.acquireTokenByClientCredential({
		scopes: [`${given.graphBaseUrl}/.default`],
	});
	return result?.accessToken ?? refuse(new Error('The sign-in gave no token.'));
}

function hostNetwork(request: HostRequest): INetworkModule {
	const send = async <Body>(
		method: 'GET' | 'POST',
		url: string,
		options: { headers?: Record<string, string>; body?: string } = {},
	) => {
		// The host's full answer, whatever the status; the library itself judges the body.
		const answer = (await request({
			method,
			url,
			headers: options.headers ?? {},
			body: options.body ?? '',
			json: false,
			encoding: 'text',
			returnFullResponse: true,
			ignoreHttpStatusErrors: true,
			disableFollowRedirect: true,
		})) as IN8nHttpFullResponse;
		const { statusCode, headers, body } = answer;
		return {
			status: statusCode,
			headers: Object.fromEntries(
				Object.entries(headers).map(([name, value]) => [name, String(value)]),
			),
			// The library declares what it will find in the body; it checks that itself.
			body: (typeof body === 'string' ? JSON.parse(body) : body) as Body,
		};
	};
	return {
		sendGetRequestAsync: async (url, options) => await send('GET', url, options),
		sendPostRequestAsync: async (url, options) => await send('POST', url, options),
	};
}

/** The fields of the library's errors that tell something. */
const libraryError = z.object({
	errorCode: z.string(),
	errorMessage: z.string().catch(''),
	errorNo: z.coerce.number().optional().catch(undefined),
});

const UNREACHABLE = 'managed_identity_unreachable';
const REFUSED = 'managed_identity_refused';

/** The machine's own endpoint has no numbers; it is there or not, and knows the identity or not. */
function refuseIdentity(thrown: unknown): never {
	const known = libraryError.safeParse(thrown);
	const { errorCode, errorMessage } = known.success
		? known.data
		: { errorCode: '', errorMessage: '' };
	const isAnswer = known.success && errorCode !== 'network_error';
	throw new SignInRefused(isAnswer ? REFUSED : UNREACHABLE, errorMessage, []);
}

function refuse(thrown: unknown): never {
	if (thrown instanceof SignInRefused) return rethrow(thrown);
	const known = libraryError.safeParse(thrown);
	if (!known.success) {
		const words = thrown instanceof Error ? thrown.message : '';
		throw new SignInRefused('server_error', words, []);
	}
	const { errorCode, errorMessage, errorNo } = known.data;
	throw new SignInRefused(errorCode, errorMessage, errorNo === undefined ? [] : [errorNo]);
}

function rethrow(refusal: SignInRefused): never {
	throw refusal;
}
