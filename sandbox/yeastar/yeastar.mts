/** The Yeastar P-Series stand-in: Open API `openapi/v1.0`. */
import express from 'express';
import type { ErrorRequestHandler, Request, RequestHandler, Router } from 'express';
import type { Directory } from '../directory/directory.mts';
import type { StandIn } from '../server.mts';
import { notExisted, parameters, success, YeastarRefusal } from './answer.mts';
import { Extensions } from './extensions.mts';
import type { Parameters } from './extensions.mts';
import { defaultSettings, Pbx, settingsSchema } from './pbx.mts';
import type { YeastarSettings } from './pbx.mts';
import { seedPbx } from './seed.mts';
import { Sessions } from './sessions.mts';

const WRITES = /\/(extension|organization)\/(create|update|delete)$/;

export interface YeastarState {
	readonly pbx: Pbx;
	readonly sessions: Sessions;
}

export function yeastarStandIn(
	clock: () => number,
	directory: Directory,
): StandIn<YeastarSettings, YeastarState> {
	const pbx = new Pbx();
	seedPbx(pbx, directory);
	const settings = defaultSettings();
	const sessions = new Sessions(pbx, settings, clock);
	return {
		name: 'Yeastar',
		settings,
		settingsSchema: settingsSchema.partial(),
		state: { pbx, sessions },
		describeState: () => ({
			extensions: [...pbx.extensions.values()],
			organizations: pbx.organizations,
			openSessions: sessions.open,
		}),
		isWrite: (_method, path) => WRITES.test(path),
		// Not the phone system itself but what stands in front of it.
		vendorBody: (status) => ({ type: 'html', body: `<html><h1>${status}</h1>nginx</html>` }),
		mount(app) {
			app.use('/openapi/v1.0', requireUserAgent, express.text({ type: () => true }));
			app.use('/openapi/v1.0', routes(pbx, settings, sessions), answerRefusal);
		},
	};
}

/** The phone system does not answer an application that does not say who it is. */
const requireUserAgent: RequestHandler = (request, _response, next) => {
	if (!request.get('user-agent')) {
		request.socket.destroy();
		return;
	}
	next();
};

function routes(pbx: Pbx, settings: YeastarSettings, sessions: Sessions): Router {
	const router = express.Router();
	const extensions = new Extensions(pbx, settings);

	router.post('/get_token', (request, response) => {
		const { username, password } = bodyOf(request);
		response.json(success(sessions.signIn(username, password)));
	});
	router.post('/refresh_token', (request, response) => {
		response.json(success(sessions.refresh(bodyOf(request)['refresh_token'])));
	});

	router.use((request, _response, next) => {
		sessions.require(parametersOf(request)['access_token']);
		next();
	});
	router.get('/del_token', (request, response) => {
		sessions.end(parametersOf(request)['access_token'] ?? '');
		response.json(success());
	});

	for (const name of ['list', 'search', 'get', 'query', 'delete'] as const) {
		router.get(`/extension/${name}`, (request, response) => {
			response.json(extensions[name](parametersOf(request)));
		});
	}
	for (const name of ['create', 'update'] as const) {
		router.post(`/extension/${name}`, (request, response) => {
			response.json(extensions[name](bodyOf(request)));
		});
	}

	router.get('/organization/list', (_request, response) => {
		const data = pbx.organizations;
		response.json(success({ total_number: data.length, data }));
	});
	router.get('/system/get_menuoptions', (request, response) => {
		const { menu } = parametersOf(request);
		if (menu === 'role') response.json(success({ data: pbx.roles }));
		else if (menu === 'org_list') {
			const data = pbx.organizations.map(({ id, name }) => ({ text: name, value: String(id) }));
			response.json(success({ data }));
		} else throw parameters('menu');
	});
	router.post('/extension/send_welcome_email', (request, response) => {
		response.json(extensions.welcome(bodyOf(request)));
	});
	router.get('/system/capacity', (_request, response) => {
		const extension = { max: settings.capacity, used: pbx.extensions.size };
		response.json(success({ data: { extension } }));
	});

	router.use(() => {
		throw notExisted();
	});
	return router;
}

const parametersOf = (request: Request): Parameters =>
	Object.fromEntries(new URL(request.originalUrl, 'http://yeastar').searchParams);

/** The body as an object; anything else is the product's "internal server error". */
function bodyOf(request: Request): Record<string, unknown> {
	const text: unknown = request.body;
	const parsed = parseJson(typeof text === 'string' ? text : '');
	if (typeof parsed === 'object' && parsed !== null) return { ...parsed };
	throw new YeastarRefusal(-2, 'INTERNAL SERVER ERROR', [
		'invalid character looking for beginning of value',
	]);
}

function parseJson(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return null;
	}
}

const answerRefusal: ErrorRequestHandler = (error, _request, response, next) => {
	if (error instanceof YeastarRefusal) response.json(error);
	else next(error);
};
