import { z } from 'zod';

import type { Diagnostic } from '../sync/diagnostic';
import { DiagnosedError } from '../sync/diagnostic';
import type { ReadAccount } from '../sync/item';
import { accountOf, claimsOf, rolesOf } from './account';
import { certificateNote, examineCertificate } from './certificate';
import { adminConsentUrl } from './consent';
import { writtenDownNote } from './secret';

/** What the directory side needs of a credential; the token stays with n8n. */
export interface EntraCredential {
	/** Address of Microsoft Graph without version and without a slash at its end. */
	readonly graphUrl: string;
	/** Where an administrator grants what is missing; null where there is no such page. */
	readonly consentUrl: string | null;
	/** Permissions this sign-in may use, as its present token says; null: no token yet. */
	readonly roles: readonly string[] | null;
	/** As whom, as its present token says; null: no token yet, or it does not say. */
	readonly account: ReadAccount | null;
	/** A person signed in, so delegated permissions count, and what the person may do. */
	readonly isPerson: boolean;
}

export type EntraCredentialType = 'entraOAuth2Api' | 'entraManagedIdentityApi';

const address = z
	.string()
	.url()
	.regex(/^https?:\/\//);
const filled = z.string().trim().min(1);

/**
 * Each field with what is wrong when it does not fit. The order is the order of the form: the first
 * gap is told, because the later ones are often its consequence.
 */
const APP_FIELDS = [
	['tenantId', 'Tenant ID', filled, 'The overview page of the app registration shows it.'],
	['clientId', 'Client ID', filled, 'The overview page of the app registration shows it.'],
] as const;
const GRAPH_FIELDS = [
	[
		'graphBaseUrl',
		'Graph Address',
		address,
		'Enter an address such as https://graph.microsoft.com.',
	],
] as const;
const SIGN_IN_FIELDS = [
	['accessTokenUrl', 'Sign-in Address', address, 'Enter one as https://login.microsoftonline.com.'],
] as const;

type Raw = Readonly<Record<string, unknown>>;

/**
 * Reads a decrypted credential of either type; throws a `DiagnosedError` that names the first field
 * that is missing or cannot be used.
 */
export function readCredential(raw: Raw, type: EntraCredentialType): EntraCredential {
	const isApp = type === 'entraOAuth2Api' || raw['kind'] === 'federated';
	const fields = isApp ? [...APP_FIELDS, ...GRAPH_FIELDS, ...SIGN_IN_FIELDS] : GRAPH_FIELDS;
	for (const [name, displayName, schema, fix] of fields) {
		if (schema.safeParse(raw[name]).success) continue;
		throw new DiagnosedError({
			code: 'entra.credentialIncomplete',
			what: `The Entra ID credential has no usable '${displayName}'.`,
			why: 'Without it, n8n does not know where or as whom to sign in.',
			fix,
			field: displayName,
		});
	}
	const isPerson = type === 'entraOAuth2Api' && raw['grantType'] === 'authorizationCode';
	if (isPerson && !held.parse(raw).oauthTokenData) {
		throw new DiagnosedError(notConnected);
	}
	const proof = proofOf(raw);
	const flaw = proof === null ? null : examineCertificate(proof.certificate, proof.privateKey);
	if (flaw) throw new DiagnosedError(flaw);
	const token = claimsOf(heldToken(raw));
	return {
		graphUrl: address.parse(raw['graphBaseUrl']).replace(/\/+$/, ''),
		consentUrl: isApp ? consentUrlFor(raw) : null,
		roles: token && rolesOf(token),
		account: token && accountOf(token, !isApp),
		isPerson,
	};
}

const notConnected: Diagnostic = {
	code: 'entra.notConnected',
	what: 'Nobody has connected the Entra ID credential yet.',
	why: "'Sign In As' is set to 'Person', and no person has signed in.",
	fix: "Open the credential and press 'Connect', or choose 'App', which depends on nobody.",
	field: 'Sign In As',
};

/** What to tell early about a credential that works today. `now`: milliseconds since 1970. */
export function credentialNotes(raw: Raw, now: number): Diagnostic[] {
	const proof = proofOf(raw);
	const note = proof === null ? writtenDownNote(raw, now) : certificateNote(proof.certificate, now);
	return note ? [note] : [];
}

const certificateProof = z.object({
	clientCredentialType: z.literal('certificate'),
	certificate: z.string().catch(''),
	privateKey: z.string().catch(''),
});

function proofOf(raw: Raw) {
	const proof = certificateProof.safeParse(raw);
	return proof.success ? proof.data : null;
}

/** The token address is `{authority}/{tenant}/oauth2/v2.0/token`. */
function consentUrlFor(raw: Raw): string {
	const { accessTokenUrl, clientId } = z
		.object({ accessTokenUrl: z.string(), clientId: z.string() })
		.parse(raw);
	const { origin, pathname } = new URL(accessTokenUrl);
	return adminConsentUrl(origin, pathname.split('/')[1] ?? '', clientId.trim());
}

const held = z.object({
	accessToken: z.string().optional().catch(undefined),
	oauthTokenData: z.object({ access_token: z.string() }).optional().catch(undefined),
});

function heldToken(raw: Raw): string {
	const { accessToken, oauthTokenData } = held.parse(raw);
	return oauthTokenData?.access_token ?? accessToken ?? '';
}
