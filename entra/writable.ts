/** What of a user this package writes to, and what Graph takes there. */

export interface Writable {
	readonly name: string;
	/** Longest text Graph takes (reference of the user resource). */
	readonly longest: number;
	/** Phones have a permission of their own. */
	readonly isPhone: boolean;
	/** Graph keeps a list; one entry is all it takes when written. */
	readonly isList: boolean;
	/** Nobody is without one. */
	readonly required: boolean;
}

function attribute(name: string, longest: number, more: Partial<Writable> = {}): Writable {
	return { name, longest, isPhone: false, isList: false, required: false, ...more };
}

/**
 * Sign-in names, mail addresses and whether an account is in use are not among them: a phone system
 * is not where those are decided.
 */
export const WRITABLE: readonly Writable[] = [
	attribute('businessPhones', 64, { isPhone: true, isList: true }),
	attribute('city', 128),
	attribute('companyName', 64),
	attribute('country', 128),
	attribute('department', 64),
	attribute('displayName', 256, { required: true }),
	attribute('employeeId', 16),
	attribute('faxNumber', 64),
	attribute('givenName', 64),
	attribute('jobTitle', 128),
	attribute('mobilePhone', 64, { isPhone: true }),
	attribute('officeLocation', 128),
	attribute('postalCode', 40),
	attribute('state', 128),
	attribute('streetAddress', 1024),
	attribute('surname', 64),
	...Array.from({ length: 15 }, (_, index) => attribute(`extensionAttribute${index + 1}`, 1024)),
];

const BY_NAME: ReadonlyMap<string, Writable> = new Map(WRITABLE.map((each) => [each.name, each]));

export function writableNamed(name: string): Writable | null {
	return BY_NAME.get(name) ?? null;
}

export function isExtensionAttribute(name: string): boolean {
	return /^extensionAttribute\d+$/.test(name);
}
