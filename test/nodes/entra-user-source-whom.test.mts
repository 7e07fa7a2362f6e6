import type { INodeParameters } from 'n8n-workflow';

import { EntraUserSource } from '../../nodes/EntraUserSource/EntraUserSource.node.ts';
import { COST_CENTER } from '../../sandbox/directory/user.mts';
import type { DirectoryUser } from '../../sandbox/directory/user.mts';
import type { Sandbox } from '../../sandbox/sandbox.mts';
import { startSandbox } from '../../sandbox/sandbox.mts';
import type { UserItem } from '../../sync/item.ts';
import { runNode } from './engine.mts';

let sandbox: Sandbox;

beforeAll(async () => {
	sandbox = await startSandbox();
});
beforeEach(() => {
	sandbox.control.entra.clearRequests();
});
afterAll(async () => {
	await sandbox.stop();
});

async function run(parameters: INodeParameters) {
	const { authority, graph, tenantId, clientId, clientSecret } = sandbox.entra;
	const result = await runNode({
		node: new EntraUserSource(),
		parameters,
		credentials: {
			entraOAuth2Api: {
				cloud: 'custom',
				authorityUrl: authority,
				graphUrl: graph,
				tenantId,
				clientId,
				clientSecret,
			},
		},
	});
	// The items of this node have this shape; that is what the tests below look at.
	const items = (result.outputs[0] ?? []).map(({ json }) => json as unknown as UserItem);
	return { ...result, items };
}

const everybody = { userType: 'all', options: { includeDeleted: false } };
const people = () => [...sandbox.control.entra.state.users.values()];
const groupNamed = (name: string) => {
	const groups = [...sandbox.control.entra.state.groups.values()];
	return groups.find(({ displayName }) => displayName === name);
};
const ids = (users: readonly { readonly id: string }[]) => users.map(({ id }) => id).sort();
const idsOf = (items: readonly UserItem[]) => ids(items.map(({ user }) => user));
const graphPaths = () =>
	sandbox.control.entra
		.requests()
		.map(({ path }) => path)
		.filter((path) => path.startsWith('/v1.0/'));

describe('leaving out', () => {
	const looksShared = (user: DirectoryUser) =>
		!user.accountEnabled &&
		user.mail !== null &&
		user.assignedLicenses.length === 0 &&
		!user.givenName &&
		!user.surname;

	it.each([
		['sharedMailboxes', looksShared],
		['unlicensed', (user: DirectoryUser) => user.assignedLicenses.length === 0],
		['hidden', (user: DirectoryUser) => user.showInAddressList === false],
		['serviceAccounts', (user: DirectoryUser) => user.userPrincipalName.startsWith('svc-')],
	])('%s leaves out exactly those it says', async (preset, fits) => {
		const { items } = await run({ ...everybody, leaveOut: [preset] });
		const left = people().filter(fits);
		expect(left.length).toBeGreaterThan(0);
		expect(idsOf(items)).toEqual(ids(people().filter((user) => !fits(user))));
	});

	it('keeps a leaver whose license is gone: a person has a name', async () => {
		const leaver = people().find(({ accountEnabled, surname }) => !accountEnabled && surname);
		const { items } = await run({ ...everybody, leaveOut: ['sharedMailboxes'] });
		expect(items.find(({ user }) => user.id === leaver?.id)?.user.status).toBe('disabled');
	});

	it('tells why when those out of scope are wanted too', async () => {
		const { items } = await run({
			...everybody,
			leaveOut: ['serviceAccounts'],
			options: { includeDeleted: false, includeOutOfScope: true },
		});
		expect(items).toHaveLength(people().length);
		const service = items.find(({ user }) => user['displayName'] === 'svc-backup');
		expect(service).toMatchObject({
			user: { status: 'outOfScope' },
			decisions: ['Not in scope: left out, named like a service account'],
		});
	});

	it('keeps what it looked at off the wire when nobody chose it', async () => {
		const { items } = await run({ ...everybody, leaveOut: ['unlicensed'] });
		expect(items[0]?.user).not.toHaveProperty('assignedLicenses');
	});
});

describe('only who opted in', () => {
	it('by a value in an attribute', async () => {
		const { items } = await run({
			...everybody,
			optIn: 'attribute',
			optInAttribute: 'extensionAttribute10',
			optInValue: 'Phone, desk',
		});
		const opted = people().filter(
			(user) => user.onPremisesExtensionAttributes['extensionAttribute10'] === 'phone',
		);
		expect(idsOf(items)).toEqual(ids(opted));
		expect(items[0]?.decisions[0]).toMatch(/, opted in$/);
	});

	it('by a group, besides being in a group of the scope', async () => {
		const [sales, nordics] = [groupNamed('Department Sales'), groupNamed('Nordics')];
		const { items } = await run({
			...everybody,
			scope: 'groups',
			groups: { group: [{ id: { __rl: true, mode: 'id', value: sales?.id ?? '' } }] },
			optIn: 'group',
			optInGroup: { __rl: true, mode: 'id', value: nordics?.id ?? '' },
		});
		const both = sales?.members.filter((id) => nordics?.members.includes(id)) ?? [];
		expect(both.length).toBeGreaterThan(0);
		expect(idsOf(items)).toEqual([...both].sort());
	});

	it('is refused without a value: it would be nobody', async () => {
		const { error } = await run({ ...everybody, optIn: 'attribute', optInValue: ' ' });
		expect(error?.message).toBe("'Opt-In Value' is empty.");
	});
});

describe('attributes', () => {
	it('of the manager come along, also where Graph has to filter', async () => {
		const { items } = await run({ userType: 'members', attributes: ['manager'] });
		const { managers, users } = sandbox.control.entra.state;
		const [id = '', managerId = ''] = [...managers][0] ?? [];
		const manager = users.get(managerId);
		expect(items.find(({ user }) => user.id === id)?.user['manager']).toEqual({
			id: managerId,
			displayName: manager?.displayName,
			mail: manager?.mail,
			userPrincipalName: manager?.userPrincipalName,
		});
		expect(items.find(({ user }) => user.id === managerId)?.user['manager']).toBeNull();
	});

	it('of the manager come along for the members of groups, too', async () => {
		const group = groupNamed('Department Sales');
		const { items } = await run({
			...everybody,
			scope: 'groups',
			groups: { group: [{ id: { __rl: true, mode: 'id', value: group?.id ?? '' } }] },
			attributes: ['manager'],
		});
		expect(idsOf(items)).toEqual([...(group?.members ?? [])].sort());
		expect(items.some(({ user }) => user['manager'] !== null)).toBe(true);
	});

	it('can be one of the fifteen, or a directory extension', async () => {
		const { items } = await run({
			userType: 'members',
			attributes: ['extensionAttribute2'],
			options: { moreAttributes: COST_CENTER, includeDeleted: false },
		});
		const known = people().find((user) => user[COST_CENTER]);
		const user = items.find(({ user: { id } }) => id === known?.id)?.user;
		expect(user).toMatchObject({
			extensionAttribute2: known?.onPremisesExtensionAttributes['extensionAttribute2'],
			[COST_CENTER]: known?.[COST_CENTER],
		});
		expect(user).not.toHaveProperty('extensionAttribute1');
	});

	it('choose users also where Graph cannot compare', async () => {
		const { items } = await run({
			...everybody,
			conditions: {
				condition: [
					{
						attribute: 'other',
						otherAttribute: COST_CENTER,
						operator: 'startsWith',
						value: 'cc-1',
					},
					{ attribute: 'jobTitle', operator: 'contains', value: 'ea' },
				],
			},
		});
		const expected = people().filter(
			(user) => user[COST_CENTER]?.startsWith('CC-1') && user.jobTitle?.includes('ea'),
		);
		expect(expected.length).toBeGreaterThan(0);
		expect(idsOf(items)).toEqual(ids(expected));
	});
});

describe('one user', () => {
	const ask = (user: string, more: INodeParameters = {}) =>
		run({ mode: 'user', user, userType: 'members', ...more });
	const anna = () => people().find(({ accountEnabled, mail }) => accountEnabled && mail);

	it.each(['id', 'userPrincipalName', 'mail'] as const)('is found by %s', async (key) => {
		const user = anna();
		const { items } = await ask(String(user?.[key]));
		expect(idsOf(items)).toEqual([user?.id]);
		expect(items[0]?.read).toMatchObject({ count: 1, scope: 'changes' });
	});

	it('is told what keeps the person out, rule by rule', async () => {
		const guest = people().find(({ userType }) => userType === 'Guest');
		const { items } = await ask(guest?.userPrincipalName ?? '', {
			leaveOut: ['unlicensed'],
			conditions: {
				condition: [{ attribute: 'mail', operator: 'endsWith', value: '.example' }],
			},
			options: { filter: "startsWith(displayName,'Zzz')" },
		});
		expect(items[0]?.user.status).toBe('outOfScope');
		expect(items[0]?.decisions).toEqual([
			'Not in scope: is a guest',
			'No: is a guest',
			'Yes: Mail ends with ".example"',
			'No: does not meet the OData filter',
			'No: left out, has no license',
		]);
	});

	it('is found by another address of the mailbox', async () => {
		const user = anna();
		user?.proxyAddresses.push('smtp:old.name@nordvik.example');
		expect(idsOf((await ask('old.name@nordvik.example')).items)).toEqual([user?.id]);
	});

	it('is found in the recycle bin by the name it had', async () => {
		const { items } = await ask('goran.persson@nordvik.example');
		expect(items[0]?.user.status).toBe('deleted');
		expect(items[0]?.decisions).toEqual(['Deleted in Entra ID']);
	});

	it.each([
		['nobody@nordvik.example', 'There is no user "nobody@nordvik.example" in the directory.'],
		['Anna', '"Anna" is neither an object ID nor an address.'],
		[' ', 'No user is named.'],
	])('says so when %p is nobody', async (user, message) => {
		expect((await ask(user)).error?.message).toBe(message);
	});
});

describe('the number of requests', () => {
	it('stays at one listing when everybody out of scope is told, too', async () => {
		await run({ options: { includeOutOfScope: true } });
		expect(graphPaths()).toEqual([
			'/v1.0/users',
			'/v1.0/directory/deletedItems/microsoft.graph.user',
		]);
	});
});

describe('groups to tell', () => {
	it.each(['all', 'groups'] as const)(
		'are told by name of every user who is in them, whoever is read (%s)',
		async (scope) => {
			const [one, other] = [groupNamed('Nordics'), groupNamed('Department Sales')];
			if (!one || !other) throw new Error('The sandbox has two groups that overlap.');
			const ref = ({ id, displayName }: { id: string; displayName: string }) => ({
				id: { __rl: true, mode: 'list', value: id, cachedResultName: displayName },
			});
			const { items, error } = await run({
				scope,
				...(scope === 'groups' ? { groups: { group: [ref(other)] } } : {}),
				userType: 'all',
				options: { includeDeleted: false, tellGroups: { group: [ref(one)] } },
			});
			expect(error).toBeUndefined();
			const told = items.filter(({ user }) => user['groups'] !== undefined);
			expect(told).toHaveLength(items.length);
			const inOne = ids(
				items.map(({ user }) => user).filter((user) => String(user['groups']) !== ''),
			);
			const members = idsOf(
				(
					await run({
						scope: 'groups',
						groups: { group: [ref(one)] },
						userType: 'all',
						options: { includeDeleted: false },
					})
				).items,
			);
			expect(inOne).toEqual(members.filter((id) => idsOf(items).includes(id)));
			expect(inOne.length).toBeGreaterThan(0);
			for (const { user } of items) {
				expect(['', one.displayName]).toContain(String(user['groups']));
			}
		},
	);

	it('are not told where none are chosen', async () => {
		const { items } = await run(everybody);
		expect(items.filter(({ user }) => 'groups' in user)).toEqual([]);
	});
});
