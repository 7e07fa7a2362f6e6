import type { Diagnostic } from '../sync/diagnostic';
import type { EntraCredential } from './credential';

/**
 * The page on which an administrator of the tenant grants what the app registration lists; a link
 * to send to a colleague who has the right (Learn, "admin consent on the Microsoft identity
 * platform"). `tenant` is an ID or a domain.
 */
export function adminConsentUrl(authority: string, tenant: string, clientId: string): string {
	const query = new URLSearchParams({ client_id: clientId });
	return `${authority.replace(/\/+$/, '')}/${encodeURIComponent(tenant)}/adminconsent?${query}`;
}

/** Codes of refusals that come from a permission nobody granted. */
const NEEDS_CONSENT = new Set(['entra.permissionMissing', 'entra.noConsent']);

/** Adds to such a refusal what the sign-in may do, and where the rest is granted. */
export function withConsent(
	diagnostic: Diagnostic,
	{ roles, consentUrl }: Pick<EntraCredential, 'roles' | 'consentUrl'>,
): Diagnostic {
	if (!NEEDS_CONSENT.has(diagnostic.code)) return diagnostic;
	const has =
		roles === null ? '' : ` It may use ${roles.length > 0 ? roles.join(', ') : 'nothing at all'}.`;
	const where = consentUrl === null ? '' : ` An administrator can grant it here: ${consentUrl}`;
	return { ...diagnostic, why: diagnostic.why + has, fix: diagnostic.fix + where };
}
