import { z } from 'zod';

import type { ReadAccount } from '../sync/item';

const said = z.string().trim().min(1).max(256).optional().catch(undefined);

/**
 * Claims of an access token for Graph. Application permissions are `roles`, a person's are `scp`
 * (Learn, "Access token claims reference"). Nothing is verified: only Graph decides what a token is
 * good for, so none of this may ever be used to decide anything.
 */
const claims = z.object({
	roles: z.array(z.string()).catch([]),
	scp: z.string().catch(''),
	app_displayname: said,
	appid: said,
	azp: said,
	upn: said,
	preferred_username: said,
});

export type Claims = z.infer<typeof claims>;

/** What a token says of itself; null when it is no JWT, or holds no JSON. */
export function claimsOf(token: string): Claims | null {
	const [, body = ''] = token.split('.');
	try {
		return claims.parse(JSON.parse(Buffer.from(body, 'base64url').toString()));
	} catch {
		return null;
	}
}

/** Permissions of the app, or those the person gave it. */
export function rolesOf({ roles, scp }: Claims): string[] {
	return [...roles, ...scp.split(' ').filter(Boolean)];
}

/**
 * As whom Graph is read: an app or a managed identity by its client ID, with its display name where
 * the token has one, and a person by the user principal name. Null when the token does not say.
 */
export function accountOf(token: Claims, isManagedIdentity: boolean): ReadAccount | null {
	if (token.scp !== '') {
		const id = token.upn ?? token.preferred_username;
		return id === undefined ? null : { kind: 'person', id, name: null };
	}
	const id = token.appid ?? token.azp;
	if (id === undefined) return null;
	const kind = isManagedIdentity ? 'managedIdentity' : 'app';
	return { kind, id, name: token.app_displayname ?? null };
}
