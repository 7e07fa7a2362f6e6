import { ASKING } from '../../../entra/diagnosis.ts';
import type { Continuation } from '../../../entra/changes.ts';
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
const COST_CENTER = 'extension_b7d8e648520f41d3b9c0fdeb91768a0a_costCenter';
const LINK = `${GRAPH}/v1.0/users/delta?$deltatoken=old`;
const NEXT = `${GRAPH}/v1.0/users/delta?$deltatoken=new`;
const NOW = Date.UTC(2026, 10, 26);
const MINUTE = 60_000;
const last: Continuation = { link: LINK, members: membersHash(new Map()), again: [] };

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

async function changes(world: World, from = last, asked = query, now = NOW) {
	const { graph, sent } = worldGraph(world);
	const result = await readChanges(graph, asked, from, now).catch((thrown: unknown) => {
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

	/** What is to be looked at again after a read, for the next one. */
	const openAfter = (result: object): Continuation => ({
		...last,
		again: (result as Partial<Continuation>).again ?? [],
	});

	it('are believed by the object when the list says otherwise', async () => {
		const told = { id: 'id-1', displayName: 'New' };
		const stale = person(1, { displayName: 'Old' });
		const fresh = person(1, { displayName: 'New' });
		const { result } = await changes({ delta: [told], users: [stale], objects: [fresh] });
		expect(result).toMatchObject({ users: [{ user: { displayName: 'New' } }], again: [] });
	});

	it('are looked for again for as long as they do not show, and given once when they do', async () => {
		const told = { id: 'id-1', displayName: 'New' };
		const stale = person(1, { displayName: 'Old' });
		const fresh = person(1, { displayName: 'New' });
		let { result } = await changes({ delta: [told], users: [stale] });
		expect(result).toMatchObject({ users: [{ user: { displayName: 'Old' } }] });
		for (let minute = 1; minute <= 20; minute++) {
			const now = NOW + minute * MINUTE;
			({ result } = await changes({ delta: [], users: [stale] }, openAfter(result), query, now));
			expect(result).toMatchObject({ users: [] });
		}
		const at = (minute: number) => NOW + minute * MINUTE;
		({ result } = await changes({ delta: [], users: [fresh] }, openAfter(result), query, at(21)));
		expect(result).toMatchObject({ users: [{ user: { displayName: 'New' } }] });
		({ result } = await changes({ delta: [], users: [fresh] }, openAfter(result), query, at(22)));
		expect(result).toMatchObject({ users: [] });
		({ result } = await changes({ delta: [], users: [fresh] }, openAfter(result), query, at(61)));
		expect(result).toMatchObject({ again: [], notes: [] });
	});

	it('are not in doubt because a list has another order', async () => {
		const delta = [{ id: 'id-1', otherMails: ['a@b.example', 'c@d.example'] }];
		const users = [person(1, { otherMails: ['c@d.example', 'a@b.example'] })];
		const { result, sent } = await changes({ delta, users });
		expect(result).toMatchObject({ again: [] });
		expect(sent).toHaveLength(2);
	});

	it('that somebody is gone are not lost because the list still has them', async () => {
		const delta = [{ id: 'id-1', '@removed': { reason: 'changed' } }];
		const early = await changes({ delta, users: [person(1)] });
		const later = { delta: [], bin: [person(1)] };
		const { result } = await changes(later, openAfter(early.result), query, NOW + MINUTE);
		expect(result).toMatchObject({ users: [{ user: { id: 'id-1', status: 'deleted' } }] });
		const purged = await changes({ delta: [] }, openAfter(early.result), query, NOW + MINUTE);
		expect(purged.result).toMatchObject({ users: [{ user: { id: 'id-1', status: 'deleted' } }] });
	});

	it('are no proof that somebody is gone who cannot be found', async () => {
		const told = { id: 'id-1', displayName: 'New' };
		const first = await changes({ delta: [told], users: [person(1)] });
		const { result } = await changes({ delta: [] }, openAfter(first.result), query, NOW + MINUTE);
		expect(result).toMatchObject({ users: [] });
	});

	it('of somebody told as gone who is there are those of somebody who is there', async () => {
		const delta = [{ id: 'id-1', '@removed': { reason: 'changed' } }];
		const { result } = await changes({ delta, users: [person(1)] });
		expect(result).toMatchObject({ users: [{ user: { id: 'id-1', status: 'active' } }] });
	});

	it('of somebody who never shows up are given up after an hour, and said', async () => {
		const first = await changes({ delta: [{ id: 'id-1', displayName: 'Ghost' }] });
		expect(first.result).toMatchObject({ users: [], again: [{ id: 'id-1' }], notes: [] });
		const from = openAfter(first.result);
		const second = await changes({ delta: [] }, from, query, NOW + 59 * MINUTE);
		expect(second.result).toMatchObject({ users: [], again: [{ id: 'id-1' }], notes: [] });
		const third = await changes({ delta: [] }, from, query, NOW + 60 * MINUTE);
		expect(third.result).toMatchObject({
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
		await readWholeWithLink(graph, query, NOW);
		const paths = sent.map(({ url }) => new URL(url).pathname);
		expect(paths.indexOf('/v1.0/users/delta')).toBe(0);
		expect(sent[0]?.url).toContain('$deltatoken=latest');
	});
});

describe('everybody, read in between', () => {
	const whole = async (delta: World['delta']) => {
		const { graph, sent } = worldGraph({ delta, users: [person(1)] });
		return { result: await readWholeWithLink(graph, query, NOW, last), sent };
	};

	it('does not lose a change of a moment ago that the list does not show yet', async () => {
		const { result } = await whole([{ id: 'id-1', displayName: 'New' }]);
		expect(result).toMatchObject({ kind: 'whole', link: NEXT, again: [{ id: 'id-1' }] });
		const later = { delta: [], users: [person(1, { displayName: 'New' })] };
		const next = await changes(later, result, query, NOW + MINUTE);
		expect(next.result).toMatchObject({ users: [{ user: { displayName: 'New' } }] });
	});

	it('asks for a new link when Graph no longer knows the old one', async () => {
		const sent: string[] = [];
		const { graph } = worldGraph({ delta: [] });
		const counting = openGraph(async ({ url }) => {
			sent.push(url);
			return url.includes('$deltatoken=old')
				? refusal(400, 'syncStateNotFound')
				: json(await graph.get({ path: '/users/delta', select: [], asking: ASKING.changes }));
		}, GRAPH);
		const result = await readWholeWithLink(counting, query, NOW, last);
		expect(result).toMatchObject({ link: NEXT, again: [] });
		expect(sent[1]).toContain('$deltatoken=latest');
	});
});

describe('what is tracked', () => {
	it('is all that can decide about a user, an OData filter included', () => {
		const tracked = trackedBy({
			...query,
			attributes: ['extensionAttribute3', 'manager'],
			leaveOut: ['hidden'],
			filter: {
				...query.filter,
				raw: `startsWith(city,'O') and assignedLicenses/$count ne 0 or ${COST_CENTER} eq '7'`,
			},
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
				COST_CENTER,
			]),
		);
		expect(tracked).not.toContain('extensionAttribute3');
	});
});
