/**
 * Accounts that are no people, recognised by what the directory shows of them. Nothing in Entra says
 * "this is a shared mailbox", so each preset is a rule of thumb, and says exactly what it looks at.
 */
import type { Row } from './listing';

export const PRESET_NAMES = ['hidden', 'serviceAccounts', 'sharedMailboxes', 'unlicensed'] as const;

export type PresetName = (typeof PRESET_NAMES)[number];

export interface Preset {
	readonly displayName: string;
	/** For the node's panel: what exactly is checked. */
	readonly description: string;
	/** Completes "Left out: ...". */
	readonly because: string;
	/** Attributes it looks at. */
	readonly needs: readonly string[];
	readonly fits: (row: Row) => boolean;
}

/** How the names of accounts for machines usually begin, before the @. */
const SERVICE_NAME = /^(svc|srv|service|sa)[-_.]|^sync_/i;

export const PRESETS: Readonly<Record<PresetName, Preset>> = {
	hidden: {
		displayName: 'Hidden From Address Lists',
		description:
			'Whose showInAddressList is false. Microsoft 365 does not always pass this on to the directory, so look at the result once.',
		because: 'hidden from address lists',
		needs: ['showInAddressList'],
		fits: (row) => row['showInAddressList'] === false,
	},
	serviceAccounts: {
		displayName: 'Service Accounts',
		description:
			'Whose user principal name begins with svc, srv, service or sa and one of - _ . after it, or with Sync_. Other names need a condition of their own.',
		because: 'named like a service account',
		needs: ['userPrincipalName'],
		fits: (row) => SERVICE_NAME.test(String(row['userPrincipalName'] ?? '')),
	},
	sharedMailboxes: {
		displayName: 'Shared Mailboxes and Rooms',
		description:
			'Who cannot sign in, has a mail address, no license, and neither first nor last name. One that was allowed to sign in by mistake is not recognized.',
		because: 'looks like a shared mailbox or a room',
		needs: ['accountEnabled', 'mail', 'assignedLicenses', 'givenName', 'surname'],
		fits: (row) =>
			row['accountEnabled'] === false &&
			isFilled(row['mail']) &&
			isUnlicensed(row) &&
			!isFilled(row['givenName']) &&
			!isFilled(row['surname']),
	},
	unlicensed: {
		displayName: 'Unlicensed Users',
		description: 'Who has no license at all, be it assigned to the person or through a group',
		because: 'has no license',
		needs: ['assignedLicenses'],
		fits: isUnlicensed,
	},
};

/** Only a list that was read and is empty says that there is no license. */
function isUnlicensed(row: Row): boolean {
	const licenses = row['assignedLicenses'];
	return Array.isArray(licenses) && licenses.length === 0;
}

function isFilled(value: unknown): boolean {
	return typeof value === 'string' && value.trim() !== '';
}
