/** The MessageMedia (Sinch Engage) stand-in: contacts, lists and custom fields, API v2.1.0. */
import express from 'express';
import type { ErrorRequestHandler, Request, Router } from 'express';
import type { Directory } from '../directory/directory.mts';
import type { StandIn } from '../server.mts';
import { Account, defaultSettings, settingsSchema } from './account.mts';
import type { MessageMediaSettings } from './account.mts';
import { Contacts } from './contacts.mts';
import { MessageMediaRefusal } from './refusal.mts';
import { seedAccount } from './seed.mts';
import { isSignedIn } from './sign-in.mts';

const ROOT = '/api/v1/contacts';

/** What comes with a refusal the sandbox was told to give. */
const BODIES: ReadonlyMap<number, MessageMediaRefusal> = new Map([
	[400, new MessageMediaRefusal(400, 'validation', 'Request has incorrect values')],
	[500, new MessageMediaRefusal(500, 'unknown', 'Oops')],
]);

export function messageMediaStandIn(
	clock: () => number,
	directory: Directory,
): StandIn<MessageMediaSettings, Account> {
	const account = new Account(clock);
	seedAccount(account, directory);
	const settings = defaultSettings();
	return {
		name: 'MessageMedia',
		settings,
		settingsSchema: settingsSchema.partial(),
		state: account,
		describeState: () => ({
			contacts: [...account.contacts.values()].map((contact) => ({
				...contact,
				customFields: Object.fromEntries(contact.customFields),
			})),
			lists: [...account.lists.values()],
			customFields: [...account.customFields.values()],
		}),
		isWrite: (method) => method !== 'GET',
		// 401, 403 and all from 501 on have no body, as the description says.
		vendorBody: (status) => ({
			type: 'json',
			body: BODIES.has(status) ? JSON.stringify(BODIES.get(status)) : '',
		}),
		mount(app) {
			app.use(ROOT, express.text({ type: () => true }), (request, response, next) => {
				if (isSignedIn(request, textOf(request), account, clock)) next();
				else response.status(401).end();
			});
			app.use(ROOT, routes(new Contacts(account, settings)), answerRefusal);
		},
	};
}

function routes(contacts: Contacts): Router {
	const router = express.Router();
	router.get('/contacts', (request, response) => {
		response.json(contacts.page(request.query));
	});
	router.post('/contacts', (request, response) => {
		response.status(201).json(contacts.create(bodyOf(request)));
	});
	router
		.route('/contacts/:id')
		.get((request, response) => {
			response.json(contacts.get(request.params.id));
		})
		.patch((request, response) => {
			response.json(contacts.update(request.params.id, bodyOf(request)));
		})
		.delete((request, response) => {
			contacts.delete(request.params.id);
			response.status(204).end();
		});
	router.get('/lists', (request, response) => {
		response.json(contacts.lists(request.query));
	});
	router.post('/lists', (request, response) => {
		response.status(201).json(contacts.createList(bodyOf(request)));
	});
	router.patch('/lists/:id/contacts', (request, response) => {
		response.json(contacts.changeMembers(request.params.id, bodyOf(request)));
	});
	router
		.route('/lists/:id/contacts/:contactId')
		.post((request, response) => {
			const contactsToAddIds = [request.params.contactId];
			response.json(contacts.changeMembers(request.params.id, { contactsToAddIds }));
		})
		.delete((request, response) => {
			const contactsToRemoveIds = [request.params.contactId];
			contacts.changeMembers(request.params.id, { contactsToRemoveIds });
			response.status(204).end();
		});
	router.get('/custom-fields', (request, response) => {
		response.json(contacts.customFields(request.query));
	});
	router.post('/custom-fields', (request, response) => {
		response.status(201).json(contacts.createCustomField(bodyOf(request)));
	});
	router.use(() => {
		throw new MessageMediaRefusal(404, 'not_found', 'No such resource');
	});
	return router;
}

function textOf({ body }: Request): string {
	return typeof body === 'string' ? body : '';
}

function bodyOf(request: Request): unknown {
	try {
		return JSON.parse(textOf(request));
	} catch {
		throw new MessageMediaRefusal(400, 'message_not_readable', 'The body is no JSON');
	}
}

const answerRefusal: ErrorRequestHandler = (error, _request, response, next) => {
	if (error instanceof MessageMediaRefusal) response.status(error.status).json(error);
	else next(error);
};
