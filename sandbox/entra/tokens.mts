/** The token endpoint of the Microsoft identity platform, and the check of what it gave out. */
import { createPublicKey, generateKeyPairSync, sign, verify } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import express from 'express';
import type { Request, RequestHandler, Response, Router } from 'express';
import { stableId } from '../directory/identity.mts';
import { checkAssertion, readToken } from './assertion.mts';
import type { AssertionVerdict } from './assertion.mts';
import type { OAuthRefusal, Person } from './person.mts';
import { PersonSignIn } from './person.mts';
import { GraphRefusal } from './refusal.mts';
import { checkSecret } from './secret.mts';
import type { EntraSettings, Tenant } from './tenant.mts';

/** What a managed identity's token is made out to when it stands in for an app's secret. */
const TOKEN_EXCHANGE = 'api://AzureADTokenExchange';

const GRANT_TYPES = ['client_credentials', 'authorization_code', 'refresh_token'];

const GRAPH_HOSTS = [
	'https://graph.microsoft.com',
	'https://graph.microsoft.us',
	'https://dod-graph.microsoft.us',
	'https://microsoftgraph.chinacloudapi.cn',
];

interface Claims {
	readonly aud: string;
	readonly exp: number;
	readonly iss: string;
	readonly sub: string;
	readonly roles?: readonly string[];
	/** Of a person: delegated permissions, with spaces between them. */
	readonly scp?: string;
	readonly tid: string;
}

/** One key per process is enough and saves a tenth of a second per start. */
let signingKey: KeyObject | undefined;
const privateKey = () =>
	(signingKey ??= generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey);

const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

export class TokenService {
	private issued = 0;
	private readonly people: PersonSignIn;

	constructor(
		private readonly tenant: Tenant,
		private readonly settings: EntraSettings,
		private readonly clock: () => number,
	) {
		this.people = new PersonSignIn(tenant, settings);
	}

	routes(): Router {
		const router = express.Router();
		router.use(this.people.routes());
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
				if (form['grant_type'] !== 'client_credentials') {
					this.answerPerson(form, response);
					return;
				}
				const resource = (form['scope'] ?? '').replace(/\/\.default$/, '');
				response.json(this.answer(this.issue(resource)));
			},
		);
		return router;
	}

	private answer(accessToken: string) {
		const seconds = this.settings.tokenLifetime;
		return {
			token_type: 'Bearer',
			expires_in: seconds,
			ext_expires_in: seconds,
			access_token: accessToken,
		};
	}

	private answerPerson(form: Record<string, string>, response: Response): void {
		const redeemed = this.people.redeem(form);
		if (redeemed.kind === 'refused') {
			this.answerRefusal(redeemed.refusal, form, response);
			return;
		}
		const { person, refreshToken } = redeemed;
		response.json({
			...this.answer(this.issue(GRAPH_HOSTS[0] ?? '', this.registeredApp(), person)),
			scope: person.scp,
			...(refreshToken === null ? {} : { refresh_token: refreshToken }),
		});
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
		response.locals['roles'] = claims.roles ?? claims.scp?.split(' ') ?? [];
		next();
	};

	private refuse(
		tenant: string,
		form: Record<string, string>,
		request: Request,
	): OAuthRefusal | null {
		const { tenantId, clientId, organizationName } = this.tenant;
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
		if (!GRANT_TYPES.includes(form['grant_type'] ?? '')) {
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
		const proof = form['client_assertion']
			? this.checkClientAssertion(form['client_assertion'], tenant, request)
			: checkSecret(form['client_secret'] ?? '', this.tenant, this.settings.secretExpired);
		if (proof !== null) return refusal(401, 'invalid_client', proof.number, proof.message);
		if (form['grant_type'] !== 'client_credentials') return null;
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

	/** Signed with a certificate's key, or the token of a managed identity the app trusts. */
	private checkClientAssertion(
		assertion: string,
		tenant: string,
		request: Request,
	): AssertionVerdict {
		const { clientId, certificates, managedIdentity } = this.tenant;
		const issuer = readToken(assertion)?.claims['iss'];
		if (issuer === this.issuer) {
			const claims = this.verify(assertion);
			if (claims?.aud === TOKEN_EXCHANGE && claims.sub === managedIdentity.subject) {
				if (this.settings.federated) return null;
			}
			return {
				number: 700213,
				message: `No matching federated identity record found for presented assertion subject '${String(claims?.sub)}'. Check your federated identity credential Subject, Audience and Issuer against the presented assertion.`,
			};
		}
		const address = `http://${request.get('host') ?? ''}/${tenant}`;
		return checkAssertion(assertion, {
			clientId,
			certificates,
			audiences: [`${address}/oauth2/v2.0/token`, `${address}/v2.0`],
			now: this.clock(),
		});
	}

	private get issuer(): string {
		return `https://sts.windows.net/${this.tenant.tenantId}/`;
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

	/** A token for the registered app, for another identity of the tenant, or for a person. */
	issue(audience: string, identity = this.registeredApp(), person?: Person): string {
		this.issued += 1;
		const now = Math.floor(this.clock() / 1000);
		const { tenantId } = this.tenant;
		const header = { typ: 'JWT', alg: 'RS256', kid: 'sandbox', x5t: 'sandbox' };
		const claims = {
			aud: audience,
			iss: this.issuer,
			iat: now,
			nbf: now,
			exp: now + this.settings.tokenLifetime,
			app_displayname: 'Phone sync (sandbox)',
			appid: identity.appId,
			appidacr: '1',
			idp: this.issuer,
			idtyp: person ? 'user' : 'app',
			oid: identity.subject,
			// An app without consent gets a token without this claim, not a refusal.
			...(this.settings.roles.length > 0 && !person ? { roles: this.settings.roles } : {}),
			sub: identity.subject,
			...person,
			tid: tenantId,
			uti: `sandbox${this.issued}`,
			ver: '1.0',
		};
		const content = `${part(header)}.${part(claims)}`;
		const signature = sign('RSA-SHA256', Buffer.from(content), privateKey());
		return `${content}.${signature.toString('base64url')}`;
	}

	private registeredApp() {
		const { clientId } = this.tenant;
		return { appId: clientId, subject: stableId('servicePrincipal', clientId) };
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
