import { startSandbox } from '../../sandbox/sandbox.mts';
import type { Sandbox } from '../../sandbox/sandbox.mts';
import { graphClient } from './clients.mts';
import type { GraphClient } from './clients.mts';

let sandbox: Sandbox;
let graph: GraphClient;

beforeEach(async () => {
	sandbox = await startSandbox();
	sandbox.control.entra.settings.roles = ['User.Read.All', 'User-Phone.ReadWrite.All'];
	graph = await graphClient(sandbox);
	sandbox.control.entra.clearRequests();
});
afterEach(() => sandbox.stop());

const people = () =>
	[...sandbox.control.entra.state.users.values()].filter(
		({ onPremisesSyncEnabled }) => onPremisesSyncEnabled === null,
	);

interface PartAnswer {
	readonly id: string;
	readonly status: number;
	readonly headers: Record<string, string>;
	readonly body?: { error?: { code: string; message: string } };
}

async function send(requests: readonly unknown[]) {
	const answer = await graph('/$batch', { method: 'POST', body: { requests } });
	const responses = (answer.body['responses'] ?? []) as PartAnswer[];
	return {
		status: answer.status,
		body: answer.body,
		parts: new Map(responses.map((part) => [part.id, part])),
	};
}

const patch = (id: string, user: string, body: unknown) => ({
	id,
	method: 'PATCH',
	url: `/users/${user}`,
	headers: { 'Content-Type': 'application/json' },
	body,
});

describe('$batch', () => {
	it('carries out each part and answers each on its own, in any order', async () => {
		const [one, two] = people();
		const { status, parts } = await send([
			patch('1', one?.id ?? '', { mobilePhone: '+46 8 123' }),
			{ id: '2', method: 'GET', url: `/users/${two?.id ?? ''}?$select=id` },
			{ id: '3', method: 'GET', url: '/users/00000000-0000-0000-0000-000000000000' },
		]);
		expect(status).toBe(200);
		expect([...parts.keys()]).not.toEqual(['1', '2', '3']);
		expect(parts.get('1')).toEqual({ id: '1', status: 204, headers: {} });
		expect(parts.get('2')).toMatchObject({ status: 200, body: { id: two?.id } });
		expect(parts.get('3')).toMatchObject({
			status: 404,
			body: { error: { code: 'Request_ResourceNotFound' } },
		});
		expect(one?.mobilePhone).toBe('+46 8 123');
	});

	it('throttles single parts, each with its own Retry-After', async () => {
		const [one, two] = people();
		sandbox.control.entra.fault({
			path: one?.id ?? '',
			does: { kind: 'status', status: 429, retryAfter: 7 },
		});
		const { parts } = await send([
			patch('1', one?.id ?? '', { mobilePhone: '+46 8 123' }),
			patch('2', two?.id ?? '', { mobilePhone: '+46 8 124' }),
		]);
		expect(parts.get('1')).toMatchObject({ status: 429, headers: { 'Retry-After': '7' } });
		expect(parts.get('2')?.status).toBe(204);
	});

	it.each([
		[
			'more than twenty parts',
			Array.from({ length: 21 }, (_, n) => ({ id: String(n), method: 'GET', url: '/users' })),
		],
		[
			'the same id twice',
			[
				{ id: '1', method: 'GET', url: '/users' },
				{ id: '1', method: 'GET', url: '/users' },
			],
		],
		['a body without a content type', [{ id: '1', method: 'PATCH', url: '/users/x', body: {} }]],
		['no parts', []],
	])('refuses %s', async (_what, requests) => {
		expect((await send(requests)).status).toBe(400);
	});

	it('does not know addresses with a version', async () => {
		const { parts } = await send([{ id: '1', method: 'GET', url: '/v1.0/users' }]);
		expect(parts.get('1')).toMatchObject({
			status: 400,
			body: { error: { message: "Resource not found for the segment 'v1.0'." } },
		});
	});
});

describe('PATCH', () => {
	it('writes phones with the phone permission alone, and nothing else', async () => {
		const [one] = people();
		const phones = { businessPhones: ['+46 8 1'], mobilePhone: null };
		const both = await graph(`/users/${one?.id ?? ''}`, { method: 'PATCH', body: phones });
		expect(both.status).toBe(204);
		const more = { ...phones, jobTitle: 'Chief' };
		const refused = await graph(`/users/${one?.id ?? ''}`, { method: 'PATCH', body: more });
		expect(refused.status).toBe(403);
	});

	it('leaves the phones of people with a role to a higher role', async () => {
		const [one] = people();
		sandbox.control.entra.state.privileged.add(one?.id ?? '');
		const body = { mobilePhone: '+46 8 123' };
		const answer = await graph(`/users/${one?.id ?? ''}`, { method: 'PATCH', body });
		expect(answer).toMatchObject({
			status: 403,
			body: { error: { code: 'Authorization_RequestDenied' } },
		});
	});

	it('names the property whose value somebody else has', async () => {
		sandbox.control.entra.settings.roles = ['User.ReadWrite.All'];
		graph = await graphClient(sandbox);
		const [one, two] = people();
		const body = { userPrincipalName: two?.userPrincipalName };
		const answer = await graph(`/users/${one?.id ?? ''}`, { method: 'PATCH', body });
		expect(answer).toMatchObject({
			status: 400,
			body: { error: { details: [{ code: 'ObjectConflict', target: 'userPrincipalName' }] } },
		});
	});
});
