import { setImmediate } from 'node:timers/promises';

import type { IDataObject, INodeParameters } from 'n8n-workflow';

import { EntraUserSource } from '../../nodes/EntraUserSource/EntraUserSource.node.ts';
import type { Sandbox } from '../../sandbox/sandbox.mts';
import { startSandbox } from '../../sandbox/sandbox.mts';
import type { ReadMark, UserItem } from '../../sync/item.ts';
import type { NodeRunResult } from './engine.mts';
import { runNode } from './engine.mts';

let sandbox: Sandbox;

beforeEach(async () => {
	sandbox = await startSandbox();
});

afterEach(async () => {
	await sandbox.stop();
});

function credential(change: IDataObject = {}): IDataObject {
	const { authority, graph, tenantId, clientId, clientSecret } = sandbox.entra;
	return {
		cloud: 'custom',
		authorityUrl: authority,
		graphUrl: graph,
		tenantId,
		clientId,
		clientSecret,
		...change,
	};
}

async function run(parameters: INodeParameters = {}, change: IDataObject = {}) {
	const result = await runNode({
		node: new EntraUserSource(),
		parameters,
		credentials: { entraOAuth2Api: credential(change) },
	});
	// The items of this node have this shape; that is what the tests below look at.
	const items = (result.outputs[0] ?? []).map(({ json }) => json as unknown as UserItem);
	return { ...result, items };
}

function idsBy(items: readonly UserItem[], status: string): string[] {
	return items.filter(({ user }) => user.status === status).map(({ user }) => user.id);
}

function people() {
	return [...sandbox.control.entra.state.users.values()];
}

function messageOf({ error }: NodeRunResult): string {
	return `${error?.message ?? 'no message'} | ${error?.description ?? ''}`;
}

const graphRequests = () =>
	sandbox.control.entra.requests().filter(({ path }) => path.startsWith('/v1.0/'));

const isMember = ({ userType }: { userType: string | null }) => userType !== 'Guest';

describe('a full read', () => {
	it('gives every member, disabled ones marked, and those in the recycle bin', async () => {
		const { items, error } = await run();
		expect(error).toBeUndefined();
		const members = people().filter(isMember);
		expect(idsBy(items, 'active')).toEqual(
			members.filter((user) => user.accountEnabled).map(({ id }) => id),
		);
		expect(idsBy(items, 'disabled')).toEqual(
			members.filter((user) => !user.accountEnabled).map(({ id }) => id),
		);
		expect(idsBy(items, 'deleted').sort()).toEqual(
			[...sandbox.control.entra.state.deletedUsers.keys()].sort(),
		);
		expect(members.length).toBeGreaterThan(200);
	});

	it('marks every item with one and the same read that counts them all', async () => {
		const { items } = await run();
		const marks = new Set(items.map(({ read }) => JSON.stringify(read)));
		expect(marks.size).toBe(1);
		expect(items[0]?.read).toMatchObject({ of: 'users', scope: 'whole', count: items.length });
		const again = await run();
		expect(again.items[0]?.read.id).not.toBe(items[0]?.read.id);
	});

	it('pairs every item with the one that came in', async () => {
		const { outputs } = await run();
		expect(outputs[0]?.every(({ pairedItem }) => JSON.stringify(pairedItem) === '{"item":0}')).toBe(
			true,
		);
	});

	it('gives phones as the directory has them and extension attributes at the top', async () => {
		const { items } = await run();
		const known = people().find(
			(user) => user.onPremisesExtensionAttributes['extensionAttribute1'],
		);
		const item = items.find(({ user }) => user.id === known?.id);
		expect(item?.user).toMatchObject({
			mobilePhone: known?.mobilePhone,
			businessPhones: known?.businessPhones,
			extensionAttribute1: known?.onPremisesExtensionAttributes['extensionAttribute1'],
		});
	});

	it('says in a hint how many users were read, by status', async () => {
		const { hints, items } = await run();
		expect(hints.map(({ message }) => message)).toEqual([
			expect.stringMatching(
				new RegExp(
					`^${String(items.length)} users read: \\d+ active, \\d+ disabled, \\d+ deleted\\. 2 requests, \\d+ of Graph's resource units\\.$`,
				),
			),
		]);
	});

	it('follows empty pages to the end', async () => {
		const before = await run();
		sandbox.control.entra.settings.emptyPages = true;
		const { items } = await run();
		expect(items.map(({ user }) => user.id)).toEqual(before.items.map(({ user }) => user.id));
	});
});

describe('whom it reads', () => {
	const ids = ({ items }: { items: readonly UserItem[] }) =>
		items.map(({ user }) => user.id).sort();
	const lean = { options: { includeDeleted: false } };

	it.each([
		['guests', (type: string | null) => type === 'Guest'],
		['members', (type: string | null) => type !== 'Guest'],
		['all', () => true],
	])('%s', async (userType, wanted) => {
		const result = await run({ ...lean, userType });
		expect(ids(result)).toEqual(
			people()
				.filter((user) => wanted(user.userType))
				.map(({ id }) => id)
				.sort(),
		);
	});

	it('only those who meet the conditions', async () => {
		const result = await run({
			...lean,
			conditions: {
				condition: [{ attribute: 'department', operator: 'oneOf', value: 'Sales, Support' }],
			},
		});
		const expected = people().filter(
			(user) => isMember(user) && ['Sales', 'Support'].includes(user.department ?? ''),
		);
		expect(expected.length).toBeGreaterThan(0);
		expect(ids(result)).toEqual(expected.map(({ id }) => id).sort());
		expect(result.items[0]?.decisions[0]).toBe('In scope: member, meets the conditions');
	});

	it('the members of chosen groups, nested ones included, each once', async () => {
		const { groups } = sandbox.control.entra.state;
		const byName = (name: string) => [...groups.values()].find((each) => each.displayName === name);
		const chosen = ['Phone Users', 'Nordics'].map((name) => byName(name));
		const result = await run({
			...lean,
			scope: 'groups',
			userType: 'all',
			groups: {
				group: chosen.map((group) => ({
					id: {
						__rl: true,
						mode: 'list',
						value: group?.id ?? '',
						cachedResultName: group?.displayName ?? '',
					},
				})),
			},
		});
		const expected = new Set<string>();
		const walk = (id: string) => {
			if (sandbox.control.entra.state.users.has(id)) expected.add(id);
			groups.get(id)?.members.forEach(walk);
		};
		chosen.forEach((group) => walk(group?.id ?? ''));
		expect(ids(result)).toEqual([...expected].sort());
		expect(result.items.some(({ decisions }) => decisions[0]?.includes('"Phone Users"'))).toBe(
			true,
		);
	});

	it('nobody without a chosen group, and says so', async () => {
		expect(messageOf(await run({ scope: 'groups' }))).toBe(
			"No group is chosen. | 'Users to Read' is set to 'Members of Groups', and 'Groups' is empty. Add a group, or set 'Users to Read' to 'All Users'.",
		);
	});

	it('not half of the directory because a condition came out empty', async () => {
		const result = await run({
			conditions: { condition: [{ attribute: 'department', operator: 'equals', value: ' ' }] },
		});
		expect(result.error?.message).toBe("A condition in 'Only Users Where' has no value.");
	});
});

describe('a directory with nobody in it', () => {
	it('is one item that says so, and a hint', async () => {
		sandbox.control.entra.state.users.clear();
		sandbox.control.entra.state.deletedUsers.clear();
		const { outputs, hints } = await run();
		const items = (outputs[0] ?? []).map(({ json }) => json as { read?: ReadMark });
		expect(items).toEqual([
			{
				read: {
					id: expect.any(String),
					of: 'users',
					count: 0,
					scope: 'whole',
					account: {
						kind: 'app',
						id: sandbox.entra.clientId,
						name: 'Phone sync (sandbox)',
					},
				},
			},
		]);
		expect(hints[0]?.message).toContain('No users were found.');
	});
});

describe('what it says when it cannot read', () => {
	it('a wrong secret', async () => {
		const result = await run({}, { clientSecret: 'not-the-secret' });
		expect(messageOf(result)).toBe(
			"Entra ID did not accept the client secret. | It is not a secret of this app. Often the 'Secret ID' was pasted instead of the 'Value'. (AADSTS7000215) Create a new client secret, copy its 'Value' and put it into 'Client Secret' of the Entra ID credential.",
		);
		expect(result.outputs.flat()).toEqual([]);
	});

	it('a wrong tenant', async () => {
		const result = await run({}, { tenantId: '00000000-0000-4000-8000-000000000000' });
		expect(messageOf(result)).toBe(
			"There is no tenant with this ID in the chosen cloud. | The tenant ID has a typing mistake, or the tenant lives in another cloud. (AADSTS90002) Copy 'Directory (tenant) ID' from the overview page of the app registration, and check 'Cloud'.",
		);
	});

	it('an app the tenant does not know', async () => {
		const result = await run({}, { clientId: '00000000-0000-4000-8000-000000000000' });
		expect(result.error?.message).toBe('There is no app with this client ID in the tenant.');
	});

	it('a missing permission', async () => {
		sandbox.control.entra.settings.roles = [];
		const message = messageOf(await run());
		expect(message).toMatch(
			/^Microsoft Graph did not let the app read users\. \| The application permission User\.Read\.All is missing/,
		);
		expect(message).toContain(
			'Add User.Read.All as an application permission (not a delegated one)',
		);
	});

	it('a group whose members it sees only as bare IDs', async () => {
		sandbox.control.entra.settings.roles = ['GroupMember.Read.All'];
		const sales = [...sandbox.control.entra.state.groups.values()].find(
			({ displayName }) => displayName === 'Department Sales',
		);
		const result = await run({
			scope: 'groups',
			groups: { group: [{ id: { __rl: true, mode: 'id', value: sales?.id ?? '' } }] },
		});
		expect(result.error?.message).toBe('Microsoft Graph gave users without their attributes.');
		expect(result.outputs.flat()).toEqual([]);
	});

	describe('a group it would take for empty', () => {
		const members = (name: string, more: INodeParameters = {}) => {
			const groups = [...sandbox.control.entra.state.groups.values()];
			const group = groups.find(({ displayName }) => displayName === name);
			const id = { __rl: true, mode: 'id', value: group?.id ?? '' };
			return { scope: 'groups', groups: { group: [{ id }] }, ...more };
		};
		const hide = (name: string) => {
			const groups = [...sandbox.control.entra.state.groups.values()];
			const group = groups.find(({ displayName }) => displayName === name);
			Object.assign(group ?? {}, { visibility: 'HiddenMembership' });
		};
		const sales = { attribute: 'department', operator: 'equals', value: 'Sales' };

		it('because the filter is about attributes the app may not see', async () => {
			sandbox.control.entra.settings.roles = ['GroupMember.Read.All'];
			const conditions = { condition: [sales] };
			const result = await run(members('Department Sales', { conditions }));
			expect(result.error?.message).toBe('Microsoft Graph gave users without their attributes.');
			expect(messageOf(result)).toContain('/adminconsent?client_id=');
			expect(result.outputs.flat()).toEqual([]);
		});

		it.each(['Department Sales', 'Phone Users'])(
			'because the members of Department Sales are hidden, read through %s',
			async (name) => {
				hide('Department Sales');
				for (const more of [{}, { options: { includeOutOfScope: true } }]) {
					const result = await run(members(name, more));
					expect(result.error?.message).toBe(
						'Group "Department Sales" hides its members and showed nobody.',
					);
					expect(messageOf(result)).toContain('Member.Read.Hidden is missing');
					expect(result.outputs.flat()).toEqual([]);
				}
			},
		);

		it('but not when the app may see hidden members', async () => {
			const before = await run(members('Phone Users'));
			hide('Department Sales');
			sandbox.control.entra.settings.roles.push('Member.Read.Hidden');
			const { items, error } = await run(members('Phone Users'));
			expect(error).toBeUndefined();
			expect(items).toHaveLength(before.items.length);
		});

		it('but not when it is empty, or nobody in it meets the conditions', async () => {
			for (const parameters of [
				members('Empty Group'),
				members('Department Sales', {
					conditions: { condition: [{ ...sales, value: 'Nowhere' }] },
				}),
			]) {
				const { outputs, error } = await run(parameters);
				expect(error).toBeUndefined();
				expect(outputs[0]?.some(({ json }) => 'read' in json)).toBe(true);
			}
		});
	});

	it('users of whom it sees nothing but names and addresses', async () => {
		sandbox.control.entra.settings.roles = ['User.ReadBasic.All'];
		const result = await run({ userType: 'all' });
		expect(messageOf(result)).toMatch(
			/^Microsoft Graph gave only names and addresses of users, and nothing else\. \| .*User\.Read\.All is missing/,
		);
		expect(result.outputs.flat()).toEqual([]);
	});

	it('a filter that is not closed, before anybody is asked', async () => {
		const result = await run({ options: { filter: "city eq 'Oslo') or (userType eq 'Guest'" } });
		expect(result.error?.message).toContain('a bracket or a quote that is not closed');
		expect(graphRequests()).toEqual([]);
	});

	it('a filter Graph does not understand', async () => {
		const result = await run({ options: { filter: 'department is Sales' } });
		expect(result.error?.message).toBe('Microsoft Graph did not take the request to read users.');
	});

	it('a credential without a tenant, without asking anybody', async () => {
		const result = await run({}, { tenantId: '' });
		expect(result.error?.message).toBe("The Entra ID credential has no usable 'Tenant ID'.");
		expect(sandbox.control.entra.requests()).toEqual([]);
	});

	it('no credential at all', async () => {
		const result = await runNode({ node: new EntraUserSource() });
		expect(messageOf(result)).toBe(
			"The node has no credential for Microsoft Entra ID. | Templates come without credentials. Open the node and choose or create one under 'Credential to connect with'.",
		);
	});

	it('a sign-in address nobody listens at', async () => {
		const result = await run({}, { authorityUrl: 'http://127.0.0.1:9' });
		expect(result.error?.message).toBe('127.0.0.1:9 does not accept connections.');
	});

	it('a page of somebody else where a token belongs', async () => {
		sandbox.control.entra.fault({ path: '/token', times: 9, does: { kind: 'html' } });
		const result = await run();
		expect(result.error?.message).toBe(
			'The sign-in address answered with something that is no token.',
		);
	});

	it('never the secret, nor the token', async () => {
		sandbox.control.entra.fault({ path: '/v1.0', times: 99, does: { kind: 'dropBefore' } });
		const { run: stored } = await run();
		const text = JSON.stringify(stored, (_key, value: unknown) =>
			value instanceof Error ? { ...value, message: value.message, cause: value.cause } : value,
		);
		expect(text).toContain('The connection to 127.0.0.1');
		expect(text).not.toContain(sandbox.entra.clientSecret);
		expect(text).not.toMatch(/eyJ[\w-]+\.eyJ/);
	});
});

describe('a directory that answers badly', () => {
	const everyList = '/v1.0/';

	it('is asked again after a pause it asked for', async () => {
		sandbox.control.entra.fault({
			path: everyList,
			times: 1,
			does: { kind: 'status', status: 429, retryAfter: '0.05' },
		});
		const { items, error, hints } = await run();
		expect(error).toBeUndefined();
		expect(items.length).toBeGreaterThan(200);
		expect(hints[0]?.message).toContain('Microsoft Graph asked to wait 1 times.');
	});

	it.each(['truncate', 'breakOff', 'dropBefore', 'dropAfter', 'html'] as const)(
		'is asked again after %s, and nobody is missing',
		async (kind) => {
			const whole = await run();
			sandbox.control.entra.fault({ path: everyList, does: { kind } });
			const { items, error } = await run();
			expect(error).toBeUndefined();
			expect(items.map(({ user }) => user.id)).toEqual(whole.items.map(({ user }) => user.id));
		},
	);

	it.each(['truncate', 'html'] as const)(
		'gives nothing at all when it keeps doing %s half-way',
		async (kind) => {
			sandbox.control.entra.settings.emptyPages = true;
			sandbox.control.entra.fault({ path: everyList, after: 1, times: 99, does: { kind } });
			const result = await run();
			expect(messageOf(result)).toBe(
				'An answer of Microsoft Graph arrived broken. | While n8n tried to read users, what came was cut off or no JSON at all. Run again later; when it stays so, look for a proxy between n8n and Microsoft.',
			);
			expect(result.outputs.flat()).toEqual([]);
		},
	);

	it('gives nothing when its page tokens keep expiring', async () => {
		sandbox.control.entra.settings.emptyPages = true;
		sandbox.control.entra.settings.pageTokensExpired = true;
		const result = await run();
		expect(result.error?.message).toBe('Microsoft Graph lost its place in the list.');
		expect(result.outputs.flat()).toEqual([]);
	});

	it('costs one new token when the old one has expired, not the run', async () => {
		sandbox.control.entra.fault({
			path: everyList,
			does: { kind: 'status', status: 401 },
		});
		const { items, error } = await run();
		expect(error).toBeUndefined();
		expect(items.length).toBeGreaterThan(200);
		const tokens = sandbox.control.entra.requests().filter(({ path }) => path.endsWith('/token'));
		expect(tokens).toHaveLength(2);
	});

	it('sees a permission granted a minute ago, though n8n still keeps the token from before', async () => {
		const { roles } = sandbox.control.entra.settings;
		sandbox.control.entra.settings.roles = [];
		const { authority, graph, tenantId, clientId, clientSecret } = sandbox.entra;
		const answer = await fetch(`${authority}/${tenantId}/oauth2/v2.0/token`, {
			method: 'POST',
			body: new URLSearchParams({
				grant_type: 'client_credentials',
				client_id: clientId,
				client_secret: clientSecret,
				scope: `${graph}/.default`,
			}),
		});
		sandbox.control.entra.settings.roles = roles;
		const { items, error } = await run(
			{},
			{ oauthTokenData: (await answer.json()) as IDataObject },
		);
		expect(error).toBeUndefined();
		expect(items.length).toBeGreaterThan(200);
	});

	it('is not asked once more after the run was cancelled', async () => {
		sandbox.control.entra.fault({
			path: everyList,
			times: 99,
			does: { kind: 'status', status: 429, retryAfter: '300' },
		});
		let finished = false;
		const firstRequest = async () => {
			while (graphRequests().length === 0 && !finished) await setImmediate();
		};
		await runNode({
			node: new EntraUserSource(),
			credentials: { entraOAuth2Api: credential() },
			cancelWhen: firstRequest(),
		});
		finished = true;
		expect(graphRequests()).toHaveLength(1);
	});
});

describe('the number of requests', () => {
	it('is one token, one page of users and one of the recycle bin for 250 people', async () => {
		await run();
		expect(graphRequests().map(({ path }) => path)).toEqual([
			'/v1.0/users',
			'/v1.0/directory/deletedItems/microsoft.graph.user',
		]);
		expect(sandbox.control.entra.requests()).toHaveLength(3);
	});

	it('is one more, for how many there are, where the list goes on after two pages', async () => {
		sandbox.control.entra.settings.mostPerPage = 50;
		const { items, error } = await run({ userType: 'all', options: { includeDeleted: false } });
		expect(error).toBeUndefined();
		const asked = graphRequests().map(({ path }) => path);
		expect(asked.filter((path) => path === '/v1.0/users/$count')).toHaveLength(1);
		expect(asked.filter((path) => path === '/v1.0/users')).toHaveLength(
			Math.ceil(items.length / 50),
		);
	});
});
