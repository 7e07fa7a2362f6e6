/** Vodia PBX REST interface, `/rest/domain/{domain}`, as far as it is used here. */
import { z } from 'zod';
import { address, filled } from '../credential';

const EXTERNAL_ID_FIELDS = ['param1', 'param2', 'param3', 'none'] as const;

export const credential = z.object({
	// People paste the address with the path of the interface, or without.
	baseUrl: address.transform((url) => url.replace(/\/rest$/, '')),
	domain: filled,
	/** A field nobody uses, which then holds the object id. */
	externalIdField: z.enum(EXTERNAL_ID_FIELDS).default('param3'),
	/** The setting behind 'Cell phone'; its name is the least certain one. */
	mobileField: z
		.string()
		.trim()
		.default('')
		.transform((name) => name || 'cell_dis'),
});
export type Slots = Pick<z.output<typeof credential>, 'externalIdField' | 'mobileField'>;

/** One account of the list, of whatever kind: an extension, a queue, an auto attendant, ... */
const row = z.object({
	name: z.union([z.string().min(1), z.number().transform(String)]),
	usertype: z.string(),
});
export const rows = z.array(row);

const text = z
	.union([z.string(), z.number(), z.boolean()])
	.nullable()
	.transform((value) => String(value ?? ''));

/**
 * All settings of one extension, a hundred and more. Everything is text, switches included. These
 * two are always there; an answer without them would look like an account that belongs to nobody.
 */
export const settings = z.object({ display_name: text, email_address: text }).passthrough();
export type Settings = z.output<typeof settings>;

/** What every kind of account has, so an object with it is one, and no extension without the above. */
export const anyAccount = z.object({ alias: z.unknown(), email_address: z.undefined() });
