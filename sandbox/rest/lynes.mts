/**
 * A stand-in for Lynes. Lynes publishes no interface for users, so this one is invented from end to
 * end: what a plain REST interface of that product could look like. Certain are only the UUIDs, the
 * mail address as the handle, and the bearer key, as its webhooks show them.
 */
import express from 'express';
import type { RequestHandler, Router } from 'express';
import { z } from 'zod';
import type { Directory } from '../directory/directory.mts';
import type { StandIn } from '../server.mts';
import { seedRest } from './seed.mts';
import type { RestAccount } from './store.mts';
import { RestStore } from './store.mts';

export const LYNES_TOKEN = 'sandbox-lynes-token';

export type LynesSettings = Record<string, never>;

const LARGEST_PAGE = 200;

const text = z.string().max(200).nullish();
const writable = z
	.object({
		extension: z
			.string()
			.regex(/^\d{2,8}$/)
			.nullish(),
		firstName: text,
		lastName: text,
		displayName: text,
		email: z.string().email().optional(),
		mobile: text,
		title: text,
		department: text,
		active: z.boolean().optional(),
	})
	.strict();
const creation = writable.extend({ email: z.string().email() });

export function lynesStandIn(directory: Directory): StandIn<LynesSettings, RestStore> {
	const store = new RestStore('lynes');
	seedRest(store, directory);
	return {
		name: 'Lynes',
		settings: {},
		settingsSchema: z.object({}).strict(),
		state: store,
		describeState: () => ({ users: [...store.accounts.values()].map(shown) }),
		isWrite: (method) => method !== 'GET',
		vendorBody: (status) => ({
			type: 'application/json',
			body: JSON.stringify({ message: status === 429 ? 'Too many requests' : 'Try again later' }),
		}),
		mount(app) {
			app.use('/api/v1', requireToken, express.json(), routes(store));
		},
	};
}

const requireToken: RequestHandler = (request, response, next) => {
	if (request.get('authorization') === `Bearer ${LYNES_TOKEN}`) next();
	else response.status(401).json({ message: 'Unknown key' });
};

function routes(store: RestStore): Router {
	const router = express.Router();

	router.get('/users', (request, response) => {
		const { searchParams } = new URL(request.originalUrl, 'http://lynes');
		const email = searchParams.get('email')?.toLowerCase();
		const users = [...store.accounts.values()].filter(
			(user) => email === undefined || user.email?.toLowerCase() === email,
		);
		const page = Math.max(1, Number(searchParams.get('page') ?? 1));
		const size = Math.min(LARGEST_PAGE, Number(searchParams.get('pageSize') ?? 20));
		const rows = users.slice((page - 1) * size, page * size).map(shown);
		response.json({ users: rows, total: users.length });
	});

	router.get('/users/:id', (request, response) => {
		const user = store.accounts.get(request.params.id);
		if (user) response.json(shown(user));
		else response.status(404).json({ message: 'No such user' });
	});

	router.post('/users', (request, response) => {
		const wanted = creation.safeParse(request.body);
		if (!wanted.success) {
			response.status(400).json({ message: said(wanted.error) });
			return;
		}
		const { extension, ...values } = wanted.data;
		const account = { ...defined(values), ...(extension ? { number: extension } : {}) };
		const taken = store.taken(null, account);
		if (taken) response.status(409).json({ message: `This ${taken} is in use` });
		else response.status(201).json(shown(store.put(account)));
	});

	router.patch('/users/:id', (request, response) => {
		const user = store.accounts.get(request.params.id);
		if (!user) {
			response.status(404).json({ message: 'No such user' });
			return;
		}
		const wanted = writable.omit({ extension: true }).safeParse(request.body);
		if (!wanted.success) {
			response.status(400).json({ message: said(wanted.error) });
			return;
		}
		const taken = store.taken(user.id, defined(wanted.data));
		if (taken) {
			response.status(409).json({ message: `This ${taken} is in use` });
			return;
		}
		Object.assign(user, defined(wanted.data));
		response.json(shown(user));
	});
	return router;
}

/** What is not given is left alone. */
function defined<Values extends object>(values: Values) {
	return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}

function shown({ number, reference, ...user }: RestAccount) {
	return { ...user, extension: number, ...(reference ? { reference } : {}) };
}

function said({ issues: [first] }: z.ZodError): string {
	return `${first?.path.join('.') ?? ''}: ${first?.message ?? ''}`;
}
