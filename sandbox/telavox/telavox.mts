/** The Telavox stand-in: the Customer API (CAPI), as far as it is public. */
import express from 'express';
import type { ErrorRequestHandler, Request, RequestHandler, Router } from 'express';
import { z } from 'zod';
import type { Directory } from '../directory/directory.mts';
import type { StandIn } from '../server.mts';
import { CHANGEABLE, defaultSettings, Organization, settingsSchema } from './organization.mts';
import type { TelavoxSettings, TelavoxUser } from './organization.mts';
import { seedTelavox } from './seed.mts';

export function telavoxStandIn(directory: Directory): StandIn<TelavoxSettings, Organization> {
	const organization = new Organization();
	seedTelavox(organization, directory);
	const settings = defaultSettings();
	return {
		name: 'Telavox',
		settings,
		settingsSchema: settingsSchema.partial(),
		state: organization,
		describeState: () => ({
			users: [...organization.users.values()],
			bought: organization.bought,
		}),
		isWrite: (method) => method !== 'GET',
		vendorBody: (status) => ({
			type: 'json',
			body: JSON.stringify({ message: status === 429 ? 'Too many requests' : 'Unavailable' }),
		}),
		mount(app) {
			app.use(
				'/api/capi/v1',
				requireToken(organization),
				express.json({ type: () => true }),
				routes(organization, settings),
				answerRefusal,
			);
		},
	};
}

/** The words of every refusal are invented: no description of them is public. */
class Refusal extends Error {
	constructor(
		readonly status: number,
		message: string,
	) {
		super(message);
	}
}

function requireToken(organization: Organization): RequestHandler {
	return (request, response, next) => {
		if (request.get('authorization') === `Bearer ${organization.token}`) next();
		else response.status(401).json({ message: 'Unauthorized' });
	};
}

function routes(organization: Organization, settings: TelavoxSettings): Router {
	const router = express.Router();

	router.use((request, _response, next) => {
		const { permission } = settings;
		if (permission === 'none') throw new Refusal(400, 'The user lacks permission for this');
		if (permission === 'reader' && request.method !== 'GET') throw new Refusal(403, 'Forbidden');
		next();
	});

	router.get('/extensions/users', (request, response) => {
		const { number, invoice_place: place, pageNumber } = parametersOf(request);
		const all = [...organization.users.values()].filter(
			(user) =>
				(number === undefined || [user.fixedNumber, user.mobileNumber].includes(number)) &&
				(place === undefined || user.invoicePlace === place),
		);
		const { pageSize, listShape, statesTotal } = settings;
		const first = pageSize === 0 ? 0 : Number(pageNumber ?? 0) * pageSize;
		const rows = all.slice(first, first + (pageSize || all.length));
		const total = statesTotal ? { total: all.length } : {};
		response.json(listShape === 'list' ? rows : { data: rows, ...total });
	});

	router.post('/extensions/users', (request, response) => {
		response.status(201).json(create(organization, settings, parametersOf(request)));
	});

	router
		.route('/extensions/users/:key')
		.get((request, response) => {
			response.json(find(organization, request.params.key));
		})
		.put((request, response) => {
			const user = find(organization, request.params.key);
			const wanted = readChange(request.body);
			if (!settings.ignoresUpdates) change(user, wanted, settings.replaces);
			response.json(user);
		});

	router.get('/templates', (_request, response) => {
		response.json(organization.templates);
	});
	router.get('/invoice-places/country-SE', (_request, response) => {
		response.json(organization.invoicePlaces);
	});

	// There is no way to delete or to disable.
	router.use(() => {
		throw new Refusal(404, 'Not found');
	});
	return router;
}

const creation = z.object({
	country_code: z.string().regex(/^[A-Z]{2}$/),
	invoice_place: z.string().optional(),
	email: z.string().email().optional(),
	template: z.string().optional(),
	confirmation_email: z.enum(['true', 'false']).optional(),
});

/** Only the query counts; the user has a mail address at most, everything else is set afterwards. */
function create(
	organization: Organization,
	settings: TelavoxSettings,
	query: Record<string, string>,
): TelavoxUser {
	const wanted = creation.safeParse(query);
	if (!wanted.success) {
		throw new Refusal(400, `Invalid parameter ${String(wanted.error.issues[0]?.path[0])}`);
	}
	const { country_code: country, invoice_place: invoicePlace, email = null } = wanted.data;
	const { template = null } = wanted.data;
	requireKnown('template', template, organization.templates);
	requireKnown('invoice_place', invoicePlace ?? null, organization.invoicePlaces);
	if (settings.uniqueEmails && email !== null && organization.byEmail(email)) {
		throw new Refusal(409, 'A user with this email already exists');
	}
	const user = organization.put({
		email,
		template,
		country: `country-${country}`,
		...(invoicePlace === undefined ? {} : { invoicePlace }),
	});
	if (settings.freeLicenses > 0) settings.freeLicenses -= 1;
	else organization.bought += 1;
	return user;
}

function requireKnown(
	name: string,
	key: string | null,
	known: readonly { readonly key: string }[],
): void {
	if (key === null || known.some((each) => each.key === key)) return;
	throw new Refusal(400, `Invalid parameter ${name}`);
}

const text = z.string().max(250).nullable();
const changeShape = z
	.object({
		name: text,
		email: z.union([z.literal(''), z.string().email()]).nullable(),
		fixedNumber: text,
		mobileNumber: text,
		invoicePlace: text,
		licenseType: text,
		keyWords: z.array(z.string()).nullable(),
	})
	.partial();

function readChange(body: unknown): z.infer<typeof changeShape> {
	const wanted = changeShape.safeParse(body);
	if (wanted.success) return wanted.data;
	throw new Refusal(400, `Invalid value for ${String(wanted.error.issues[0]?.path[0] ?? 'body')}`);
}

function change(user: TelavoxUser, wanted: z.infer<typeof changeShape>, replaces: boolean): void {
	const emptied = replaces ? Object.fromEntries(CHANGEABLE.map((name) => [name, null])) : {};
	Object.assign(user, emptied, wanted);
}

function find(organization: Organization, key: string): TelavoxUser {
	const user = organization.users.get(key);
	if (user === undefined) throw new Refusal(404, 'No such user');
	return user;
}

const parametersOf = (request: Request): Record<string, string> =>
	Object.fromEntries(new URL(request.originalUrl, 'http://telavox').searchParams);

const answerRefusal: ErrorRequestHandler = (error, _request, response, next) => {
	if (error instanceof Refusal) response.status(error.status).json({ message: error.message });
	else if (error instanceof SyntaxError) response.status(400).json({ message: 'Malformed body' });
	else next(error);
};
