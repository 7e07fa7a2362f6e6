/**
 * No secret of the directory's side reaches an item, an error, a hint, the log, the workflow's memory
 * or the stored run: not a client secret, a private key, a token of an app, a person or a managed
 * identity, not as it is and not encoded, whatever goes wrong.
 */
import type { IDataObject, INodeParameters, INodeType } from 'n8n-workflow';
import { EntraUserSource } from '../../nodes/EntraUserSource/EntraUserSource.node.ts';
import { EntraUserTarget } from '../../nodes/EntraUserTarget/EntraUserTarget.node.ts';
import { EntraUserTrigger } from '../../nodes/EntraUserTrigger/EntraUserTrigger.node.ts';
import { selfSigned } from '../../sandbox/entra/certificate.mts';
import type { Sandbox } from '../../sandbox/sandbox.mts';
import { startSandbox } from '../../sandbox/sandbox.mts';
import { everythingOf, findSecret } from './disguises.mts';
import { eavesdropOn, type Eavesdropper, type Manner } from './eavesdropper.mts';
import { runNode, switchOn } from './engine.mts';
import { onWire } from './leavers.mts';

// Patience with a server that will not get better would take minutes.
jest.mock('n8n-workflow', () => ({
	...jest.requireActual<object>('n8n-workflow'),
	sleep: async () => undefined,
}));

const DAY = 86_400_000;
const { certificate, privateKey } = selfSigned('phone sync', {
	from: new Date(Date.now() - DAY),
	until: new Date(Date.now() + 365 * DAY),
});
/** Its lines, and a stretch that is longer than a line where it was put on one. */
const KEY_PARTS = [
	...privateKey.split('\n').filter((line) => line.length > 40 && !line.startsWith('-----')),
	privateKey.replace(/-----[A-Z ]+-----|\s/g, '').slice(0, 120),
];
const PLANTED = 'Pl4nted&"client secret"+in/it=';

let sandbox: Sandbox;
let ear: Eavesdropper;
const logged: unknown[][] = [];

// One for the file: Microsoft's library looks for managed identities once per process.
beforeAll(async () => {
	sandbox = await startSandbox();
	ear = await eavesdropOn(sandbox.entra.authority);
	process.env['AZURE_POD_IDENTITY_AUTHORITY_HOST'] = ear.url;
	sandbox.control.entra.state.certificates.push(certificate);
	const { settings } = sandbox.control.entra;
	const roles = ['User.Read.All', 'GroupMember.Read.All', 'User-Phone.ReadWrite.All'];
	Object.assign(settings, { roles, federated: true, managedIdentity: true });
});
afterAll(async () => {
	delete process.env['AZURE_POD_IDENTITY_AUTHORITY_HOST'];
	await ear.stop();
	await sandbox.stop();
});
beforeEach(() => {
	ear.behave('honest');
	logged.length = 0;
	for (const level of ['log', 'info', 'warn', 'error', 'debug'] as const) {
		jest.spyOn(console, level).mockImplementation((...words) => void logged.push(words));
	}
});
afterEach(() => {
	jest.restoreAllMocks();
});

type Credential = readonly [authentication: string, data: IDataObject];

function app(proof: IDataObject): Credential {
	const { tenantId, clientId } = sandbox.entra;
	return ['entraOAuth2Api', { ...addresses(), tenantId, clientId, ...proof }];
}

function addresses(): IDataObject {
	return { cloud: 'custom', authorityUrl: ear.url, graphUrl: ear.url };
}

/** A token as a person's sign-in leaves it in n8n. */
async function personsToken(): Promise<IDataObject> {
	const { tenantId, clientId, clientSecret, graph } = sandbox.entra;
	const answer = await fetch(`${ear.url}/${tenantId}/oauth2/v2.0/token`, {
		method: 'POST',
		body: new URLSearchParams({
			grant_type: 'client_credentials',
			client_id: clientId,
			client_secret: clientSecret,
			scope: `${graph}/.default`,
		}),
	});
	return {
		...((await answer.json()) as IDataObject),
		refresh_token: 'a-refresh-token-of-a-person',
	};
}

const SIGN_INS: Readonly<Record<string, () => Credential | Promise<Credential>>> = {
	'a client secret': () => app({ clientSecret: sandbox.entra.clientSecret }),
	'a wrong client secret': () => app({ clientSecret: PLANTED }),
	'a certificate': () => app({ clientCredentialType: 'certificate', certificate, privateKey }),
	'a certificate that cannot be read': () =>
		app({
			clientCredentialType: 'certificate',
			certificate: certificate.slice(0, 200),
			privateKey,
		}),
	'a key that cannot be read': () =>
		app({
			clientCredentialType: 'certificate',
			certificate,
			privateKey: privateKey.replace('-----BEGIN', 'BEGIN').slice(0, -60),
		}),
	'a key in place of the certificate': () =>
		app({ clientCredentialType: 'certificate', certificate: privateKey, privateKey }),
	'a person': async () =>
		app({
			grantType: 'authorizationCode',
			clientSecret: sandbox.entra.clientSecret,
			oauthTokenData: await personsToken(),
		}),
	'a managed identity': () => ['entraManagedIdentityApi', addresses()],
	'an app that trusts a managed identity': () => {
		const { tenantId, clientId } = sandbox.entra;
		return ['entraManagedIdentityApi', { ...addresses(), kind: 'federated', tenantId, clientId }];
	},
};

const MANNERS: ReadonlyArray<readonly [Manner, boolean]> = [
	['honest', false],
	['echoes with 400', false],
	['echoes with 400', true],
	['echoes with 401', false],
	['echoes with 401', true],
	['echoes with 500', false],
	['echoes with 500', true],
	['echoes in disguise', false],
	['echoes in disguise', true],
	['refuses as OAuth does', true],
	['half a token', true],
	['no token', true],
	['a web page', false],
	['a web page', true],
];

/**
 * With these nobody gets in, however honest everybody is. What a certificate signs is for one address,
 * and the eavesdropper's is another.
 */
const WRONG = /wrong|cannot be read|in place|a certificate$/;

function expectNoSecretIn(...left: readonly unknown[]): void {
	const secrets = [...ear.secrets, ...KEY_PARTS, PLANTED, sandbox.entra.clientSecret];
	expect(findSecret(everythingOf(...left, logged), secrets)).toBeNull();
}

const person = () => {
	const users = [...sandbox.control.entra.state.users.values()];
	return users.find(
		({ onPremisesSyncEnabled, userType }) =>
			onPremisesSyncEnabled === null && userType === 'Member',
	);
};

describe.each(Object.keys(SIGN_INS))('signing in with %s', (name) => {
	const signIn = async () => await (SIGN_INS[name] as () => Credential | Promise<Credential>)();

	async function run(node: INodeType, parameters: INodeParameters, items: object[]) {
		const [authentication, data] = await signIn();
		return async (manner: Manner, signInToo: boolean) => {
			ear.behave(manner, signInToo);
			return await runNode({
				node,
				parameters: { authentication, ...parameters },
				credentials: { [authentication]: data },
				inputs: [onWire(items)],
			});
		};
	}

	it.each(MANNERS)(
		'reading users keeps every secret when the server is or sends: %s (signing in: %s)',
		async (manner, signInToo) => {
			const read = await run(new EntraUserSource(), {}, [{}]);
			const result = await read(manner, signInToo);
			const fails = WRONG.test(name) || manner !== 'honest';
			if (fails) expect(result.error).toBeDefined();
			else
				expect([result.error?.message, (result.outputs[0]?.length ?? 0) > 200]).toEqual([
					undefined,
					true,
				]);
			expectNoSecretIn(result);
		},
		60_000,
	);

	it.each(MANNERS)(
		'writing to users keeps every secret when the server is or sends: %s (signing in: %s)',
		async (manner, signInToo) => {
			const found = person();
			const mobilePhone = { from: found?.mobilePhone ?? null, to: '+46700000001' };
			const change = { kind: 'create', number: null, pbx: {}, directory: { mobilePhone } };
			const items = [{ user: { id: found?.id, status: 'active' }, change }];
			const write = await run(new EntraUserTarget(), { dryRun: false }, items);
			expectNoSecretIn(await write(manner, signInToo));
		},
		60_000,
	);

	it.each(MANNERS)(
		'switching on the trigger keeps every secret when the server is or sends: %s (signing in: %s)',
		async (manner, signInToo) => {
			const [authentication, data] = await signIn();
			ear.behave(manner, signInToo);
			const node = new EntraUserTrigger();
			const left = await switchOn(
				{ node, parameters: { authentication }, credentials: { [authentication]: data } },
				async (context) => await node.webhookMethods.default.create.call(context),
			);
			// Nothing listens at the address that is given, so Graph takes no subscription.
			expect(left.error).toBeInstanceOf(Error);
			expectNoSecretIn(left);
		},
		60_000,
	);
});

it('the ear has heard what it was to hear', () => {
	expect(ear.secrets.size).toBeGreaterThan(20);
	expect(ear.secrets).toContain(sandbox.entra.clientSecret);
	expect([...ear.secrets].filter((secret) => secret.startsWith('eyJ')).length).toBeGreaterThan(5);
	expect(ear.secrets).toContain(PLANTED);
});
