import { X509Certificate } from 'node:crypto';
import { ConfidentialClientApplication, ManagedIdentityApplication } from '@azure/msal-node';
import { selfSigned } from '../../sandbox/entra/certificate.mts';
import type { OwnCertificate } from '../../sandbox/entra/certificate.mts';
import { startSandbox } from '../../sandbox/sandbox.mts';
import type { Sandbox } from '../../sandbox/sandbox.mts';
import { askToken } from './clients.mts';

const DAY = 86_400_000;
const around = { from: new Date(Date.now() - DAY), until: new Date(Date.now() + DAY) };
const own = selfSigned('phone sync', around);
const scopes = ['https://graph.microsoft.com/.default'];

let sandbox: Sandbox;

// One for the file: MSAL looks for managed identities once per process.
beforeAll(async () => {
	sandbox = await startSandbox();
	process.env['AZURE_POD_IDENTITY_AUTHORITY_HOST'] = sandbox.entra.authority;
});
afterAll(async () => {
	delete process.env['AZURE_POD_IDENTITY_AUTHORITY_HOST'];
	await sandbox.stop();
});
afterEach(() => {
	sandbox.control.entra.state.certificates.length = 0;
	Object.assign(sandbox.control.entra.settings, { federated: true, managedIdentity: true });
});

const upload = ({ certificate }: OwnCertificate) =>
	sandbox.control.entra.state.certificates.push(certificate);

/** Microsoft's own client believes it talks to the public cloud; only the addresses are ours. */
function microsoftClient(proof: { clientAssertion: string } | { certificate: OwnCertificate }) {
	const { authority, tenantId, clientId } = sandbox.entra;
	const real = `https://login.microsoftonline.com/${tenantId}`;
	const ours = `${authority}/${tenantId}/oauth2/v2.0`;
	return new ConfidentialClientApplication({
		auth: {
			clientId,
			authority: real,
			...('clientAssertion' in proof ? proof : { clientCertificate: named(proof.certificate) }),
			authorityMetadata: JSON.stringify({
				token_endpoint: `${ours}/token`,
				authorization_endpoint: `${ours}/authorize`,
				issuer: `${real}/v2.0`,
				jwks_uri: `${ours}/keys`,
			}),
		},
	});
}

function named({ certificate, privateKey }: OwnCertificate) {
	const { fingerprint256 } = new X509Certificate(certificate);
	return { privateKey, thumbprintSha256: fingerprint256.replaceAll(':', '') };
}

const signIn = (proof: Parameters<typeof microsoftClient>[0]) =>
	microsoftClient(proof).acquireTokenByClientCredential({ scopes });

async function opensGraph(accessToken = ''): Promise<number> {
	const headers = { authorization: `Bearer ${accessToken}` };
	return (await fetch(`${sandbox.entra.graph}/v1.0/users?$top=1`, { headers })).status;
}

describe('a certificate', () => {
	it("signs in Microsoft's own client once it is uploaded", async () => {
		upload(own);
		const result = await signIn({ certificate: own });
		expect(await opensGraph(result?.accessToken)).toBe(200);
	});

	it('is refused when nobody uploaded it', async () => {
		await expect(signIn({ certificate: own })).rejects.toMatchObject({ errorNo: 700027 });
	});

	it('is refused when another key signed in its name', async () => {
		upload(own);
		const { privateKey } = selfSigned('somebody else', around);
		const mixed = { certificate: own.certificate, privateKey };
		await expect(signIn({ certificate: mixed })).rejects.toMatchObject({ errorNo: 700027 });
	});

	it('is refused after its end', async () => {
		const past = { from: new Date(0), until: new Date(Date.now() - DAY) };
		const expired = selfSigned('phone sync', past);
		upload(expired);
		await expect(signIn({ certificate: expired })).rejects.toMatchObject({ errorNo: 1000502 });
	});

	it('does not help an assertion that is none', async () => {
		upload(own);
		const answer = await askToken(sandbox, { client_secret: '', client_assertion: 'a.b.c' });
		expect(answer).toMatchObject({ status: 401, body: { error_codes: [50027] } });
	});
});

describe('a managed identity', () => {
	const identity = (clientId?: string) =>
		new ManagedIdentityApplication(
			clientId === undefined ? {} : { managedIdentityIdParams: { userAssignedClientId: clientId } },
		);
	const acquire = (application: ManagedIdentityApplication, resource: string) =>
		application.acquireToken({ resource, forceRefresh: true });

	it("gives Microsoft's own client a token that opens Graph", async () => {
		const { accessToken } = await acquire(identity(), 'https://graph.microsoft.com');
		expect(await opensGraph(accessToken)).toBe(200);
	});

	it('may be one of several, named by its client ID', async () => {
		const { appId } = sandbox.control.entra.state.managedIdentity;
		sandbox.control.entra.settings.managedIdentity = false;
		const { accessToken } = await acquire(identity(appId), 'https://graph.microsoft.com');
		expect(await opensGraph(accessToken)).toBe(200);
	});

	it('is missed when the machine has none', async () => {
		sandbox.control.entra.settings.managedIdentity = false;
		const asked = acquire(identity(), 'https://graph.microsoft.com');
		await expect(asked).rejects.toMatchObject({ errorCode: 'invalid_request' });
	});

	it('stands in for the secret of an app that trusts it, and of no other', async () => {
		const { accessToken } = await acquire(identity(), 'api://AzureADTokenExchange');
		const result = await signIn({ clientAssertion: accessToken });
		expect(await opensGraph(result?.accessToken)).toBe(200);

		sandbox.control.entra.settings.federated = false;
		const refused = signIn({ clientAssertion: accessToken });
		await expect(refused).rejects.toMatchObject({ errorNo: 700213 });
	});
});
