/**
 * A directory and a SCIM phone system of any size that agree on everything, made from index
 * arithmetic: a sync between them reads all, compares all and has nothing to write.
 */
export const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';

/** Of the directory: what Graph's `$top` allows at most. Of SCIM: what servers commonly give. */
export const PAGE = { users: 999, accounts: 100 } as const;

export type GraphUser = ReturnType<typeof userAt>;
export type ScimAccount = ReturnType<typeof accountAt>;

export function userAt(index: number) {
	const { givenName, surname, mail, mobile, phone, department } = personAt(index);
	return {
		id: idAt(index),
		displayName: `${givenName} ${surname}`,
		givenName,
		surname,
		mail,
		userPrincipalName: mail,
		accountEnabled: true,
		userType: 'Member',
		mobilePhone: mobile,
		businessPhones: [phone],
		jobTitle: 'Engineer',
		department,
		companyName: 'Contoso',
		officeLocation: `Oslo ${String(index % 9)}`,
		usageLocation: 'NO',
		employeeId: String(index),
		createdDateTime: '2024-03-01T08:00:00Z',
		proxyAddresses: [`SMTP:${mail}`],
		onPremisesExtensionAttributes: { extensionAttribute1: null, extensionAttribute2: null },
	};
}

export function accountAt(index: number) {
	const { givenName, surname, mail, mobile, phone, department } = personAt(index);
	return {
		schemas: ['urn:ietf:params:scim:schemas:core:2.0:User', ENTERPRISE],
		id: `account-${String(index)}`,
		externalId: idAt(index),
		userName: mail,
		active: true,
		name: { givenName, familyName: surname },
		displayName: `${givenName} ${surname}`,
		title: 'Engineer',
		emails: [{ type: 'work', value: mail }],
		phoneNumbers: [
			{ type: 'work', value: phone },
			{ type: 'mobile', value: mobile },
		],
		[ENTERPRISE]: { department, organization: 'Contoso' },
	};
}

function personAt(index: number) {
	const givenName = `Anna${String(index % 317)}`;
	const surname = `Berg${String(index)}`;
	return {
		givenName,
		surname,
		mail: `${givenName}.${surname}@contoso.example`.toLowerCase(),
		mobile: `+47${String(41_000_000 + index)}`,
		phone: `+47${String(22_000_000 + index)}`,
		department: `Department ${String(index % 40)}`,
	};
}

/** Looks like an object id, in no order: directories do not sort by it. */
function idAt(index: number): string {
	const scattered = (Math.imul(index + 1, 0x9e3779b1) >>> 0).toString(16).padStart(8, '0');
	return `${scattered}-0000-4000-8000-${index.toString(16).padStart(12, '0')}`;
}
