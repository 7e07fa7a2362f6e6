/** SCIM 2.0 (RFC 7643 and 7644), as far as it is used here. */
import { z } from 'zod';
import { quick } from '../../http/quick';
import { address, filled } from '../credential';

export const USER = 'urn:ietf:params:scim:schemas:core:2.0:User';
export const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
export const PATCH = 'urn:ietf:params:scim:api:messages:2.0:PatchOp';

export const credential = z.object({ baseUrl: address, token: filled });

const text = z.string().nullish();

/** An entry of `emails` or `phoneNumbers`. What else it says is kept, to be written back. */
const typedValue = z.object({ type: text, value: text }).passthrough();
export type TypedValue = z.output<typeof typedValue>;

/** Some servers send booleans as text; RFC 7643 has them as booleans. */
const flag = z.union([
	z.boolean(),
	z.string().transform((value) => value.toLowerCase() === 'true'),
]);

export const user = z.object({
	id: z.string().min(1),
	externalId: text,
	userName: text,
	active: flag.nullish(),
	name: z.object({ givenName: text, familyName: text }).nullish(),
	displayName: text,
	title: text,
	emails: z.array(typedValue).nullish(),
	phoneNumbers: z.array(typedValue).nullish(),
	[ENTERPRISE]: z.object({ department: text, organization: text }).nullish(),
});
export type ScimUser = z.output<typeof user>;

/** `Resources` may be missing when there are none (RFC 7644, 3.4.2). */
export const userList = z.object({
	totalResults: z.number().int().nonnegative(),
	Resources: quick(z.array(user).nullish()).transform((resources) => resources ?? []),
});

export type ScimUserList = z.output<typeof userList>;

export const refusal = z.object({ scimType: z.string().optional(), detail: z.string().optional() });

export type Operation =
	| { readonly op: 'remove'; readonly path: string }
	| {
			readonly op: 'replace';
			readonly path: string;
			readonly value: string | boolean | readonly TypedValue[];
	  };
