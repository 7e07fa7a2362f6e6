import type { HttpRequest, HttpResponse } from '../../http/port';
import type { Contact } from '../../sync/contact';
import { DiagnosedError } from '../../sync/diagnostic';
import type { Extension } from '../../sync/item';
import type { Capabilities, Connection, PhoneSystem, SystemDefinition } from '../adapter';
import { readJson, segment } from '../answer';
import { createOnce } from '../creation';
import { parseCredential } from '../credential';
import type { Page } from '../listing';
import { endless, MOST_PAGES, MOST_ROWS, readPages } from '../listing';
import { FIELDS, keyOf, namesIn, notTaken, toExtension, toValues } from './fields';
import { isGiven, keyFor, pathOf, withoutGivens, type GivenField } from './givens';
import * as refusals from './refusals';
import type { Given, TelavoxUser, UserList } from './wire';
import * as wire from './wire';

const DISPLAY_NAME = 'Telavox';

const CAPABILITIES: Capabilities = {
	// A user is reached by telephone numbers; inner numbers belong to the exchange, not to the user.
	numbers: 'none',
	numberMaxLength: 0,
	canChangeNumber: false,
	disable: 'none',
	canDelete: false,
	canCreate: true,
	hasExternalId: false,
	partialUpdate: false,
	// Telavox may allow it. A user made once too often costs a licence and cannot be removed from here.
	sharedEmail: false,
	sideEffects: { create: 'A new Telavox user takes a licence, and buys one when none is free.' },
	concurrency: 2,
	exercisedAgainst: ['sandbox'],
};

export const telavox: SystemDefinition = {
	name: 'telavox',
	displayName: DISPLAY_NAME,
	credentialType: 'telavoxApi',
	capabilities: CAPABILITIES,
	fields: FIELDS,
	open,
};

function open({ http, credential, signal, onProgress }: Connection): PhoneSystem {
	const access = parseCredential(wire.credential, credential, DISPLAY_NAME);
	const names = namesIn(access);
	const users = `${access.baseUrl}/v1/extensions/users`;
	/** Everybody by mail address, read when the first user is to be made. */
	let byMail: Promise<Map<string, Extension>> | null = null;

	async function send(
		method: HttpRequest['method'],
		url: string,
		body?: object,
	): Promise<HttpResponse> {
		const headers = { accept: 'application/json' };
		return await http({ method, url, headers, ...(body ? { body } : {}) }, signal);
	}

	function identified(user: TelavoxUser): Extension {
		const key = keyOf(user, names);
		if (key === null) throw new DiagnosedError(refusals.noKey);
		return toExtension(key, user, names);
	}

	async function read(id: string): Promise<TelavoxUser | null> {
		const response = await send('GET', `${users}/${segment(id)}`);
		if (response.status === 404) return null;
		if (response.status !== 200) throw new DiagnosedError(refusals.explain(response));
		return readJson(response, wire.user, DISPLAY_NAME);
	}

	async function existing(id: string): Promise<TelavoxUser> {
		const found = await read(id);
		if (!found) throw new DiagnosedError(refusals.gone(id));
		return found;
	}

	/**
	 * Page 0 is the list as such. Whether further pages exist is not public, so page 1 is asked for:
	 * a list without pages answers with the same users, with none, or does not know the parameter.
	 */
	async function fetchPage(page: number): Promise<UserList> {
		const response = await send('GET', page === 0 ? users : `${users}?pageNumber=${String(page)}`);
		const isUnknown = page === 1 && (response.status === 400 || response.status === 404);
		if (isUnknown) return { rows: [], total: null };
		if (response.status !== 200) throw new DiagnosedError(refusals.explain(response));
		return readJson(response, wire.userList, DISPLAY_NAME);
	}

	/** Goes on until a page brings nobody new. */
	async function readAll(): Promise<Page<Extension>> {
		const rows = new Map<string, Extension>();
		let stated: number | null = null;
		for (let page = 0; ; page++) {
			const next = await fetchPage(page);
			stated = next.total ?? stated;
			const known = rows.size;
			for (const extension of next.rows.map(identified)) rows.set(extension.id, extension);
			onProgress?.(rows.size, stated);
			if (rows.size === known) break;
			if (rows.size > MOST_ROWS || page >= MOST_PAGES) {
				throw new DiagnosedError(endless(DISPLAY_NAME));
			}
		}
		return { rows: [...rows.values()], total: stated ?? rows.size };
	}

	const list = async (): Promise<Extension[]> => await readPages(DISPLAY_NAME, readAll);

	async function indexByMail(): Promise<Map<string, Extension>> {
		return new Map((await list()).map((user) => [mailOf(user.fields), user]));
	}

	async function findByMail(mail: string): Promise<Extension | null> {
		byMail ??= indexByMail().catch(async (thrown: unknown) => {
			byMail = null;
			return await Promise.reject(thrown);
		});
		return (await byMail).get(mail) ?? null;
	}

	/** Reads, merges, writes, reads back: an update may replace the whole, and may be forgotten. */
	async function write(id: string, fields: Contact): Promise<Extension> {
		const values = toValues(fields, names);
		const sendsAll = access.updateSends === 'everything';
		const body = sendsAll ? { ...(await existing(id)), ...values } : values;
		const response = await send('PUT', `${users}/${segment(id)}`, body);
		if (response.status === 404) throw new DiagnosedError(refusals.gone(id));
		if (response.status < 200 || response.status > 299) {
			throw new DiagnosedError(refusals.explain(response));
		}
		const after = toExtension(id, await existing(id), names);
		const missing = notTaken(fields, after);
		if (missing) throw new DiagnosedError(refusals.ignored(missing));
		if (fields['email'] !== undefined) await rememberMail(after);
		return after;
	}

	/** A mail address somebody gave up is free for somebody else. */
	async function rememberMail(user: Extension): Promise<void> {
		const known = await byMail;
		for (const [mail, { id }] of known ?? []) if (id === user.id) known?.delete(mail);
		known?.set(mailOf(user.fields), user);
	}

	async function readGivens(field: GivenField): Promise<readonly Given[]> {
		const response = await send('GET', `${access.baseUrl}/v1/${pathOf(field, access)}`);
		if (response.status !== 200) throw new DiagnosedError(refusals.explain(response));
		return readJson(response, wire.givens, DISPLAY_NAME);
	}

	/** Everything travels in the query, and of the values only the mail address can. */
	async function make(mail: string, fields: Contact): Promise<Extension> {
		const invoicePlace = await keyFor('invoicePlace', fields, access.invoicePlace, readGivens);
		const template = await keyFor('template', fields, access.template, readGivens);
		const query = new URLSearchParams({
			country_code: access.countryCode.toUpperCase(),
			email: mail,
		});
		if (invoicePlace) query.set('invoice_place', invoicePlace);
		if (template) query.set('template', template);
		query.set('confirmation_email', String(access.confirmationEmail));
		const response = await send('POST', `${users}?${query.toString()}`);
		if (response.status < 200 || response.status > 299) {
			throw new DiagnosedError(refusals.explain(response));
		}
		const key = keyOf(readJson(response, wire.user, DISPLAY_NAME), names);
		const made = key ? toExtension(key, await existing(key), names) : await lookAgain(mail);
		if (!made) throw new DiagnosedError(refusals.notMade);
		return made;
	}

	async function lookAgain(mail: string): Promise<Extension | null> {
		byMail = null;
		return await findByMail(mail.toLowerCase());
	}

	/** Writes what a user made by us does not hold yet. */
	async function complete(user: Extension, fields: Contact): Promise<Extension> {
		const left = Object.entries(fields).filter(
			([name, value]) => value && user.fields[name] !== value,
		);
		return left.length > 0 ? await write(user.id, Object.fromEntries(left)) : user;
	}

	return {
		list,

		async get(id) {
			const found = await read(id);
			return found && toExtension(id, found, names);
		},

		async create(account) {
			const fields = withoutGivens(account.fields);
			const mail = fields['email'];
			if (!mail) throw new DiagnosedError(refusals.noEmail);
			const known = await findByMail(mail.toLowerCase());
			if (known && !isUnfinished(known, fields)) {
				throw new DiagnosedError(refusals.duplicate(refusals.anotherName));
			}
			const made =
				known ??
				(await createOnce(
					() => make(mail, account.fields),
					() => lookAgain(mail),
				));
			const whole = await complete(made, fields);
			(await byMail)?.set(mail.toLowerCase(), whole);
			return whole;
		},

		async update(id, fields) {
			const values = toValues(fields, names);
			if (Object.keys(values).length > 0) return await write(id, withoutGivens(fields));
			return toExtension(id, await existing(id), names);
		},

		async setEnabled() {
			return await Promise.reject(new DiagnosedError(refusals.byHand('disable')));
		},

		async delete() {
			await Promise.reject(new DiagnosedError(refusals.byHand('delete')));
		},

		async choices(field) {
			if (!isGiven(field)) return null;
			const names = (await readGivens(field)).map(({ name }) => name);
			return [...new Set(names)].sort();
		},

		close: async () => {},
	};
}

/** A user of this mail address that an earlier try may have made: without a name, or with this one. */
function isUnfinished({ fields: { displayName = null } }: Extension, wanted: Contact): boolean {
	return displayName === null || displayName === (wanted['displayName'] ?? null);
}

function mailOf(fields: Contact): string {
	return fields['email']?.toLowerCase() ?? '';
}
