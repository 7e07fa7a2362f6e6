/** The Sinch Engage (MessageMedia) stand-in's memory: contacts, lists, custom fields and knobs. */
import { z } from 'zod';
import { stableId } from '../directory/identity.mts';

export interface Channel {
	channelId: string;
	type: 'SMS' | 'WHATSAPP' | 'EMAIL' | 'FACEBOOK';
	subscriptionState: 'SUBSCRIBED' | 'UNSUBSCRIBED';
}

export interface Contact {
	readonly id: string;
	readonly createdDate: string;
	lastModifiedDate: string;
	firstName: string;
	lastName: string;
	alias: string;
	country: string;
	state: string;
	location: string;
	note: string;
	channels: Channel[];
	/** Ids of lists. */
	lists: string[];
	/** Values by the id of the custom field. */
	customFields: Map<string, string>;
}

export interface List {
	readonly id: string;
	readonly createdDate: string;
	name: string;
	alias: string;
}

export interface CustomField {
	readonly id: string;
	readonly createdDate: string;
	label: string;
	readonly mergeTag: string;
	maxLength: number;
	readonly type: string;
}

export const settingsSchema = z
	.object({
		/** The description does not say whether PATCH replaces custom fields or adds to them. */
		customFields: z.enum(['replace', 'merge']),
		/** Neither does it say whether an empty value is taken. */
		emptyValues: z.boolean(),
	})
	.strict();

export type MessageMediaSettings = z.infer<typeof settingsSchema>;

export const defaultSettings = (): MessageMediaSettings => ({
	customFields: 'replace',
	emptyValues: true,
});

export class Account {
	readonly apiKey = 'sandboxMessageMediaKey';
	readonly apiSecret = 'sandbox-messagemedia-secret';
	readonly contacts = new Map<string, Contact>();
	readonly lists = new Map<string, List>();
	readonly customFields = new Map<string, CustomField>();
	private made = 0;

	constructor(private readonly clock: () => number) {}

	/** Puts a contact in without the checks of the interface: for seeds and tests. */
	putContact(values: Partial<Contact>): Contact {
		const contact: Contact = {
			...this.stamped('contact'),
			lastModifiedDate: this.now(),
			firstName: '',
			lastName: '',
			alias: '',
			country: '',
			state: '',
			location: '',
			note: '',
			channels: [],
			lists: [],
			customFields: new Map(),
			...values,
		};
		this.contacts.set(contact.id, contact);
		return contact;
	}

	putList(name: string, alias = ''): List {
		const list = { ...this.stamped('list'), name, alias };
		this.lists.set(list.id, list);
		return list;
	}

	putCustomField(values: Omit<CustomField, 'id' | 'createdDate'>): CustomField {
		const field = { ...this.stamped('field'), ...values };
		this.customFields.set(field.id, field);
		return field;
	}

	/** Contacts are unique by their numbers, per type of channel. */
	holderOf({ type, channelId }: Channel, but: string | null): Contact | undefined {
		return [...this.contacts.values()].find(
			({ id, channels }) =>
				id !== but &&
				channels.some((channel) => channel.type === type && channel.channelId === channelId),
		);
	}

	now(): string {
		return new Date(this.clock()).toISOString();
	}

	private stamped(kind: string) {
		this.made += 1;
		return { id: stableId(`messagemedia-${kind}`, String(this.made)), createdDate: this.now() };
	}
}
