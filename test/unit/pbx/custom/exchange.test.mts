import type { HttpRequest } from '../../../../http/port.ts';
import { customRest } from '../../../../pbx/custom/adapter.ts';
import { DiagnosedError } from '../../../../sync/diagnostic.ts';

const BASE = 'https://pbx.example/api';
const PEOPLE = ['1', '2', '3', '4', '5'].map((id) => ({ id, mail: `${id}@example.com` }));

type Answer = { readonly json?: unknown; readonly status?: number; readonly link?: string };

/** A phone system that answers as the function says, and remembers what it was asked. */
function systemOf(profile: object, answer: (url: URL, request: HttpRequest) => Answer) {
	const asked: HttpRequest[] = [];
	const system = customRest.open({
		credential: {
			baseUrl: BASE,
			account: 'me',
			secret: 's3cret',
			profile: {
				list: { path: '/people', ...('list' in profile ? (profile.list as object) : {}) },
				get: { path: '/people/{id}' },
				update: { path: '/people/{id}' },
				account: { id: 'id' },
				fields: { email: 'mail' },
				...('auth' in profile ? { auth: profile.auth } : {}),
				...('more' in profile ? (profile.more as object) : {}),
			},
		},
		http: async (request) => {
			asked.push(request);
			const { json, status = 200, link } = answer(new URL(request.url), request);
			const body = json === undefined ? '' : JSON.stringify(json);
			const headers: Record<string, string> = link ? { link } : {};
			return { status, headers, body };
		},
	});
	return { system, asked };
}

const codeOf = async (work: Promise<unknown>) =>
	await work.then(
		() => 'done',
		(thrown) =>
			thrown instanceof DiagnosedError ? thrown.diagnostic.code : Promise.reject(thrown),
	);

describe('paging', () => {
	const slice = (from: number, size: number) => PEOPLE.slice(from, from + size);
	const number = (url: URL, name: string) => Number(url.searchParams.get(name));

	it.each([
		[
			'numbered pages without a total, to the first empty one',
			{ paging: { kind: 'page', sizeParameter: 'size', size: 2, first: 0 }, items: 'rows' },
			(url: URL) => ({ json: { rows: slice(number(url, 'page') * 2, 2) } }),
			4,
		],
		[
			'numbered pages that are shorter than asked for',
			{ paging: { kind: 'page', sizeParameter: 'size', size: 100 }, items: 'rows' },
			(url: URL) => ({ json: { rows: slice((number(url, 'page') - 1) * 2, 2) } }),
			4,
		],
		[
			'so many skipped, counted from 1',
			{
				paging: { kind: 'offset', parameter: 'start', first: 1, size: 2 },
				items: 'rows',
				total: 'n',
			},
			(url: URL) => ({ json: { rows: slice(number(url, 'start') - 1, 2), n: 5 } }),
			3,
		],
		[
			'OData by skipping',
			{ paging: { kind: 'odata', size: 3 }, items: 'value' },
			(url: URL) => ({ json: { value: slice(number(url, '$skip'), 3), '@odata.count': 5 } }),
			2,
		],
		[
			'OData by links',
			{ paging: { kind: 'odata', size: 3 }, items: 'value' },
			(url: URL) => {
				const from = number(url, 'after');
				const more = from === 0 ? { '@odata.nextLink': `${BASE}/people?after=3` } : {};
				return { json: { value: slice(from, 3), '@odata.count': 5, ...more } };
			},
			2,
		],
		[
			'the Link header, on a bare list',
			{ paging: { kind: 'link', size: 2 } },
			(url: URL) => {
				const from = number(url, 'from');
				const next = from + 2 < 5 ? { link: `</api/people?from=${from + 2}>; rel="next"` } : {};
				return { json: slice(from, 2), ...next };
			},
			3,
		],
		[
			'a cursor without a total',
			{ paging: { kind: 'cursor', next: 'next', size: 2 }, items: 'rows' },
			(url: URL) => {
				const from = number(url, 'cursor');
				return { json: { rows: slice(from, 2), next: from + 2 < 5 ? from + 2 : null } };
			},
			3,
		],
		['no paging at all', {}, () => ({ json: PEOPLE }), 1],
	])('reads %s', async (_, list, answer, requests) => {
		const { system, asked } = systemOf({ list }, answer);
		expect((await system.list()).map(({ id }) => id)).toEqual(['1', '2', '3', '4', '5']);
		expect(asked).toHaveLength(requests);
	});

	it('does not follow a list to another host', async () => {
		const { system, asked } = systemOf({ list: { paging: { kind: 'link' } } }, () => ({
			json: PEOPLE,
			link: '<https://elsewhere.example/people>; rel="next"',
		}));
		expect(await codeOf(system.list())).toBe('system.strangePage');
		expect(asked.every(({ url }) => url.startsWith(BASE))).toBe(true);
	});

	it('refuses a list whose pages overlap', async () => {
		const { system } = systemOf(
			{ list: { paging: { kind: 'cursor', next: 'next' }, items: 'rows' } },
			(url) =>
				url.searchParams.has('cursor')
					? { json: { rows: PEOPLE.slice(1), next: null } }
					: { json: { rows: PEOPLE.slice(0, 2), next: 'b' } },
		);
		expect(await codeOf(system.list())).toBe('system.incompleteList');
	});

	it.each([
		['an answer without rows', {}],
		['something else where rows should be', { rows: { '1': PEOPLE[0] } }],
	])('does not take %s for an empty list', async (_, json) => {
		const { system } = systemOf({ list: { items: 'rows' } }, () => ({ json }));
		expect(await codeOf(system.list())).toBe('system.answerUnexpected');
	});

	it('refuses a row without an id', async () => {
		const { system } = systemOf({}, () => ({ json: [...PEOPLE, { mail: 'x@example.com' }] }));
		expect(await codeOf(system.list())).toBe('system.answerUnexpected');
	});
});

describe('signing in', () => {
	const headersOf = async (auth: object) => {
		const { system, asked } = systemOf({ auth }, () => ({ json: PEOPLE }));
		await system.list();
		return { headers: asked[0]?.headers ?? {}, url: asked[0]?.url ?? '' };
	};

	it('by password, token or key', async () => {
		const basic = `Basic ${Buffer.from('me:s3cret').toString('base64')}`;
		expect((await headersOf({ kind: 'basic' })).headers).toMatchObject({ authorization: basic });
		expect((await headersOf({ kind: 'bearer' })).headers).toMatchObject({
			authorization: 'Bearer s3cret',
		});
		const key = { kind: 'apiKey', name: 'X-Key', prefix: 'v1 ' };
		expect((await headersOf(key)).headers).toMatchObject({ 'x-key': 'v1 s3cret' });
		const inQuery = { kind: 'apiKey', in: 'query', name: 'key' };
		expect((await headersOf(inQuery)).url).toBe(`${BASE}/people?key=s3cret`);
	});

	it.each(['body', 'basic'] as const)('as an OAuth client, its secret in the %s', async (send) => {
		let given = 0;
		const { system, asked } = systemOf(
			{ auth: { kind: 'oauth2', tokenUrl: '/token', scope: 'users', send } },
			(url, { headers }) => {
				if (url.pathname === '/api/token') return { json: { access_token: `t${++given}` } };
				// The first token ends at once.
				return headers?.['authorization'] === 'Bearer t2' ? { json: PEOPLE } : { status: 401 };
			},
		);
		expect(await system.list()).toHaveLength(5);
		expect(asked.map(({ url }) => new URL(url).pathname)).toEqual([
			'/api/token',
			'/api/people',
			'/api/token',
			'/api/people',
		]);
		const form = String(asked[0]?.body);
		expect(form).toContain('grant_type=client_credentials&scope=users');
		expect(form.includes('s3cret')).toBe(send === 'body');
		expect(asked[0]?.headers?.['authorization']?.startsWith('Basic ') ?? false).toBe(
			send === 'basic',
		);
	});

	it('at a sign-in service of another host, with what it wants besides', async () => {
		const form = { grant_type: 'account_credentials', account_id: '7' };
		const tokenUrl = 'https://login.example/token';
		const { system, asked } = systemOf({ auth: { kind: 'oauth2', tokenUrl, form } }, (url) =>
			url.host === 'login.example' ? { json: { access_token: 't' } } : { json: PEOPLE },
		);
		expect(await system.list()).toHaveLength(5);
		expect(asked[0]?.url).toBe(tokenUrl);
		expect(String(asked[0]?.body)).toContain('grant_type=account_credentials');
		expect(String(asked[0]?.body)).toContain('account_id=7');
	});

	it('says that the token was refused right away, without asking for ever', async () => {
		const { system, asked } = systemOf({ auth: { kind: 'oauth2', tokenUrl: '/token' } }, (url) =>
			url.pathname === '/api/token' ? { json: { access_token: 't' } } : { status: 401 },
		);
		expect(await codeOf(system.list())).toBe('signIn.sessionLost');
		expect(asked).toHaveLength(4);
	});
});

describe('one account', () => {
	it('is nobody when another one comes', async () => {
		const { system } = systemOf({}, () => ({ json: PEOPLE[0] }));
		expect((await system.get('1'))?.id).toBe('1');
		expect(await system.get('2')).toBeNull();
	});

	it('is found in the list where single ones cannot be asked for', async () => {
		const { system } = systemOf({ more: { get: undefined } }, () => ({ json: PEOPLE }));
		expect((await system.get('3'))?.fields['email']).toBe('3@example.com');
		expect(await system.get('9')).toBeNull();
	});

	it('is looked for before it is made, where nobody says that the interface refuses a second', async () => {
		const more = {
			create: { path: '/people' },
			find: { path: '/people', query: { mail: '{email}' } },
		};
		const { system, asked } = systemOf({ more }, () => ({ json: PEOPLE }));
		const fields = { email: '2@example.com' };
		expect((await system.create({ number: null, fields, externalId: null })).id).toBe('2');
		expect(asked.map(({ method }) => method)).toEqual(['GET']);
	});

	it('is sent in the query or as a form where the profile says so', async () => {
		for (const encode of ['query', 'form']) {
			const more = {
				update: { path: '/people/{id}', method: 'PUT', encode, body: { by: 'sync' } },
			};
			const { system, asked } = systemOf({ more }, () => ({ json: PEOPLE[0] }));
			await system.update('1', { email: 'a b@example.com' });
			const sent = `by=sync&mail=a+b%40example.com`;
			const [put] = asked;
			expect(encode === 'query' ? put?.url : String(put?.body)).toContain(sent);
		}
	});
});
