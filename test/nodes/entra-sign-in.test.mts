import type { IDataObject } from 'n8n-workflow';

import { EntraUserSource } from '../../nodes/EntraUserSource/EntraUserSource.node.ts';
import { selfSigned } from '../../sandbox/entra/certificate.mts';
import type { Sandbox } from '../../sandbox/sandbox.mts';
import { startSandbox } from '../../sandbox/sandbox.mts';
import type { UserItem } from '../../sync/item.ts';
import type { NodeRunResult } from './engine.mts';
import { runNode } from './engine.mts';

const DAY = 86_400_000;
const inDays = (days: number) => new Date(Date.now() + days * DAY);
const own = selfSigned('phone sync', { from: inDays(-1), until: inDays(365) });
const ending = selfSigned('phone sync, soon over', { from: inDays(-1), until: inDays(10.5) });

let sandbox: Sandbox;

// One for the file: Microsoft's library looks for managed identities once per process.
beforeAll(async () => {
	sandbox = await startSandbox();
	process.env['AZURE_POD_IDENTITY_AUTHORITY_HOST'] = sandbox.entra.authority;
	sandbox.control.entra.state.certificates.push(own.certificate, ending.certificate);
});
afterAll(async () => {
	delete process.env['AZURE_POD_IDENTITY_AUTHORITY_HOST'];
	await sandbox.stop();
});
beforeEach(() => {
	const { settings } = sandbox.control.entra;
	const roles = ['User.Read.All', 'GroupMember.Read.All'];
	Object.assign(settings, { roles, federated: true, managedIdentity: true, tokenLifetime: 3599 });
	sandbox.control.entra.clearRequests();
	sandbox.control.entra.clearFaults();
});

function addresses(): IDataObject {
	const { authority, graph } = sandbox.entra;
	return { cloud: 'custom', authorityUrl: authority, graphUrl: graph };
}

function app(proof: IDataObject): IDataObject {
	const { tenantId, clientId } = sandbox.entra;
	return { ...addresses(), tenantId, clientId, ...proof };
}

const byCertificate = ({ certificate, privateKey }: typeof own) =>
	app({ clientCredentialType: 'certificate', certificate, privateKey });

const read = (authentication: string, credential: IDataObject) =>
	runNode({
		node: new EntraUserSource(),
		parameters: { authentication },
		credentials: { [authentication]: credential },
	});

const asApp = (credential: IDataObject) => read('entraOAuth2Api', credential);
const asIdentity = (credential: IDataObject = {}) =>
	read('entraManagedIdentityApi', { ...addresses(), ...credential });

/** As whom the list says it was read. */
const accountIn = ({ outputs }: NodeRunResult): unknown =>
	(outputs[0]?.[0]?.json as Partial<UserItem> | undefined)?.read?.account;

const usersIn = ({ outputs, error }: NodeRunResult) =>
	error ? error.message : (outputs[0]?.length ?? 0) > 200;

const told = ({ error }: NodeRunResult) => `${error?.message ?? ''} ${error?.description ?? ''}`;
const hintsOf = ({ hints }: NodeRunResult) => hints.map(({ message }) => message).join('\n');
const tokensAsked = () =>
	sandbox.control.entra.requests().filter(({ path }) => /\/token\/?$/.test(path)).length;

describe('an app with a certificate', () => {
	it('reads users, and the private key is sent nowhere', async () => {
		const result = await asApp(byCertificate(own));
		expect(usersIn(result)).toBe(true);
		const body = own.privateKey.split('\n')[1] ?? '';
		expect(JSON.stringify(result.run)).not.toContain(body);
	});

	it('works with a text whose line ends were lost while copying', async () => {
		const flat = (pem: string) => pem.replaceAll('\n', ' ').trim();
		const certificate = flat(own.certificate);
		const result = await asApp(byCertificate({ certificate, privateKey: flat(own.privateKey) }));
		expect(usersIn(result)).toBe(true);
	});

	it('is told early that the certificate ends', async () => {
		expect(hintsOf(await asApp(byCertificate(ending)))).toMatch(
			/The certificate of the Entra ID credential ends on \d{4}-\d\d-\d\d, in 10 days\./,
		);
		expect(hintsOf(await asApp(byCertificate(own)))).not.toContain('certificate');
	});

	it('is told that nobody uploaded the certificate', async () => {
		const stranger = selfSigned('stranger', { from: inDays(-1), until: inDays(365) });
		expect(told(await asApp(byCertificate(stranger)))).toContain('AADSTS700027');
	});

	it.each([
		['the key of another certificate', { privateKey: ending.privateKey }, 'Private Key'],
		['no key at all', { privateKey: 'secret' }, 'Private Key'],
		['the key in place of the certificate', { certificate: own.privateKey }, 'Certificate'],
	])('is told about %s before anything is sent', async (_what, change, field) => {
		const result = await asApp({ ...byCertificate(own), ...change });
		expect(result.error?.message).toBe(`The '${field}' of the Entra ID credential cannot be used.`);
		expect(sandbox.control.entra.requests()).toEqual([]);
	});
});

describe('an app with a secret', () => {
	const bySecret = (more: IDataObject = {}) =>
		app({ clientSecret: sandbox.entra.clientSecret, ...more });
	const soon = () => inDays(10.5).toISOString();

	it.each([
		['ends soon', () => inDays(10.5), /The client secret .* ends on \d{4}-\d\d-\d\d, in \d+ days/],
		['ended', () => inDays(-3), /The client secret .* ended on \d{4}-\d\d-\d\d/],
	])('is told that it %s by the day in the credential', async (_what, end, words) => {
		const proofEndsOn = end().toISOString().slice(0, 10);
		expect(hintsOf(await asApp(bySecret({ proofEndsOn })))).toMatch(words);
	});

	it('hears nothing of a day that is far away, or of none', async () => {
		const proofEndsOn = inDays(200).toISOString().slice(0, 10);
		expect(hintsOf(await asApp(bySecret({ proofEndsOn })))).not.toContain('secret');
		expect(hintsOf(await asApp(bySecret()))).not.toContain('secret');
	});

	it('is told when the day is none', async () => {
		const result = await asApp(bySecret({ proofEndsOn: 'next spring' }));
		expect(usersIn(result)).toBe(true);
		expect(hintsOf(result)).toContain("'Secret Ends On' of the Entra ID credential is no date.");
	});

	it('is told by its own registration where it may see it, of the secret it has', async () => {
		const { passwordCredentials } = sandbox.control.entra.state;
		const hint = sandbox.entra.clientSecret.slice(0, 3);
		passwordCredentials.push(
			{ displayName: 'old', hint, endDateTime: inDays(-3).toISOString() },
			{ displayName: 'of another tool', hint: 'xyz', endDateTime: inDays(1.5).toISOString() },
			{ displayName: 'ours', hint, endDateTime: soon() },
		);
		expect(hintsOf(await asApp(bySecret()))).not.toContain('secret');
		sandbox.control.entra.settings.roles.push('Application.Read.All');
		expect(hintsOf(await asApp(bySecret()))).toMatch(/The client secret .* in 10 days\./);
		passwordCredentials.length = 0;
	});

	it('reads users although its registration cannot be read', async () => {
		sandbox.control.entra.settings.roles.push('Application.Read.All');
		const times = { path: '/applications', times: 99 };
		sandbox.control.entra.fault({ ...times, does: { kind: 'status', status: 400 } });
		expect(usersIn(await asApp(bySecret()))).toBe(true);
	});
});

describe('an app without the permission', () => {
	it('is told what it has, what is missing, and where an administrator grants it', async () => {
		sandbox.control.entra.settings.roles = ['GroupMember.Read.All'];
		const { tenantId, clientId, clientSecret, authority } = sandbox.entra;
		const result = await asApp(app({ clientSecret }));
		expect(told(result)).toContain('User.Read.All is missing');
		expect(told(result)).toContain('It may use GroupMember.Read.All.');
		expect(told(result)).toContain(`${authority}/${tenantId}/adminconsent?client_id=${clientId}`);
	});

	it('is told that its secret has expired', async () => {
		sandbox.control.entra.settings.secretExpired = true;
		const result = await asApp(app({ clientSecret: sandbox.entra.clientSecret }));
		sandbox.control.entra.settings.secretExpired = false;
		expect(told(result)).toContain('AADSTS7000222');
	});
});

describe('a person', () => {
	it('is asked to connect first', async () => {
		const { clientSecret } = sandbox.entra;
		const result = await asApp(app({ clientSecret, grantType: 'authorizationCode' }));
		expect(result.error?.message).toBe('Nobody has connected the Entra ID credential yet.');
	});

	it('reads with the token of the connected credential', async () => {
		const { authority, tenantId, clientId, clientSecret, graph } = sandbox.entra;
		const oauthTokenData = await fetch(`${authority}/${tenantId}/oauth2/v2.0/token`, {
			method: 'POST',
			body: new URLSearchParams({
				grant_type: 'client_credentials',
				client_id: clientId,
				client_secret: clientSecret,
				scope: `${graph}/.default`,
			}),
		}).then((answer) => answer.json() as Promise<IDataObject>);
		const person = { clientSecret, grantType: 'authorizationCode', oauthTokenData };
		expect(usersIn(await asApp(app(person)))).toBe(true);
	});

	it('is named on the list by the user principal name', async () => {
		const { authority, tenantId, clientId, clientSecret } = sandbox.entra;
		const redirect_uri = 'http://localhost/callback';
		const asked = { client_id: clientId, redirect_uri, response_type: 'code', scope: 'User.Read' };
		const at = `${authority}/${tenantId}/oauth2/v2.0`;
		const signedIn = await fetch(`${at}/authorize?${new URLSearchParams(asked).toString()}`, {
			redirect: 'manual',
		});
		const code = new URL(signedIn.headers.get('location') ?? '').searchParams.get('code') ?? '';
		const redeemed = await fetch(`${at}/token`, {
			method: 'POST',
			body: new URLSearchParams({
				grant_type: 'authorization_code',
				client_id: clientId,
				client_secret: clientSecret,
				redirect_uri,
				code,
			}),
		});
		const oauthTokenData = (await redeemed.json()) as IDataObject;
		const person = { clientSecret, grantType: 'authorizationCode', oauthTokenData };
		const account = { kind: 'person', id: 'reader@nordvik.example', name: null };
		expect(accountIn(await asApp(app(person)))).toEqual(account);
	});
});

describe('a managed identity', () => {
	it('reads users without any secret', async () => {
		expect(usersIn(await asIdentity())).toBe(true);
		expect(tokensAsked()).toBe(1);
	});

	it('is named on the list by its client ID', async () => {
		const { appId } = sandbox.control.entra.state.managedIdentity;
		const result = await asIdentity();
		expect(accountIn(result)).toMatchObject({ kind: 'managedIdentity', id: appId });
		expect(JSON.stringify(result.outputs)).not.toContain('eyJ');
	});

	it('may be a user-assigned one', async () => {
		sandbox.control.entra.settings.managedIdentity = false;
		const { appId } = sandbox.control.entra.state.managedIdentity;
		expect(usersIn(await asIdentity({ identityClientId: appId }))).toBe(true);
	});

	it('gets another token when Graph no longer takes the one that n8n kept', async () => {
		expect(usersIn(await asIdentity({ accessToken: 'a.b.c' }))).toBe(true);
		expect(tokensAsked()).toBe(1);
	});

	it('is told when the machine does not have it', async () => {
		const result = await asIdentity({ identityClientId: '00000000-0000-0000-0000-000000000000' });
		expect(result.error?.message).toBe(
			'The machine n8n runs on does not have this managed identity.',
		);
	});

	it('is told when a permission is missing', async () => {
		sandbox.control.entra.settings.roles = [];
		const result = await asIdentity();
		expect(told(result)).toContain('It may use nothing at all.');
		expect(told(result)).not.toContain('adminconsent');
	});
});

describe('an app that trusts a managed identity', () => {
	const federated = (): IDataObject => {
		const { tenantId, clientId } = sandbox.entra;
		return { kind: 'federated', tenantId, clientId };
	};

	it('reads users without any secret', async () => {
		const result = await asIdentity(federated());
		expect(usersIn(result)).toBe(true);
		expect(accountIn(result)).toMatchObject({ kind: 'app', id: sandbox.entra.clientId });
	});

	it('is told when it does not trust this one', async () => {
		sandbox.control.entra.settings.federated = false;
		const result = await asIdentity(federated());
		expect(result.error?.message).toBe('The app does not trust the managed identity of n8n.');
		expect(told(result)).toContain('AADSTS700213');
	});

	it('signs in again at once after the sign-in service was busy', async () => {
		sandbox.control.entra.fault({
			path: 'oauth2/v2.0/token',
			does: { kind: 'status', status: 503, body: { error: 'temporarily_unavailable' } },
		});
		expect(usersIn(await asIdentity(federated()))).toBe(true);
	});

	it('leaves no token in what n8n stores of the run', async () => {
		const result = await asIdentity(federated());
		expect(JSON.stringify(result.run)).not.toContain('eyJ');
	});
});
