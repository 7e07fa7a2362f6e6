import { ConfidentialClientApplication } from '@azure/msal-node';
import { startSandbox } from '../../sandbox/sandbox.mts';
import type { Sandbox } from '../../sandbox/sandbox.mts';
import { read } from './clients.mts';

const REDIRECT = 'http://127.0.0.1:1/rest/oauth2-credential/callback';
const scopes = ['https://graph.microsoft.com/.default'];

let sandbox: Sandbox;

beforeEach(async () => {
	sandbox = await startSandbox();
});
afterEach(() => sandbox.stop());

const settings = () => sandbox.control.entra.settings;

/** Microsoft's own client believes it talks to the public cloud; only the addresses are ours. */
function microsoftClient() {
	const { authority, tenantId, clientId, clientSecret } = sandbox.entra;
	const real = `https://login.microsoftonline.com/${tenantId}`;
	const ours = `${authority}/${tenantId}/oauth2/v2.0`;
	return new ConfidentialClientApplication({
		auth: {
			clientId,
			clientSecret,
			authority: real,
			authorityMetadata: JSON.stringify({
				token_endpoint: `${ours}/token`,
				authorization_endpoint: `${ours}/authorize`,
				issuer: `${real}/v2.0`,
				jwks_uri: `${ours}/keys`,
			}),
		},
	});
}

/** Opens the page a browser would be sent to; gives what comes back in the address. */
async function consent(address: string): Promise<URLSearchParams> {
	const answer = await fetch(address, { redirect: 'manual' });
	expect(answer.status).toBe(302);
	const back = new URL(answer.headers.get('location') ?? '');
	expect(back.href).toContain(REDIRECT);
	return back.searchParams;
}

async function codeFor(client: ConfidentialClientApplication): Promise<string> {
	const address = await client.getAuthCodeUrl({ scopes, redirectUri: REDIRECT, state: 's&1' });
	const back = await consent(address);
	expect(back.get('state')).toBe('s&1');
	return back.get('code') ?? '';
}

const opens = async (token = '') =>
	await fetch(`${sandbox.entra.graph}/v1.0/users?$top=1`, {
		headers: { authorization: `Bearer ${token}` },
	}).then(({ status }) => status);

describe('a person who signs in', () => {
	it("gives Microsoft's own client a token with delegated permissions, and no roles", async () => {
		const client = microsoftClient();
		const code = await codeFor(client);
		const result = await client.acquireTokenByCode({ code, scopes, redirectUri: REDIRECT });
		expect(await opens(result.accessToken)).toBe(200);
		const [, claims = ''] = result.accessToken.split('.');
		const told = JSON.parse(Buffer.from(claims, 'base64url').toString()) as object;
		expect(told).toMatchObject({ scp: 'User.Read.All GroupMember.Read.All', idtyp: 'user' });
		expect(told).not.toHaveProperty('roles');
	});

	it('may do no more than was consented to', async () => {
		settings().delegated = ['User.Read'];
		const client = microsoftClient();
		const code = await codeFor(client);
		const result = await client.acquireTokenByCode({ code, scopes, redirectUri: REDIRECT });
		expect(await opens(result.accessToken)).toBe(403);
	});

	it('is sent back without a code when nobody consented', async () => {
		settings().delegated = [];
		const client = microsoftClient();
		const back = await consent(await client.getAuthCodeUrl({ scopes, redirectUri: REDIRECT }));
		expect(back.get('error')).toBe('consent_required');
		expect(back.get('error_description')).toContain('AADSTS65001');
	});

	it('cannot use a code twice', async () => {
		const client = microsoftClient();
		const code = await codeFor(client);
		const once = { code, scopes, redirectUri: REDIRECT };
		await client.acquireTokenByCode(once);
		await expect(microsoftClient().acquireTokenByCode(once)).rejects.toMatchObject({
			errorNo: 54005,
		});
	});

	it('gets new tokens by the refresh token, until the password changes', async () => {
		const { authority, tenantId, clientId, clientSecret } = sandbox.entra;
		const ask = (form: Record<string, string>) =>
			fetch(`${authority}/${tenantId}/oauth2/v2.0/token`, {
				method: 'POST',
				body: new URLSearchParams({
					client_id: clientId,
					client_secret: clientSecret,
					redirect_uri: REDIRECT,
					...form,
				}),
			}).then(read);
		const code = await codeFor(microsoftClient());
		const first = await ask({ grant_type: 'authorization_code', code });
		const refresh = {
			grant_type: 'refresh_token',
			refresh_token: String(first.body['refresh_token']),
		};
		expect(await opens(String((await ask(refresh)).body['access_token']))).toBe(200);
		settings().personRevoked = true;
		expect(await ask(refresh)).toMatchObject({ status: 400, body: { error_codes: [50173] } });
	});
});

describe('the consent page', () => {
	const open = (query: string) =>
		fetch(`${sandbox.entra.authority}/${sandbox.entra.tenantId}/adminconsent?${query}`, {
			redirect: 'manual',
		});

	it('grants what the app registration lists, to tokens given from then on', async () => {
		settings().roles = [];
		settings().listed = ['User.Read.All'];
		const answer = await open(`client_id=${sandbox.entra.clientId}`);
		expect(answer.status).toBe(200);
		expect(settings().roles).toEqual(['User.Read.All']);
	});

	it('leads back to where it was asked to', async () => {
		const to = encodeURIComponent(REDIRECT);
		const answer = await open(`client_id=${sandbox.entra.clientId}&redirect_uri=${to}&state=x`);
		expect(answer.headers.get('location')).toBe(
			`${REDIRECT}?admin_consent=True&tenant=${sandbox.entra.tenantId}&state=x`,
		);
	});

	it('knows no other app', async () => {
		settings().roles = [];
		expect((await open('client_id=other')).status).toBe(400);
		expect(settings().roles).toEqual([]);
	});
});
