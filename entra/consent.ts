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
const NEEDS_CONSENT = new Set([
	'entra.permissionMissing',
	'entra.noConsent',
	'entra.idsOnly',
	'entra.hiddenMembers',
]);

/** Adds to such a refusal what the sign-in may do, and where the rest is granted. */
export function withConsent(
	diagnostic: Diagnostic,
	{ roles, consentUrl, isPerson }: Pick<EntraCredential, 'roles' | 'consentUrl' | 'isPerson'>,
): Diagnostic {
	if (!NEEDS_CONSENT.has(diagnostic.code)) return diagnostic;
	const { why, fix, ...rest } = isPerson ? saidOfAPerson(diagnostic) : diagnostic;
	const has =
		roles === null ? '' : ` It may use ${roles.length > 0 ? roles.join(', ') : 'nothing at all'}.`;
	const where = consentUrl === null ? '' : ` An administrator can grant it here: ${consentUrl}`;
	return { ...rest, why: why + has, fix: fix + where };
}

/**
 * For somebody who signs in, the other kind of permission counts, and never more than the person may
 * do without the app. Every text about a missing permission speaks of the app's own kind.
 */
function saidOfAPerson(diagnostic: Diagnostic): Diagnostic {
	const turned = (text: string) =>
		text
			.replaceAll('an application permission (not a delegated one)', 'a delegated permission')
			.replaceAll('an application permission', 'a delegated permission')
			.replaceAll('application permission', 'delegated permission')
			.replaceAll('Application permissions', 'Delegated permissions');
	return {
		...diagnostic,
		why: `${turned(diagnostic.why)} The sign-in is that of a person: it also needs a role that may do this, such as Directory Readers or User Administrator.`,
		fix: `${turned(diagnostic.fix)} Then connect the credential again, or choose 'App' under 'Sign In As'.`,
	};
}
