import type {
	IAdditionalCredentialOptions,
	ICredentialDataDecryptedObject,
	IDataObject,
	IExecuteFunctions,
	IHookFunctions,
	IHttpRequestOptions,
	ILoadOptionsFunctions,
	IWebhookFunctions,
} from 'n8n-workflow';
import { z } from 'zod';

import { causesOf } from '../../http/loss';
import type { HttpPort, HttpRequest, HttpResponse } from '../../http/port';
import { quote } from '../../http/quote';
import type { Diagnostic } from '../../sync/diagnostic';
import { DiagnosedError } from '../../sync/diagnostic';
import { readBody } from './body';
import { noAnswer } from './no-answer';
import { withoutSecrets } from './said-back';

/** What a sign-in service said when it gave no token (RFC 6749, 5.2). */
export interface SignInRefusal {
	readonly error: string;
	readonly description: string;
	/** Microsoft's own numbers, `AADSTS7000215` without its letters. Empty for others. */
	readonly codes: readonly number[];
}

export interface HostHttpOptions {
	/**
	 * 'oauth2': n8n keeps the token, renews it when a request is refused, and sends that once more.
	 * 'renewed': so does the credential type itself (`preAuthentication`).
	 * 'own' (default): the credential adds a header, or nothing at all.
	 */
	readonly signIn?: 'oauth2' | 'renewed' | 'own';
	/**
	 * The credential, where it was read already. Without it the host reads and decrypts it anew for
	 * every request, which takes longer than many a phone system takes to answer.
	 */
	readonly credential?: ICredentialDataDecryptedObject;
	/** From the credential field of that name: talk to a server whose certificate nobody vouches for. */
	readonly allowUnauthorizedCerts?: boolean;
	/** Puts a refused sign-in into words, where the service is known better than to OAuth. */
	readonly explainRefusal?: (refusal: SignInRefusal) => Diagnostic;
}

/**
 * 401: the token has expired. 403: it may be from before a permission was granted; n8n keeps a token
 * for an hour or more, and an administrator who just fixed it should not have to wait that long.
 */
const RENEW_ON = [401, 403];

const RENEWAL: Record<
	NonNullable<HostHttpOptions['signIn']>,
	IAdditionalCredentialOptions | undefined
> = {
	oauth2: { oauth2: { tokenExpiredStatusCode: RENEW_ON } },
	renewed: { preAuthenticationRetryStatusCode: RENEW_ON },
	own: undefined,
};

/**
 * An `HttpPort` over n8n's own request helper, with the credential of the given type: proxies, SSRF
 * protection, tokens and their renewal are the host's.
 *
 * It answers with whatever status came and never follows a redirect, so no credential travels to
 * another host. It rejects with a `DiagnosedError` when there is no answer; the cause of that error
 * holds the network code only, because the host's own error carries the request with its secrets.
 * What a refusal says back of the credential's secrets is taken out of it.
 * It does not retry: wrap it in `withRetry`.
 */
export function hostHttp(
	context: IExecuteFunctions | ILoadOptionsFunctions | IHookFunctions | IWebhookFunctions,
	credentialType: string,
	options: HostHttpOptions = {},
): HttpPort {
	const { credential: data, signIn = 'own' } = options;
	const read = data && { id: '', name: '', type: credentialType, data };
	const additions = read ? { ...RENEWAL[signIn], credentialsDecrypted: read } : RENEWAL[signIn];
	const discreet = async (answer: HttpResponse): Promise<HttpResponse> => {
		if (answer.status < 400) return answer;
		const known = data ?? (await context.getCredentials(credentialType));
		return { ...answer, body: withoutSecrets(answer.body, known) };
	};
	return async (request, signal) => {
		const hostRequest = toHostRequest(request, options, signal);
		try {
			const answer: unknown = await context.helpers.httpRequestWithAuthentication.call(
				context,
				credentialType,
				hostRequest,
				additions,
			);
			return await discreet(await toResponse(answer, request));
		} catch (thrown) {
			const answer = await answerWithin(thrown, request);
			return answer ? await discreet(answer) : giveUp(thrown, request, options);
		}
	};
}

function toHostRequest(
	request: HttpRequest,
	options: HostHttpOptions,
	signal: AbortSignal | undefined,
): IHttpRequestOptions {
	const { body, contentType } = encodeBody(request.body);
	const headers: IDataObject = { ...request.headers };
	const named = Object.keys(headers).some((name) => name.toLowerCase() === 'content-type');
	if (contentType && !named) headers['Content-Type'] = contentType;
	return {
		method: request.method,
		url: request.url,
		headers,
		...(body === undefined ? {} : { body }),
		// The host has no bound of its own for what it takes in.
		encoding: 'stream',
		returnFullResponse: true,
		// n8n renews a token only when it sees the status thrown.
		ignoreHttpStatusErrors: RENEWAL[options.signIn ?? 'own']
			? { ignore: true, except: RENEW_ON }
			: true,
		disableFollowRedirect: true,
		sendCredentialsOnCrossOriginRedirect: false,
		skipSslCertificateValidation: options.allowUnauthorizedCerts === true,
		timeout: request.timeoutMs ?? 60_000,
		abortSignal: signal,
	};
}

/** Encoded here, because the host drops a form or an object it takes for empty. */
function encodeBody(body: HttpRequest['body']): { body?: string; contentType?: string } {
	if (body === undefined) return {};
	if (typeof body === 'string') return { body };
	if (body instanceof URLSearchParams) {
		return { body: body.toString(), contentType: 'application/x-www-form-urlencoded' };
	}
	return { body: JSON.stringify(body), contentType: 'application/json' };
}

const hostAnswer = z.object({
	statusCode: z.number(),
	headers: z.record(z.unknown()).catch({}),
	body: z.unknown(),
});

async function toResponse(answer: unknown, request: HttpRequest): Promise<HttpResponse> {
	const { statusCode, headers, body } = hostAnswer.parse(answer);
	return {
		status: statusCode,
		headers: lowerCase(Object.entries(headers)),
		body: await readBody(body, request),
	};
}

function lowerCase(headers: Array<[string, unknown]>): Record<string, string> {
	return Object.fromEntries(headers.map(([name, value]) => [name.toLowerCase(), String(value)]));
}

/** Not below 300: a good answer is only thrown when it broke off in the middle, so it is no answer. */
const thrownAnswer = z.object({
	response: z.object({
		status: z.number().min(300),
		headers: z.record(z.unknown()).catch({}).transform(Object.entries),
		data: z.unknown(),
	}),
});

/** The token endpoint's answer, as n8n's OAuth client throws it when it is neither token nor refusal. */
const thrownTokenAnswer = z.object({ status: z.number(), body: z.string() });

/**
 * An answer the host chose to throw: a 401 or 403 after a renewed token was tried, or the sign-in
 * service being busy or down, which is as good a reason to wait as when the other side is.
 */
async function answerWithin(thrown: unknown, request: HttpRequest): Promise<HttpResponse | null> {
	for (const each of causesOf(thrown)) {
		const refusal = refusalIn(each);
		if (refusal) return isPassing(refusal) ? { status: 503, headers: {}, body: '' } : null;
		const whole = thrownAnswer.safeParse(each);
		if (whole.success) {
			const { status, headers, data } = whole.data.response;
			return { status, headers: lowerCase(headers), body: await readBody(data, request) };
		}
		const token = thrownTokenAnswer.safeParse(each);
		if (token.success && token.data.status >= 300) return { ...token.data, headers: {} };
	}
	return null;
}

const tokenRefusal = z.object({
	body: z.object({
		error: z.string(),
		error_description: z.string().catch(''),
		error_codes: z.array(z.number()).catch([]),
	}),
});

/** What n8n makes of a person's sign-in that is over; the service's own answer is not in it. */
const needsReconnecting = z.object({
	failure: z.object({ cause: z.literal('credential-invalid') }),
});

/** Stands for an answer that n8n keeps to itself. */
const RECONNECT = 'reconnect_needed';

function refusalIn(thrown: object): SignInRefusal | null {
	if (needsReconnecting.safeParse(thrown).success) {
		return { error: RECONNECT, description: '', codes: [] };
	}
	const parsed = tokenRefusal.safeParse(thrown);
	if (!parsed.success) return null;
	const { error, error_description, error_codes } = parsed.data.body;
	return { error, description: error_description, codes: error_codes };
}

function isPassing(refusal: SignInRefusal): boolean {
	return refusal.error === 'temporarily_unavailable' || refusal.error === 'server_error';
}

function giveUp(thrown: unknown, request: HttpRequest, options: HostHttpOptions): never {
	if (thrown instanceof DiagnosedError) throw thrown;
	for (const each of causesOf(thrown)) {
		const refusal = refusalIn(each);
		if (refusal) throw new DiagnosedError((options.explainRefusal ?? explainAnyRefusal)(refusal));
		if (thrownTokenAnswer.safeParse(each).success) throw new DiagnosedError(noToken);
	}
	throw noAnswer(thrown, request.url);
}

/** Said of a page of a proxy, or of another service, that came with 200 where a token belongs. */
const noToken: Diagnostic = {
	code: 'signIn.notAToken',
	what: 'The sign-in address answered with something that is no token.',
	why: 'It is the address of another service, or a proxy in between put its own page there.',
	fix: 'Check the sign-in address or cloud in the credential, and the proxy n8n uses.',
};

function explainAnyRefusal(refusal: SignInRefusal): Diagnostic {
	if (refusal.error === RECONNECT) {
		return {
			code: 'signIn.over',
			what: 'The sign-in of the credential is over.',
			why: 'Access was taken back, or the password or the permissions changed.',
			fix: 'Open the credential and connect it again.',
		};
	}
	return {
		code: 'signIn.refused',
		what: 'The sign-in service gave no token.',
		why: `It answered "${quote(refusal.error)}".`,
		fix: 'Check the client ID and the secret in the credential.',
	};
}
