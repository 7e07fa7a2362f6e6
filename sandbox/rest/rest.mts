/**
 * A made-up phone system with a REST interface that is awkward on purpose, to see how far a profile
 * goes: sign-in for a token that ends after a quarter of an hour, pages by cursor, names and
 * addresses in nested objects and lists, a creation that takes only half, updates that replace the
 * whole account, and switching off by a request of its own.
 */
import { createHash } from 'node:crypto';
import express from 'express';
import type { RequestHandler, Router } from 'express';
import { z } from 'zod';
import type { Directory } from '../directory/directory.mts';
import type { StandIn } from '../server.mts';
import { seedRest } from './seed.mts';
import type { RestAccount, RestValues } from './store.mts';
import { RestStore } from './store.mts';

export const REST_CREDENTIAL = { account: 'sync', secret: 'sandbox-rest-secret' } as const;

export const restSettings = z
	.object({
		/** Milliseconds a token is good for. */
		tokenLifetime: z.number().int().positive(),
		/** Answers of "busy", in words and with status 200, before each request is taken. */
		busy: z.number().int().min(0),
	})
	.strict();
export type RestSettings = z.infer<typeof restSettings>;

const LARGEST_PAGE = 50;

export interface RestState {
	readonly store: RestStore;
	/** Forgets every token. */
	forget(): void;
	readonly tokens: Map<string, number>;
}

const entry = z.object({ type: z.string(), value: z.string().max(200).nullable() }).passthrough();
const text = z.string().max(200).nullish();
/** As it is shown and, but for `id` and `state`, as it is written: always the whole. */
const person = z.object({
	name: z.object({ first: text, last: text, shown: text }).default({}),
	addresses: z.array(entry).default([]),
	job: z.object({ title: text, unit: text }).nullish(),
	number: z.number().int().min(10).max(99_999_999).nullish(),
	reference: text,
	ringtone: text,
});

export function restStandIn(
	clock: () => number,
	directory: Directory,
): StandIn<RestSettings, RestState> {
	const store = new RestStore('rest');
	seedRest(store, directory);
	const settings: RestSettings = { tokenLifetime: 900_000, busy: 0 };
	const tokens = new Map<string, number>();
	let given = 0;
	return {
		name: 'REST',
		settings,
		settingsSchema: restSettings.partial(),
		state: { store, tokens, forget: () => tokens.clear() },
		describeState: () => ({ people: [...store.accounts.values()].map(shown) }),
		isWrite: (method, path) => method !== 'GET' && !path.endsWith('/session'),
		vendorBody: (status) => ({
			type: 'application/json',
			body: JSON.stringify({ fault: { text: `Status ${status}` } }),
		}),
		mount(app) {
			app.use('/v2', express.json());
			app.post('/v2/session', (request, response) => {
				const { user, password } = z
					.object({ user: z.unknown(), password: z.unknown() })
					.parse(request.body);
				const { account, secret } = REST_CREDENTIAL;
				if (user !== account || password !== secret) {
					response.status(403).json({ fault: { text: 'Who are you?' } });
					return;
				}
				given += 1;
				const key = createHash('sha256').update(`rest:${given}`).digest('hex').slice(0, 32);
				tokens.set(key, clock() + settings.tokenLifetime);
				response.json({ session: { key } });
			});
			app.use('/v2', requireToken(tokens, clock), beBusy(settings), routes(store, tokens));
		},
	};
}

const requireToken =
	(tokens: ReadonlyMap<string, number>, clock: () => number): RequestHandler =>
	(request, response, next) => {
		if ((tokens.get(request.get('x-session') ?? '') ?? 0) > clock()) next();
		else response.status(440).json({ fault: { text: 'Session over' } });
	};

/** Refuses in a way no status tells. */
function beBusy(settings: RestSettings): RequestHandler {
	let refused = 0;
	return (_request, response, next) => {
		refused = refused < settings.busy ? refused + 1 : 0;
		if (refused > 0) response.json({ fault: { text: 'Busy, come back' } });
		else next();
	};
}

function routes(store: RestStore, tokens: Map<string, number>): Router {
	const router = express.Router();
	router.delete('/session', (request, response) => {
		tokens.delete(request.get('x-session') ?? '');
		response.sendStatus(204);
	});

	router.get('/people', (request, response) => {
		const { searchParams } = new URL(request.originalUrl, 'http://rest');
		const all = [...store.accounts.values()];
		const from = Number(searchParams.get('after') ?? 0);
		const size = Math.min(LARGEST_PAGE, Number(searchParams.get('max') ?? 20));
		const next = from + size < all.length ? String(from + size) : null;
		const people = all.slice(from, from + size).map(shown);
		response.json({ people, more: { count: all.length, next } });
	});

	router.get('/people/by-number/:number', (request, response) => {
		const found = [...store.accounts.values()].filter(
			({ number }) => number === request.params.number,
		);
		response.json({ people: found.map(shown) });
	});

	/** Takes number and name; the rest has to follow. */
	router.post('/people', (request, response) => {
		const wanted = person.pick({ name: true, number: true, reference: true }).strict();
		const parsed = wanted.safeParse(request.body);
		if (!parsed.success || !parsed.data.number) {
			response.status(400).json({ fault: { text: 'number and name, nothing else' } });
			return;
		}
		const values = received({ ...person.parse({}), ...parsed.data });
		const taken = store.taken(null, values);
		if (taken) {
			response.status(400).json({ fault: { text: `${taken} already assigned` } });
			return;
		}
		response.status(201).json({ made: { key: store.put(values).id } });
	});

	router.use('/people/:id', (request, response, next) => {
		const account = store.accounts.get(request.params.id);
		response.locals['account'] = account;
		if (account) next();
		else response.status(400).json({ fault: { text: 'Nobody has this key' } });
	});
	router.get('/people/:id', (_request, response) => {
		response.json({ person: shown(accountOf(response.locals)) });
	});
	router.put('/people/:id', (request, response) => {
		const account = accountOf(response.locals);
		const parsed = person.strict().safeParse(request.body);
		if (!parsed.success) {
			const at = parsed.error.issues[0]?.path.join('.') ?? '';
			response.status(400).json({ fault: { text: `Not taken: ${at}` } });
			return;
		}
		const values = received(parsed.data);
		const taken = store.taken(account.id, values);
		if (taken) {
			response.status(400).json({ fault: { text: `${taken} already assigned` } });
			return;
		}
		Object.assign(account, values);
		response.sendStatus(204);
	});
	for (const [verb, active] of [
		['resume', true],
		['suspend', false],
	] as const) {
		router.post(`/people/:id/${verb}`, (_request, response) => {
			accountOf(response.locals).active = active;
			response.sendStatus(204);
		});
	}
	router.delete('/people/:id', (_request, response) => {
		store.accounts.delete(accountOf(response.locals).id);
		response.sendStatus(204);
	});
	return router;
}

// The border to Express, whose locals have no types: put there by the route before.
const accountOf = (locals: Record<string, unknown>) => locals['account'] as RestAccount;

function shown(account: RestAccount) {
	const { id, firstName, lastName, displayName, title, department } = account;
	const entries = [
		{ type: 'mail', value: account.email },
		{ type: 'mobile', value: account.mobile },
	];
	return {
		key: id,
		name: { first: firstName, last: lastName, shown: displayName },
		addresses: entries.filter(({ value }) => value !== null),
		job: { title, unit: department },
		number: account.number === null ? null : Number(account.number),
		reference: account.reference,
		ringtone: account.ringtone,
		state: account.active ? 'working' : 'suspended',
	};
}

/** The whole of it: what is not there is taken away. */
function received({ name, addresses, job, number, reference, ringtone }: z.infer<typeof person>) {
	const of = (type: string) => addresses.find((each) => each.type === type)?.value || null;
	return {
		firstName: name.first || null,
		lastName: name.last || null,
		displayName: name.shown || null,
		email: of('mail'),
		mobile: of('mobile'),
		title: job?.title || null,
		department: job?.unit || null,
		number: number ? String(number) : null,
		reference: reference || null,
		ringtone: ringtone || null,
	} satisfies RestValues;
}
