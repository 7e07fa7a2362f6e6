import { ConfidentialClientApplication } from '@azure/msal-node';
import { startSandbox } from '../../sandbox/sandbox.mts';
import type { Sandbox } from '../../sandbox/sandbox.mts';
import { accessToken, askToken, graphClient, read } from './clients.mts';

let now = Date.UTC(2026, 10, 22);
let sandbox: Sandbox;

beforeEach(async () => {
	sandbox = await startSandbox({ clock: () => now });
});
afterEach(() => sandbox.stop());

/** Microsoft's own client believes it talks to the public cloud; only the addresses are ours. */
function microsoftClient(clientSecret: string) {
	const { authority, tenantId, clientId } = sandbox.entra;
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

const scopes = ['https://graph.microsoft.com/.default'];

describe('the token endpoint', () => {
	it("signs in Microsoft's own client, whose token then opens Graph", async () => {
		const { clientSecret, graph } = sandbox.entra;
		const result = await microsoftClient(clientSecret).acquireTokenByClientCredential({ scopes });
		const headers = { authorization: `Bearer ${result?.accessToken ?? ''}` };
		expect((await fetch(`${graph}/v1.0/users?$top=1`, { headers })).status).toBe(200);
	});

	it("makes Microsoft's own client say that the secret is wrong", async () => {
		const signIn = microsoftClient('wrong').acquireTokenByClientCredential({ scopes });
		await expect(signIn).rejects.toMatchObject({ errorCode: 'invalid_client', errorNo: 7000215 });
	});

	it.each([
		['a wrong secret', { client_secret: 'wrong' }, 401, 'invalid_client', 7000215],
		['no secret', { client_secret: '' }, 401, 'invalid_client', 7000218],
		['an unknown app', { client_id: 'nobody' }, 400, 'unauthorized_client', 700016],
		['a scope that is not .default', { scope: 'User.Read' }, 400, 'invalid_scope', 70011],
		[
			"another cloud's resource",
			{ scope: 'https://graph.elsewhere.example/.default' },
			400,
			'invalid_resource',
			500011,
		],
	])('refuses %s as Entra does', async (_what, changes, status, error, number) => {
		const answer = await askToken(sandbox, changes);
		expect(answer).toMatchObject({ status, body: { error, error_codes: [number] } });
		expect(answer.body['error_description']).toContain(`AADSTS${number}: `);
	});

	it('does not know another tenant', async () => {
		const answer = await askToken(sandbox, {}, '00000000-0000-0000-0000-000000000000');
		expect(answer).toMatchObject({ status: 400, body: { error_codes: [90002] } });
	});

	it('takes the credentials from a Basic header too', async () => {
		const { authority, tenantId, clientId, clientSecret, graph } = sandbox.entra;
		const basic = Buffer.from(`${clientId}:${encodeURIComponent(clientSecret)}`).toString('base64');
		const answer = await fetch(`${authority}/${tenantId}/oauth2/v2.0/token`, {
			method: 'POST',
			headers: { authorization: `Basic ${basic}` },
			body: new URLSearchParams({ grant_type: 'client_credentials', scope: `${graph}/.default` }),
		}).then(read);
		expect(answer).toMatchObject({ status: 200, body: { token_type: 'Bearer' } });
	});
});

describe('access tokens', () => {
	it('carry the roles, the tenant and the app as Microsoft writes them', async () => {
		const [, claims = ''] = (await accessToken(sandbox)).split('.');
		expect(JSON.parse(Buffer.from(claims, 'base64url').toString())).toMatchObject({
			roles: ['User.Read.All', 'GroupMember.Read.All'],
			tid: sandbox.entra.tenantId,
			appid: sandbox.entra.clientId,
			exp: now / 1000 + 3599,
		});
	});

	it('are refused once they are expired', async () => {
		const graph = await graphClient(sandbox);
		expect((await graph('/users?$top=1')).status).toBe(200);
		now += 3_600_000;
		expect(await graph('/users?$top=1')).toMatchObject({
			status: 401,
			body: { error: { code: 'InvalidAuthenticationToken' } },
		});
	});

	it('are refused when a single letter was changed', async () => {
		const token = await accessToken(sandbox);
		const forged = token.replace(/.\./, (end) => (end[0] === 'A' ? 'B.' : 'A.'));
		const headers = { authorization: `Bearer ${forged}` };
		expect((await fetch(`${sandbox.entra.graph}/v1.0/users`, { headers })).status).toBe(401);
	});

	it('keep the roles they were given with, whatever an administrator grants later', async () => {
		sandbox.control.entra.settings.roles = [];
		const before = await graphClient(sandbox);
		sandbox.control.entra.settings.roles = ['User.Read.All'];
		const after = await graphClient(sandbox);
		expect(await before('/users?$top=1')).toMatchObject({
			status: 403,
			body: { error: { code: 'Authorization_RequestDenied' } },
		});
		expect((await after('/users?$top=1')).status).toBe(200);
	});
});
