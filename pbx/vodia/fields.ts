import type { Contact, FieldDefinition } from '../../sync/contact';
import type { Extension } from '../../sync/item';
import type { NewExtension } from '../adapter';
import type { Settings, Slots } from './wire';

export const FIELDS: readonly FieldDefinition[] = [
	{
		name: 'number',
		displayName: 'Account Number',
		type: 'digits',
		required: true,
		createOnly: true,
	},
	{ name: 'firstName', displayName: 'First Name', type: 'text' },
	{ name: 'lastName', displayName: 'Last Name', type: 'text' },
	{ name: 'email', displayName: 'Email Address', type: 'email', ignoreCase: true },
	{ name: 'mobile', displayName: 'Cell Phone', type: 'phone' },
	{ name: 'jobTitle', displayName: 'Position', type: 'text' },
	{ name: 'department', displayName: 'Department', type: 'text' },
];

/** Our field -> theirs. The number is not among them: it cannot be changed. */
function theirs({ mobileField }: Slots): Readonly<Record<string, string>> {
	return {
		firstName: 'first_name',
		// Despite its name: their own screens call it 'Last'.
		lastName: 'display_name',
		email: 'email_address',
		mobile: mobileField,
		jobTitle: 'position',
		department: 'department',
	};
}

/** Their name of a setting -> the name an administrator sees. */
export function displayNameOf(theirName: string, slots: Slots): string {
	const ours = Object.entries(theirs(slots)).find(([, name]) => name === theirName)?.[0];
	return FIELDS.find(({ name }) => name === ours)?.displayName ?? theirName;
}

/** As it is there, in our words. The number is the key of all their requests, so it is the id. */
export function toExtension(number: string, settings: Settings, slots: Slots): Extension {
	const fields: Record<string, string | null> = {};
	for (const [ours, name] of Object.entries(theirs(slots))) {
		fields[ours] = textOf(settings, name) || null;
	}
	return {
		id: number,
		number,
		enabled: 'disabled' in settings ? textOf(settings, 'disabled') !== 'true' : null,
		externalId: externalIdIn(settings, slots),
		fields,
	};
}

/** Only the named fields, and the mark where one is given. Empty text clears. */
export function toValues(
	fields: Contact,
	slots: Slots,
	mark?: string | null,
): Record<string, string> {
	const values: Record<string, string> = {};
	const { externalIdField } = slots;
	if (mark !== undefined && externalIdField !== 'none') values[externalIdField] = mark ?? '';
	for (const [ours, name] of Object.entries(theirs(slots))) {
		const value = fields[ours];
		if (value !== undefined) values[name] = value ?? '';
	}
	return values;
}

/** What an account that was just made still lacks. */
export function toNewValues({ fields, externalId }: NewExtension, slots: Slots) {
	const values = toValues(fields, slots, externalId);
	return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== ''));
}

/** Whether it was made and nothing was ever written: an account of somebody has at least a name. */
export function isBlank({ externalId, fields }: Extension): boolean {
	return !externalId && Object.values(fields).every((value) => !value);
}

/** The settings that did not take their value: still what they were, and not what was sent. */
export function notStored(
	sent: Readonly<Record<string, string>>,
	before: Settings,
	after: Settings,
): string[] {
	return Object.entries(sent)
		.filter(([name, value]) => {
			const now = textOf(after, name);
			return now !== value && now === textOf(before, name);
		})
		.map(([name]) => name);
}

/** Told as it is, so that what somebody else keeps there is seen and never written over. */
function externalIdIn(settings: Settings, { externalIdField }: Slots): string | null {
	return externalIdField === 'none' ? null : textOf(settings, externalIdField).trim() || null;
}

function textOf(settings: Settings, name: string): string {
	const value = settings[name];
	return typeof value === 'string' ? value : value === true ? 'true' : '';
}
