/** The ordinary staff: eighteen people in each of twelve countries, by index arithmetic alone. */
import { COUNTRIES, DEPARTMENTS, JOB_TITLES } from './countries.mts';
import type { Country } from './countries.mts';
import { mailLocalPart, stableId } from './identity.mts';
import { fixedLine, mobile, typePhone } from './phones.mts';
import type { TypedPhone } from './phones.mts';
import { COST_CENTER, DOMAIN } from './user.mts';
import type { DirectoryUser } from './user.mts';

const PEOPLE_PER_COUNTRY = 18;

/** What the last people of every country are there to show; the others are unremarkable. */
const ROLE = {
	hidden: 11,
	onceSynced: 12,
	legacyType: 13,
	noUsageLocation: 14,
	licensedElsewhere: 15,
	noMail: 16,
	disabled: 17,
} as const;

/** What Microsoft calls Office 365 E3. */
export const LICENSE = { skuId: '6fd2c87f-b296-42f0-b197-1e91e994b900', disabledPlans: [] };

export interface Person {
	readonly user: DirectoryUser;
	readonly mobile: TypedPhone;
	readonly business: TypedPhone;
}

/** A user with nothing filled in but what Entra insists on. */
export function emptyUser(
	userPrincipalName: string,
	displayName: string,
	values: Partial<DirectoryUser> = {},
): DirectoryUser {
	const [localPart = ''] = userPrincipalName.split('@');
	return {
		id: stableId('user', userPrincipalName),
		accountEnabled: true,
		assignedLicenses: [],
		businessPhones: [],
		city: null,
		companyName: null,
		country: null,
		createdDateTime: '2021-03-01T08:00:00Z',
		creationType: null,
		deletedDateTime: null,
		department: null,
		displayName,
		employeeId: null,
		employeeType: null,
		[COST_CENTER]: null,
		externalUserState: null,
		faxNumber: null,
		givenName: null,
		imAddresses: [],
		jobTitle: null,
		mail: null,
		mailNickname: localPart,
		mobilePhone: null,
		officeLocation: null,
		onPremisesExtensionAttributes: extensionAttributes({}),
		onPremisesImmutableId: null,
		onPremisesLastSyncDateTime: null,
		onPremisesSyncEnabled: null,
		otherMails: [],
		postalCode: null,
		preferredLanguage: null,
		proxyAddresses: values.mail ? [`SMTP:${values.mail}`] : [],
		showInAddressList: null,
		state: null,
		streetAddress: null,
		surname: null,
		usageLocation: null,
		userPrincipalName,
		userType: 'Member',
		...values,
	};
}

export function extensionAttributes(
	values: Readonly<Record<number, string | undefined>>,
): DirectoryUser['onPremisesExtensionAttributes'] {
	return Object.fromEntries(
		Array.from({ length: 15 }, (_, i) => [`extensionAttribute${i + 1}`, values[i + 1] ?? null]),
	);
}

/** Extension numbers wanted through `extensionAttribute1`, by position; see the README for why each. */
const WANTED: Record<string, string> = {
	'SE-0': '201',
	'SE-1': '202',
	'SE-2': '203',
	'NO-1': '211',
	'NO-2': '212',
	'DK-2': '221',
	'FI-3': '230', // wanted by two
	'DE-3': '230', // wanted by two
	'DE-4': '205', // taken by the warehouse phone
	'FR-2': '241',
	'FR-4': '0242', // a leading zero is part of a number
	'GB-2': ' 251 ', // spaces around it
	'GB-4': '42', // outside any sensible pool
	'US-4': 'x261', // not a number
	'ES-4': '27100000', // longer than any phone system takes
	'PL-2': '281',
	'IN-2': '291',
	'BR-2': '301',
};

function person(country: Country, countryIndex: number, index: number): Person {
	const n = countryIndex * PEOPLE_PER_COUNTRY + index;
	const firstName = pick(country.firstNames, index);
	const lastName = pick(country.lastNames, index * 7);
	const localPart = mailLocalPart(firstName, lastName);
	const address = `${localPart}@${DOMAIN}`;
	const department = pick(DEPARTMENTS, n);
	const extension = String(4100 + n);
	const business = typePhone(
		n + 1,
		fixedLine(country, index * 5 + 3),
		fixedLine(country, index * 5 + 4),
		extension,
	);
	const mobilePhone = typePhone(
		n,
		mobile(country, index * 5 + 7),
		mobile(country, index * 5 + 8),
		extension,
	);
	const synced = countryIndex < 4 && index < 6;
	const wanted = WANTED[`${country.code}-${index}`];
	const elsewhere = index === ROLE.licensedElsewhere && countryIndex % 3 === 0;
	const user = emptyUser(address, `${firstName} ${lastName}`, {
		accountEnabled: index !== ROLE.disabled,
		// Without a mailbox there is no license either.
		assignedLicenses: index === ROLE.noMail ? [] : [LICENSE],
		businessPhones: business.typed === null ? [] : [business.typed],
		city: country.city,
		companyName: index % 5 === 4 ? 'Nordvik Services' : 'Nordvik AB',
		country: country.name,
		createdDateTime: `2022-${String((n % 12) + 1).padStart(2, '0')}-15T09:00:00Z`,
		department,
		employeeId: String(10000 + n),
		[COST_CENTER]: index % 3 === 0 ? `CC-${100 + (n % 9) * 10}` : null,
		employeeType: index % 6 === 5 ? 'Contractor' : 'Employee',
		givenName: firstName,
		jobTitle: pick(JOB_TITLES[department], Math.floor(n / DEPARTMENTS.length)),
		mail: index === ROLE.noMail && countryIndex % 2 === 0 ? null : address,
		mobilePhone: mobilePhone.typed,
		officeLocation: country.office,
		onPremisesExtensionAttributes: extensionAttributes({
			...(wanted === undefined ? {} : { 1: wanted }),
			2: `CC-${100 + (n % 9) * 10}`,
			...(index % 4 === 0 ? { 10: 'phone' } : {}),
		}),
		onPremisesImmutableId: synced ? stableId('immutable', address).slice(0, 22) : null,
		onPremisesLastSyncDateTime: synced ? '2026-11-20T03:00:00Z' : null,
		onPremisesSyncEnabled: synced ? true : index === ROLE.onceSynced ? false : null,
		preferredLanguage: country.language,
		showInAddressList: index === ROLE.hidden ? false : null,
		surname: lastName,
		usageLocation: elsewhere
			? pick(COUNTRIES, countryIndex + 1).code
			: index === ROLE.noUsageLocation && countryIndex % 2 === 1
				? null
				: country.code,
		userType: index === ROLE.legacyType && countryIndex % 4 === 1 ? null : 'Member',
	});
	return { user, mobile: mobilePhone, business };
}

export function buildStaff(): Person[] {
	return COUNTRIES.flatMap((country, countryIndex) =>
		Array.from({ length: PEOPLE_PER_COUNTRY }, (_, index) => person(country, countryIndex, index)),
	);
}

/** The item at a position that may run past the end: it starts over. */
export function pick<T>(items: readonly T[], position: number): T {
	const item = items[position % items.length];
	if (item === undefined) throw new Error('Nothing to pick from');
	return item;
}
