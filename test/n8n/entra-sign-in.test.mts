/** Every way of signing in to Entra, in a real n8n: the Test button, Connect, and a run. */
import type { CredentialRef, WorkflowFile } from '../../demo/n8n/api.mts';
import { openStage, PACKAGE, type Stage } from '../../demo/stage.mts';
import { selfSigned } from '../../sandbox/entra/certificate.mts';
import { findHost, ROOT } from './host.mts';

const DAY = 86_400_000;
const inDays = (days: number) => new Date(Date.now() + days * DAY);
const own = selfSigned('phone sync', { from: inDays(-1), until: inDays(365) });
const stranger = selfSigned('stranger', { from: inDays(-1), until: inDays(365) });

let stage: Stage;
beforeAll(async () => {
	stage = await openStage({
		root: ROOT,
		host: findHost(),
		// As an App Service tells what runs in it where its identity is.
		environment: ({ entra }) => ({
			IDENTITY_ENDPOINT: `${entra.authority}/msi/token`,
			IDENTITY_HEADER: 'sandbox-identity-header',
		}),
	});
	stage.sandbox.control.entra.state.certificates.push(own.certificate);
}, 600_000);
afterAll(() => stage?.stop(), 30_000);
beforeEach(() => {
	const roles = ['User.Read.All', 'GroupMember.Read.All'];
	Object.assign(stage.sandbox.control.entra.settings, { roles, delegated: roles });
});

const byApp = (more: object) => ({
	type: 'entraOAuth2Api',
	data: { ...stage.secrets.get('entraOAuth2Api'), ...more },
});
const byIdentity = (more: object = {}) => {
	const { authority, graph } = stage.sandbox.entra;
	const addresses = { cloud: 'custom', authorityUrl: authority, graphUrl: graph };
	return { type: 'entraManagedIdentityApi', data: { ...addresses, ...more } };
};
const byCertificate = ({ certificate, privateKey }: typeof own) =>
	byApp({ clientSecret: '', clientCredentialType: 'certificate', certificate, privateKey });
const federated = () => {
	const { tenantId, clientId } = stage.sandbox.entra;
	return byIdentity({ kind: 'federated', tenantId, clientId });
};

type Credential = ReturnType<typeof byApp>;

const keep = async ({ type, data }: Credential): Promise<CredentialRef> =>
	await stage.api.createCredential(`Sign in ${String(Date.now())}`, type, data);

const press = async (credential: Credential) =>
	await stage.api.testCredential({ ...(await keep(credential)), ...credential });

function reading(type: string, credential: CredentialRef): WorkflowFile {
	const node = { typeVersion: 1, position: [0, 0] };
	return {
		name: 'Read users',
		nodes: [
			{ ...node, id: 'a', name: 'Start', type: 'n8n-nodes-base.manualTrigger', parameters: {} },
			{
				...node,
				id: 'b',
				name: 'Users',
				type: `${PACKAGE}.entraUserSource`,
				parameters: { authentication: type },
				credentials: { [type]: credential },
			},
		],
		connections: { Start: { main: [[{ node: 'Users', type: 'main', index: 0 }]] } },
		settings: {},
	};
}

async function run(type: string, credential: CredentialRef) {
	const workflow = await stage.api.createWorkflow(reading(type, credential));
	return await stage.api.run(workflow, 'Start');
}

describe.each([
	['a certificate', () => byCertificate(own)],
	['the identity of an App Service', () => byIdentity()],
	['an app that trusts the identity', federated],
])('signing in by %s', (_how, credential) => {
	it('passes the Test button', async () => {
		expect(await press(credential())).toMatchObject({ status: 'OK' });
	});

	it('reads users', async () => {
		const given = credential();
		const { status, items } = await run(given.type, await keep(given)).then((execution) => ({
			status: execution.status,
			items: execution.items('Users'),
		}));
		expect(status).toBe('success');
		expect(items.length).toBeGreaterThan(200);
	}, 60_000);
});

describe("the Test button's refusal", () => {
	it.each([
		['of a certificate nobody uploaded', () => byCertificate(stranger)],
		['of an identity that is not there', () => byIdentity({ identityClientId: 'someone-else' })],
	])('%s says so, and nothing of the key', async (_what, credential) => {
		const { status, message } = await press(credential());
		expect(status).toBe('Error');
		expect(message).not.toBe('');
		expect(message).not.toContain('PRIVATE KEY');
	});

	it.each([
		['an app', () => byCertificate(own), /as an application permission/],
		['an identity', () => byIdentity(), /application role User\.Read\.All/],
	])('of %s without permissions names the one it needs', async (_who, credential, words) => {
		stage.sandbox.control.entra.settings.roles = [];
		const { status, message } = await press(credential());
		expect(status).toBe('Error');
		expect(message).toMatch(words);
	});
});

describe('a person', () => {
	const connect = async () => {
		const credential = await keep(byApp({ grantType: 'authorizationCode' }));
		return { credential, page: await stage.api.connectCredential(credential) };
	};

	it('connects the credential, and users are read with the rights of that person', async () => {
		const { credential, page } = await connect();
		expect(page).toMatch(/connect/i);
		const execution = await run('entraOAuth2Api', credential);
		expect(execution.status).toBe('success');
		expect(execution.items('Users').length).toBeGreaterThan(200);
	}, 60_000);

	it('is asked to connect again once Entra takes the sign-in back', async () => {
		const { entra } = stage.sandbox.control;
		const { credential } = await connect();
		entra.settings.personRevoked = true;
		entra.fault({ path: '/v1.0/users', does: { kind: 'status', status: 401 } });
		const { status, error } = await run('entraOAuth2Api', credential);
		entra.settings.personRevoked = false;
		expect(status).toBe('error');
		expect(error?.message).toContain('no longer accepts the person');
		expect(error?.description).toContain('connect again');
	}, 60_000);

	it('is told which delegated permission is missing', async () => {
		stage.sandbox.control.entra.settings.delegated = ['User.Read'];
		const { credential } = await connect();
		const { status, error } = await run('entraOAuth2Api', credential);
		expect(status).toBe('error');
		expect(error?.description).toContain('The delegated permission User.Read.All is missing');
		expect(error?.description).toContain('It may use User.Read.');
	}, 60_000);
});

it('no key, secret or token is in what n8n logged', async () => {
	const log = await stage.n8n.log();
	const line = own.privateKey.split('\n')[1] ?? '';
	for (const secret of [line, stage.sandbox.entra.clientSecret]) expect(log).not.toContain(secret);
	expect(log).not.toMatch(/eyJ[\w-]+\.eyJ/);
});
