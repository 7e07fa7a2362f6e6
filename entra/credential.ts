import { z } from 'zod';

import { DiagnosedError } from '../sync/diagnostic';

/** What the directory side needs of the credential `entraOAuth2Api`; the token stays with n8n. */
export interface EntraCredential {
	/** Address of Microsoft Graph without version and without a slash at its end. */
	readonly graphUrl: string;
}

const address = z
	.string()
	.url()
	.regex(/^https?:\/\//);
const filled = z.string().trim().min(1);

/**
 * Each field with what is wrong when it does not fit. The order is the order of the form: the first
 * gap is told, because the later ones are often its consequence.
 */
const FIELDS = [
	['tenantId', 'Tenant ID', filled, 'The overview page of the app registration shows it.'],
	['clientId', 'Client ID', filled, 'The overview page of the app registration shows it.'],
	[
		'graphBaseUrl',
		'Graph Address',
		address,
		'Enter an address such as https://graph.microsoft.com.',
	],
	['accessTokenUrl', 'Sign-in Address', address, 'Enter one as https://login.microsoftonline.com.'],
] as const;

/** Reads the decrypted credential; throws a `DiagnosedError` that names the first field that is missing. */
export function readCredential(raw: Readonly<Record<string, unknown>>): EntraCredential {
	for (const [name, displayName, schema, fix] of FIELDS) {
		if (schema.safeParse(raw[name]).success) continue;
		throw new DiagnosedError({
			code: 'entra.credentialIncomplete',
			what: `The Entra ID credential has no usable '${displayName}'.`,
			why: 'Without it, n8n does not know where or as whom to sign in.',
			fix,
			field: displayName,
		});
	}
	return { graphUrl: address.parse(raw['graphBaseUrl']).replace(/\/+$/, '') };
}
