import { readCredential } from '../../../entra/credential.ts';

const part = (claims: unknown) => Buffer.from(JSON.stringify(claims)).toString('base64url');
const token = (claims: unknown) => `${part({ alg: 'RS256' })}.${part(claims)}.signature`;

const credential = (access_token: string) => ({
	tenantId: 'contoso.example',
	clientId: 'the-client-id',
	graphBaseUrl: 'https://graph.example',
	accessTokenUrl: 'https://login.example/contoso.example/oauth2/v2.0/token',
	oauthTokenData: { access_token },
});

const accountOf = (access_token: string) =>
	readCredential(credential(access_token), 'entraOAuth2Api').account;

describe('as whom a token reads', () => {
	const app = { roles: ['User.Read.All'], appid: 'app-1', app_displayname: 'Phone Sync' };

	it('is an app by its client ID and display name', () => {
		expect(accountOf(token(app))).toEqual({ kind: 'app', id: 'app-1', name: 'Phone Sync' });
		const newer = { azp: 'app-1', roles: [] };
		expect(accountOf(token(newer))).toEqual({ kind: 'app', id: 'app-1', name: null });
	});

	it('is a person as soon as delegated permissions are in it', () => {
		const person = { ...app, scp: 'User.Read.All', upn: 'ada@contoso.example' };
		const account = { kind: 'person', id: 'ada@contoso.example', name: null };
		expect(accountOf(token(person))).toEqual(account);
		expect(accountOf(token({ scp: 'User.Read.All', appid: 'app-1' }))).toBeNull();
	});

	it('is a managed identity only where the credential is one', () => {
		const { graphBaseUrl } = credential('');
		const raw = { graphBaseUrl, accessToken: token(app) };
		const { account } = readCredential(raw, 'entraManagedIdentityApi');
		expect(account).toEqual({ kind: 'managedIdentity', id: 'app-1', name: 'Phone Sync' });
	});

	it.each([
		['is opaque', 'EwBwA8l6BAAU'],
		['is empty', ''],
		['holds no JSON', 'a.b.c'],
		['holds no object', `x.${part('text')}.y`],
		['says nothing of it', token({ roles: ['User.Read.All'] })],
		['says it in another shape', token({ appid: 7, app_displayname: ['x'] })],
		['says it at length', token({ appid: 'x'.repeat(5_000) })],
	])('is not known when the token %s, and nothing breaks', (_what, text) => {
		expect(accountOf(text)).toBeNull();
	});
});
