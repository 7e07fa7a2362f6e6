/** Contacts, lists and custom fields: what the interface does with them. */
import type { Account, Channel, Contact, MessageMediaSettings } from './account.mts';
import * as input from './input.mts';
import type { ContactChange, Page } from './input.mts';
import { conflict, invalid, notFound } from './refusal.mts';

export class Contacts {
	constructor(
		private readonly account: Account,
		private readonly settings: MessageMediaSettings,
	) {}

	page(query: unknown): object {
		const page = input.read(input.page, query);
		const asked = (list: string | undefined, value: string) =>
			list === undefined || list.split(',').includes(value);
		const found = [...this.account.contacts.values()].filter(
			({ id, channels, lists }) =>
				asked(page.contactIds, id) &&
				(page.listIds === undefined || lists.some((list) => asked(page.listIds, list))) &&
				((page.channelIds === undefined && page.channelTypes === undefined) ||
					channels.some(
						({ type, channelId }) =>
							asked(page.channelIds, channelId) && asked(page.channelTypes, type),
					)),
		);
		return cut(
			page,
			found.map((contact) => this.show(contact)),
		);
	}

	get(id: string): object {
		return this.show(this.find(id));
	}

	create(body: unknown): object {
		const wanted = input.read(input.contactCreation, body);
		const channels = this.channels(wanted, null);
		const contact = this.account.putContact({ channels });
		this.assign(contact, { ...wanted, channels: undefined });
		return this.show(contact);
	}

	update(id: string, body: unknown): object {
		const contact = this.find(id);
		const wanted = input.read(input.contactChange, body);
		this.check(wanted);
		if (wanted.channels) contact.channels = this.channels(wanted, contact);
		this.assign(contact, wanted);
		return this.show(contact);
	}

	delete(id: string): void {
		this.account.contacts.delete(this.find(id).id);
	}

	lists(query: unknown): object {
		const page = input.read(input.page, query);
		const all = [...this.account.lists.values()].map((list) => this.described(list));
		return cut(
			page,
			all.filter(({ name }) => page.name === undefined || name === page.name),
		);
	}

	createList(body: unknown): object {
		const { name, alias } = input.read(input.list, body);
		if ([...this.account.lists.values()].some((list) => list.name === name)) throw conflict('List');
		return this.described(this.account.putList(name, alias));
	}

	/** Everybody in the request, or nobody. */
	changeMembers(listId: string, body: unknown): object {
		const list = this.list(listId);
		const { contactsToAddIds, contactsToRemoveIds } = input.read(input.membership, body);
		const adding = contactsToAddIds.map((id) => this.find(id));
		const removing = contactsToRemoveIds.map((id) => this.find(id));
		for (const { lists } of adding) if (!lists.includes(list.id)) lists.push(list.id);
		for (const each of removing) each.lists = each.lists.filter((id) => id !== list.id);
		return this.described(list);
	}

	customFields(query: unknown): object {
		const page = input.read(input.page, query);
		const all = [...this.account.customFields.values()].map((field) => this.described(field));
		return cut(
			page,
			all.filter(({ mergeTag }) => page.mergeTag === undefined || mergeTag === page.mergeTag),
		);
	}

	createCustomField(body: unknown): object {
		const wanted = input.read(input.customField, body);
		const all = [...this.account.customFields.values()];
		if (all.some(({ mergeTag }) => mergeTag === wanted.mergeTag)) throw conflict('Custom field');
		return this.described(this.account.putCustomField(wanted));
	}

	private find(id: string): Contact {
		if (!/^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i.test(id)) {
			throw invalid('contactId', 'invalid_format', 'is no UUID');
		}
		const contact = this.account.contacts.get(id);
		if (contact === undefined) throw notFound('Contact');
		return contact;
	}

	private list(id: string) {
		const list = this.account.lists.get(id);
		if (list === undefined) throw notFound('List');
		return list;
	}

	/** Who opted out stays opted out only when whoever writes says so, or says nothing. */
	private channels({ channels = [] }: ContactChange, contact: Contact | null): Channel[] {
		return channels.map((wanted) => {
			const same = ({ type, channelId }: Channel) =>
				type === wanted.type && channelId === wanted.channelId;
			const before = contact?.channels.find(same)?.subscriptionState ?? 'SUBSCRIBED';
			const channel = { ...wanted, subscriptionState: wanted.subscriptionState ?? before };
			if (this.account.holderOf(channel, contact?.id ?? null)) throw conflict('Contact');
			return channel;
		});
	}

	private check({ lists = [], customFields = [] }: ContactChange): void {
		for (const { id } of lists) {
			if (!this.account.lists.has(id)) throw invalid('lists', 'invalid_ids', `no list ${id}`);
		}
		for (const { id, value } of customFields) {
			const field = this.account.customFields.get(id);
			if (field === undefined) throw invalid('customFields', 'invalid_ids', `no field ${id}`);
			if (value.length > field.maxLength)
				throw invalid(field.mergeTag, 'too_long', `at most ${field.maxLength} characters`);
			if (value === '' && !this.settings.emptyValues)
				throw invalid(field.mergeTag, 'must_not_be_empty', 'is empty');
		}
	}

	private assign(contact: Contact, wanted: ContactChange): void {
		this.check(wanted);
		const { firstName, lastName, alias, country, state, location, note } = wanted;
		const texts = { firstName, lastName, alias, country, state, location, note };
		Object.assign(
			contact,
			Object.fromEntries(Object.entries(texts).filter(([, value]) => value !== undefined)),
		);
		if (wanted.lists) contact.lists = wanted.lists.map(({ id }) => id);
		if (wanted.customFields) {
			const kept = this.settings.customFields === 'merge' ? contact.customFields : [];
			const values = wanted.customFields.map(({ id, value }) => [id, value] as const);
			const all = new Map([...kept, ...values]);
			contact.customFields = new Map([...all].filter(([, value]) => value !== ''));
		}
		contact.lastModifiedDate = this.account.now();
	}

	private show({ lists, customFields, ...contact }: Contact): object {
		return {
			...this.described(contact),
			lastModifiedDate: contact.lastModifiedDate,
			fullName: [contact.firstName, contact.lastName].filter(Boolean).join(' '),
			lists: lists.flatMap((id) => {
				const list = this.account.lists.get(id);
				return list ? [{ id, name: list.name }] : [];
			}),
			customFields: [...customFields].flatMap(([id, value]) => {
				const field = this.account.customFields.get(id);
				return field ? [{ id, mergeTag: field.mergeTag, value, type: field.type }] : [];
			}),
		};
	}

	private described<Thing extends { readonly createdDate: string }>(thing: Thing) {
		return {
			accountId: 'Nordvik001',
			vendorId: 'MessageMedia',
			lastModifiedDate: thing.createdDate,
			...thing,
		};
	}
}

/** A page; its tokens say nothing to a client. */
function cut({ pageSize, nextPageToken }: Page, all: readonly object[]): object {
	const from = nextPageToken === undefined ? 0 : Number(atob(nextPageToken).slice('from:'.length));
	if (!Number.isInteger(from)) throw invalid('nextPageToken', 'invalid_format', 'is unknown');
	const token = (start: number) => btoa(`from:${start}`);
	return {
		content: all.slice(from, from + pageSize),
		...(from + pageSize < all.length ? { nextPageToken: token(from + pageSize) } : {}),
		...(from > 0 ? { prevPageToken: token(Math.max(0, from - pageSize)) } : {}),
		totalElements: all.length,
	};
}
