/** The tenant behind the Entra stand-in: its people, the one registered app, and the knobs. */
import { z } from 'zod';
import { buildDirectory } from '../directory/directory.mts';
import type { Directory } from '../directory/directory.mts';
import { stableId } from '../directory/identity.mts';

export interface Tenant extends Directory {
	readonly tenantId: string;
	readonly clientId: string;
	readonly clientSecret: string;
	readonly organizationName: string;
	/** Live. PEM certificates an administrator uploaded to the app registration. */
	readonly certificates: string[];
	/** The identity Azure gives the machine n8n would run on. */
	readonly managedIdentity: { readonly appId: string; readonly subject: string };
	/** Live. Object IDs of users who hold a role that ordinary permissions may not write to. */
	readonly privileged: Set<string>;
}

export const settingsSchema = z
	.object({
		/** Application permissions an administrator consented to. Only new tokens carry a change. */
		roles: z.array(z.string()),
		/** Seconds a new access token is good for. */
		tokenLifetime: z.number().int().positive(),
		/** Puts an empty page with a nextLink after the first page of every list, as Graph may. */
		emptyPages: z.boolean(),
		/** Page tokens handed out so far, and from now on, are answered as expired. */
		pageTokensExpired: z.boolean(),
		/** The client secret has passed its end date. */
		secretExpired: z.boolean(),
		/** The app trusts the managed identity (a federated credential). */
		federated: z.boolean(),
		/** The machine has a system-assigned managed identity. */
		managedIdentity: z.boolean(),
	})
	.strict();

export type EntraSettings = z.infer<typeof settingsSchema>;

/** What the documentation asks an administrator to grant for one-way sync, and nothing more. */
export const defaultSettings = (): EntraSettings => ({
	roles: ['User.Read.All', 'GroupMember.Read.All'],
	tokenLifetime: 3599,
	emptyPages: false,
	pageTokensExpired: false,
	secretExpired: false,
	federated: true,
	managedIdentity: true,
});

export function createTenant(): Tenant {
	return {
		...buildDirectory(),
		tenantId: stableId('tenant', 'nordvik'),
		clientId: stableId('app', 'phone sync'),
		// Looks like a secret value of Entra; opens nothing but this sandbox.
		clientSecret: 'sbx8Q~only-good-for-the-sandbox-entra',
		organizationName: 'Nordvik AB',
		certificates: [],
		managedIdentity: {
			appId: stableId('app', 'managed identity'),
			subject: stableId('servicePrincipal', 'managed identity'),
		},
		privileged: new Set(),
	};
}
