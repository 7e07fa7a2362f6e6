import type { Contact, FieldDefinition } from '../../sync/contact';
import type { Extension } from '../../sync/item';
import type { NewExtension } from '../adapter';
import { generatePin, generateSecret } from '../secret';
import type { Credential, FreePbxExtension, Mailbox } from './wire';

export const FIELDS: readonly FieldDefinition[] = [
	{
		name: 'number',
		displayName: 'User Extension',
		type: 'digits',
		required: true,
		maxLength: 10,
		createOnly: true,
	},
	{ name: 'displayName', displayName: 'Display Name', type: 'text', required: true },
	{ name: 'email', displayName: 'Email', type: 'email', required: true, ignoreCase: true },
	{ name: 'outboundCid', displayName: 'Outbound CID', type: 'text' },
];

/** An extension and its mailbox, which is where the mail address can be read. */
export interface Whole {
	readonly extension: FreePbxExtension;
	readonly mailbox: Mailbox | null;
}

/** As it is there, in our words. There is no switch that disables, so nothing says whether it is on. */
export function toExtension({ extension, mailbox }: Whole): Extension {
	const { extensionId, user } = extension;
	return {
		id: extensionId,
		number: extensionId,
		enabled: null,
		externalId: null,
		fields: {
			displayName: user?.name ?? null,
			email: mailbox?.email ?? null,
			outboundCid: user?.outboundCid ?? null,
		},
	};
}

/**
 * An account to be made, always with a mailbox: the mail address of one without cannot be read, and
 * people are known by it.
 */
export function toNewInput(
	number: string,
	{ fields }: NewExtension,
	access: Credential,
): Record<string, unknown> {
	return {
		...filledOnly({
			name: fields['displayName'],
			email: fields['email'],
			outboundCid: fields['outboundCid'],
		}),
		extensionId: number,
		tech: access.tech,
		vmEnable: true,
		vmPassword: generatePin(8),
		...panelAccount(access, number),
	};
}

/**
 * The extension as it is with the changes in it. Everything the interface can read and write goes
 * along, the phone's own password above all: without it every phone of the extension falls silent.
 */
export function toUpdateInput(
	{ extension, mailbox }: Whole,
	fields: Contact,
	access: Credential,
): Record<string, unknown> {
	const { extensionId, tech, user, coreDevice } = extension;
	return {
		...filledOnly({
			tech,
			name: fields['displayName'] ?? user?.name,
			email: fields['email'] ?? mailbox?.email,
			outboundCid: fields['outboundCid'] ?? user?.outboundCid,
			emergencyCid: coreDevice?.emergency_cid,
			extPassword: user?.extPassword,
			vmPassword: mailbox?.password,
		}),
		extensionId,
		vmEnable: mailbox !== null,
		...panelAccount(access, extensionId),
	};
}

/** Only what was asked for is compared, and mail without regard to case. */
export function holds({ fields }: Extension, wanted: Contact): boolean {
	return FIELDS.filter(({ name }) => name !== 'number').every(({ name, ignoreCase }) => {
		const [wish, value] = [wanted[name], fields[name]];
		if (wish === undefined) return true;
		return ignoreCase ? wish?.toLowerCase() === value?.toLowerCase() : (wish || null) === value;
	});
}

/** The panel's password is new every time; the system mails it to its owner. */
function panelAccount(
	{ panelAccount: isWanted, panelGroups }: Credential,
	number: string,
): Record<string, unknown> {
	if (!isWanted) return { umEnable: false };
	return { umEnable: true, umGroups: panelGroups, umPassword: generateSecret(24, [number]) };
}

function filledOnly(values: Record<string, string | null | undefined>): Record<string, string> {
	const filled: Record<string, string> = {};
	for (const [name, value] of Object.entries(values)) if (value) filled[name] = value;
	return filled;
}
