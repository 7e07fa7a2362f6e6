import { COST_CENTER } from '../directory/user.mts';

/**
 * What Graph lets one do with each property. Written down from Microsoft's "Advanced query
 * capabilities on Microsoft Entra ID objects".
 *
 * 'default': works always. 'advanced': only with `ConsistencyLevel: eventual` and `$count=true`.
 * false: never.
 */
type Level = 'default' | 'advanced' | false;

export interface FilterLevels {
	/** Also the level of `in`. */
	readonly eq: Level;
	readonly startsWith: Level;
	readonly isNull: Level;
	readonly endsWith: Level;
	readonly compare: Level;
}

const levels = (
	eq: Level,
	startsWith: Level,
	isNull: Level,
	more: Partial<FilterLevels> = {},
): FilterLevels => ({ eq, startsWith, isNull, endsWith: false, compare: false, ...more });

const NAME = levels('default', 'default', 'advanced');
const FLAG = levels('default', false, false);
const INDEXED = levels('advanced', 'advanced', 'advanced');
const NOT_FILTERABLE = levels(false, false, false);

export interface EntityType {
	readonly name: string;
	/** As error texts call it. */
	readonly resource: string;
	/** Every selectable property. Paths with a slash and `/any` are only filterable. */
	readonly properties: Readonly<Record<string, FilterLevels>>;
	readonly defaultSelect: readonly string[];
	/** Held outside the directory: Graph refuses them on collections with 501. */
	readonly notOnCollections: readonly string[];
}

const EXTENSION_ATTRIBUTES = Object.fromEntries(
	Array.from({ length: 15 }, (_, i) => [
		`onPremisesExtensionAttributes/extensionAttribute${i + 1}`,
		INDEXED,
	]),
);

export const USER: EntityType = {
	name: 'microsoft.graph.user',
	resource: 'User',
	defaultSelect: [
		'businessPhones',
		'displayName',
		'givenName',
		'jobTitle',
		'mail',
		'mobilePhone',
		'officeLocation',
		'preferredLanguage',
		'surname',
		'userPrincipalName',
		'id',
	],
	notOnCollections: [
		'aboutMe',
		'birthday',
		'hireDate',
		'interests',
		'mailboxSettings',
		'mySite',
		'pastProjects',
		'preferredName',
		'responsibilities',
		'schools',
		'skills',
	],
	properties: {
		id: FLAG,
		accountEnabled: FLAG,
		assignedLicenses: NOT_FILTERABLE,
		businessPhones: NOT_FILTERABLE,
		'businessPhones/any': levels('advanced', 'advanced', false),
		city: NAME,
		companyName: INDEXED,
		country: NAME,
		createdDateTime: levels(false, false, 'advanced', { compare: 'default' }),
		creationType: FLAG,
		deletedDateTime: NOT_FILTERABLE,
		department: NAME,
		displayName: NAME,
		employeeId: levels('default', false, 'advanced'),
		employeeType: levels('advanced', false, false),
		externalUserState: FLAG,
		faxNumber: INDEXED,
		[COST_CENTER]: levels('default', 'advanced', 'advanced'),
		givenName: NAME,
		imAddresses: NOT_FILTERABLE,
		'imAddresses/any': levels('default', 'default', false),
		jobTitle: NAME,
		mail: levels('default', 'default', 'advanced', { endsWith: 'advanced' }),
		mailNickname: NAME,
		mobilePhone: INDEXED,
		officeLocation: INDEXED,
		onPremisesExtensionAttributes: NOT_FILTERABLE,
		...EXTENSION_ATTRIBUTES,
		onPremisesImmutableId: FLAG,
		onPremisesLastSyncDateTime: levels(false, false, false, { compare: 'default' }),
		onPremisesSyncEnabled: levels('default', false, 'advanced'),
		otherMails: NOT_FILTERABLE,
		'otherMails/any': levels('default', 'default', false, { endsWith: 'advanced' }),
		postalCode: INDEXED,
		preferredLanguage: levels('advanced', false, 'advanced'),
		proxyAddresses: NOT_FILTERABLE,
		'proxyAddresses/any': levels('default', 'default', false, { endsWith: 'advanced' }),
		showInAddressList: NOT_FILTERABLE,
		state: levels('default', false, 'advanced'),
		streetAddress: INDEXED,
		surname: NAME,
		usageLocation: NAME,
		userPrincipalName: levels('default', 'default', false, { endsWith: 'advanced' }),
		userType: levels('default', false, 'advanced'),
	},
};

export const GROUP: EntityType = {
	name: 'microsoft.graph.group',
	resource: 'Group',
	defaultSelect: [
		'id',
		'createdDateTime',
		'description',
		'displayName',
		'groupTypes',
		'mail',
		'mailEnabled',
		'mailNickname',
		'securityEnabled',
		'visibility',
	],
	notOnCollections: [],
	properties: {
		id: FLAG,
		createdDateTime: levels(false, false, false, { compare: 'default' }),
		description: levels('default', 'default', 'advanced'),
		displayName: NAME,
		groupTypes: NOT_FILTERABLE,
		'groupTypes/any': levels('default', false, false),
		mail: levels('default', 'default', 'advanced'),
		mailEnabled: FLAG,
		mailNickname: levels('default', 'default', false),
		securityEnabled: FLAG,
		visibility: NOT_FILTERABLE,
	},
};

export const APPLICATION: EntityType = {
	name: 'microsoft.graph.application',
	resource: 'Application',
	defaultSelect: ['id', 'appId', 'displayName', 'passwordCredentials'],
	notOnCollections: [],
	properties: {
		id: FLAG,
		appId: FLAG,
		displayName: NAME,
		passwordCredentials: NOT_FILTERABLE,
	},
};

export const DEVICE: EntityType = {
	name: 'microsoft.graph.device',
	resource: 'Device',
	defaultSelect: ['id', 'displayName', 'operatingSystem'],
	notOnCollections: [],
	properties: { id: FLAG, displayName: NAME, operatingSystem: NAME },
};

/** Members of a group, when no cast says which kind is wanted. */
export const DIRECTORY_OBJECT: EntityType = {
	name: 'microsoft.graph.directoryObject',
	resource: 'DirectoryObject',
	defaultSelect: [],
	notOnCollections: [],
	properties: { ...DEVICE.properties, ...GROUP.properties, ...USER.properties },
};
