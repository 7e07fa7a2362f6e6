/** The 3CX v20 stand-in: `connect/token` and the configuration interface `xapi/v1`. */
import express from 'express';
import type { ErrorRequestHandler, Request, Router } from 'express';
import type { Directory } from '../directory/directory.mts';
import type { StandIn } from '../server.mts';
import { page, shaped, XapiRefusal } from './odata.mts';
import { defaultSettings, settingsSchema, ThreeCxPbx } from './pbx.mts';
import type { ThreeCxSettings, XapiUser } from './pbx.mts';
import { seedThreeCx } from './seed.mts';
import { Tokens } from './tokens.mts';
import { changeUser, createUser } from './users.mts';

export interface ThreeCxState {
	readonly pbx: ThreeCxPbx;
	readonly tokens: Tokens;
}

export function threeCxStandIn(
	clock: () => number,
	directory: Directory,
): StandIn<ThreeCxSettings, ThreeCxState> {
	const pbx = new ThreeCxPbx();
	seedThreeCx(pbx, directory);
	const settings = defaultSettings();
	const tokens = new Tokens(pbx, settings, clock);
	return {
		name: '3CX',
		settings,
		settingsSchema: settingsSchema.partial(),
		state: { pbx, tokens },
		describeState: () => ({
			users: [...pbx.users.values()].map((user) => ({ ...user, AuthPassword: undefined })),
			departments: pbx.departments,
		}),
		isWrite: (method, path) => method !== 'GET' && path !== '/connect/token',
		vendorBody: (status) => ({
			type: 'json',
			body: JSON.stringify(new XapiRefusal(status, `Status ${status}`)),
		}),
		mount(app) {
			app.post('/connect/token', express.urlencoded(), (request, response) => {
				const token = tokens.give(Object(request.body));
				if (token === null) response.status(401).json(unauthorized);
				else response.json(token);
			});
			app.use('/xapi/v1', (request, response, next) => {
				if (!tokens.isGood(request.get('authorization'))) response.status(401).json(unauthorized);
				else if (!settings.mayUseInterface) response.sendStatus(403);
				else next();
			});
			app.use('/xapi/v1', express.json(), routes(pbx, settings), answerRefusal);
		},
	};
}

const unauthorized = {
	error: 'unauthorized',
	error_description: 'The request requires valid user authentication.',
};

function routes(pbx: ThreeCxPbx, settings: ThreeCxSettings): Router {
	const router = express.Router();
	const contextOf = (request: Request, what: string) =>
		`http://${request.get('host') ?? ''}/xapi/v1/$metadata#${what}`;

	router.get('/Users', (request, response) => {
		const rows = [...pbx.users.values()];
		response.json(page(rows, queryOf(request), contextOf(request, 'Users')));
	});
	router.post('/Users', (request, response) => {
		const user = createUser(pbx, settings.capacity, request.body);
		response.status(201).json(shaped(user, {}));
	});
	router.get('/Users/Pbx.GetFirstAvailableExtensionNumber\\(\\)', (_request, response) => {
		response.json({ value: pbx.firstFreeNumber() });
	});
	router.post(/^\/Users\((\d+)\)\/Pbx\.SendWelcomeEmail$/, (request, response) => {
		const user = find(pbx, keyOf(request));
		if (user.EmailAddress === '') {
			throw new XapiRefusal(400, 'EmailAddress:\nWARNINGS.XAPI.REQUIRED');
		}
		pbx.welcomed.push(user.Id);
		response.sendStatus(204);
	});
	// A key stands in brackets, not in a segment of its own: /Users(41), /Users(Number='400').
	router
		.route(/^\/Users\((.+)\)$/)
		.get((request, response) => {
			response.json(shaped(find(pbx, keyOf(request)), queryOf(request)));
		})
		.patch((request, response) => {
			changeUser(pbx, find(pbx, keyOf(request)), request.body);
			response.sendStatus(204);
		})
		.delete((request, response) => {
			pbx.users.delete(find(pbx, keyOf(request)).Id);
			response.sendStatus(204);
		});
	router.get('/Groups', (request, response) => {
		response.json(page(pbx.departments, queryOf(request), contextOf(request, 'Groups')));
	});
	router.use((_request, response) => {
		response.sendStatus(404);
	});
	return router;
}

function find(pbx: ThreeCxPbx, key: string): XapiUser {
	const number = /^Number='((?:[^']|'')*)'$/.exec(key)?.[1];
	const user = number === undefined ? pbx.users.get(Number(key)) : pbx.byNumber(number);
	if (user === undefined) throw new XapiRefusal(404, 'WARNINGS.XAPI.NOT_FOUND');
	return user;
}

const keyOf = (request: Request): string => request.params['0'] ?? '';

const queryOf = (request: Request): Record<string, string> =>
	Object.fromEntries(new URL(request.originalUrl, 'http://3cx').searchParams);

const answerRefusal: ErrorRequestHandler = (error, _request, response, next) => {
	if (error instanceof XapiRefusal) response.status(error.status).json(error);
	else next(error);
};
