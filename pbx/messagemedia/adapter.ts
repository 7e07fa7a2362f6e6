import type { z } from 'zod';
import type { HttpRequest, HttpResponse } from '../../http/port';
import type { Contact as Fields } from '../../sync/contact';
import { DiagnosedError } from '../../sync/diagnostic';
import type { Extension } from '../../sync/item';
import type {
	Capabilities,
	Connection,
	NewExtension,
	PhoneSystem,
	SystemDefinition,
} from '../adapter';
import { readJson, segment } from '../answer';
import { createOnce } from '../creation';
import { parseCredential } from '../credential';
import { readPages } from '../listing';
import { openCatalogue } from './catalogue';
import type { CustomValues } from './fields';
import {
	CUSTOM,
	customFieldFor,
	customKeys,
	customValue,
	FIELDS,
	leftLists,
	mobileOf,
	namesIn,
	ownNames,
	toCustom,
	toExtension,
	toLeft,
	toValues,
	withMobile,
} from './fields';
import { DISPLAY_NAME, explain, gone, noMobile, otherChannels, tooManyLists } from './refusals';
import type { Contact } from './wire';
import * as wire from './wire';

/** The most a page may have. */
const PAGE_SIZE = 1000;
const WRITABLE = ['SMS', 'WHATSAPP'];

const CAPABILITIES: Capabilities = {
	numbers: 'none',
	numberMaxLength: 0,
	canChangeNumber: false,
	disable: 'emulated',
	lockOut:
		'Nothing here disables a contact, so it is taken off every contact list instead, and its lists are noted on it. Messages to a list no longer reach it; messages to its number still do. Enabled again, it gets its lists back.',
	canDelete: true,
	canCreate: true,
	hasExternalId: true,
	// Custom fields and channels are lists that are written whole.
	partialUpdate: false,
	sharedEmail: true,
	sharedMobile: false,
	concurrency: 4,
	exercisedAgainst: ['sandbox', 'official-description'],
};

export const messageMedia: SystemDefinition = {
	name: 'messagemedia',
	displayName: DISPLAY_NAME,
	credentialType: 'messageMediaApi',
	capabilities: CAPABILITIES,
	fields: FIELDS,
	open,
};

function open({
	http,
	credential,
	signal,
	onProgress,
	pageSize = PAGE_SIZE,
}: Connection): PhoneSystem {
	const { root, ...prefixes } = parseCredential(wire.credential, credential, DISPLAY_NAME);

	async function send(
		method: HttpRequest['method'],
		path: string,
		options: Pick<HttpRequest, 'body' | 'idempotent'> = {},
	): Promise<HttpResponse> {
		const headers = { accept: 'application/json' };
		return await http({ method, url: `${root}/${path}`, headers, ...options }, signal);
	}

	async function ask<Shape extends z.ZodTypeAny>(
		shape: Shape,
		...request: Parameters<typeof send>
	): Promise<z.output<Shape>> {
		const response = await send(...request);
		if (response.status === 200 || response.status === 201) {
			return readJson(response, shape, DISPLAY_NAME);
		}
		throw new DiagnosedError(explain(response));
	}

	/** Pages hang on tokens: each page says how to ask for the next. */
	async function readAll<Row extends z.ZodTypeAny>(
		path: string,
		row: Row,
		onPage?: Connection['onProgress'],
	) {
		let token: string | null = null;
		let total = 0;
		return await readPages<z.output<Row> & { id: string }>(
			DISPLAY_NAME,
			async ({ page }) => {
				if (page === 1) token = null;
				else if (token === null) return { rows: [], total };
				const query = new URLSearchParams({ pageSize: String(pageSize) });
				if (token !== null) query.set('nextPageToken', token);
				const answer = await ask(wire.page(row), 'GET', `${path}?${query.toString()}`);
				token = answer.nextPageToken;
				total = answer.totalElements;
				return { rows: answer.content, total };
			},
			{ onProgress: onPage },
		);
	}

	const customFieldId = openCatalogue({
		readAll: async () => {
			const all = await readAll('custom-fields', wire.customField);
			return new Map(all.map(({ id, mergeTag }) => [mergeTag, id]));
		},
		add: async (mergeTag) => {
			const body = customFieldFor(mergeTag, prefixes);
			return (await ask(wire.customField, 'POST', 'custom-fields', { body })).id;
		},
	});
	const listId = openCatalogue({
		readAll: async () => {
			const all = await readAll('lists', wire.list);
			return new Map(all.map(({ id, name }) => [name, id]));
		},
		add: async (name) => (await ask(wire.list, 'POST', 'lists', { body: { name } })).id,
	});

	async function read(id: string): Promise<Contact | null> {
		const response = await send('GET', `contacts/${segment(id)}`);
		// 400: what was asked for is no id at all.
		if (response.status === 404 || response.status === 400) return null;
		if (response.status !== 200) throw new DiagnosedError(explain(response));
		return readJson(response, wire.contact, DISPLAY_NAME);
	}

	async function existing(id: string): Promise<Contact> {
		const found = await read(id);
		if (!found) throw new DiagnosedError(gone(id));
		return found;
	}

	async function patch(id: string, body: object): Promise<Contact> {
		// The same values twice do no harm.
		const response = await send('PATCH', `contacts/${segment(id)}`, { body, idempotent: true });
		if (response.status === 404) throw new DiagnosedError(gone(id));
		if (response.status !== 200) throw new DiagnosedError(explain(response));
		return readJson(response, wire.contact, DISPLAY_NAME);
	}

	/** All custom fields of the contact, with these values of ours. Empty text is left out. */
	async function customFieldsOf(contact: Contact | null, values: CustomValues) {
		const all = new Map(contact?.customFields.map(({ id, value }) => [id, value]));
		for (const key of customKeys(values)) {
			const value = values[key] ?? '';
			const isThere = contact !== null && customValue(contact, key, prefixes) !== '';
			if (value === '' && !isThere) continue;
			all.set(await customFieldId(prefixes.tagPrefix + CUSTOM[key].tag), value);
		}
		return [...all].filter(([, value]) => value !== '').map(([id, value]) => ({ id, value }));
	}

	/** Writes plain values and custom fields, and looks whether what was cleared is empty now. */
	async function write(contact: Contact, plain: object, custom: CustomValues): Promise<Contact> {
		const touched = customKeys(custom).length > 0;
		const customFields = touched ? await customFieldsOf(contact, custom) : [];
		const body = touched ? { ...plain, customFields } : plain;
		const after = Object.keys(body).length > 0 ? await patch(contact.id, body) : contact;
		const full = customKeys(custom).filter(
			(key) => custom[key] === '' && customValue(after, key, prefixes) !== '',
		);
		if (full.length === 0) return after;
		// Leaving it out cleared nothing, so this account adds custom fields instead of replacing them.
		const tags = full.map((key) => prefixes.tagPrefix + CUSTOM[key].tag);
		const emptied = after.customFields
			.filter(({ mergeTag }) => tags.includes(mergeTag))
			.map(({ id }) => ({ id, value: '' }));
		return await patch(contact.id, { customFields: [...customFields, ...emptied] });
	}

	/** Puts the contact into these lists and takes it off those; by what they are called there. */
	async function changeLists(contact: Contact, into: readonly string[], off: readonly string[]) {
		const path = (list: string) => `lists/${segment(list)}/contacts/${segment(contact.id)}`;
		const there = new Map(contact.lists.map(({ id, name }) => [name, id]));
		for (const name of into.filter((each) => !there.has(each))) {
			const response = await send('POST', path(await listId(name)), { idempotent: true });
			if (response.status >= 300) throw new DiagnosedError(explain(response));
		}
		for (const list of off.flatMap((name) => there.get(name) ?? [])) {
			const response = await send('DELETE', path(list));
			if (response.status >= 300 && response.status !== 404) {
				throw new DiagnosedError(explain(response));
			}
		}
	}

	async function writeLists(contact: Contact, lists: string | null): Promise<void> {
		const wanted = namesIn(lists);
		const current = ownNames(
			contact.lists.map(({ name }) => name),
			prefixes,
		);
		const full = (names: readonly string[]) => names.map((name) => prefixes.listPrefix + name);
		const dropped = current.filter((name) => !wanted.includes(name));
		await changeLists(contact, full(wanted), full(dropped));
	}

	async function make({ fields, externalId }: NewExtension): Promise<Contact> {
		const mobile = fields['mobile'];
		if (!mobile) throw new DiagnosedError(noMobile);
		const names = namesIn(fields['lists'] ?? null).map((name) => prefixes.listPrefix + name);
		const lists = await Promise.all(names.map(async (name) => ({ id: await listId(name) })));
		const custom = { ...toCustom(fields), objectId: externalId ?? '' };
		const filled = Object.entries(toValues(fields)).filter(([, value]) => value !== '');
		const body = {
			...Object.fromEntries(filled),
			channels: [{ type: 'SMS', channelId: mobile }],
			lists,
			customFields: await customFieldsOf(null, custom),
		};
		return await ask(wire.contact, 'POST', 'contacts', { body });
	}

	/** The contact an earlier try made: it has the number and our object id. */
	async function findOwn({ fields, externalId }: NewExtension): Promise<Contact | null> {
		const mobile = fields['mobile'];
		if (!externalId || !mobile) return null;
		const query = new URLSearchParams({ channelIds: mobile, pageSize: String(PAGE_SIZE) });
		const { content } = await ask(wire.page(wire.contact), 'GET', `contacts?${query.toString()}`);
		const own = content.find(
			(found) =>
				mobileOf(found)?.channelId === mobile &&
				customValue(found, 'objectId', prefixes) === externalId,
		);
		return own ?? null;
	}

	async function update(id: string, fields: Fields, mark?: string | null): Promise<Contact> {
		const contact = await existing(id);
		const plain: Record<string, unknown> = toValues(fields);
		let custom = toCustom(fields);
		if (mark !== undefined) custom = { ...custom, objectId: mark ?? '' };
		if (fields['mobile'] !== undefined) {
			if (!fields['mobile']) throw new DiagnosedError(noMobile);
			plain['channels'] = channelsFor(contact, fields['mobile']);
		}
		const left = leftLists(contact, prefixes);
		if (fields['lists'] !== undefined && left !== null) {
			custom = { ...custom, left: remembered(left, fields['lists']) };
		}
		const after = await write(contact, plain, custom);
		if (fields['lists'] === undefined || left !== null) return after;
		await writeLists(after, fields['lists']);
		return await existing(id);
	}

	/** What a contact out of use gets back, with other lists of ours. */
	function remembered(left: readonly string[], lists: string | null): string {
		const foreign = left.filter((name) => ownNames([name], prefixes).length === 0);
		return toLeft([...foreign, ...namesIn(lists).map((name) => prefixes.listPrefix + name)]);
	}

	return {
		async list() {
			const contacts = await readAll('contacts', wire.contact, onProgress);
			return contacts.map((contact) => toExtension(contact, prefixes));
		},

		async get(id) {
			const found = await read(id);
			return found && toExtension(found, prefixes);
		},

		async create(account) {
			const made = await createOnce(
				() => make(account),
				() => findOwn(account),
			);
			return toExtension(made, prefixes);
		},

		async update(id, fields, mark) {
			return toExtension(await update(id, fields, mark), prefixes);
		},

		async setEnabled(id, enabled): Promise<Extension> {
			const contact = await existing(id);
			const left = leftLists(contact, prefixes);
			const names = contact.lists.map(({ name }) => name);
			if (!enabled) {
				const note = toLeft([...(left ?? []), ...names]);
				if (note.length > CUSTOM.left.maxLength) throw new DiagnosedError(tooManyLists);
				// The note first: whatever happens then, it is known where the contact was.
				if (left === null) await write(contact, {}, { left: note });
				await changeLists(contact, [], names);
			} else if (left !== null) {
				await changeLists(contact, left, []);
				await write(contact, {}, { left: '' });
			}
			return toExtension(await existing(id), prefixes);
		},

		async choices(field) {
			if (field !== 'lists') return null;
			const all = await readAll('lists', wire.list);
			return ownNames(
				all.map(({ name }) => name),
				prefixes,
			).sort();
		},

		async delete(id) {
			const response = await send('DELETE', `contacts/${segment(id)}`);
			if (response.status === 404 || response.status === 204 || response.status === 200) return;
			throw new DiagnosedError(explain(response));
		},

		close: async () => {},
	};
}

function channelsFor(contact: Contact, mobile: string) {
	const others = contact.channels
		.map(({ type }) => type)
		.filter((type) => !WRITABLE.includes(type));
	if (others.length > 0) throw new DiagnosedError(otherChannels(others));
	return withMobile(contact, mobile);
}
