/** Sinch Engage (MessageMedia) contacts, API v2.1.0, as far as it is used here. */
import { z } from 'zod';
import { address, filled } from '../credential';

const REGIONS = {
	eu: 'https://eu.app.api.sinch.com',
	apac: 'https://au.app.api.sinch.com',
} as const;

/** The key and the secret are not here: n8n signs every request with them. */
export const credential = z
	.discriminatedUnion('region', [
		z.object({ region: z.literal('eu') }).passthrough(),
		z.object({ region: z.literal('apac') }).passthrough(),
		z.object({ region: z.literal('custom'), baseUrl: address }).passthrough(),
	])
	.and(
		z.object({
			apiKey: filled,
			apiSecret: filled,
			listPrefix: z.string().default('Entra '),
			tagPrefix: z
				.string()
				.trim()
				.regex(/^[a-z\d_]{0,20}$/, { message: 'Lower-case letters, digits and _ only.' })
				.default('entra_'),
		}),
	)
	.transform(({ listPrefix, tagPrefix, ...place }) => ({
		root: `${place.region === 'custom' ? place.baseUrl : REGIONS[place.region]}/api/v1/contacts`,
		listPrefix,
		tagPrefix,
	}));

const text = z
	.string()
	.nullish()
	.transform((value) => value || null);

const channel = z.object({
	channelId: z.string(),
	/** SMS and WHATSAPP can be written; GBM, INSTAGRAM, FACEBOOK and EMAIL only come. */
	type: z.string(),
	subscriptionState: z.string().nullish(),
});
export type Channel = z.output<typeof channel>;

const custom = z.object({
	id: z.string().min(1),
	mergeTag: z.string(),
	value: z
		.string()
		.nullish()
		.transform((value) => value ?? ''),
});

const many = <Shape extends z.ZodTypeAny>(shape: Shape) =>
	z
		.array(shape)
		.nullish()
		.transform((values) => values ?? []);

export const contact = z.object({
	id: z.string().min(1),
	firstName: text,
	lastName: text,
	location: text,
	channels: many(channel),
	lists: many(z.object({ id: z.string().min(1), name: z.string() })),
	customFields: many(custom),
});
export type Contact = z.output<typeof contact>;

export const list = z.object({ id: z.string().min(1), name: z.string() });
export const customField = z.object({ id: z.string().min(1), mergeTag: z.string() });

export const page = <Row extends z.ZodTypeAny>(row: Row) =>
	z.object({
		content: z.array(row),
		nextPageToken: text,
		totalElements: z.number().int().nonnegative(),
	});

/** The body of a refusal. Refused sign-ins, and what stands in front, send none. */
export const refusal = z.object({
	title: z.string().catch(''),
	detail: z.string().catch(''),
	invalidFields: z
		.array(z.object({ name: z.string().catch(''), reason: z.string().catch('') }))
		.catch([]),
});
