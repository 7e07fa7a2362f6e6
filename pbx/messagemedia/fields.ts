import { z } from 'zod';
import type { Contact as Fields, FieldDefinition } from '../../sync/contact';
import type { Extension } from '../../sync/item';
import { parseJson } from '../answer';
import type { Channel, Contact } from './wire';

export const FIELDS: readonly FieldDefinition[] = [
	// The number is what a contact is: without one there is nothing to send to.
	{ name: 'mobile', displayName: 'Mobile Number', type: 'phone', required: true },
	{ name: 'firstName', displayName: 'First Name', type: 'text', maxLength: 255 },
	{ name: 'lastName', displayName: 'Last Name', type: 'text', maxLength: 255 },
	{ name: 'email', displayName: 'Email', type: 'email', maxLength: 255, ignoreCase: true },
	{ name: 'jobTitle', displayName: 'Job Title', type: 'text', maxLength: 255 },
	{ name: 'department', displayName: 'Department', type: 'text', maxLength: 255 },
	{ name: 'company', displayName: 'Company', type: 'text', maxLength: 255 },
	{ name: 'office', displayName: 'Location', type: 'text', maxLength: 255 },
	{ name: 'lists', displayName: 'Contact Lists', type: 'text', unordered: true },
];

/** Our field -> theirs, where they have one of their own. */
const THEIRS = { firstName: 'firstName', lastName: 'lastName', office: 'location' } as const;

/** What is kept in custom fields of ours; the tag follows the prefix in the credential. */
export const CUSTOM = {
	email: { tag: 'email', label: 'Entra: mail', type: 'EMAIL', maxLength: 255 },
	jobTitle: { tag: 'job_title', label: 'Entra: job title', type: 'TEXT', maxLength: 255 },
	department: { tag: 'department', label: 'Entra: department', type: 'TEXT', maxLength: 255 },
	company: { tag: 'company', label: 'Entra: company', type: 'TEXT', maxLength: 255 },
	/** The user's object id: the external id. */
	objectId: { tag: 'object_id', label: 'Entra: object ID', type: 'TEXT', maxLength: 36 },
	/** Filled on a contact that is out of use: the lists it was taken off. */
	left: { tag: 'left', label: 'Entra: left these lists', type: 'TEXT', maxLength: 1000 },
} as const;
export type CustomKey = keyof typeof CUSTOM;

/** Names of our own custom fields -> values; empty text clears. */
export type CustomValues = Readonly<Partial<Record<CustomKey, string>>>;

export function customKeys(values: CustomValues): CustomKey[] {
	return Object.keys(values) as CustomKey[]; // what the type of the values says
}

/** What a custom field of ours is made of, by its whole tag. */
export function customFieldFor(mergeTag: string, { tagPrefix }: Prefixes): object {
	const { label, type, maxLength } =
		Object.values(CUSTOM).find(({ tag }) => tagPrefix + tag === mergeTag) ?? CUSTOM.left;
	return { label, mergeTag, type, maxLength };
}

export interface Prefixes {
	readonly tagPrefix: string;
	/** Only lists whose name begins so are the sync's; the others are left alone. */
	readonly listPrefix: string;
}

/** As it is there, in our words. */
export function toExtension(contact: Contact, prefixes: Prefixes): Extension {
	const own = (key: CustomKey) => customValue(contact, key, prefixes) || null;
	const left = leftLists(contact, prefixes);
	return {
		id: contact.id,
		number: null,
		enabled: left === null,
		externalId: own('objectId'),
		fields: {
			mobile: mobileOf(contact)?.channelId ?? null,
			firstName: contact.firstName,
			lastName: contact.lastName,
			email: own('email'),
			jobTitle: own('jobTitle'),
			department: own('department'),
			company: own('company'),
			office: contact.location,
			// Out of use, it still counts as in those it gets back.
			lists: joined(ownNames(left ?? contact.lists.map(({ name }) => name), prefixes)),
		},
	};
}

/** What PATCH and POST take directly. Empty text clears. */
export function toValues(fields: Fields): Record<string, string> {
	const values: Record<string, string> = {};
	for (const [ours, theirs] of Object.entries(THEIRS)) {
		const value = fields[ours];
		if (value !== undefined) values[theirs] = value ?? '';
	}
	return values;
}

/** What goes into custom fields. */
export function toCustom(fields: Fields): CustomValues {
	const values: Partial<Record<CustomKey, string>> = {};
	for (const key of ['email', 'jobTitle', 'department', 'company'] as const) {
		const value = fields[key];
		if (value !== undefined) values[key] = value ?? '';
	}
	return values;
}

/** Names of lists as they are on the wire: separated by `;`, in the order of the alphabet. */
export function namesIn(lists: string | null): string[] {
	const names = (lists ?? '').split(';').map((name) => name.trim());
	return [...new Set(names.filter((name) => name !== ''))].sort();
}

export function mobileOf({ channels }: Contact): Channel | undefined {
	return channels.find(({ type }) => type === 'SMS');
}

export function customValue(contact: Contact, key: CustomKey, { tagPrefix }: Prefixes): string {
	const tag = tagPrefix + CUSTOM[key].tag;
	return contact.customFields.find(({ mergeTag }) => mergeTag === tag)?.value ?? '';
}

/**
 * The channels with another mobile number. Whoever opted out stays opted out, and nobody is ever
 * said to have subscribed: that is theirs to say.
 */
export function withMobile({ channels }: Contact, mobile: string): Channel[] {
	const before = channels.find(({ type }) => type === 'SMS');
	const others = channels.filter((each) => each !== before);
	return [{ ...(before ?? { type: 'SMS' }), channelId: mobile }, ...others].map(
		({ type, channelId, subscriptionState }) => ({
			type,
			channelId,
			...(subscriptionState === 'UNSUBSCRIBED' ? { subscriptionState } : {}),
		}),
	);
}

/** What `left` holds: names of lists, never empty, so that a contact in no list counts too. */
export function toLeft(listNames: readonly string[]): string {
	return JSON.stringify([...listNames].sort());
}

/** Null: the contact is in use. Text of somebody else's making counts as no lists. */
export function leftLists(contact: Contact, prefixes: Prefixes): string[] | null {
	const text = customValue(contact, 'left', prefixes);
	if (text === '') return null;
	const names = z.array(z.string()).safeParse(parseJson(text));
	return names.success ? names.data : [];
}

/** Of all these lists, the names of those that are the sync's, without the prefix. */
export function ownNames(listNames: readonly string[], { listPrefix }: Prefixes): string[] {
	return listNames
		.filter((name) => name.startsWith(listPrefix) && !name.includes(';'))
		.map((name) => name.slice(listPrefix.length));
}

function joined(names: readonly string[]): string | null {
	return [...names].sort().join('; ') || null;
}
