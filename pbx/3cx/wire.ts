/** 3CX v20: `connect/token` and the configuration interface `xapi/v1` (OData), as far as used here. */
import { z } from 'zod';
import { quick } from '../../http/quick';
import { address, filled } from '../credential';

export const credential = z.object({
	// People paste the address with the path of the interface, or without.
	baseUrl: address.transform((url) => url.replace(/\/xapi(\/v1)?$/, '')),
	clientId: filled,
	clientSecret: filled,
	sendWelcomeEmail: z.boolean().default(false),
});

export const token = z.object({ access_token: z.string().min(1) });

const text = z.string().nullish();

/** As much as is asked for: without `$select` the passwords of the user would come along. */
export const user = z.object({
	Id: z.number().int(),
	Number: z.string().min(1),
	FirstName: text,
	LastName: text,
	EmailAddress: text,
	Mobile: text,
	OutboundCallerID: text,
	Enabled: z.boolean().nullish(),
});
export type XapiUser = z.output<typeof user>;

export const SELECT = Object.keys(user.shape).join(',');

export const userList = quick(
	z.object({
		'@odata.count': z.number().int().nonnegative(),
		value: z.array(user),
	}),
);

/** A user that was just made; the rest is read properly afterwards. */
export const made = z.object({ Id: z.number().int() });

export const groupList = z.object({
	value: z.array(z.object({ Id: z.number().int(), Name: z.string() })),
});

export const refusal = z.object({
	error: z.object({
		message: z.string().catch(''),
		details: z.array(z.object({ message: z.string().catch(''), target: text })).catch([]),
	}),
});
