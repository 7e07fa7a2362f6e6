/** Deleted users: thirty days in the recycle bin, restored from there or gone for good. */
import express from 'express';
import type { Request, RequestHandler, Router } from 'express';
import type { DirectoryUser } from '../directory/user.mts';
import { insufficientPrivileges, JSON_TYPE, notFound } from './refusal.mts';
import type { Tenant } from './tenant.mts';

const MAY_DELETE = ['User.DeleteRestore.All', 'User.ReadWrite.All', 'Directory.ReadWrite.All'];

type ById = Request<{ id: string }>;

const mayDelete: RequestHandler = (_request, response, next) => {
	const roles: readonly string[] = response.locals['roles'];
	if (!roles.some((role) => MAY_DELETE.includes(role))) throw insufficientPrivileges();
	next();
};

/** Users by ID or sign-in name come from `findUser`, which throws when there is none. */
export function recycleBinRoutes(
	tenant: Tenant,
	clock: () => number,
	findUser: (idOrName: string) => DirectoryUser,
): Router {
	const router = express.Router();
	const inBin = (id: string): DirectoryUser => {
		const user = tenant.deletedUsers.get(id.toLowerCase());
		if (user === undefined) throw notFound(id);
		return user;
	};

	router.delete('/users/:id', mayDelete, (request: ById, response) => {
		const user = findUser(request.params.id);
		tenant.users.delete(user.id);
		user.deletedDateTime = new Date(clock()).toISOString();
		// So that somebody else can have the name in the meantime.
		user.userPrincipalName = prefixOf(user) + user.userPrincipalName;
		tenant.deletedUsers.set(user.id, user);
		tenant.subscriptions.tell('updated', user.id);
		response.status(204).end();
	});
	router.post('/directory/deletedItems/:id/restore', mayDelete, (request: ById, response) => {
		const user = inBin(request.params.id);
		tenant.deletedUsers.delete(user.id);
		user.deletedDateTime = null;
		user.userPrincipalName = user.userPrincipalName.replace(prefixOf(user), '');
		tenant.users.set(user.id, user);
		tenant.subscriptions.tell('updated', user.id);
		const { id, displayName, userPrincipalName } = user;
		const type = '#microsoft.graph.user';
		response
			.set('Content-Type', JSON_TYPE)
			.json({ '@odata.type': type, id, displayName, userPrincipalName });
	});
	router.delete('/directory/deletedItems/:id', mayDelete, (request: ById, response) => {
		const user = inBin(request.params.id);
		tenant.deletedUsers.delete(user.id);
		tenant.subscriptions.tell('deleted', user.id);
		response.status(204).end();
	});
	return router;
}

/** The object ID without its dashes stands before the name of somebody deleted. */
function prefixOf({ id }: DirectoryUser): string {
	return id.replaceAll('-', '');
}
