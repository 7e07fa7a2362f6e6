/** Name of the one directory extension of the tenant. */
export const COST_CENTER = 'extension_b7d8e648520f41d3b9c0fdeb91768a0a_costCenter';

/** A user as Microsoft Graph would hold it, under Graph's own property names. */
export interface DirectoryUser {
	readonly id: string;
	accountEnabled: boolean;
	assignedLicenses: { skuId: string; disabledPlans: string[] }[];
	businessPhones: string[];
	city: string | null;
	companyName: string | null;
	country: string | null;
	createdDateTime: string;
	creationType: string | null;
	deletedDateTime: string | null;
	department: string | null;
	displayName: string;
	employeeId: string | null;
	employeeType: string | null;
	/** A directory extension, as an app adds it: under this name in Graph, too. */
	[COST_CENTER]: string | null;
	externalUserState: string | null;
	faxNumber: string | null;
	givenName: string | null;
	imAddresses: string[];
	jobTitle: string | null;
	mail: string | null;
	mailNickname: string;
	mobilePhone: string | null;
	officeLocation: string | null;
	onPremisesExtensionAttributes: Record<string, string | null>;
	onPremisesImmutableId: string | null;
	onPremisesLastSyncDateTime: string | null;
	/** true: synced from on-premises now; false: was once; null: never. */
	onPremisesSyncEnabled: boolean | null;
	otherMails: string[];
	postalCode: string | null;
	preferredLanguage: string | null;
	proxyAddresses: string[];
	/** Only known to the directory where somebody set it; null otherwise. */
	showInAddressList: boolean | null;
	state: string | null;
	streetAddress: string | null;
	surname: string | null;
	usageLocation: string | null;
	userPrincipalName: string;
	userType: 'Member' | 'Guest' | null;
}

export interface DirectoryGroup {
	readonly id: string;
	createdDateTime: string;
	description: string | null;
	displayName: string;
	groupTypes: string[];
	mail: string | null;
	mailEnabled: boolean;
	mailNickname: string;
	securityEnabled: boolean;
	visibility: string | null;
	/** Ids of users, groups and devices. Not a property Graph returns. */
	members: string[];
}

export interface DirectoryDevice {
	readonly id: string;
	displayName: string;
	operatingSystem: string;
}

/** The tenant's own domain, and the domain Microsoft gives every tenant. */
export const DOMAIN = 'nordvik.example';
export const INITIAL_DOMAIN = 'nordvik.onmicrosoft.example';
