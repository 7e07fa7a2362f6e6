/** The Telavox stand-in's memory: the users of one customer, their licences, and the knobs. */
import { z } from 'zod';

/** Under Telavox's names, as far as they are public. */
export interface TelavoxUser {
	readonly key: string;
	name: string | null;
	email: string | null;
	fixedNumber: string | null;
	mobileNumber: string | null;
	invoicePlace: string | null;
	licenseType: string | null;
	country: string;
	/** What it was made from. */
	template: string | null;
	/** What no client of ours knows; it has to survive every update. */
	keyWords: string[] | null;
}

/** What an update may set. */
export const CHANGEABLE = [
	'name',
	'email',
	'fixedNumber',
	'mobileNumber',
	'invoicePlace',
	'licenseType',
	'keyWords',
] as const;

export const settingsSchema = z
	.object({
		/** Lists come bare, or below `data`; the vendor's own client copes with both. */
		listShape: z.enum(['list', 'data']),
		/** Users per page, counted from page 0; 0: lists are not paged. */
		pageSize: z.number().int().min(0),
		/** Whether a list below `data` says how many users there are. */
		statesTotal: z.boolean(),
		/** Whether an update empties what it does not name. */
		replaces: z.boolean(),
		/** Whether an update is answered with success and forgotten. */
		ignoresUpdates: z.boolean(),
		/** Whether a second user with the same mail address is refused. */
		uniqueEmails: z.boolean(),
		/** What the person who made the token may do. */
		permission: z.enum(['administrator', 'reader', 'none']),
		/** Licences that are paid for and free; creating a user beyond them buys one. */
		freeLicenses: z.number().int().min(0),
	})
	.strict();

export type TelavoxSettings = z.infer<typeof settingsSchema>;

export const defaultSettings = (): TelavoxSettings => ({
	listShape: 'data',
	pageSize: 0,
	statesTotal: false,
	replaces: true,
	ignoresUpdates: false,
	uniqueEmails: false,
	permission: 'administrator',
	freeLicenses: 50,
});

export class Organization {
	readonly token = 'sandbox-telavox-token';
	readonly users = new Map<string, TelavoxUser>();
	readonly templates = [
		{ key: 'template-17', name: 'Office' },
		{ key: 'template-18', name: 'Field service' },
	];
	readonly invoicePlaces = [{ key: 'invoice-place-1', name: 'Nordvik AB' }];
	/** Licences that had to be bought because somebody created users. */
	bought = 0;
	private lastKey = 7_422_410;

	/** Puts a user in without the checks of the interface: for seeds and tests. */
	put(values: Partial<TelavoxUser>): TelavoxUser {
		this.lastKey += 1;
		const user: TelavoxUser = {
			key: `extension-${this.lastKey}`,
			name: null,
			email: null,
			fixedNumber: null,
			mobileNumber: null,
			invoicePlace: 'invoice-place-1',
			licenseType: 'flow',
			country: 'country-SE',
			template: null,
			keyWords: null,
			...values,
		};
		this.users.set(user.key, user);
		return user;
	}

	byEmail(email: string): TelavoxUser | undefined {
		return [...this.users.values()].find(
			(user) => user.email?.toLowerCase() === email.toLowerCase(),
		);
	}
}
