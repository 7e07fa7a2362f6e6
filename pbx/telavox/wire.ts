/** Telavox Customer API (CAPI) `v1`, as far as it is used here. */
import { z } from 'zod';
import { address, filled } from '../credential';

/** What a field of the credential means when it was left empty. */
const orDefault = (value: string) =>
	z
		.string()
		.trim()
		.transform((text) => text || value)
		.default(value);

export const credential = z.object({
	// People paste the address with the version, or without.
	baseUrl: address.transform((url) => url.replace(/\/v1$/, '')),
	token: filled,
	countryCode: orDefault('SE').pipe(
		z.string().regex(/^[A-Za-z]{2}$/, { message: 'It is two letters, such as SE.' }),
	),
	invoicePlace: orDefault(''),
	template: orDefault(''),
	confirmationEmail: z.boolean().default(false),
	updateSends: z.enum(['everything', 'changes']).default('everything'),
	keyName: orDefault('key'),
	nameName: orDefault('name'),
	emailName: orDefault('email'),
	fixedNumberName: orDefault('fixedNumber'),
	mobileNumberName: orDefault('mobileNumber'),
});
export type Credential = z.output<typeof credential>;

/** Everything of it is kept, to be written back: an update may replace the whole. */
export const user = z.record(z.unknown());
export type TelavoxUser = z.output<typeof user>;

/** Telavox's own client takes a bare list as well as one below `data`. */
export const userList = z.union([
	z.array(user).transform((rows) => ({ rows, total: null })),
	z
		.object({
			data: z.array(user),
			total: z.number().optional().catch(undefined),
			totalCount: z.number().optional().catch(undefined),
		})
		.transform(({ data, total, totalCount }) => ({
			rows: data,
			total: total ?? totalCount ?? null,
		})),
]);
export type UserList = z.output<typeof userList>;

/** A template or an invoice place. That they have a `name` is inferred. */
const given = z.object({ key: z.string().min(1), name: z.string() });
export type Given = z.output<typeof given>;
export const givens = z.union([
	z.array(given),
	z.object({ data: z.array(given) }).transform(({ data }) => data),
]);

export const refusal = z.object({ message: z.string() });
