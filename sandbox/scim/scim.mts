/**
 * The SCIM 2.0 phone system: `scimmy` and `scimmy-routers`, which nobody here wrote, on a storage
 * of ours. How requests are read, filtered, patched and answered is theirs.
 */
import type { RequestHandler } from 'express';
import SCIMMY from 'scimmy';
import SCIMMYRouters from 'scimmy-routers';
import { z } from 'zod';
import type { Directory } from '../directory/directory.mts';
import type { StandIn } from '../server.mts';
import { seedScim } from './seed.mts';
import { ScimStore } from './store.mts';
import type { ScimAccount, ScimValues } from './store.mts';

export type ScimSettings = Record<string, never>;

export const SCIM_TOKEN = 'sandbox-scim-token';

export function scimStandIn(
	clock: () => number,
	directory: Directory,
): StandIn<ScimSettings, ScimStore> {
	const store = new ScimStore(clock);
	seedScim(store, directory);
	declareUsers();
	return {
		name: 'SCIM',
		settings: {},
		settingsSchema: z.object({}).strict(),
		state: store,
		describeState: () => ({ accounts: [...store.accounts.values()] }),
		isWrite: (method, path) => method !== 'GET' && !path.endsWith('/.search'),
		vendorBody: (status) => ({
			type: 'application/scim+json',
			body: JSON.stringify({
				schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'],
				status: String(status),
				detail: status === 429 ? 'Too many requests' : 'Service unavailable',
			}),
		}),
		mount(app) {
			app.use(
				'/scim/v2',
				keepQuery,
				new SCIMMYRouters({
					type: 'bearer',
					baseUri: (request) => `http://${request.get('host') ?? ''}`,
					context: () => store,
					handler: (request) => {
						if (request.get('authorization') !== `Bearer ${SCIM_TOKEN}`) {
							throw new Error('The bearer token is missing or wrong');
						}
						return 'sandbox';
					},
				}),
			);
		},
	};
}

/**
 * scimmy-routers turns `startIndex` and `count` into numbers inside `request.query`. Express 5
 * parses the query anew each time it is read, so the numbers would be lost and paging with them.
 */
const keepQuery: RequestHandler = (request, _response, next) => {
	Object.defineProperty(request, 'query', { value: { ...request.query }, writable: true });
	next();
};

let declared = false;

/** scimmy keeps its resource types once per process; each request brings the store it is about. */
function declareUsers(): void {
	if (declared) return;
	declared = true;
	SCIMMY.Resources.User.extend(SCIMMY.Schemas.EnterpriseUser, false);
	SCIMMY.Resources.declare(SCIMMY.Resources.User);
	SCIMMY.Resources.User.egress((resource, store: ScimStore) => {
		if (resource.id !== undefined) return stored(store.require(resource.id));
		// A filter inside a list (`emails[type eq "work"]`) ends in a TypeError when there is no list.
		const all = [...store.accounts.values()].map((account) =>
			stored({ emails: [], phoneNumbers: [], ...account }),
		);
		return resource.filter === undefined ? all : resource.filter.match(all);
	});
	SCIMMY.Resources.User.ingress((resource, user, store: ScimStore) =>
		stored(store.write(resource.id, received(user))),
	);
	SCIMMY.Resources.User.degress((resource, store: ScimStore) => store.delete(String(resource.id)));
}

// The border to scimmy, which types what it hands over and takes back as its own class: plain
// values with the attributes of `ScimValues` and whatever else its schema let through.
type ScimmyUser = InstanceType<typeof SCIMMY.Schemas.User>;
const stored = (account: ScimAccount) => account as unknown as ScimmyUser;
const received = (user: ScimmyUser) => JSON.parse(JSON.stringify(user)) as ScimValues;
