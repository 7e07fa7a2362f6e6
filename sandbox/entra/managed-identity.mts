/**
 * Where Azure gives tokens to what runs on it, without any secret: the metadata service of virtual
 * machines (IMDS) and the endpoint inside App Service and Container Apps. Which one a client uses
 * it decides by its environment variables.
 */
import express from 'express';
import type { Request, Response, Router } from 'express';
import type { EntraSettings, Tenant } from './tenant.mts';

/** What MSAL has to send as X-IDENTITY-HEADER (IDENTITY_HEADER in the environment). */
const IDENTITY_HEADER = 'sandbox-identity-header';

/** Gives a token for `audience` to the identity; `subject` is its object ID. */
export type Issue = (audience: string, identity: { appId: string; subject: string }) => string;

export function managedIdentityRoutes(
	tenant: Tenant,
	settings: EntraSettings,
	clock: () => number,
	issue: Issue,
): Router {
	const router = express.Router();

	const answer = (request: Request, response: Response) => {
		const parameter = (name: string) => {
			const value = request.query[name];
			return typeof value === 'string' ? value : null;
		};
		const resource = parameter('resource');
		const wanted = parameter('client_id') ?? parameter('object_id');
		const { managedIdentity } = tenant;
		if (resource === null) {
			response.status(400).json({
				error: 'invalid_request',
				error_description: 'Required query variable resource is missing',
			});
			return;
		}
		const isThere = wanted === null ? settings.managedIdentity : wanted === managedIdentity.appId;
		if (!isThere) {
			// In the words of the metadata service.
			response
				.status(400)
				.json({ error: 'invalid_request', error_description: 'Identity not found' });
			return;
		}
		const expiresOn = Math.floor(clock() / 1000) + settings.tokenLifetime;
		response.json({
			access_token: issue(resource, managedIdentity),
			client_id: managedIdentity.appId,
			expires_in: String(settings.tokenLifetime),
			expires_on: String(expiresOn),
			resource,
			token_type: 'Bearer',
		});
	};

	router.get('/metadata/identity/oauth2/token', (request, response) => {
		if (request.get('metadata') !== 'true') {
			response.status(400).json({
				error: 'bad_request_102',
				error_description: 'Required metadata header not specified',
			});
			return;
		}
		answer(request, response);
	});

	router.get('/msi/token', (request, response) => {
		if (request.get('x-identity-header') !== IDENTITY_HEADER) {
			response.status(401).json({ statusCode: 401, message: 'Unauthorized' });
			return;
		}
		answer(request, response);
	});

	return router;
}
