/** The parts of Microsoft Graph v1.0 that a directory sync reads and writes. */
import express from 'express';
import type { Request, RequestHandler, Response, Router } from 'express';
import { stableId } from '../directory/identity.mts';
import type { DirectoryGroup, DirectoryUser } from '../directory/user.mts';
import { DeltaQueries } from './delta.mts';
import { graphRoot, Lists, readExpand, readSelect } from './list.mts';
import type { Collection, Row } from './list.mts';
import { basicUser, blankUser, memberRows, membersOf } from './members.mts';
import { patchUser } from './patch.mts';
import { APPLICATION, DIRECTORY_OBJECT, GROUP, USER } from './properties.mts';
import type { EntityType } from './properties.mts';
import { recycleBinRoutes } from './recycle-bin.mts';
import { GraphRefusal, insufficientPrivileges, JSON_TYPE, notFound } from './refusal.mts';
import type { EntraSettings, Tenant } from './tenant.mts';

const DIRECTORY_ROLES = ['Directory.Read.All', 'Directory.ReadWrite.All'];
const READ_USERS = [
	'User.Read.All',
	'User.ReadWrite.All',
	'User.ReadUpdate.All',
	...DIRECTORY_ROLES,
];
/** Enough to list users, with little of each. */
const READ_BASIC = [...READ_USERS, 'User.ReadBasic.All'];
const READ_GROUPS = [
	'GroupMember.Read.All',
	'GroupMember.ReadWrite.All',
	'Group.Read.All',
	'Group.ReadWrite.All',
	...DIRECTORY_ROLES,
];
const READ_APPLICATIONS = ['Application.Read.All', 'Application.ReadWrite.All', ...DIRECTORY_ROLES];
const READ_ORGANIZATION = [
	'Organization.Read.All',
	'Organization.ReadWrite.All',
	...DIRECTORY_ROLES,
];

type ById = Request<{ id: string }>;

const rolesOf = (response: Response): readonly string[] => response.locals['roles'];

const holdsAny = (response: Response, roles: readonly string[]) =>
	rolesOf(response).some((role) => roles.includes(role));

const allow =
	(roles: readonly string[]): RequestHandler =>
	(_request, response, next) => {
		if (!holdsAny(response, roles)) throw insufficientPrivileges();
		next();
	};

const rowOf =
	(type: EntityType) =>
	(value: object): Row => ({ type, values: { ...value } });

const userRow = rowOf(USER);

export function graphRoutes(tenant: Tenant, settings: EntraSettings, clock: () => number): Router {
	const router = express.Router();
	const lists = new Lists(settings);

	const deltas = new DeltaQueries(tenant, settings, clock);
	const managerOf = (id: string) => tenant.users.get(tenant.managers.get(id) ?? '') ?? null;

	const asSeen = (response: Response) => (row: Row) =>
		holdsAny(response, READ_USERS) ? row : basicUser(row);

	const users = (response: Response): Collection => ({
		type: USER,
		rows: [...(tenant.lagging ?? tenant.users).values()].map(userRow).map(asSeen(response)),
		managerOf,
		context: 'users',
		mixed: false,
		optionsAreAdvanced: false,
		cost: 2,
	});
	router.get('/users', allow(READ_BASIC), (request, response) =>
		lists.answer(request, response, users(response)),
	);
	router.get('/users/$count', allow(READ_BASIC), (request, response) =>
		lists.answerCount(request, response, users(response)),
	);
	router.get('/users/delta', allow(READ_USERS), (request, response) =>
		deltas.answer(request, response),
	);
	router.get('/users/:id', allow(READ_BASIC), (request: ById, response) => {
		const user = findUser(tenant, request.params.id);
		answerOne(request, response, asSeen(response)(userRow(user)), 'users', managerOf);
	});
	router.patch('/users/:id', express.json(), (request: ById, response) => {
		const user = findUser(tenant, request.params.id);
		patchUser(tenant, user, request.body, rolesOf(response));
		tenant.subscriptions.tell('updated', user.id);
		response.status(204).end();
	});

	router.use(recycleBinRoutes(tenant, clock, (id) => findUser(tenant, id)));
	router.use('/subscriptions', tenant.subscriptions.routes());

	const groups = (): Collection => ({
		type: GROUP,
		rows: [...tenant.groups.values()].map(rowOf(GROUP)),
		context: 'groups',
		mixed: false,
		optionsAreAdvanced: false,
		cost: 1,
	});
	router.get('/groups', allow(READ_GROUPS), (request, response) =>
		lists.answer(request, response, groups()),
	);
	router.get('/groups/$count', allow(READ_GROUPS), (request, response) =>
		lists.answerCount(request, response, groups()),
	);
	router.get('/groups/:id', allow(READ_GROUPS), (request: ById, response) => {
		answerOne(request, response, rowOf(GROUP)(findGroup(tenant, request.params.id)), 'groups');
	});

	for (const relation of ['members', 'transitiveMembers'] as const) {
		const members = (request: ById, response: Response, cast: EntityType | null): Collection => {
			const group = findGroup(tenant, request.params.id);
			const ids = membersOf(tenant, group, relation !== 'members', rolesOf(response));
			const rows = memberRows(tenant, ids).filter(({ type }) => cast === null || type === cast);
			return {
				type: cast ?? DIRECTORY_OBJECT,
				// The trap of a missing User.Read.All: members arrive, all but their ids null.
				rows: holdsAny(response, READ_USERS) ? rows : rows.map(blankUser),
				context: cast === USER ? 'users' : cast === GROUP ? 'groups' : 'directoryObjects',
				mixed: cast === null || !holdsAny(response, READ_USERS),
				optionsAreAdvanced: cast !== null,
				cost: relation === 'members' ? 3 : 5,
			};
		};
		for (const [segment, cast] of [
			['', null],
			['/microsoft.graph.user', USER],
			['/microsoft.graph.group', GROUP],
		] as const) {
			const path = `/groups/:id/${relation}${segment}` as const;
			router.get(path, allow(READ_GROUPS), (request: ById, response) =>
				lists.answer(request, response, members(request, response, cast)),
			);
			router.get(`${path}/$count`, allow(READ_GROUPS), (request: ById, response) =>
				lists.answerCount(request, response, members(request, response, cast)),
			);
		}
	}

	router.get(
		'/directory/deletedItems/microsoft.graph.user',
		allow(READ_USERS),
		(request, response) =>
			lists.answer(request, response, {
				...users(response),
				rows: [...tenant.deletedUsers.values()].map(userRow),
				context: 'directoryObjects/microsoft.graph.user',
				cost: 1,
			}),
	);

	router.get('/applications', allow(READ_APPLICATIONS), (request, response) =>
		lists.answer(request, response, {
			type: APPLICATION,
			rows: [
				rowOf(APPLICATION)({
					id: stableId('application', tenant.clientId),
					appId: tenant.clientId,
					displayName: 'Phone sync (sandbox)',
					passwordCredentials: tenant.passwordCredentials,
				}),
			],
			context: 'applications',
			mixed: false,
			optionsAreAdvanced: false,
			cost: 1,
		}),
	);

	router.get('/organization', allow(READ_ORGANIZATION), (request, response) => {
		response.set('Content-Type', JSON_TYPE).json({
			'@odata.context': `${graphRoot(request)}/v1.0/$metadata#organization`,
			value: [
				{
					id: tenant.tenantId,
					displayName: tenant.organizationName,
					countryLetterCode: 'SE',
					verifiedDomains: [{ name: 'nordvik.example', isDefault: true, isInitial: false }],
				},
			],
		});
	});

	router.use((request) => {
		throw new GraphRefusal(
			400,
			'BadRequest',
			`Resource not found for the segment '${request.path.split('/')[1] ?? ''}'.`,
		);
	});
	return router;
}

function answerOne(
	request: Request,
	response: Response,
	row: Row,
	context: string,
	managerOf?: Collection['managerOf'],
): void {
	const { searchParams } = new URL(request.originalUrl, 'http://graph');
	const expand = readExpand(searchParams.get('$expand'), managerOf);
	const select = readSelect(searchParams.get('$select'), row.type);
	const names = select ?? row.type.defaultSelect;
	const list = select === null ? '' : `(${select.join()})`;
	response.set('Content-Type', JSON_TYPE).json({
		'@odata.context': `${graphRoot(request)}/v1.0/$metadata#${context}${list}/$entity`,
		...Object.fromEntries(names.map((name) => [name, row.values[name]])),
		...expand(String(row.values['id'])),
	});
}

/** By object id, or by sign-in name in any case. */
function findUser(tenant: Tenant, idOrName: string): DirectoryUser {
	const wanted = idOrName.toLowerCase();
	const user =
		tenant.users.get(wanted) ??
		[...tenant.users.values()].find((each) => each.userPrincipalName.toLowerCase() === wanted);
	if (user === undefined) throw notFound(idOrName);
	return user;
}

function findGroup(tenant: Tenant, id: string): DirectoryGroup {
	const group = tenant.groups.get(id.toLowerCase());
	if (group === undefined) throw notFound(id);
	return group;
}
