/**
 * Entra User Trigger between the sandbox's Graph, which calls back over the network, and a small
 * stand-in for the part of n8n that listens for it.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import type {
	IDataObject,
	IHookFunctions,
	IHttpRequestOptions,
	IWebhookFunctions,
} from 'n8n-workflow';
import express from 'express';
import { EntraUserTrigger } from '../../nodes/EntraUserTrigger/EntraUserTrigger.node.ts';
import type { Sandbox } from '../../sandbox/sandbox.mts';
import { startSandbox } from '../../sandbox/sandbox.mts';

const node = new EntraUserTrigger();
const { checkExists, create, delete: remove } = node.webhookMethods.default;

let sandbox: Sandbox;
let server: Server;
let address: string;
let staticData: IDataObject;
let options: IDataObject;
/** What n8n would have started runs with. */
let runs: IDataObject[];
let answered: number[];
let warned: string[];

beforeEach(async () => {
	sandbox = await startSandbox();
	[staticData, options, runs, answered, warned] = [{}, { seconds: 0 }, [], [], []];
	const app = express();
	app.post('/webhook', express.json(), async (request, response) => {
		response.on('finish', () => answered.push(response.statusCode));
		const { workflowData } = await node.webhook.call(webhookContext(request, response));
		for (const { json } of workflowData?.[0] ?? []) runs.push(json);
	});
	server = createServer(app).listen(0, '127.0.0.1');
	await once(server, 'listening');
	address = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/webhook`;
});

afterEach(async () => {
	server.closeAllConnections();
	server.close();
	await sandbox.stop();
});

const graph = () => sandbox.control.entra.state;
const subscriptions = () => [...graph().subscriptions.all.values()];
const firstUsers = (count: number) => [...graph().users.keys()].slice(0, count);
const tell = (id: string) => graph().subscriptions.tell('updated', id);
const seen = () => runs.map(({ changed }) => (changed as IDataObject)['users']);

async function until(isSo: () => boolean): Promise<void> {
	while (!isSo()) await wait(10);
}

function shared() {
	const { graph: graphUrl, authority, tenantId, clientId, clientSecret } = sandbox.entra;
	const credential = {
		cloud: 'custom',
		graphBaseUrl: graphUrl,
		accessTokenUrl: `${authority}/${tenantId}/oauth2/v2.0/token`,
		tenantId,
		clientId,
		clientSecret,
	};
	return {
		getNode: () => ({ name: 'Trigger', credentials: { entraOAuth2Api: {} } }),
		logger: { warn: (message: string) => void warned.push(message) },
		getWorkflowStaticData: () => staticData,
		getCredentials: async () => credential,
		getNodeParameter: (name: string, fallback: unknown) =>
			name === 'options' ? options : fallback,
		helpers: { httpRequestWithAuthentication: signedIn },
	};
}

/** As n8n: a token first, then the request with it. */
async function signedIn(_type: string, request: IHttpRequestOptions) {
	const { authority, tenantId, clientId, clientSecret, graph: graphUrl } = sandbox.entra;
	const form = new URLSearchParams({
		grant_type: 'client_credentials',
		client_id: clientId,
		client_secret: clientSecret,
		scope: `${graphUrl}/.default`,
	});
	const signIn = `${authority}/${tenantId}/oauth2/v2.0/token`;
	const token = (await (await fetch(signIn, { method: 'POST', body: form })).json()) as {
		access_token: string;
	};
	const answer = await fetch(request.url, {
		method: request.method ?? 'GET',
		headers: {
			...(request.headers as Record<string, string>),
			Authorization: `Bearer ${token.access_token}`,
		},
		...(request.body === undefined ? {} : { body: String(request.body) }),
	});
	const headers = Object.fromEntries(answer.headers);
	return { statusCode: answer.status, headers, body: await answer.text() };
}

// The casts are the border to n8n's contexts, of which the node uses only what is given here.
function hookContext(): IHookFunctions {
	return { ...shared(), getNodeWebhookUrl: () => address } as unknown as IHookFunctions;
}

function webhookContext(request: IncomingMessage, response: ServerResponse): IWebhookFunctions {
	const { query, body } = request as unknown as { query: IDataObject; body: IDataObject };
	return {
		...shared(),
		getResponseObject: () => response,
		getNodeWebhookUrl: () => address,
		getQueryData: () => query,
		getBodyData: () => body,
	} as unknown as IWebhookFunctions;
}

async function post(body: object): Promise<number> {
	const answer = await fetch(address, {
		method: 'POST',
		headers: { 'Content-Type': 'application/json' },
		body: JSON.stringify(body),
	});
	return answer.status;
}

describe('Switching the workflow on', () => {
	it('subscribes to changed users, after Graph made sure that somebody answers', async () => {
		expect(await checkExists.call(hookContext())).toBe(false);
		expect(await create.call(hookContext())).toBe(true);
		expect(subscriptions()).toMatchObject([
			{ resource: '/users', notificationUrl: address, lifecycleNotificationUrl: address },
		]);
		expect(answered).toEqual([200, 200]);
	});

	it('again finds the subscription, and makes it last longer', async () => {
		await create.call(hookContext());
		const [made] = subscriptions();
		if (made) made.expirationDateTime = new Date(Date.now() + 3_600_000).toISOString();
		expect(await checkExists.call(hookContext())).toBe(true);
		expect(Date.parse(String(staticData['expiresAt'])) - Date.now()).toBeGreaterThan(
			86_400_000 * 20,
		);
		expect(subscriptions()).toHaveLength(1);
	});

	it('at another address replaces the subscription of the old one', async () => {
		await create.call(hookContext());
		address = `${address}?moved`;
		expect(await checkExists.call(hookContext())).toBe(false);
		await create.call(hookContext());
		expect(subscriptions().map(({ notificationUrl }) => notificationUrl)).toEqual([address]);
	});

	it('says what is missing where Graph cannot reach n8n', async () => {
		address = 'http://127.0.0.1:9/nobody';
		await expect(create.call(hookContext())).rejects.toMatchObject({
			message: 'Microsoft Graph could not reach this workflow.',
			description: expect.stringContaining('WEBHOOK_URL'),
		});
	});

	it('off again ends the subscription and forgets it, also when it is gone already', async () => {
		await create.call(hookContext());
		expect(await remove.call(hookContext())).toBe(true);
		expect(subscriptions()).toEqual([]);
		expect(staticData).toEqual({});
		await create.call(hookContext());
		graph().subscriptions.all.clear();
		expect(await remove.call(hookContext())).toBe(true);
		expect(staticData).toEqual({});
	});
});

describe('A notification', () => {
	beforeEach(async () => {
		await create.call(hookContext());
		answered = [];
	});

	it('starts a run that knows who changed', async () => {
		const [ada = ''] = firstUsers(1);
		tell(ada);
		await until(() => runs.length > 0);
		expect(runs).toEqual([{ changed: { count: 1, users: [ada], at: expect.any(String) } }]);
		expect(answered).toEqual([202]);
	});

	it('is answered before others are waited for, and shares one run with them', async () => {
		options = { seconds: 60, most: 3 };
		const ids = firstUsers(3);
		for (const id of ids.slice(0, 2)) tell(id);
		tell(ids[0] ?? '');
		await until(() => answered.length === 3);
		expect(runs).toEqual([]);
		tell(ids[2] ?? '');
		await until(() => runs.length > 0);
		expect(seen().flat().sort()).toEqual([...ids].sort());
		expect(runs).toHaveLength(1);
	});

	it('after a burst begins the next one', async () => {
		const [ada = '', bob = ''] = firstUsers(2);
		for (const id of [ada, bob]) {
			const before = runs.length;
			tell(id);
			await until(() => runs.length > before);
		}
		expect(seen()).toEqual([[ada], [bob]]);
	});

	it('from somebody who does not know the secret starts nothing and learns nothing', async () => {
		const [{ id = '', clientState = '' } = {}] = subscriptions();
		const [ada = ''] = firstUsers(1);
		const forged = (secret: string | null) => ({
			value: [{ subscriptionId: id, clientState: secret, resourceData: { id: ada } }],
		});
		for (const secret of [null, '', 'x', `${clientState ?? ''}x`])
			expect(await post(forged(secret))).toBe(202);
		for (const body of [{}, { value: 7 }, []]) expect(await post(body)).toBe(202);
		expect(runs).toEqual([]);
		// The right one does, so it was the secret.
		await post(forged(clientState));
		await until(() => runs.length > 0);
	});

	it('that nobody can read keeps no other one back', async () => {
		const [{ id: subscriptionId = '', clientState } = {}] = subscriptions();
		const [ada = '', bob = ''] = firstUsers(2);
		const about = (user: unknown) => ({
			subscriptionId,
			clientState,
			resourceData: { id: user },
		});
		await post({ value: [about(ada), about(7), null, 'nonsense', { clientState }, about(bob)] });
		await until(() => runs.length > 0);
		expect(seen()).toEqual([[ada, bob]]);
	});

	it('about somebody starts a run although the subscription cannot be renewed', async () => {
		staticData['expiresAt'] = new Date(Date.now() + 60_000).toISOString();
		const does = { kind: 'status', status: 400 } as const;
		sandbox.control.entra.fault({ method: 'PATCH', path: 'subscriptions', times: 99, does });
		const [ada = ''] = firstUsers(1);
		tell(ada);
		await until(() => runs.length > 0);
		expect(seen()).toEqual([[ada]]);
		expect(warned).toEqual([expect.stringMatching(/^The subscription was not renewed\. .+/)]);
		// The next one tries again, and this time it is.
		sandbox.control.entra.clearFaults();
		tell(ada);
		await until(() => runs.length > 1);
		expect(Date.parse(String(staticData['expiresAt']))).toBeGreaterThan(Date.now() + 86_400_000);
	});

	it('that asks for it has the subscription renewed, and starts no run', async () => {
		const [made] = subscriptions();
		const soon = new Date(Date.now() + 3_600_000).toISOString();
		if (made) made.expirationDateTime = soon;
		await graph().subscriptions.tellLifecycle('reauthorizationRequired');
		await until(() => made?.expirationDateTime !== soon);
		await until(() => staticData['expiresAt'] === made?.expirationDateTime);
		expect(runs).toEqual([]);
	});

	it('that others were missed starts a run, which finds out whom they were about', async () => {
		await graph().subscriptions.tellLifecycle('missed');
		await until(() => runs.length > 0);
		expect(runs).toEqual([{ changed: { count: 0, users: [], at: expect.any(String) } }]);
	});

	it('that the subscription was removed makes a new one, and starts a run for the gap', async () => {
		const [before] = subscriptions();
		await graph().subscriptions.tellLifecycle('subscriptionRemoved');
		await until(() => runs.length > 0);
		const [after, ...others] = subscriptions();
		expect(others).toEqual([]);
		expect(after?.id).not.toBe(before?.id);
		expect(staticData).toMatchObject({
			subscriptionId: after?.id,
			clientState: after?.clientState,
		});
	});
});
