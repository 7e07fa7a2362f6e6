/** The Vodia PBX stand-in: `/rest`, one tenant. */
import express from 'express';
import type { Request, RequestHandler, Response, Router } from 'express';
import type { Directory } from '../directory/directory.mts';
import type { StandIn } from '../server.mts';
import { Access } from './access.mts';
import type { Scope } from './access.mts';
import { seedVodia } from './seed.mts';
import { defaultSettings, KINDS, settingsSchema, VodiaTenant } from './tenant.mts';
import type { Kind, VodiaAccount, VodiaSettings } from './tenant.mts';

export interface VodiaState {
	readonly tenant: VodiaTenant;
	readonly access: Access;
}

export function vodiaStandIn(
	clock: () => number,
	directory: Directory,
): StandIn<VodiaSettings, VodiaState> {
	const tenant = new VodiaTenant();
	seedVodia(tenant, directory);
	const settings = defaultSettings();
	const access = new Access(tenant, settings, clock);
	return {
		name: 'Vodia',
		settings,
		settingsSchema: settingsSchema.partial(),
		state: { tenant, access },
		describeState: () => ({ accounts: [...tenant.accounts.values()] }),
		isWrite: (method, path) => method !== 'GET' && !path.endsWith('/system/session'),
		vendorBody: (status) => ({ type: 'text', body: `${status}` }),
		mount(app) {
			app.use('/rest', express.json({ type: () => true, strict: false }));
			app.use('/rest/system', systemRoutes(tenant, settings, access));
			app.use('/rest/domain/:domain', inDomain(tenant, settings, access), routes(tenant, settings));
			app.use((_request: Request, response: Response) => {
				response.sendStatus(404);
			});
		},
	};
}

/** What the caller's administrator may reach. A tenant's own may not leave the tenant. */
function refusalFor(scope: Scope | null, settings: VodiaSettings, needs: Scope): number | null {
	if (scope === null) return 401;
	if (!settings.apiAccess) return 403;
	return needs === 'system' && scope !== 'system' ? 403 : null;
}

function inDomain(tenant: VodiaTenant, settings: VodiaSettings, access: Access): RequestHandler {
	return (request, response, next) => {
		const isHere = request.params['domain'] === tenant.domain;
		const needs = isHere ? 'tenant' : 'system';
		const refused = refusalFor(access.scopeOf(request), settings, needs);
		if (refused !== null) response.sendStatus(refused);
		else if (!isHere) response.sendStatus(404);
		else next();
	};
}

function systemRoutes(tenant: VodiaTenant, settings: VodiaSettings, access: Access): Router {
	const router = express.Router();
	// Tells what the product can do, to anybody: no proof of access at all.
	router.get('/session', (_request, response) => {
		response.json({ type: '', username: '', domain: '', version: '70.3 (sandbox)' });
	});
	router.post('/session', (request, response) => {
		const { name, value, domain } = fieldsOf(request);
		if (name === 'session') {
			const session = access.exchange(value);
			if (session !== null) response.set('Set-Cookie', `session=${session}; Path=/; HttpOnly`);
			response.json(session !== null);
			return;
		}
		const scope = access.scopeOf(request);
		if (scope === null) response.sendStatus(401);
		else if (name !== '3rd' || domain !== tenant.domain) response.sendStatus(400);
		else response.json(access.begin('tenant'));
	});
	router.delete('/session', (request, response) => {
		access.end(request);
		response.sendStatus(200);
	});
	router.use((request, response, next) => {
		const refused = refusalFor(access.scopeOf(request), settings, 'system');
		if (refused !== null) response.sendStatus(refused);
		else next();
	});
	router.get('/domains', (_request, response) => {
		response.json([tenant.domain]);
	});
	return router;
}

function routes(tenant: VodiaTenant, settings: VodiaSettings): Router {
	const router = express.Router();
	const { accounts } = tenant;

	router.get('/users', (_request, response) => {
		response.json([...accounts.values()].map(row));
	});

	/** A number that is taken, no number, no licence: 200, and nothing is made. */
	router.post('/addacc', (request, response) => {
		const { type, account, account_ext } = fieldsOf(request);
		if (!isKind(type)) {
			response.sendStatus(400);
			return;
		}
		const wanted = type === 'extensions' ? account_ext : account;
		for (const number of typeof wanted === 'string' ? wanted.split('/') : []) {
			const hasRoom = type !== 'extensions' || tenant.extensions.length < settings.licences;
			if (/^\d+$/.test(number) && !accounts.has(number) && hasRoom) tenant.put(number, {}, type);
		}
		response.type('json').send('');
	});
	router.delete('/addacc/:number', (request, response) => {
		response.sendStatus(accounts.delete(request.params['number']) ? 200 : 404);
	});

	const told = ({ settings: all }: VodiaAccount) =>
		Object.fromEntries(Object.entries(all).filter(([key]) => !settings.absent.includes(key)));
	router
		.route('/user_settings/:number')
		.get((request, response) => {
			const account = accounts.get(request.params['number']);
			if (account === undefined) response.sendStatus(404);
			else response.json(told(account));
		})
		.post((request, response) => {
			const account = accounts.get(request.params['number']);
			if (account === undefined) {
				response.sendStatus(404);
				return;
			}
			for (const [key, value] of Object.entries(fieldsOf(request))) {
				// Everything is text; what is not, and what nobody knows, is passed over in silence.
				const isKnown = key in account.settings && !settings.absent.includes(key);
				if (isKnown && typeof value === 'string') account.settings[key] = value;
			}
			response.json(told(account));
		});
	return router;
}

/** Here switches are booleans; in the settings they are text. */
function row({ id, number, kind, settings }: VodiaAccount): object {
	const name = [settings['first_name'], settings['display_name']].filter(Boolean).join(' ');
	return {
		id,
		name: number,
		alias: [number],
		ani: [],
		displayname: name,
		disabled: settings['disabled'] === 'true',
		license: settings['need_license'] === 'true',
		visible: settings['visible'] === 'true',
		usertype: kind,
	};
}

const isKind = (value: unknown): value is Kind => KINDS.some((kind) => kind === value);

function fieldsOf(request: Request): Record<string, unknown> {
	const body: unknown = request.body;
	return typeof body === 'object' && body !== null ? { ...body } : {};
}
