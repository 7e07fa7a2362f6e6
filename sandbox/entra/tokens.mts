/** The token endpoint of the Microsoft identity platform, and the check of what it gave out. */
import { createPublicKey, generateKeyPairSync, sign, verify } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import express from 'express';
import type { Request, RequestHandler, Response, Router } from 'express';
import { stableId } from '../directory/identity.mts';
import { GraphRefusal } from './refusal.mts';
import type { EntraSettings, Tenant } from './tenant.mts';

const GRAPH_HOSTS = [
	'https://graph.microsoft.com',
	'https://graph.microsoft.us',
	'https://dod-graph.microsoft.us',
	'https://microsoftgraph.chinacloudapi.cn',
];

interface Claims {
	readonly aud: string;
	readonly exp: number;
	readonly roles?: readonly string[];
	readonly tid: string;
}

interface OAuthRefusal {
	readonly status: number;
	readonly error: string;
	readonly number: number;
	readonly message: string;
}

/** One key per process is enough and saves a tenth of a second per start. */
let signingKey: KeyObject | undefined;
const privateKey = () =>
	(signingKey ??= generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey);

const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

export class TokenService {
	private issued = 0;

	constructor(
		private readonly tenant: Tenant,
		private readonly settings: EntraSettings,
		private readonly clock: () => number,
	) {}

	routes(): Router {
		const router = express.Router();
		router.post(
			'/:tenant/oauth2/v2.0/token',
			express.urlencoded({ extended: false }),
			(request: Request<{ tenant: string }>, response: Response) => {
				response.set({ 'Cache-Control': 'no-store, no-cache', Pragma: 'no-cache' });
				const form: Record<string, string> = { ...basicCredentials(request), ...request.body };
				const refusal = this.refuse(request.params.tenant, form, request);
				if (refusal !== null) {
					this.answerRefusal(refusal, form, response);
					return;
				}
				const resource = (form['scope'] ?? '').replace(/\/\.default$/, '');
				response.json({
					token_type: 'Bearer',
					expires_in: this.settings.tokenLifetime,
					ext_expires_in: this.settings.tokenLifetime,
					access_token: this.issue(resource),
				});
			},
		);
		return router;
	}

	/** Lets a request through only with a good token; its roles go to `response.locals.roles`. */
	readonly requireBearer: RequestHandler = (request, response, next) => {
		const [scheme, token] = (request.get('authorization') ?? '').split(' ');
		if (scheme?.toLowerCase() !== 'bearer' || !token) {
			throw unauthorized('Access token is empty.');
		}
		const claims = this.verify(token);
		if (claims === null) throw unauthorized('Access token validation failure. Invalid token.');
		if (claims.exp * 1000 <= this.clock()) {
			throw unauthorized('Lifetime validation failed, the token is expired.');
		}
		response.locals['roles'] = claims.roles ?? [];
		next();
	};

	private refuse(
		tenant: string,
		form: Record<string, string>,
		request: Request,
	): OAuthRefusal | null {
		const { tenantId, clientId, clientSecret, organizationName } = this.tenant;
		if (!/^[\w.-]+$/.test(tenant) || !/[.-]/.test(tenant)) {
			return refusal(
				400,
				'invalid_request',
				900023,
				`Specified tenant identifier '${tenant}' is neither a valid DNS name, nor a valid external domain.`,
			);
		}
		if (tenant.toLowerCase() !== tenantId && tenant.toLowerCase() !== 'nordvik.example') {
			return refusal(
				400,
				'invalid_request',
				90002,
				`Tenant '${tenant}' not found. Check to make sure you have the correct tenant ID and are signing into the correct cloud. Check with your subscription administrator, this may happen if there are no active subscriptions for the tenant.`,
			);
		}
		if (form['grant_type'] !== 'client_credentials') {
			return refusal(
				400,
				'unsupported_grant_type',
				70003,
				`The app requested an unsupported grant type '${form['grant_type'] ?? ''}'.`,
			);
		}
		if (form['client_id'] !== clientId) {
			return refusal(
				400,
				'unauthorized_client',
				700016,
				`Application with identifier '${form['client_id'] ?? ''}' was not found in the directory '${organizationName}'. This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant. You may have sent your authentication request to the wrong tenant.`,
			);
		}
		if (!form['client_secret']) {
			return refusal(
				401,
				'invalid_client',
				7000218,
				"The request body must contain the following parameter: 'client_assertion' or 'client_secret'.",
			);
		}
		if (form['client_secret'] !== clientSecret) {
			return refusal(
				401,
				'invalid_client',
				7000215,
				`Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID, for a secret added to app '${clientId}'.`,
			);
		}
		const scope = form['scope'] ?? '';
		if (!scope.endsWith('/.default')) {
			return refusal(
				400,
				'invalid_scope',
				70011,
				`The provided request must include a 'scope' input parameter. The provided value for the input parameter 'scope' is not valid. The scope ${scope} is not valid.`,
			);
		}
		const resource = scope.replace(/\/\.default$/, '');
		if (![...GRAPH_HOSTS, `http://${request.get('host') ?? ''}`].includes(resource)) {
			return refusal(
				400,
				'invalid_resource',
				500011,
				`The resource principal named ${resource} was not found in the tenant named ${organizationName}. This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant. You might have sent your authentication request to the wrong tenant.`,
			);
		}
		return null;
	}

	private answerRefusal(
		{ status, error, number, message }: OAuthRefusal,
		form: Record<string, string>,
		response: Response,
	): void {
		this.issued += 1;
		const traceId = stableId('trace', String(this.issued));
		const correlationId = form['client-request-id'] ?? stableId('correlation', String(this.issued));
		const timestamp = `${new Date(this.clock()).toISOString().slice(0, 19).replace('T', ' ')}Z`;
		response.status(status).json({
			error,
			error_description: `AADSTS${number}: ${message} Trace ID: ${traceId} Correlation ID: ${correlationId} Timestamp: ${timestamp}`,
			error_codes: [number],
			timestamp,
			trace_id: traceId,
			correlation_id: correlationId,
			error_uri: `https://login.microsoftonline.com/error?code=${number}`,
		});
	}

	private issue(audience: string): string {
		this.issued += 1;
		const now = Math.floor(this.clock() / 1000);
		const { tenantId, clientId } = this.tenant;
		const servicePrincipal = stableId('servicePrincipal', clientId);
		const header = { typ: 'JWT', alg: 'RS256', kid: 'sandbox', x5t: 'sandbox' };
		const claims = {
			aud: audience,
			iss: `https://sts.windows.net/${tenantId}/`,
			iat: now,
			nbf: now,
			exp: now + this.settings.tokenLifetime,
			app_displayname: 'Phone sync (sandbox)',
			appid: clientId,
			appidacr: '1',
			idp: `https://sts.windows.net/${tenantId}/`,
			idtyp: 'app',
			oid: servicePrincipal,
			// An app without consent gets a token without this claim, not a refusal.
			...(this.settings.roles.length > 0 ? { roles: this.settings.roles } : {}),
			sub: servicePrincipal,
			tid: tenantId,
			uti: `sandbox${this.issued}`,
			ver: '1.0',
		};
		const content = `${part(header)}.${part(claims)}`;
		const signature = sign('RSA-SHA256', Buffer.from(content), privateKey());
		return `${content}.${signature.toString('base64url')}`;
	}

	private verify(token: string): Claims | null {
		const [header, claims, signature] = token.split('.');
		if (!header || !claims || !signature) return null;
		const genuine = verify(
			'RSA-SHA256',
			Buffer.from(`${header}.${claims}`),
			createPublicKey(privateKey()),
			Buffer.from(signature, 'base64url'),
		);
		// Signed by us, so of our own shape.
		return genuine ? (JSON.parse(Buffer.from(claims, 'base64url').toString()) as Claims) : null;
	}
}

function refusal(status: number, error: string, number: number, message: string): OAuthRefusal {
	return { status, error, number, message };
}

const unauthorized = (message: string) =>
	new GraphRefusal(401, 'InvalidAuthenticationToken', message);

function basicCredentials(request: Request): Record<string, string> {
	const [scheme, encoded] = (request.get('authorization') ?? '').split(' ');
	if (scheme?.toLowerCase() !== 'basic' || !encoded) return {};
	const [id = '', secret = ''] = Buffer.from(encoded, 'base64').toString().split(':');
	return { client_id: decodeURIComponent(id), client_secret: decodeURIComponent(secret) };
}
