/** The tenant behind the Entra stand-in: its people, the one registered app, and the knobs. */
import { z } from 'zod';
import { buildDirectory } from '../directory/directory.mts';
import type { Directory } from '../directory/directory.mts';
import { stableId } from '../directory/identity.mts';
import type { DirectoryUser } from '../directory/user.mts';
import { Subscriptions } from './subscriptions.mts';

/** As Graph names its parts; `hint` is the first three letters of the secret. */
export interface PasswordCredential {
	readonly displayName: string;
	readonly hint: string;
	readonly endDateTime: string;
}

export interface Tenant extends Directory {
	readonly tenantId: string;
	readonly clientId: string;
	readonly clientSecret: string;
	readonly organizationName: string;
	/** Live. PEM certificates an administrator uploaded to the app registration. */
	readonly certificates: string[];
	/** Live. What the app registration shows of its client secrets. */
	readonly passwordCredentials: PasswordCredential[];
	/** The identity Azure gives the machine n8n would run on. */
	readonly managedIdentity: { readonly appId: string; readonly subject: string };
	/**
	 * How lists show the users when the index lags behind: a copy from earlier, or null when it is up
	 * to date. Objects asked for by ID, and delta, show them as they are.
	 */
	lagging: ReadonlyMap<string, DirectoryUser> | null;
	/** Live. Who is notified of changed users. */
	readonly subscriptions: Subscriptions;
	/** Live. Object IDs of users who hold a role that ordinary permissions may not write to. */
	readonly privileged: Set<string>;
}

export const settingsSchema = z
	.object({
		/** Application permissions an administrator consented to. Only new tokens carry a change. */
		roles: z.array(z.string()),
		/** Application permissions the app registration lists; an administrator's consent grants them. */
		listed: z.array(z.string()),
		/** Delegated permissions that were consented to, for people who sign in. */
		delegated: z.array(z.string()),
		/** The person changed the password since, so refresh tokens are no longer good. */
		personRevoked: z.boolean(),
		/** Seconds a new access token is good for. */
		tokenLifetime: z.number().int().positive(),
		/** Puts an empty page with a nextLink after the first page of every list, as Graph may. */
		emptyPages: z.boolean(),
		/** Pages are never larger than this, whatever was asked for; null: as asked. */
		mostPerPage: z.number().int().positive().nullable(),
		/** Page tokens handed out so far, and from now on, are answered as expired. */
		pageTokensExpired: z.boolean(),
		/** Users on a page of a delta query; no client can choose it. */
		deltaPageSize: z.number().int().positive(),
		/** So many users of the round before are told once more. */
		deltaReplays: z.number().int().nonnegative(),
		/** Who changed is told twice, first as before the change. */
		deltaDuplicates: z.boolean(),
		/** Restored users come up though `$select` is used; in the field they may not. */
		restoresSurface: z.boolean(),
		/** Delta tokens are answered as lost, in one of the ways seen; null: after seven days. */
		deltaLost: z
			.enum(['syncStateNotFound', 'SyncStateNotFound', 'resyncRequired', 'gone'])
			.nullable(),
		/** Resource units per ten seconds; null: by the size of the tenant. */
		resourceUnits: z.number().int().positive().nullable(),
		/** Writes per 150 seconds. */
		writeLimit: z.number().int().positive(),
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
	listed: ['User.Read.All', 'GroupMember.Read.All'],
	delegated: ['User.Read.All', 'GroupMember.Read.All'],
	personRevoked: false,
	tokenLifetime: 3599,
	emptyPages: false,
	mostPerPage: null,
	pageTokensExpired: false,
	deltaPageSize: 200,
	deltaReplays: 0,
	deltaDuplicates: false,
	restoresSurface: false,
	deltaLost: null,
	resourceUnits: null,
	writeLimit: 3_000,
	secretExpired: false,
	federated: true,
	managedIdentity: true,
});

export function createTenant(clock: () => number): Tenant {
	const tenantId = stableId('tenant', 'nordvik');
	return {
		...buildDirectory(),
		tenantId,
		clientId: stableId('app', 'phone sync'),
		// Looks like a secret value of Entra; opens nothing but this sandbox.
		clientSecret: 'sbx8Q~only-good-for-the-sandbox-entra',
		organizationName: 'Nordvik AB',
		certificates: [],
		passwordCredentials: [],
		managedIdentity: {
			appId: stableId('app', 'managed identity'),
			subject: stableId('servicePrincipal', 'managed identity'),
		},
		lagging: null,
		subscriptions: new Subscriptions(tenantId, clock),
		privileged: new Set(),
	};
}
