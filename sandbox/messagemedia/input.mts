/** What is accepted when a contact, a list or a custom field is made or changed. */
import { z } from 'zod';
import { invalid } from './refusal.mts';

const text = z.string().max(255);
const id = z.string().uuid();

/** E-mail, Facebook and the like can be read as channels and not be written. */
const channel = z.object({
	channelId: z.string().regex(/^\+[1-9]\d{6,14}$/),
	type: z.enum(['SMS', 'WHATSAPP']),
	subscriptionState: z.enum(['SUBSCRIBED', 'UNSUBSCRIBED']).optional(),
});

export const contactChange = z
	.object({
		firstName: text,
		lastName: text,
		alias: text,
		dateOfBirth: z.string().date(),
		country: text,
		state: text,
		location: text,
		note: text,
		channels: z.array(channel).min(1),
		lists: z.array(z.object({ id })),
		customFields: z.array(z.object({ id, value: z.string() })),
	})
	.partial();
export type ContactChange = z.infer<typeof contactChange>;

export const contactCreation = contactChange.required({ channels: true });

export const list = z.object({ name: text.min(1), alias: text.optional() });

export const customField = z.object({
	label: text.min(1),
	mergeTag: z.string().regex(/^[a-z\d_]{1,50}$/),
	maxLength: z.number().int().min(1).max(1000),
	type: z.enum(['DATE', 'NUMBER', 'PHONE', 'TEXT', 'URL', 'ZIP_CODE', 'NAME', 'EMAIL']),
});

export const membership = z.object({
	contactsToAddIds: z.array(id).max(1000).default([]),
	contactsToRemoveIds: z.array(id).max(1000).default([]),
});

export const page = z.object({
	pageSize: z.coerce.number().int().min(1).max(1000).default(20),
	nextPageToken: z.string().optional(),
	channelIds: z.string().optional(),
	channelTypes: z.string().optional(),
	listIds: z.string().optional(),
	contactIds: z.string().optional(),
	mergeTag: z.string().optional(),
	name: z.string().optional(),
});
export type Page = z.infer<typeof page>;

/** Reads it, or refuses it with the first value that is wrong. */
export function read<Output>(
	schema: z.ZodType<Output, z.ZodTypeDef, unknown>,
	value: unknown,
): Output {
	const parsed = schema.safeParse(value);
	if (parsed.success) return parsed.data;
	const [issue] = parsed.error.issues;
	const name = issue?.path.join('.') ?? '';
	const missing = issue?.code === 'invalid_type' && issue.received === 'undefined';
	throw invalid(name, missing ? 'must_not_be_empty' : 'invalid_format', issue?.message ?? '');
}
