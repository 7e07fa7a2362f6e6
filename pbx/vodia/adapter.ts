import type { HttpRequest, HttpResponse } from '../../http/port';
import { DiagnosedError } from '../../sync/diagnostic';
import type { Extension } from '../../sync/item';
import type {
	Capabilities,
	Connection,
	NewExtension,
	PhoneSystem,
	SystemDefinition,
} from '../adapter';
import { parseJson, readJson, segment } from '../answer';
import { createOnce, isClearly } from '../creation';
import { parseCredential } from '../credential';
import { inLanes } from '../lanes';
import { readPages } from '../listing';
import {
	displayNameOf,
	FIELDS,
	isBlank,
	notStored,
	toExtension,
	toNewValues,
	toValues,
} from './fields';
import {
	DISPLAY_NAME,
	explain,
	gone,
	noNumber,
	notAnExtension,
	notMade,
	noTenant,
	passedOver,
	taken,
} from './refusals';
import type { Settings } from './wire';
import * as wire from './wire';

const CAPABILITIES: Capabilities = {
	numbers: 'required',
	// Nothing is written about a longest one; the system says no by making nothing.
	numberMaxLength: 10,
	canChangeNumber: false,
	disable: 'native',
	canDelete: true,
	canCreate: true,
	hasExternalId: true,
	partialUpdate: true,
	sharedEmail: true,
	concurrency: 6,
	exercisedAgainst: ['sandbox', 'official-description'],
};

export const vodia: SystemDefinition = {
	name: 'vodia',
	displayName: DISPLAY_NAME,
	credentialType: 'vodiaApi',
	capabilities: CAPABILITIES,
	fields: FIELDS,
	forCredential(credential) {
		const { externalIdField } = parseCredential(wire.credential, credential, DISPLAY_NAME);
		const hasExternalId = externalIdField !== 'none';
		return { capabilities: { ...CAPABILITIES, hasExternalId }, fields: FIELDS };
	},
	open,
};

function open({ http, credential, signal, onProgress }: Connection): PhoneSystem {
	const { baseUrl, domain, ...slots } = parseCredential(wire.credential, credential, DISPLAY_NAME);
	const tenant = `${baseUrl}/rest/domain/${encodeURIComponent(domain)}`;

	async function send(
		method: HttpRequest['method'],
		path: string,
		options: Pick<HttpRequest, 'body' | 'idempotent'> = {},
	): Promise<HttpResponse> {
		return await http({ method, url: `${tenant}/${path}`, ...options }, signal);
	}

	/** The numbers of all extensions; the list holds queues, attendants and the like besides. */
	async function numbersNow(): Promise<string[]> {
		const response = await send('GET', 'users');
		if (response.status === 404) throw new DiagnosedError(noTenant(domain));
		if (response.status !== 200) throw new DiagnosedError(explain(response));
		const rows = readJson(response, wire.rows, DISPLAY_NAME);
		return rows.filter(({ usertype }) => usertype === 'extensions').map(({ name }) => name);
	}

	/** Null: there is no such account. What is no extension is a rejection, so nobody deletes a queue. */
	async function read(id: string): Promise<Settings | null> {
		const response = await send('GET', `user_settings/${segment(id)}`);
		if (response.status === 404) return null;
		if (response.status !== 200) throw new DiagnosedError(explain(response));
		if (wire.anyAccount.safeParse(parseJson(response.body)).success) {
			throw new DiagnosedError(notAnExtension(id));
		}
		return readJson(response, wire.settings, DISPLAY_NAME);
	}

	async function get(id: string): Promise<Extension | null> {
		const settings = await read(id);
		return settings && toExtension(id, settings, slots);
	}

	async function existing(id: string): Promise<Settings> {
		const settings = await read(id);
		if (!settings) throw new DiagnosedError(gone(id));
		return settings;
	}

	/** Read before and after: success is also said of values that are passed over. */
	async function write(id: string, values: Readonly<Record<string, string>>): Promise<Extension> {
		const before = await existing(id);
		if (Object.keys(values).length === 0) return toExtension(id, before, slots);
		// The same values twice do no harm.
		const options = { body: values, idempotent: true };
		const response = await send('POST', `user_settings/${segment(id)}`, options);
		if (response.status === 404) throw new DiagnosedError(gone(id));
		if (response.status !== 200) throw new DiagnosedError(explain(response));
		const after = await existing(id);
		const lost = notStored(values, before, after);
		if (lost.length > 0) {
			throw new DiagnosedError(passedOver(lost.map((name) => displayNameOf(name, slots))));
		}
		return toExtension(id, after, slots);
	}

	/** First of two steps: an account that belongs to nobody yet. Success is also said of none. */
	async function add(number: string): Promise<Settings> {
		// `account_ext` for extensions; with `account`, as for all other kinds, nothing is made.
		const body = { type: 'extensions', account_ext: number };
		const response = await send('POST', 'addacc', { body });
		if (response.status !== 200) throw new DiagnosedError(explain(response));
		const made = await read(number);
		if (!made) throw new DiagnosedError(notMade);
		return made;
	}

	/** Second step. What was made a moment ago and is refused its values is taken away again. */
	async function fill(number: string, account: NewExtension, isNew: boolean): Promise<Extension> {
		try {
			return await write(number, toNewValues(account, slots));
		} catch (thrown) {
			const isRefused =
				thrown instanceof DiagnosedError && thrown.diagnostic.code.startsWith('account.');
			if (isNew && isRefused) await remove(number).catch(() => undefined);
			return await Promise.reject(thrown);
		}
	}

	async function remove(id: string): Promise<void> {
		const response = await send('DELETE', `addacc/${segment(id)}`);
		if (response.status === 200 || response.status === 204 || response.status === 404) return;
		throw new DiagnosedError(explain(response));
	}

	return {
		async list() {
			// No total is stated, so the list is read again after all accounts: whoever is in both
			// was there all the time, and they have to be all of the second. One that is in it twice
			// stands in the place of another.
			return await readPages(DISPLAY_NAME, async () => {
				const numbers = [...new Set(await numbersNow())];
				let read = 0;
				const found = await inLanes(numbers, CAPABILITIES.concurrency, async (number) => {
					const extension = await get(number);
					onProgress?.(++read, numbers.length);
					return extension;
				});
				const after = await numbersNow();
				const known = new Set(after);
				const rows = found.filter((extension) => extension !== null && known.has(extension.id));
				return { rows: rows.filter((extension) => extension !== null), total: after.length };
			});
		},

		get,

		async create(account) {
			const { number } = account;
			if (!number || !/^\d+$/.test(number)) throw new DiagnosedError(noNumber);
			const found = await get(number);
			if (found && !isBlank(found)) {
				if (isClearly(found, account)) return found;
				throw new DiagnosedError(taken(number));
			}
			// One that is blank was left over when an earlier try was cut off between the two steps.
			if (!found)
				await createOnce(
					async () => await add(number),
					async () => await read(number),
				);
			return await fill(number, account, found === null);
		},

		async update(id, fields, mark) {
			return await write(id, toValues(fields, slots, mark));
		},

		async setEnabled(id, enabled) {
			return await write(id, { disabled: String(!enabled) });
		},

		async delete(id) {
			if (await read(id)) await remove(id);
		},

		close: async () => {},
	};
}
