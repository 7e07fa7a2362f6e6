import { readChanges, readWholeWithLink, trackedBy } from '../../../entra/changes.ts';
import { membersHash } from '../../../entra/checkpoint.ts';
import { openGraph } from '../../../entra/graph.ts';
import type { UserQuery } from '../../../entra/scope.ts';
import type { HttpRequest, HttpResponse } from '../../../http/port.ts';
import { DiagnosedError } from '../../../sync/diagnostic.ts';
import type { Person } from './graph-script.mts';
import { GRAPH, json, person, refusal } from './graph-script.mts';

const query: UserQuery = {
	scope: { kind: 'all' },
	filter: { userType: 'members', includeDisabled: true, conditions: [], combine: 'and', raw: null },
	leaveOut: [],
	optIn: null,
	attributes: ['department'],
	includeDeleted: true,
	includeOutOfScope: false,
};
const LINK = `${GRAPH}/v1.0/users/delta?$deltatoken=old`;
const NEXT = `${GRAPH}/v1.0/users/delta?$deltatoken=new`;
const last = { link: LINK, members: membersHash(new Map()), again: [] as string[] };

/** What delta says; what lists hold; what an object read by ID gives, when it is not the same. */
interface World {
	readonly delta: HttpResponse | readonly object[];
	readonly users?: readonly Person[];
	readonly bin?: readonly Person[];
	readonly objects?: readonly Person[];
}

function worldGraph({ delta, users = [], bin = [], objects = users }: World) {
	const sent: HttpRequest[] = [];
	const graph = openGraph(async (request) => {
		sent.push(request);
		const { pathname, searchParams } = new URL(request.url);
		if (pathname.endsWith('/delta')) {
			return 'status' in delta ? delta : json({ value: delta, '@odata.deltaLink': NEXT });
		}
		if (pathname.includes('deletedItems')) return json({ value: bin });
		const one = /\/users\/(.+)$/.exec(pathname)?.[1];
		if (one) {
			const found = objects.find(({ id }) => id === one);
			return found ? json(found) : refusal(404, 'Request_ResourceNotFound');
		}
		const wanted = [...(searchParams.get('$filter') ?? '').matchAll(/'([^']+)'/g)].map(
			([, id]) => id,
		);
		return json({ value: users.filter(({ id }) => wanted.includes(id)) });
	}, GRAPH);
	return { graph, sent };
}

async function changes(world: World, from = last, asked = query) {
	const { graph, sent } = worldGraph(world);
	const result = await readChanges(graph, asked, from).catch((thrown: unknown) => {
		if (thrown instanceof DiagnosedError) return { kind: thrown.diagnostic.code };
		throw thrown;
	});
	return { result, sent };
}

describe('changes', () => {
	it('are read again, fifteen users in one request', async () => {
		const users = Array.from({ length: 31 }, (_, index) => person(index));
		const { result, sent } = await changes({ delta: users.map(({ id }) => ({ id })), users });
		expect(result).toMatchObject({ kind: 'changes', link: NEXT, again: [] });
		expect(sent).toHaveLength(1 + 3);
	});

	it('are believed by the object when the list says otherwise, and looked at once more if it does, too', async () => {
		const told = { id: 'id-1', displayName: 'New' };
		const stale = person(1, { displayName: 'Old' });
		const fresh = person(1, { displayName: 'New' });
		const ahead = await changes({ delta: [told], users: [stale], objects: [fresh] });
		expect(ahead.result).toMatchObject({ users: [{ user: { displayName: 'New' } }], again: [] });
		const behind = await changes({ delta: [told], users: [stale] });
		expect(behind.result).toMatchObject({
			users: [{ user: { displayName: 'Old' } }],
			again: ['id-1'],
		});
		const later = { ...last, again: ['id-1'] };
		const settled = await changes({ delta: [], users: [stale], objects: [fresh] }, later);
		expect(settled.result).toMatchObject({ users: [{ user: { displayName: 'New' } }], again: [] });
	});

	it('of somebody told as gone who is there are those of somebody who is there', async () => {
		const delta = [{ id: 'id-1', '@removed': { reason: 'changed' } }];
		const { result } = await changes({ delta, users: [person(1)] });
		expect(result).toMatchObject({ users: [{ user: { id: 'id-1', status: 'active' } }] });
	});

	it('of somebody who never shows up are given up after the second look, and said', async () => {
		const first = await changes({ delta: [{ id: 'id-1', displayName: 'Ghost' }] });
		expect(first.result).toMatchObject({ users: [], again: ['id-1'], notes: [] });
		const second = await changes({ delta: [] }, { ...last, again: ['id-1'] });
		expect(second.result).toMatchObject({
			users: [],
			again: [],
			notes: [{ code: 'entra.neverShown' }],
		});
	});

	it('are not used when they come as bare IDs', async () => {
		const bare = { id: 'id-1', userPrincipalName: null, accountEnabled: null };
		const { result } = await changes({ delta: [{ id: 'id-1' }], users: [bare] });
		expect(result).toEqual({ kind: 'entra.idsOnly' });
	});

	it('are not at their end without a link to the next', async () => {
		const { result } = await changes({ delta: json({ value: [{ id: 'id-1' }] }) });
		expect(result).toEqual({ kind: 'entra.brokenAnswer' });
	});

	it('of very many users are read as everybody', async () => {
		const delta = Array.from({ length: 1_501 }, (_, index) => ({ id: `id-${String(index)}` }));
		expect((await changes({ delta })).result).toEqual({
			kind: 'startOver',
			because: '1501 users changed.',
		});
	});

	it.each([
		['a link of another tenant', { delta: refusal(400, 'Request_UnsupportedQuery', 'bad') }, last],
		['a link to another host', { delta: [] }, { ...last, link: 'https://elsewhere.example/x' }],
		['members that changed', { delta: [] }, { ...last, members: 'other' }],
	])('begin anew with %s', async (_what, world, from) => {
		expect((await changes(world, from)).result).toMatchObject({ kind: 'startOver' });
	});

	it.each([
		['busy', refusal(429, 'TooManyRequests'), 'entra.throttled'],
		['forbidden', refusal(403, 'Authorization_RequestDenied'), 'entra.permissionMissing'],
		['down', refusal(503, 'ServiceUnavailable'), 'entra.unavailable'],
	])('do not begin anew only because Graph is %s', async (_what, delta, code) => {
		expect((await changes({ delta })).result).toEqual({ kind: code });
	});

	it('cannot slip between the link and the whole read: the link is taken first', async () => {
		const { graph, sent } = worldGraph({ delta: [] });
		await readWholeWithLink(graph, query);
		const paths = sent.map(({ url }) => new URL(url).pathname);
		expect(paths.indexOf('/v1.0/users/delta')).toBe(0);
		expect(sent[0]?.url).toContain('$deltatoken=latest');
	});
});

describe('what is tracked', () => {
	it('is all that can decide about a user, an OData filter included', () => {
		const tracked = trackedBy({
			...query,
			attributes: ['extensionAttribute3', 'manager'],
			leaveOut: ['hidden'],
			filter: { ...query.filter, raw: "startsWith(city,'O') and assignedLicenses/$count ne 0" },
			optIn: {
				kind: 'attribute',
				condition: { attribute: 'employeeType', operator: 'equals', value: 'x' },
			},
		});
		expect(tracked).toEqual(
			expect.arrayContaining([
				'accountEnabled',
				'userType',
				'onPremisesExtensionAttributes',
				'manager',
				'showInAddressList',
				'city',
				'assignedLicenses',
				'employeeType',
			]),
		);
		expect(tracked).not.toContain('extensionAttribute3');
	});
});
