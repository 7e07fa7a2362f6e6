/** App Service and Container Apps give tokens at an address of their own, named in the environment. */
import type { IDataObject } from 'n8n-workflow';

import { EntraUserSource } from '../../nodes/EntraUserSource/EntraUserSource.node.ts';
import type { Sandbox } from '../../sandbox/sandbox.mts';
import { startSandbox } from '../../sandbox/sandbox.mts';
import { runNode } from './engine.mts';

let sandbox: Sandbox;

// A file of its own: Microsoft's library looks for managed identities once per process.
beforeAll(async () => {
	sandbox = await startSandbox();
	process.env['IDENTITY_ENDPOINT'] = `${sandbox.entra.authority}/msi/token`;
	process.env['IDENTITY_HEADER'] = 'sandbox-identity-header';
});
afterAll(async () => {
	delete process.env['IDENTITY_ENDPOINT'];
	delete process.env['IDENTITY_HEADER'];
	await sandbox.stop();
});
beforeEach(() => {
	sandbox.control.entra.clearRequests();
	Object.assign(sandbox.control.entra.settings, { federated: true, managedIdentity: true });
});

async function read(credential: IDataObject = {}) {
	const { authority, graph } = sandbox.entra;
	return await runNode({
		node: new EntraUserSource(),
		parameters: { authentication: 'entraManagedIdentityApi' },
		credentials: {
			entraManagedIdentityApi: {
				cloud: 'custom',
				authorityUrl: authority,
				graphUrl: graph,
				...credential,
			},
		},
	});
}

const paths = () => sandbox.control.entra.requests().map(({ path }) => path);

it('the identity of an App Service reads users', async () => {
	const { error, outputs } = await read();
	expect(error).toBeUndefined();
	expect(outputs[0]?.length).toBeGreaterThan(200);
	expect(paths()[0]).toBe('/msi/token');
	// The first to ask loads Microsoft's library.
}, 30_000);

it('an app that trusts it reads users in its place', async () => {
	const { tenantId, clientId } = sandbox.entra;
	const { error, outputs } = await read({ kind: 'federated', tenantId, clientId });
	expect(error).toBeUndefined();
	expect(outputs[0]?.length).toBeGreaterThan(200);
	expect(paths().slice(0, 2)).toEqual(['/msi/token', `/${tenantId}/oauth2/v2.0/token`]);
}, 30_000);

it('an identity that is not assigned to it is told of', async () => {
	const { error } = await read({ identityClientId: '00000000-0000-0000-0000-000000000000' });
	expect(error?.message).toBe('The machine n8n runs on does not have this managed identity.');
});
