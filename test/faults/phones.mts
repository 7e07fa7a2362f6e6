/** Phone systems in memory, behind the same requests as the real ones. */
import type { SystemDefinition } from '../../pbx/adapter.ts';
import { scim } from '../../pbx/scim/adapter.ts';
import { yeastar } from '../../pbx/yeastar/adapter.ts';
import type { HttpRequest, HttpResponse } from '../../http/port.ts';
import { YeastarRefusal, success } from '../../sandbox/yeastar/answer.mts';
import { Extensions } from '../../sandbox/yeastar/extensions.mts';
import { defaultSettings, Pbx } from '../../sandbox/yeastar/pbx.mts';
import { Sessions } from '../../sandbox/yeastar/sessions.mts';
import { json } from './directory.mts';
import type { Server } from './network.mts';

/** An account as whoever checks the system sees it. */
export interface Account {
	readonly id: string;
	readonly number: string | null;
	readonly mail: string;
	readonly surname: string;
	readonly badge: string;
	readonly enabled: boolean;
	/** The directory's, where the account carries it. */
	readonly objectId: string | null;
	/** What no mapping writes. */
	readonly rest: string;
}

export interface Phones extends Server {
	readonly definition: SystemDefinition;
	readonly credential: Readonly<Record<string, unknown>>;
	accounts(): Account[];
	/** Nobody had an account before there was a sync. */
	readonly isNew?: boolean;
	/** By hand, before there was a sync. */
	put(mail: string, number: string): void;
}

export function yeastarPhones(clock: () => number): Phones {
	const pbx = new Pbx();
	const settings = defaultSettings();
	const sessions = new Sessions(pbx, settings, clock);
	const extensions = new Extensions(pbx, settings);
	const { clientId, clientSecret } = pbx;

	function carryOut(endpoint: string, query: Record<string, string>, body: object): object {
		const { username, password, refresh_token } = body as Record<string, unknown>; // read as they come
		if (endpoint === 'get_token') return success(sessions.signIn(username, password));
		if (endpoint === 'refresh_token') return success(sessions.refresh(refresh_token));
		sessions.require(query['access_token']);
		switch (endpoint) {
			case 'extension/create':
			case 'extension/update':
				return extensions[endpoint === 'extension/create' ? 'create' : 'update'](body);
			case 'extension/list':
				return extensions.list(query);
			case 'extension/search':
				return extensions.search(query);
			case 'extension/get':
				return extensions.get(query);
			case 'extension/query':
				return extensions.query(query);
			case 'extension/delete':
				return extensions.delete(query);
			default:
				sessions.end(query['access_token'] ?? '');
				return success();
		}
	}

	return {
		name: 'Yeastar',
		definition: yeastar,
		credential: { baseUrl: 'https://pbx.example', clientId, clientSecret },
		answer({ url, body }) {
			const { pathname, searchParams } = new URL(url);
			const endpoint = pathname.replace('/openapi/v1.0/', '');
			try {
				return json(200, carryOut(endpoint, Object.fromEntries(searchParams), received(body)));
			} catch (refusal) {
				if (refusal instanceof YeastarRefusal) return json(200, refusal);
				throw refusal;
			}
		},
		endSessions: () => sessions.forget(),
		accounts: () =>
			[...pbx.extensions.values()].map((each) => ({
				id: String(each.id),
				number: each.number,
				mail: each.email_addr,
				surname: each.last_name,
				badge: each.title,
				enabled: each.disable_outb_call === 0 || each.enb_mobile_client === 1,
				objectId: null,
				rest: JSON.stringify([each.caller_id, each.role_id, each.user_lang]),
			})),
		put(mail, number) {
			pbx.put({ number, email_addr: mail, user_lang: 'sv' });
		},
	};
}

interface ScimAccount {
	readonly id: string;
	userName?: string;
	externalId?: string;
	active: boolean;
	title?: string;
	name?: { givenName?: string; familyName?: string };
	emails?: { type: string; value: string }[];
	nickName?: string;
}

/** As much of RFC 7644 as the adapter asks for; user names are unique. */
export const scimPhones = (): Phones => scimServer(true);

/** Makes an account as often as it is asked to, so that nobody but us keeps people from having two. */
export function lenientPhones(): Phones {
	const { capabilities } = scim;
	const definition = { ...scim, capabilities: { ...capabilities, sharedEmail: true } };
	return { ...scimServer(false), name: 'lenient SCIM', definition, isNew: true };
}

function scimServer(isUnique: boolean): Phones {
	const accounts = new Map<string, ScimAccount>();
	let sessionOver = false;
	let lastId = 0;

	function make(values: Partial<ScimAccount>): HttpResponse {
		const taken = [...accounts.values()].some(({ userName }) => userName === values.userName);
		if (isUnique && taken)
			return json(409, { scimType: 'uniqueness', detail: 'userName is taken' });
		const id = `s${String(++lastId)}`;
		const account = { active: true, ...values, id };
		accounts.set(id, account);
		return json(201, account);
	}

	function patch(account: ScimAccount, operations: readonly Operation[]): HttpResponse {
		for (const { path, value } of operations) {
			const [outer = '', inner] = path.split('.');
			if (inner) account.name = { ...account.name, [inner]: value };
			else Object.assign(account, { [outer]: value });
		}
		return json(200, account);
	}

	function list(query: URLSearchParams): HttpResponse {
		const [, field, text] = /^(\w+) eq (.*)$/.exec(query.get('filter') ?? '') ?? [];
		const found = [...accounts.values()].filter(
			(account) =>
				!field ||
				Object.entries(account).some(
					([name, value]) => name === field && value === JSON.parse(text ?? ''),
				),
		);
		const from = Number(query.get('startIndex') ?? 1) - 1;
		const Resources = found.slice(from, from + Number(query.get('count') ?? 100));
		return json(200, { totalResults: found.length, Resources });
	}

	return {
		name: 'SCIM',
		definition: scim,
		credential: { baseUrl: 'https://scim.example', token: 'token' },
		answer({ method, url, body }: HttpRequest) {
			if (sessionOver) {
				sessionOver = false;
				return json(401, { detail: 'The token has expired.' });
			}
			const { pathname, searchParams } = new URL(url);
			const account = accounts.get(pathname.replace(/^\/Users\/?/, ''));
			if (method === 'POST') return make(received(body));
			if (pathname === '/Users') return list(searchParams);
			if (!account) return json(404, {});
			if (method === 'GET') return json(200, account);
			if (method === 'PATCH') {
				const { Operations = [] } = received(body) as { Operations?: Operation[] }; // sent by the adapter
				return patch(account, Operations);
			}
			accounts.delete(account.id);
			return { status: 204, headers: {}, body: '' };
		},
		endSessions() {
			sessionOver = true;
		},
		accounts: () =>
			[...accounts.values()].map((each) => ({
				id: each.id,
				number: null,
				mail: each.emails?.[0]?.value ?? '',
				surname: each.name?.familyName ?? '',
				badge: each.title ?? '',
				enabled: each.active,
				objectId: each.externalId ?? null,
				rest: each.nickName ?? '',
			})),
		put(mail) {
			make({ userName: mail, emails: [{ type: 'work', value: mail }], nickName: 'Countess' });
		},
	};
}

interface Operation {
	readonly path: string;
	readonly value?: unknown;
}

/** A copy, as a body that went over a wire is. */
function received(body: HttpRequest['body']): object {
	return body === undefined ? {} : (JSON.parse(JSON.stringify(body)) as object);
}
