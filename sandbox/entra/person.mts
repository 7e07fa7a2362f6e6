/**
 * Signing in as a person: the page where consent is given, the code it sends back, and the tokens for
 * it (authorization code flow with refresh tokens). Nobody is asked anything here; the one person
 * of the sandbox is signed in already and says yes. Also the page where an administrator says yes.
 */
import { randomBytes } from 'node:crypto';
import express from 'express';
import type { Request, Response, Router } from 'express';
import { stableId } from '../directory/identity.mts';
import type { EntraSettings, Tenant } from './tenant.mts';

/** A refusal of the token endpoint: HTTP status, OAuth word, AADSTS number and sentence. */
export interface OAuthRefusal {
	readonly status: number;
	readonly error: string;
	readonly number: number;
	readonly message: string;
}

export interface Person {
	readonly oid: string;
	readonly name: string;
	readonly upn: string;
	/** Delegated permissions of the token. */
	readonly scp: string;
}

export type Redeemed =
	| { readonly kind: 'person'; readonly person: Person; readonly refreshToken: string | null }
	| { readonly kind: 'refused'; readonly refusal: OAuthRefusal };

interface Grant {
	readonly redirectUri: string;
	readonly scope: string;
	used: boolean;
}

/** Permissions of the sign-in itself, which no token carries. */
const OF_THE_SIGN_IN = ['openid', 'profile', 'offline_access', 'email'];

export class PersonSignIn {
	private readonly codes = new Map<string, Grant>();
	private readonly refreshTokens = new Map<string, string>();

	constructor(
		private readonly tenant: Tenant,
		private readonly settings: EntraSettings,
	) {}

	routes(): Router {
		const router = express.Router();
		router.get('/:tenant/oauth2/v2.0/authorize', (request, response) => {
			this.authorize(request, response);
		});
		router.get(['/:tenant/adminconsent', '/:tenant/v2.0/adminconsent'], (request, response) => {
			this.adminConsent(request, response);
		});
		return router;
	}

	/** Exchanges a code or a refresh token; the app has proved itself already. */
	redeem(form: Readonly<Record<string, string>>): Redeemed {
		if (form['grant_type'] === 'refresh_token') return this.refresh(form['refresh_token'] ?? '');
		const grant = this.codes.get(form['code'] ?? '');
		if (grant === undefined) {
			return refused(9002313, 'Invalid request. Request is malformed or invalid.');
		}
		if (grant.redirectUri !== form['redirect_uri']) {
			const words =
				'The reply address does not match the one the authorization code was issued for';
			return refused(500112, `${words}.`);
		}
		if (grant.used) return refused(54005, 'OAuth2 Authorization code was already redeemed.');
		grant.used = true;
		return this.tokensFor(grant.scope);
	}

	private refresh(token: string): Redeemed {
		const scope = this.refreshTokens.get(token);
		if (scope === undefined)
			return refused(9002313, 'Invalid request. The refresh token is malformed.');
		if (this.settings.personRevoked) {
			return refused(
				50173,
				'The provided grant has expired due to it being revoked, a fresh auth token is needed. The user might have changed or reset their password.',
			);
		}
		return this.tokensFor(scope);
	}

	private tokensFor(scope: string): Redeemed {
		const asked = scope.split(' ').filter((each) => each !== '');
		let refreshToken: string | null = null;
		if (asked.includes('offline_access')) {
			refreshToken = `1.${randomBytes(24).toString('base64url')}`;
			this.refreshTokens.set(refreshToken, scope);
		}
		const scp = this.settings.delegated.filter((each) => !OF_THE_SIGN_IN.includes(each)).join(' ');
		const person = {
			oid: stableId('user', 'the person who connects'),
			name: 'Directory Reader (sandbox)',
			upn: 'reader@nordvik.example',
			scp,
		};
		return { kind: 'person', person, refreshToken };
	}

	private authorize(request: Request, response: Response): void {
		const asked = (name: string) => {
			const value = request.query[name];
			return typeof value === 'string' ? value : '';
		};
		const redirectUri = asked('redirect_uri');
		if (asked('client_id') !== this.tenant.clientId || !URL.canParse(redirectUri)) {
			// Where nobody is known to go back to, Entra shows the refusal on its own page.
			response
				.status(400)
				.type('html')
				.send('<p>AADSTS700016 or AADSTS50011: sign-in is not possible.</p>');
			return;
		}
		const back = new URL(redirectUri);
		if (asked('state') !== '') back.searchParams.set('state', asked('state'));
		if (this.settings.delegated.length === 0) {
			back.searchParams.set('error', 'consent_required');
			back.searchParams.set(
				'error_description',
				'AADSTS65001: The user or administrator has not consented to use the application.',
			);
		} else {
			const code = `1.${randomBytes(24).toString('base64url')}`;
			this.codes.set(code, { redirectUri, scope: asked('scope'), used: false });
			back.searchParams.set('code', code);
			back.searchParams.set('session_state', stableId('session', code));
		}
		response.redirect(302, back.href);
	}

	/** Grants what the app registration lists; tokens given from now on carry it. */
	private adminConsent(request: Request, response: Response): void {
		const { tenant, settings } = this;
		if (request.query['client_id'] !== tenant.clientId) {
			response.status(400).type('html').send('<p>AADSTS700016: There is no such app here.</p>');
			return;
		}
		settings.roles = [...new Set([...settings.roles, ...settings.listed])];
		const { redirect_uri: to, state } = request.query;
		if (typeof to !== 'string' || !URL.canParse(to)) {
			// As without any reply address: consent is given, and the page at its end is an odd one.
			response
				.type('html')
				.send('<p>AADSTS500113: No reply address is registered for the app.</p>');
			return;
		}
		const back = new URL(to);
		back.searchParams.set('admin_consent', 'True');
		back.searchParams.set('tenant', tenant.tenantId);
		if (typeof state === 'string') back.searchParams.set('state', state);
		response.redirect(302, back.href);
	}
}

function refused(number: number, message: string): Redeemed {
	return { kind: 'refused', refusal: { status: 400, error: 'invalid_grant', number, message } };
}
