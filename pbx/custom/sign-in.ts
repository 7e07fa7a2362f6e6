/** How a request shows who sends it: the five ways interfaces know, all with the same two secrets. */
import type { Session } from '../session';
import { openSession } from '../session';
import type { Carried, Profile, RequestTemplate } from './profile';

/** Headers and parameters that go with a request. */
export interface Pass {
	readonly headers: Readonly<Record<string, string>>;
	readonly query: Readonly<Record<string, string>>;
}

export interface Secrets {
	readonly account: string;
	readonly secret: string;
}

export interface SignIn {
	pass(): Promise<Pass>;
	/** After a pass was refused as expired: another one, or null when there is nothing to renew. */
	renewed(pass: Pass): Promise<Pass | null>;
	/** What gives the session back, when there is one. */
	readonly signOut: { readonly request: RequestTemplate; readonly pass: Pass } | null;
}

/** `obtain` sends a request for a token and reads the token from the answer. */
export function openSignIn(
	{ auth }: Profile,
	{ account, secret }: Secrets,
	obtain: (request: TokenRequest) => Promise<string>,
): SignIn {
	switch (auth.kind) {
		case 'none':
			return steady({ headers: {}, query: {} });
		case 'basic':
			return steady(header(`Basic ${base64(`${account}:${secret}`)}`));
		case 'bearer':
			return steady(header(`Bearer ${secret}`));
		case 'apiKey':
			return steady(carry(auth, secret));
		case 'oauth2':
		case 'login': {
			const session = openSession(async () => carry(auth.carry, await obtain(toTokenRequest())));
			return {
				pass: async () => await session.get(),
				renewed: async (pass) => await session.renew(pass),
				get signOut() {
					return auth.kind === 'login' && auth.signOut ? closing(auth.signOut, session) : null;
				},
			};
		}
	}

	function toTokenRequest(): TokenRequest {
		if (auth.kind === 'login') return { kind: 'login', template: auth.request };
		if (auth.kind !== 'oauth2') throw new TypeError('Only these two ask for a token');
		const client = { client_id: account, client_secret: secret };
		return {
			kind: 'oauth2',
			url: auth.tokenUrl,
			form: {
				grant_type: 'client_credentials',
				...(auth.scope ? { scope: auth.scope } : {}),
				...(auth.send === 'body' ? client : {}),
				...auth.form,
			},
			headers:
				auth.send === 'basic' ? { authorization: `Basic ${base64(`${account}:${secret}`)}` } : {},
		};
	}
}

export type TokenRequest =
	| { readonly kind: 'login'; readonly template: RequestTemplate }
	| {
			readonly kind: 'oauth2';
			readonly url: string;
			readonly form: Readonly<Record<string, string>>;
			readonly headers: Readonly<Record<string, string>>;
	  };

function steady(pass: Pass): SignIn {
	return { pass: async () => pass, renewed: async () => null, signOut: null };
}

function closing(request: RequestTemplate, { held }: Session<Pass>) {
	return held ? { request, pass: held } : null;
}

function carry({ in: where, name, prefix }: Carried, token: string): Pass {
	return where === 'header'
		? { headers: { [name]: prefix + token }, query: {} }
		: { headers: {}, query: { [name]: prefix + token } };
}

function header(authorization: string): Pass {
	return { headers: { authorization }, query: {} };
}

function base64(text: string): string {
	return Buffer.from(text, 'utf8').toString('base64');
}
