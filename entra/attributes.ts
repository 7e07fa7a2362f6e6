/**
 * What Graph can do with a comparison. 'plain' works always; 'advanced' needs Graph's advanced query
 * capabilities; 'no' is refused by Graph.
 */
export type Support = 'plain' | 'advanced' | 'no';

/** A user attribute the node offers, under Graph's name. */
export interface Attribute {
	readonly name: string;
	/** As the Entra admin center writes it. */
	readonly displayName: string;
	/** How Graph can filter by it; absent: not at all (lists, such as business phones). */
	readonly filter?: {
		readonly equals: Support;
		readonly startsWith: Support;
		readonly endsWith: Support;
		readonly isEmpty: Support;
	};
}

function filterable(
	equals: Support,
	startsWith: Support,
	isEmpty: Support,
	endsWith: Support = 'no',
): Required<Pick<Attribute, 'filter'>> {
	return { filter: { equals, startsWith, endsWith, isEmpty } };
}

/** After Microsoft's table of user properties in "Advanced query capabilities" (2025-08-29). */
export const ATTRIBUTES: readonly Attribute[] = [
	{ name: 'businessPhones', displayName: 'Business Phones' },
	{ name: 'city', displayName: 'City', ...filterable('plain', 'plain', 'advanced') },
	{
		name: 'companyName',
		displayName: 'Company Name',
		...filterable('advanced', 'advanced', 'advanced'),
	},
	{ name: 'country', displayName: 'Country', ...filterable('plain', 'plain', 'advanced') },
	{ name: 'department', displayName: 'Department', ...filterable('plain', 'plain', 'advanced') },
	{ name: 'displayName', displayName: 'Display Name', ...filterable('plain', 'plain', 'advanced') },
	{ name: 'employeeId', displayName: 'Employee ID', ...filterable('plain', 'no', 'advanced') },
	{ name: 'employeeType', displayName: 'Employee Type', ...filterable('advanced', 'no', 'no') },
	{
		name: 'faxNumber',
		displayName: 'Fax Number',
		...filterable('advanced', 'advanced', 'advanced'),
	},
	{ name: 'givenName', displayName: 'First Name', ...filterable('plain', 'plain', 'advanced') },
	{ name: 'jobTitle', displayName: 'Job Title', ...filterable('plain', 'plain', 'advanced') },
	{ name: 'surname', displayName: 'Last Name', ...filterable('plain', 'plain', 'advanced') },
	{ name: 'mail', displayName: 'Mail', ...filterable('plain', 'plain', 'advanced', 'advanced') },
	{
		name: 'mailNickname',
		displayName: 'Mail Nickname',
		...filterable('plain', 'plain', 'advanced'),
	},
	{
		name: 'mobilePhone',
		displayName: 'Mobile Phone',
		...filterable('advanced', 'advanced', 'advanced'),
	},
	{
		name: 'officeLocation',
		displayName: 'Office Location',
		...filterable('advanced', 'advanced', 'advanced'),
	},
	{ name: 'otherMails', displayName: 'Other Mails' },
	{
		name: 'postalCode',
		displayName: 'Postal Code',
		...filterable('advanced', 'advanced', 'advanced'),
	},
	{
		name: 'preferredLanguage',
		displayName: 'Preferred Language',
		...filterable('advanced', 'no', 'advanced'),
	},
	{ name: 'proxyAddresses', displayName: 'Proxy Addresses' },
	{ name: 'state', displayName: 'State or Province', ...filterable('plain', 'no', 'advanced') },
	{
		name: 'streetAddress',
		displayName: 'Street Address',
		...filterable('advanced', 'advanced', 'advanced'),
	},
	{
		name: 'usageLocation',
		displayName: 'Usage Location',
		...filterable('plain', 'plain', 'advanced'),
	},
	{
		name: 'userPrincipalName',
		displayName: 'User Principal Name',
		...filterable('plain', 'plain', 'no', 'advanced'),
	},
];

/** Graph keeps these fifteen inside one object; on our wires they stand beside the other attributes. */
export const EXTENSION_ATTRIBUTES: readonly Attribute[] = Array.from(
	{ length: 15 },
	(_, index) => ({
		name: `extensionAttribute${index + 1}`,
		displayName: `Extension Attribute ${index + 1}`,
		...filterable('advanced', 'advanced', 'advanced'),
	}),
);

/** The object Graph gives them in. Only the whole can be selected. */
export const EXTENSION_ATTRIBUTES_OBJECT = 'onPremisesExtensionAttributes';

/** Read for every user, whatever is chosen: who it is, and whether the account is in use. */
export const ALWAYS_READ: readonly string[] = [
	'id',
	'displayName',
	'givenName',
	'surname',
	'mail',
	'userPrincipalName',
	'accountEnabled',
	'userType',
];

/** Chosen in a new node: what the recommended mappings use. */
export const READ_BY_DEFAULT: readonly string[] = [
	'businessPhones',
	'companyName',
	'department',
	'employeeId',
	'jobTitle',
	'mobilePhone',
	'officeLocation',
	'usageLocation',
	EXTENSION_ATTRIBUTES_OBJECT,
];
