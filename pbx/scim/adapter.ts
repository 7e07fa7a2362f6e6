import type { HttpRequest, HttpResponse } from '../../http/port';
import { DiagnosedError } from '../../sync/diagnostic';
import type { Extension } from '../../sync/item';
import type { Capabilities, Connection, PhoneSystem, SystemDefinition } from '../adapter';
import { readJson, segment } from '../answer';
import { createOnce } from '../creation';
import { parseCredential } from '../credential';
import { readPages } from '../listing';
import { FIELDS, toExtension, toNewUser, toOperations, touchesLists, userNameFor } from './fields';
import { explain, gone, noUserName } from './refusals';
import type { Operation, ScimUser, ScimUserList } from './wire';
import { credential as credentialShape, PATCH, user as userShape, userList } from './wire';

const DISPLAY_NAME = 'SCIM 2.0';
const PAGE_SIZE = 100;

const CAPABILITIES: Capabilities = {
	numbers: 'none',
	numberMaxLength: 0,
	canChangeNumber: false,
	disable: 'native',
	canDelete: true,
	canCreate: true,
	hasExternalId: true,
	partialUpdate: true,
	// The user name is the mail address unless another is mapped, and user names are unique.
	sharedEmail: false,
	concurrency: 6,
	exercisedAgainst: ['third-party'],
};

export const scim: SystemDefinition = {
	name: 'scim',
	displayName: DISPLAY_NAME,
	credentialType: 'scimApi',
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
	const { baseUrl } = parseCredential(credentialShape, credential, DISPLAY_NAME);
	const users = `${baseUrl}/Users`;

	async function send(
		method: HttpRequest['method'],
		url: string,
		options: Pick<HttpRequest, 'body' | 'idempotent'> = {},
	): Promise<HttpResponse> {
		const headers = {
			accept: 'application/scim+json',
			...(options.body ? { 'content-type': 'application/scim+json' } : {}),
		};
		return await http({ method, url, headers, ...options }, signal);
	}

	async function query(parameters: Record<string, string>): Promise<ScimUserList> {
		const response = await send('GET', `${users}?${new URLSearchParams(parameters).toString()}`);
		if (response.status !== 200) throw new DiagnosedError(explain(response));
		return readJson(response, userList, DISPLAY_NAME);
	}

	async function read(id: string): Promise<ScimUser | null> {
		const response = await send('GET', `${users}/${segment(id)}`);
		if (response.status === 404) return null;
		if (response.status !== 200) throw new DiagnosedError(explain(response));
		return readJson(response, userShape, DISPLAY_NAME);
	}

	async function post(body: object): Promise<ScimUser> {
		const response = await send('POST', users, { body });
		if (response.status === 201 || response.status === 200) {
			return readJson(response, userShape, DISPLAY_NAME);
		}
		throw new DiagnosedError(explain(response));
	}

	async function patch(id: string, operations: readonly Operation[]): Promise<Extension> {
		const body = { schemas: [PATCH], Operations: operations };
		// Every operation sets a value, so carrying it out twice does no harm.
		const response = await send('PATCH', `${users}/${segment(id)}`, { body, idempotent: true });
		if (response.status === 404) throw new DiagnosedError(gone(id));
		if (response.status === 200) return toExtension(readJson(response, userShape, DISPLAY_NAME));
		if (response.status !== 204) throw new DiagnosedError(explain(response));
		return toExtension(await existing(id));
	}

	async function existing(id: string): Promise<ScimUser> {
		const found = await read(id);
		if (!found) throw new DiagnosedError(gone(id));
		return found;
	}

	/** The account an earlier try made: it carries our object id, so nobody else made it. */
	async function findOwn(externalId: string | null, userName: string): Promise<ScimUser | null> {
		if (!externalId) return null;
		for (const filter of [
			`externalId eq ${quoted(externalId)}`,
			`userName eq ${quoted(userName)}`,
		]) {
			const { Resources } = await query({ filter });
			const own = Resources.find((found) => found.externalId === externalId);
			if (own) return own;
		}
		return null;
	}

	return {
		async list() {
			return await readPages(
				DISPLAY_NAME,
				async ({ offset }) => {
					const { Resources, totalResults } = await query({
						startIndex: String(offset + 1),
						count: String(pageSize),
					});
					return { rows: Resources.map(toExtension), total: totalResults };
				},
				{ atOnce: CAPABILITIES.concurrency, onProgress },
			);
		},

		async get(id) {
			const found = await read(id);
			return found && toExtension(found);
		},

		async create(account) {
			const userName = userNameFor(account.fields);
			if (!userName) throw new DiagnosedError(noUserName);
			const made = await createOnce(
				() => post(toNewUser(account, userName)),
				() => findOwn(account.externalId, userName),
			);
			return toExtension(made);
		},

		async update(id, fields, mark) {
			const current = touchesLists(fields) ? await existing(id) : NOTHING_READ;
			const operations = toOperations(fields, current, mark);
			return operations.length > 0 ? await patch(id, operations) : toExtension(await existing(id));
		},

		async setEnabled(id, enabled) {
			return await patch(id, [{ op: 'replace', path: 'active', value: enabled }]);
		},

		async delete(id) {
			const response = await send('DELETE', `${users}/${segment(id)}`);
			if (response.status === 404 || (response.status >= 200 && response.status < 300)) return;
			throw new DiagnosedError(explain(response));
		},

		close: async () => {},
	};
}

/** A value inside a filter (RFC 7644, 3.4.2.2): JSON text, so quotes in it cannot end it. */
function quoted(value: string): string {
	return JSON.stringify(value);
}

/** What stands in for the account when nothing of it is needed to write. */
const NOTHING_READ: ScimUser = { id: '' };
