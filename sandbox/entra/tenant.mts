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
	})
	.strict();

export type EntraSettings = z.infer<typeof settingsSchema>;

/** What the documentation asks an administrator to grant for one-way sync, and nothing more. */
export const defaultSettings = (): EntraSettings => ({
	roles: ['User.Read.All', 'GroupMember.Read.All'],
	tokenLifetime: 3599,
	emptyPages: false,
	pageTokensExpired: false,
});

export function createTenant(): Tenant {
	return {
		...buildDirectory(),
		tenantId: stableId('tenant', 'nordvik'),
		clientId: stableId('app', 'phone sync'),
		// Looks like a secret value of Entra; opens nothing but this sandbox.
		clientSecret: 'sbx8Q~only-good-for-the-sandbox-entra',
		organizationName: 'Nordvik AB',
	};
}
