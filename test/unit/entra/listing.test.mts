import fc from 'fast-check';

import { ASKING } from '../../../entra/diagnosis.ts';
import type { GraphQuery } from '../../../entra/graph.ts';
import { openGraph } from '../../../entra/graph.ts';
import type { Row } from '../../../entra/listing.ts';
import { readList } from '../../../entra/listing.ts';
import type { HttpPort, HttpResponse } from '../../../http/port.ts';
import { withRetry } from '../../../http/retry.ts';
import { DiagnosedError } from '../../../sync/diagnostic.ts';
import type { PagedOptions } from './graph-script.mts';
import { GRAPH, json, paged, person, refusal } from './graph-script.mts';

const query: GraphQuery = {
	path: '/users',
	select: ['id', 'displayName'],
	top: 3,
	asking: ASKING.users,
};
const everybody = Array.from({ length: 10 }, (_, index) => person(index));
const ids = (rows: readonly { readonly id: string }[]) => rows.map(({ id }) => id);

async function read(options: PagedOptions, more: Partial<GraphQuery> = {}): Promise<Row[]> {
	const port = withRetry(paged(options).port, { pause: async () => undefined });
	return await readList(openGraph(port, GRAPH), { ...query, ...more });
}

async function codeOf(promise: Promise<unknown>): Promise<string> {
	const thrown: unknown = await promise.then(
		() => 'resolved',
		(reason: unknown) => reason,
	);
	return thrown instanceof DiagnosedError ? thrown.diagnostic.code : String(thrown);
}

/** Ways an answer goes wrong on the way or at the other end. */
const FAULTS: Readonly<Record<string, (honest: HttpResponse) => HttpResponse>> = {
	throttled: () => refusal(429, 'TooManyRequests'),
	'throttled with a wait': () => ({
		...refusal(429, 'TooManyRequests'),
		headers: { 'retry-after': '2' },
	}),
	unavailable: () => refusal(503, 'ServiceUnavailable'),
	'a gateway page': () => ({ status: 502, headers: {}, body: '<html>Bad gateway</html>' }),
	'cut off in the middle': (honest) => ({
		...honest,
		body: honest.body.slice(0, Math.floor(honest.body.length / 2)),
	}),
	empty: (honest) => ({ ...honest, body: '' }),
	'a sign-in page': () => ({ status: 200, headers: {}, body: '<html>Sign in</html>' }),
	'JSON of something else': () => json({ hello: 'world' }),
	'an expired page token': () => refusal(400, 'Directory_ExpiredPageToken'),
	'a forgotten page token': () => refusal(400, 'DirectoryPageTokenNotFoundException'),
	moved: () => json({ error: { code: 'resyncRequired', message: 'gone' } }, 410),
	forbidden: () => refusal(403, 'Authorization_RequestDenied'),
};

describe('reading a list of Graph', () => {
	it('gives everybody once and in order, wherever the pages end', async () => {
		await fc.assert(
			fc.asyncProperty(fc.nat(40), fc.integer({ min: 1, max: 12 }), async (count, pageSize) => {
				const people = Array.from({ length: count }, (_, index) => person(index));
				expect(ids(await read({ people, pageSize }))).toEqual(ids(people));
			}),
		);
	});

	it('gives everybody or rejects, whatever goes wrong at whichever request', async () => {
		await fc.assert(
			fc.asyncProperty(
				fc.array(fc.option(fc.constantFrom(...Object.keys(FAULTS)), { nil: null, freq: 2 }), {
					maxLength: 30,
				}),
				fc.integer({ min: 1, max: 10 }),
				fc.boolean(),
				async (plan, pageSize, advanced) => {
					const result = await read(
						{
							people: everybody,
							pageSize,
							spoil: (request, honest) => FAULTS[plan[request] ?? '']?.(honest) ?? null,
						},
						{ advanced },
					).catch((thrown: unknown) => thrown);
					if (result instanceof DiagnosedError) expect(result.diagnostic.fix).not.toBe('');
					else expect(ids(result as Row[])).toEqual(ids(everybody));
				},
			),
			{ numRuns: 500 },
		);
	});

	it.each(Object.keys(FAULTS).filter((fault) => fault !== 'forbidden'))(
		'gets over one answer that is %s, at any page but the first',
		async (fault) => {
			for (const request of [1, 2, 3]) {
				const rows = await read({
					people: everybody,
					pageSize: 3,
					spoil: (number, honest) =>
						number === request ? (FAULTS[fault]?.(honest) ?? null) : null,
				});
				expect(ids(rows)).toEqual(ids(everybody));
			}
		},
	);

	it('says that an answer is broken when it stays so', async () => {
		const broken = read({
			people: everybody,
			pageSize: 3,
			spoil: (number, honest) =>
				number >= 2 ? { ...honest, body: honest.body.slice(0, 40) } : null,
		});
		expect(await codeOf(broken)).toBe('entra.brokenAnswer');
	});

	it('begins again at most three times when page tokens keep expiring', async () => {
		const script = paged({
			people: everybody,
			pageSize: 3,
			spoil: (number) => (number % 2 === 1 ? refusal(400, 'Directory_ExpiredPageToken') : null),
		});
		expect(await codeOf(readList(openGraph(script.port, GRAPH), query))).toBe('entra.pageExpired');
		expect(script.sent).toHaveLength(8);
	});

	it('takes empty pages with a link for what they are', async () => {
		const links = ['a', 'b', 'c'].map((token) => `${GRAPH}/v1.0/users?$skiptoken=${token}`);
		const pages = [
			json({ value: [], '@odata.nextLink': links[0] }),
			json({ value: [person(1)], '@odata.nextLink': links[1] }),
			json({ value: [], '@odata.nextLink': links[2] }),
			json({ value: [person(2)] }),
		];
		const graph = openGraph(async () => pages.shift() ?? json({ value: [] }), GRAPH);
		expect(ids(await readList(graph, query))).toEqual(['id-1', 'id-2']);
	});

	it('counts somebody who comes twice once, with what was said last', async () => {
		const people = [
			person(1, { displayName: 'Old' }),
			person(2),
			person(1, { displayName: 'New' }),
		];
		const rows = await read({ people, pageSize: 2 });
		expect(rows).toEqual([person(1, { displayName: 'New' }), person(2)]);
	});

	it('refuses a list that leads back to itself', async () => {
		const link = `${GRAPH}/v1.0/users?$skiptoken=same`;
		const graph = openGraph(
			async () => json({ value: [person(1)], '@odata.nextLink': link }),
			GRAPH,
		);
		expect(await codeOf(readList(graph, query))).toBe('entra.circle');
	});

	it('refuses empty pages without end', async () => {
		let token = 0;
		const graph = openGraph(
			async () =>
				json({ value: [], '@odata.nextLink': `${GRAPH}/v1.0/users?$skiptoken=${String(token++)}` }),
			GRAPH,
		);
		expect(await codeOf(readList(graph, query))).toBe('entra.circle');
		expect(token).toBeLessThan(200);
	});

	it('refuses pages without end that bring nobody new', async () => {
		let token = 0;
		const graph = openGraph(async () => {
			const link = `${GRAPH}/v1.0/users?$skiptoken=${String(token++)}`;
			return json({ value: [person(1)], '@odata.nextLink': link });
		}, GRAPH);
		expect(await codeOf(readList(graph, query))).toBe('entra.circle');
		expect(token).toBeLessThan(200);
	});

	it.each(['..', '.', 'a/../b', '../users', 'a?$select=id', 'a#b', 'a\\b', ''])(
		'refuses somebody whose ID would lead elsewhere: "%s"',
		async (id) => {
			const graph = openGraph(async () => json({ value: [{ ...person(1), id }] }), GRAPH);
			await expect(readList(graph, query)).rejects.toThrow();
		},
	);

	it.each([
		'https://evil.example/v1.0/users?$skiptoken=x',
		'http://graph.example/v1.0/users',
		'https://graph.example:8443/v1.0/users',
		'//evil.example/users',
		'/v1.0/users?$skiptoken=x',
	])('does not follow a link to %s', async (link) => {
		const sent: string[] = [];
		const graph = openGraph(async ({ url }) => {
			sent.push(url);
			return json({ value: [person(1)], '@odata.nextLink': link });
		}, GRAPH);
		expect(await codeOf(readList(graph, query))).toBe('entra.linkElsewhere');
		expect(sent).toHaveLength(1);
	});

	it('refuses fewer people than Graph counted', async () => {
		const short = read(
			{
				people: everybody,
				pageSize: 20,
				spoil: () => json({ '@odata.count': 12, value: everybody }),
			},
			{ advanced: true },
		);
		expect(await codeOf(short)).toBe('entra.countsDiffer');
	});

	it('follows a link exactly as it came, over plain HTTP too', async () => {
		const base = 'http://127.0.0.1:8080';
		const link = `${base}/v1.0/users?%24select=id&$skiptoken=RFNwdAIAAQ+/=%2B`;
		const sent: string[] = [];
		const graph = openGraph(async ({ url }) => {
			sent.push(url);
			return sent.length === 1
				? json({ value: [person(1)], '@odata.nextLink': link })
				: json({ value: [person(2)] });
		}, base);
		await readList(graph, query);
		expect(sent[1]).toBe(link);
	});

	it('sends the advanced header on every page', async () => {
		const script = paged({ people: everybody, pageSize: 4 });
		await readList(openGraph(script.port, GRAPH), { ...query, advanced: true });
		expect(script.sent.map(({ headers }) => headers?.['ConsistencyLevel'])).toEqual([
			'eventual',
			'eventual',
			'eventual',
		]);
		expect(script.sent[0]?.url).toContain('$count=true');
	});

	it('encodes a filter, so that what it says stays one value', async () => {
		const script = paged({ people: [], pageSize: 4 });
		const filter = "department eq 'R&D #1' and mobilePhone eq '+44 20'";
		await readList(openGraph(script.port, GRAPH), { ...query, filter });
		expect(new URL(script.sent[0]?.url ?? '').searchParams.get('$filter')).toBe(filter);
	});
});

describe('how far a listing is', () => {
	const filter = "department eq 'R&D'";
	const isCount = (url: string) => new URL(url).pathname === '/v1.0/users/$count';

	/** What was told after each page of ten people, three a page, when the count is answered so. */
	async function toldOf(count: HttpResponse | Error, more: Partial<GraphQuery> = {}) {
		const script = paged({ people: everybody, pageSize: 3 });
		const counts: string[] = [];
		const told: Array<readonly [number, number | null]> = [];
		const hasty: HttpPort = async ({ url }) => {
			counts.push(url);
			if (count instanceof Error) throw count;
			return count;
		};
		const graph = openGraph(script.port, GRAPH, hasty);
		const rows = await readList(graph, { ...query, ...more }, ({ objects, total }) =>
			told.push([objects, total]),
		);
		expect(ids(rows)).toEqual(ids(everybody));
		expect(script.sent.filter(({ url }) => isCount(url))).toEqual([]);
		return { counts, told, cost: graph.cost.requests };
	}
	const text = (body: string, status = 200) => ({ status, headers: {}, body });

	it('is told of how many, which Graph is asked for once when the list goes on', async () => {
		const { counts, told, cost } = await toldOf(text('\uFEFF10'), { filter });
		expect(told).toEqual([
			[3, null],
			[6, 10],
			[9, 10],
			[10, 10],
		]);
		expect(counts.map(isCount)).toEqual([true]);
		expect(new URL(counts[0] ?? '').searchParams.get('$filter')).toBe(filter);
		expect(cost).toBe(5);
	});

	it('is known from the first page where the list is counted anyway', async () => {
		const { counts, told } = await toldOf(text('99'), { advanced: true });
		expect(counts).toEqual([]);
		expect(told[0]).toEqual([3, 10]);
	});

	it.each([
		['is refused', text('', 403)],
		['is throttled', text('', 429)],
		['is no number', text('<html>')],
		['is nothing', text('')],
		['does not come', new Error('ECONNRESET')],
	])('stays unknown when the count %s, and the list is read all the same', async (_what, count) => {
		const { told, counts } = await toldOf(count);
		expect(counts).toHaveLength(1);
		expect(told.map(([, total]) => total)).toEqual([null, null, null, null]);
	});

	it('costs a short list, and one nobody waits for, no request', async () => {
		const short = paged({ people: everybody.slice(0, 5), pageSize: 3 });
		await readList(openGraph(short.port, GRAPH), query, () => undefined);
		expect(short.sent).toHaveLength(2);
		const unwatched = paged({ people: everybody, pageSize: 3 });
		await readList(openGraph(unwatched.port, GRAPH), query);
		expect(unwatched.sent).toHaveLength(4);
	});

	it('does not keep a cancelled read waiting for the count', async () => {
		const cancelled = new AbortController();
		const script = paged({ people: everybody, pageSize: 3 });
		const hasty: HttpPort = async (_request, signal) =>
			await new Promise((_resolve, reject) => {
				signal?.addEventListener('abort', () => reject(new Error('aborted')));
				cancelled.abort();
			});
		const { signal } = cancelled;
		const patient = withRetry(script.port, { signal });
		const graph = openGraph(patient, GRAPH, withRetry(hasty, { signal, attempts: 1 }));
		await expect(readList(graph, query, () => undefined)).rejects.toThrow();
		expect(script.sent).toHaveLength(2);
	});
});
