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
	/** 'flag' is true, false or nothing. Of a 'list', one entry that fits is enough. */
	readonly kind: 'text' | 'list' | 'flag';
	/** What Graph itself can compare. Whatever it cannot is compared here, after reading. */
	readonly graph: GraphFilter;
}

export interface GraphFilter {
	/** Also the level of 'one of'. */
	readonly equals: Support;
	readonly startsWith: Support;
	readonly endsWith: Support;
	readonly isEmpty: Support;
}

function levels(
	equals: Support,
	startsWith: Support,
	isEmpty: Support,
	endsWith: Support = 'no',
): GraphFilter {
	return { equals, startsWith, endsWith, isEmpty };
}

const PLAIN = levels('plain', 'plain', 'advanced');
const INDEXED = levels('advanced', 'advanced', 'advanced');

function text(name: string, displayName: string, graph: GraphFilter): Attribute {
	return { name, displayName, kind: 'text', graph };
}

function list(name: string, displayName: string, graph: GraphFilter): Attribute {
	return { name, displayName, kind: 'list', graph };
}

/** After Microsoft's table of user properties in "Advanced query capabilities" (2025-08-29). */
export const ATTRIBUTES: readonly Attribute[] = [
	list('businessPhones', 'Business Phones', levels('advanced', 'advanced', 'no')),
	text('city', 'City', PLAIN),
	text('companyName', 'Company Name', INDEXED),
	text('country', 'Country', PLAIN),
	text('creationType', 'Creation Type', levels('plain', 'no', 'no')),
	text('department', 'Department', PLAIN),
	text('displayName', 'Display Name', PLAIN),
	text('employeeId', 'Employee ID', levels('plain', 'no', 'advanced')),
	text('employeeType', 'Employee Type', levels('advanced', 'no', 'no')),
	text('externalUserState', 'External User State', levels('plain', 'no', 'no')),
	text('faxNumber', 'Fax Number', INDEXED),
	text('givenName', 'First Name', PLAIN),
	text('jobTitle', 'Job Title', PLAIN),
	text('surname', 'Last Name', PLAIN),
	text('mail', 'Mail', levels('plain', 'plain', 'advanced', 'advanced')),
	text('mailNickname', 'Mail Nickname', PLAIN),
	text('mobilePhone', 'Mobile Phone', INDEXED),
	text('officeLocation', 'Office Location', INDEXED),
	{
		name: 'onPremisesSyncEnabled',
		displayName: 'On-Premises Sync Enabled',
		kind: 'flag',
		graph: levels('plain', 'no', 'advanced'),
	},
	list('otherMails', 'Other Mails', levels('plain', 'plain', 'no', 'advanced')),
	text('postalCode', 'Postal Code', INDEXED),
	text('preferredLanguage', 'Preferred Language', levels('advanced', 'no', 'advanced')),
	list('proxyAddresses', 'Proxy Addresses', levels('plain', 'plain', 'no', 'advanced')),
	text('state', 'State or Province', levels('plain', 'no', 'advanced')),
	text('streetAddress', 'Street Address', INDEXED),
	text('usageLocation', 'Usage Location', PLAIN),
	text('userPrincipalName', 'User Principal Name', levels('plain', 'plain', 'no', 'advanced')),
];

/** Graph keeps these fifteen inside one object; on our wires they stand beside the other attributes. */
export const EXTENSION_ATTRIBUTES: readonly Attribute[] = Array.from(
	{ length: 15 },
	(_, index) => ({
		name: `extensionAttribute${index + 1}`,
		displayName: `Extension Attribute ${index + 1}`,
		kind: 'text',
		graph: INDEXED,
	}),
);

/** The object Graph gives them in. Only the whole can be selected. */
export const EXTENSION_ATTRIBUTES_OBJECT = 'onPremisesExtensionAttributes';

/** Comes as an object of ID and names, and only by expanding it, which advanced queries cannot do. */
export const MANAGER = 'manager';
export const MANAGER_PARTS = ['id', 'displayName', 'mail', 'userPrincipalName'] as const;

/** An attribute somebody added to the directory: `extension_<app ID without dashes>_<name>`. */
const DIRECTORY_EXTENSION = /^extension_[0-9a-f]{32}_\w+$/i;

const KNOWN = new Map([...ATTRIBUTES, ...EXTENSION_ATTRIBUTES].map((each) => [each.name, each]));

/** An attribute users can be chosen by, or null when there is none of this name. */
export function attributeNamed(name: string): Attribute | null {
	const known = KNOWN.get(name);
	if (known) return known;
	if (!isDirectoryExtension(name)) return null;
	return text(name, name, levels('plain', 'advanced', 'advanced'));
}

export function isDirectoryExtension(name: string): boolean {
	return DIRECTORY_EXTENSION.test(name);
}

/** What to put into `$select` for these attributes: the fifteen come as one object. */
export function selectFor(attributes: Iterable<string>): readonly string[] {
	return [
		...new Set(
			[...attributes]
				.filter((name) => name !== MANAGER)
				.map((name) => (/^extensionAttribute\d+$/.test(name) ? EXTENSION_ATTRIBUTES_OBJECT : name)),
		),
	];
}

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
