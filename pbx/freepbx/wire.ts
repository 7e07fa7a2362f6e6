/** FreePBX's GraphQL interface (api, core and voicemail modules), as far as it is used here. */
import { z } from 'zod';
import { address, filled } from '../credential';

export const credential = z.object({
	// People paste the address with a path of the screens or of the interface, or without.
	baseUrl: address.transform((url) => url.replace(/\/admin(\/.*)?$/, '')),
	clientId: filled,
	clientSecret: filled,
	tech: z.enum(['pjsip', 'sip']).catch('pjsip'),
	panelAccount: z.boolean().catch(true),
	panelGroups: z
		.string()
		.trim()
		.catch('')
		.transform((text) => text || '1'),
});
export type Credential = z.output<typeof credential>;

export const token = z.object({ access_token: z.string().min(1) });

const text = z
	.union([z.string(), z.number().transform(String)])
	.nullish()
	.transform((value) => value || null);
const id = z.union([z.string().min(1), z.number().transform(String)]);

/** What is asked of an extension. `status` comes first: the system decides by it. */
export const EXTENSION = `extensionId tech
	user { name outboundCid extPassword }
	coreDevice { emergency_cid }`;

const extension = z.object({
	extensionId: id,
	tech: text,
	// Null for extensions whose devices people log in to.
	user: z.object({ name: text, outboundCid: text, extPassword: text }).nullish(),
	coreDevice: z.object({ emergency_cid: text }).nullish(),
});
export type FreePbxExtension = z.output<typeof extension>;

/** Nulls, with `status` false, for an extension without voicemail. */
const mailbox = z
	.object({ status: z.boolean().nullish(), email: text, password: text })
	.transform(({ status, ...box }) => (status ? box : null));
export type Mailbox = z.output<typeof mailbox>;

export const extensionPage = z.object({
	fetchAllExtensions: z.object({
		totalCount: z.number().int().nonnegative(),
		extension: z
			.array(extension)
			.nullish()
			.transform((rows) => rows ?? []),
	}),
});

export const oneExtension = z.object({ fetchExtension: extension, mailbox: mailbox.nullish() });

/** So many mailboxes, `box0` and on, beside what else was asked. */
export function mailboxes(count: number) {
	const aliases = Array.from({ length: count }, (_, n) => [`box${String(n)}`, mailbox] as const);
	const shape: Record<string, typeof mailbox> = Object.fromEntries(aliases);
	return z.object(shape);
}

export const success = z.record(z.object({ status: z.literal(true) }).passthrough());
export const reload = z.object({ doreload: z.object({ transaction_id: text }) });
export const reloadStatus = z.object({
	fetchApiStatus: z.object({ message: text, details: text }),
});

export const answer = z.object({ data: z.unknown() });
export const refusal = z.object({
	errors: z.array(z.object({ message: z.string().catch('') })).min(1),
});
