import type { HttpRequest, HttpResponse } from '../../../http/port.ts';
import type { Connection, PhoneSystem, SystemDefinition } from '../../../pbx/adapter.ts';
import { readJson, segment } from '../../../pbx/answer.ts';
import { createOnce, isClearly } from '../../../pbx/creation.ts';
import { parseCredential } from '../../../pbx/credential.ts';
import { readPages } from '../../../pbx/listing.ts';
import { DiagnosedError } from '../../../sync/diagnostic.ts';
import type { Extension } from '../../../sync/item.ts';
import { FIELDS, toExtension, toValues } from './fields.mts';
import { explain, gone, noNumber } from './refusals.mts';
import * as wire from './wire.mts';

export const toy: SystemDefinition = {
	name: 'toy',
	displayName: 'Toy',
	credentialType: 'toyApi',
	capabilities: {
		numbers: 'required',
		numberMaxLength: 6,
		canChangeNumber: false,
		disable: 'native',
		canDelete: true,
		canCreate: true,
		hasExternalId: false,
		partialUpdate: true,
		sharedEmail: true,
		concurrency: 3,
		exercisedAgainst: ['sandbox'],
	},
	fields: FIELDS,
	open,
};

function open({ http, credential, signal, onProgress, pageSize = 50 }: Connection): PhoneSystem {
	const { baseUrl } = parseCredential(wire.credential, credential, 'Toy');

	async function send(
		method: HttpRequest['method'],
		path: string,
		more: Pick<HttpRequest, 'body' | 'idempotent'> = {},
	): Promise<HttpResponse> {
		const response = await http({ method, url: `${baseUrl}/lines${path}`, ...more }, signal);
		if (response.status < 300 || response.status === 404) return response;
		throw new DiagnosedError(explain(response));
	}

	async function page(query: Record<string, string>) {
		const response = await send('GET', `?${new URLSearchParams(query).toString()}`);
		return readJson(response, wire.lines, 'Toy');
	}

	const read = (response: HttpResponse) => toExtension(readJson(response, wire.line, 'Toy'));

	async function change(id: string, body: object): Promise<Extension> {
		const response = await send('PATCH', `/${segment(id)}`, { body, idempotent: true });
		if (response.status === 404) throw new DiagnosedError(gone(id));
		return read(response);
	}

	return {
		async list() {
			const rows = await readPages(
				'Toy',
				async ({ offset }) => {
					const { lines, count } = await page({ from: String(offset), take: String(pageSize) });
					return { rows: lines, total: count };
				},
				{ onProgress },
			);
			return rows.map(toExtension);
		},
		async get(id) {
			const response = await send('GET', `/${segment(id)}`);
			return response.status === 404 ? null : read(response);
		},
		async create(account) {
			const digits = account.number;
			if (!digits) throw new DiagnosedError(noNumber);
			const body = { digits, ...toValues(account.fields) };
			return await createOnce(
				async () => read(await send('POST', '', { body })),
				async () => {
					const found = (await page({ digits })).lines.map(toExtension);
					return found.find((extension) => isClearly(extension, account)) ?? null;
				},
			);
		},
		update: async (id, fields) => {
			const values = toValues(fields);
			if (Object.keys(values).length > 0) return await change(id, values);
			const response = await send('GET', `/${segment(id)}`);
			if (response.status === 404) throw new DiagnosedError(gone(id));
			return read(response);
		},
		setEnabled: async (id, enabled) => await change(id, { open: enabled }),
		async delete(id) {
			await send('DELETE', `/${segment(id)}`);
		},
		close: async () => {},
	};
}
