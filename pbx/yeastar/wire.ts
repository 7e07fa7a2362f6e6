/** Yeastar P-Series Open API `openapi/v1.0`, as far as it is used here. */
import { z } from 'zod';
import { address, filled } from '../credential';

export const credential = z.object({
	// People paste the address with the path of the interface, or without.
	baseUrl: address.transform((url) => url.replace(/\/openapi(\/v[\d.]+)?$/, '')),
	clientId: filled,
	clientSecret: filled,
	sendWelcomeEmail: z.boolean().default(false),
});

/** Every answer, with status 200 whatever happened: `errcode` tells. */
export const answer = z
	.object({
		errcode: z.number(),
		errmsg: z.string().catch(''),
		invalid_param_list: z.array(z.object({ value: z.unknown().transform(String) })).catch([]),
	})
	.passthrough();
export type Answer = z.output<typeof answer>;

export const tokens = z.object({
	access_token: z.string().min(1),
	refresh_token: z.string().min(1),
});
export type Tokens = z.output<typeof tokens>;

const id = z.union([z.string().min(1), z.number().int().transform(String)]);
const text = z
	.union([z.string(), z.number().transform(String)])
	.nullish()
	.transform((value) => value ?? null);
/** Switches come as 0 and 1, as text of these, or as booleans. */
const lever = z
	.union([z.boolean(), z.number(), z.string()])
	.transform((value) => value === true || value === 1 || value === '1')
	.optional()
	.catch(undefined);

/** A row of `extension/list` and `extension/search`: enough to know whom to ask for. */
const row = z.object({ id, number: text });

export const rowList = z.object({
	total_number: z.number().int().nonnegative(),
	data: z
		.array(row)
		.nullish()
		.transform((rows) => rows ?? []),
});

/** `organization/list`. */
export const organizations = z.object({
	data: z
		.array(z.object({ id, name: z.string() }))
		.nullish()
		.transform((rows) => rows ?? []),
});

/** `system/get_menuoptions` of the menu `role`. */
export const roles = z.object({
	data: z
		.array(
			z
				.object({ value: id, text: z.string() })
				.transform(({ value, text: name }) => ({ id: value, name })),
		)
		.nullish()
		.transform((rows) => rows ?? []),
});

/** One full account, from `extension/get` and `extension/query`. */
export const record = z.object({
	id,
	number: text,
	first_name: text,
	last_name: text,
	email_addr: text,
	mobile_number: text,
	title: text,
	organization_list: z
		.array(z.object({ value: id }))
		.catch([])
		.transform((rows) => rows.map(({ value }) => value)),
	disable_outb_call: lever,
	allow_reg_remotely: lever,
	enb_mobile_client: lever,
	enb_desktop_client: lever,
	enb_web_client: lever,
});
export type ExtensionRecord = z.output<typeof record>;

export const oneRecord = z.object({ data: record.nullish() });
export const records = z.object({
	data: z
		.array(record)
		.nullish()
		.transform((rows) => rows ?? []),
});

/** `system/capacity`. Its shape is inferred, so whatever looks otherwise says nothing. */
export const capacity = z
	.object({
		errcode: z.literal(0),
		data: z.object({
			extension: z.object({
				max: z.number().int().positive(),
				used: z.number().int().nonnegative(),
			}),
		}),
	})
	.refine(({ data: { extension } }) => extension.used <= extension.max);

export const created = z.object({ id: id.optional().catch(undefined) });
