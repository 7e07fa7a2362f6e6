import { openGraph } from '../../../entra/graph.ts';
import type { UserQuery } from '../../../entra/scope.ts';
import type { Directory } from '../../../entra/users.ts';
import { readUsers } from '../../../entra/users.ts';
import type { HttpRequest, HttpResponse } from '../../../http/port.ts';
import { DiagnosedError } from '../../../sync/diagnostic.ts';
import type { Person } from './graph-script.mts';
import { GRAPH, json, person, refusal } from './graph-script.mts';

const SALES = '11111111-1111-4111-8111-111111111111';
const HR = '22222222-2222-4222-8222-222222222222';

const everyMember: UserQuery = {
	scope: { kind: 'all' },
	filter: { userType: 'members', includeDisabled: true, conditions: [], combine: 'and', raw: null },
	leaveOut: [],
	optIn: null,
	attributes: ['department', 'businessPhones', 'onPremisesExtensionAttributes'],
	includeDeleted: true,
	includeOutOfScope: false,
};
const inGroups = (...ids: string[]): UserQuery => ({
	...everyMember,
	scope: {
		kind: 'groups',
		nested: true,
		groups: ids.map((id) => ({ id, name: id === SALES ? 'Sales' : null })),
	},
});

/** Lists by the end of their path; what is not named is empty. */
type Lists = Readonly<Record<string, readonly Person[] | HttpResponse>>;

async function readFrom(lists: Lists, query: UserQuery = everyMember) {
	const sent: HttpRequest[] = [];
	const graph = openGraph(async (request) => {
		sent.push(request);
		const { pathname } = new URL(request.url);
		const name = Object.keys(lists).find((end) => pathname.includes(end));
		const list = name === undefined ? [] : lists[name];
		if (list && 'status' in list) return list;
		// The group itself, and the groups inside it: none hides its members.
		const group = /\/groups\/([^/]+)$/.exec(pathname)?.[1];
		if (group) return json({ id: group, displayName: 'A group', visibility: null });
		return json({ value: pathname.endsWith('microsoft.graph.group') ? [] : (list ?? []) });
	}, GRAPH);
	return { directory: await readUsers(graph, query), sent };
}

const statuses = ({ users }: Directory) =>
	users.map(({ user, decisions }) => [user.id, user.status, ...decisions]);

async function diagnosticOf(promise: Promise<unknown>) {
	const thrown: unknown = await promise.catch((reason: unknown) => reason);
	if (!(thrown instanceof DiagnosedError)) throw new Error(`not diagnosed: ${String(thrown)}`);
	return thrown.diagnostic;
}

describe('reading users', () => {
	it('tells active, disabled and deleted ones apart, and why they are in scope', async () => {
		const { directory } = await readFrom({
			'/v1.0/users': [person(1), person(2, { accountEnabled: false })],
			deletedItems: [person(3)],
		});
		expect(statuses(directory)).toEqual([
			['id-1', 'active', 'In scope: member'],
			['id-2', 'disabled', 'In scope: member', 'Disabled in Entra ID'],
			['id-3', 'deleted', 'Deleted in Entra ID'],
		]);
	});

	it('takes only a clear no for disabled', async () => {
		const { directory } = await readFrom({ '/v1.0/users': [person(1, { accountEnabled: null })] });
		expect(statuses(directory)).toEqual([['id-1', 'active', 'In scope: member']]);
	});

	it('lifts the fifteen extension attributes and says null for what is empty', async () => {
		const { directory } = await readFrom({
			'/v1.0/users': [
				person(1, { onPremisesExtensionAttributes: { extensionAttribute2: '105' }, mail: null }),
			],
		});
		const user = directory.users[0]?.user ?? {};
		expect(user).toMatchObject({
			mail: null,
			department: null,
			extensionAttribute1: null,
			extensionAttribute2: '105',
			extensionAttribute15: null,
		});
		expect(user).not.toHaveProperty('onPremisesExtensionAttributes');
	});

	it('keeps nothing it did not ask for', async () => {
		const { directory } = await readFrom({
			'/v1.0/users': [person(1, { '@odata.type': '#x', passwordProfile: { password: 'p' } })],
		});
		expect(JSON.stringify(directory)).not.toMatch(/odata|password/i);
	});

	it('shares the sentences of users they are the same for', async () => {
		const { directory } = await readFrom({ '/v1.0/users': [person(1), person(2)] });
		expect(directory.users[0]?.decisions).toBe(directory.users[1]?.decisions);
	});

	it('asks for pages of 999 and for no attribute twice', async () => {
		const { sent } = await readFrom({}, { ...everyMember, attributes: ['mail', 'department'] });
		const { searchParams } = new URL(sent[0]?.url ?? '');
		expect(searchParams.get('$top')).toBe('999');
		const select = searchParams.get('$select')?.split(',') ?? [];
		expect(new Set(select).size).toBe(select.length);
	});

	it('is no failure when there is nobody at all', async () => {
		const { directory } = await readFrom({});
		expect(directory).toEqual({ users: [], notes: [] });
	});
});

describe('reading the members of groups', () => {
	it('reads somebody in several groups once', async () => {
		const { directory } = await readFrom(
			{ [SALES]: [person(1), person(2)], [HR]: [person(2), person(3)] },
			inGroups(SALES, HR),
		);
		expect(statuses(directory)).toEqual([
			['id-1', 'active', 'In scope: member in group "Sales"'],
			['id-2', 'active', 'In scope: member in group "Sales"'],
			['id-3', 'active', `In scope: member in group "${HR}"`],
		]);
	});

	it('leaves out guests there as well', async () => {
		const { directory } = await readFrom(
			{ [SALES]: [person(1, { userType: 'Guest' }), person(2, { userType: null })] },
			inGroups(SALES),
		);
		expect(statuses(directory).map(([id]) => id)).toEqual(['id-2']);
	});

	it.each([
		[true, 'transitiveMembers'],
		[false, 'members'],
	])('with nested groups %p it asks for %s', async (nested, segment) => {
		const query = inGroups(SALES);
		const { sent } = await readFrom(
			{},
			{ ...query, scope: { kind: 'groups', groups: [{ id: SALES, name: null }], nested } },
		);
		const asked = sent.find(({ url }) => url.includes('microsoft.graph.user'));
		expect(asked?.url).toContain(`/groups/${SALES}/${segment}/microsoft.graph.user?`);
		expect(asked?.headers).toMatchObject({ ConsistencyLevel: 'eventual' });
	});

	it('marks everybody else as out of scope when asked to', async () => {
		const { directory } = await readFrom(
			{
				[SALES]: [person(1)],
				'/v1.0/users': [person(1), person(2), person(3, { accountEnabled: false })],
			},
			{ ...inGroups(SALES), includeOutOfScope: true },
		);
		expect(statuses(directory)).toEqual([
			['id-1', 'active', 'In scope: member in group "Sales"'],
			['id-2', 'outOfScope', 'Not in scope: in none of the chosen groups'],
			['id-3', 'disabled', 'Not in scope: in none of the chosen groups', 'Disabled in Entra ID'],
		]);
	});

	it('refuses bare IDs instead of taking them for people without phones', async () => {
		const bare = { id: 'id-9', displayName: null, userPrincipalName: null, accountEnabled: null };
		expect(
			await diagnosticOf(readFrom({ [SALES]: [person(1), bare] }, inGroups(SALES))),
		).toMatchObject({
			code: 'entra.idsOnly',
			what: 'Microsoft Graph gave users without their attributes.',
		});
	});

	it.each(['../users', 'x?$top=1', '', `${SALES}/owners`])(
		'sends no request for the group ID %p',
		async (id) => {
			expect(await diagnosticOf(readFrom({}, inGroups(id)))).toMatchObject({
				code: 'entra.groupId',
			});
		},
	);

	it('does not take a deleted group for an empty one', async () => {
		const gone = refusal(404, 'Request_ResourceNotFound', `Resource '${SALES}' does not exist.`);
		expect(await diagnosticOf(readFrom({ [SALES]: gone }, inGroups(SALES)))).toMatchObject({
			code: 'entra.notFound',
		});
	});
});

describe('what the app may not do', () => {
	const forbidden = refusal(403, 'Authorization_RequestDenied', 'Insufficient privileges.');

	it('says which permission is missing', async () => {
		expect(await diagnosticOf(readFrom({ '/v1.0/users': forbidden }))).toEqual({
			code: 'entra.permissionMissing',
			what: 'Microsoft Graph did not let the app read users.',
			why: 'The application permission User.Read.All is missing, or nobody granted admin consent.',
			fix: 'Add User.Read.All as an application permission (not a delegated one) to the app registration, grant admin consent, and wait a few minutes.',
		});
	});

	it('goes on without the recycle bin, and says so', async () => {
		const { directory } = await readFrom({
			'/v1.0/users': [person(1)],
			deletedItems: forbidden,
		});
		expect(directory.users).toHaveLength(1);
		expect(directory.notes.map(({ what }) => what)).toEqual([
			'Microsoft Graph did not let the app read deleted users.',
		]);
	});

	it('does not go on when the recycle bin could not be read for another reason', async () => {
		const busy = refusal(503, 'ServiceUnavailable');
		const reading = readFrom({ '/v1.0/users': [person(1)], deletedItems: busy });
		expect((await diagnosticOf(reading)).code).toBe('entra.unavailable');
	});
});
