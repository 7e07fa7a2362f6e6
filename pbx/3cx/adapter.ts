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
import { readJson } from '../answer';
import { createOnce, isClearly } from '../creation';
import { parseCredential } from '../credential';
import { readPages } from '../listing';
import { openSession } from '../session';
import { FIELDS, toExtension, toNewUser, toValues } from './fields';
import { badId, DISPLAY_NAME, explain, explainSignIn, gone, noGroup, noNumber } from './refusals';
import * as wire from './wire';

/** More is refused. */
const PAGE_SIZE = 100;
/** How often one request is sent with yet another token, because somebody else ended the last one. */
const TOKENS_PER_REQUEST = 4;

const CAPABILITIES: Capabilities = {
	numbers: 'required',
	// How long numbers are is chosen when a 3CX is set up, and it refuses others by itself.
	numberMaxLength: 8,
	canChangeNumber: false,
	disable: 'native',
	canDelete: true,
	canCreate: true,
	hasExternalId: false,
	partialUpdate: true,
	sharedEmail: true,
	concurrency: 4,
	exercisedAgainst: ['sandbox', 'official-description'],
};

export const threeCx: SystemDefinition = {
	name: '3cx',
	displayName: DISPLAY_NAME,
	credentialType: 'threeCxApi',
	capabilities: CAPABILITIES,
	fields: FIELDS,
	open,
};

type Query = Readonly<Record<string, string>>;

interface Call {
	readonly query?: Query;
	readonly body?: object;
	readonly idempotent?: boolean;
}

function open({
	http,
	credential,
	signal,
	onProgress,
	pageSize = PAGE_SIZE,
}: Connection): PhoneSystem {
	const { baseUrl, clientId, clientSecret, sendWelcomeEmail } = parseCredential(
		wire.credential,
		credential,
		DISPLAY_NAME,
	);
	const session = openSession(signIn);

	async function signIn(): Promise<string> {
		const body = new URLSearchParams({
			client_id: clientId,
			client_secret: clientSecret,
			grant_type: 'client_credentials',
		});
		const url = `${baseUrl}/connect/token`;
		const response = await http({ method: 'POST', url, body, idempotent: true }, signal);
		if (response.status !== 200) throw new DiagnosedError(explainSignIn(response));
		return readJson(response, wire.token, DISPLAY_NAME).access_token;
	}

	/**
	 * A call within the session. A token lasts a minute and ends when the next one is given, so a
	 * long run needs many; what is refused for its token was not carried out and is sent again.
	 */
	async function call(
		method: HttpRequest['method'],
		path: string,
		{ query = {}, ...rest }: Call = {},
	): Promise<HttpResponse> {
		const parameters = new URLSearchParams(query).toString();
		const url = `${baseUrl}/xapi/v1/${path}${parameters && `?${parameters}`}`;
		const send = async (token: string) => {
			const headers = { authorization: `Bearer ${token}` };
			return await http({ method, url, headers, ...rest }, signal);
		};
		let token = await session.get();
		let response = await send(token);
		for (let n = 1; response.status === 401 && n < TOKENS_PER_REQUEST; n++) {
			token = await session.renew(token);
			response = await send(token);
		}
		return response;
	}

	/** One user by the key between the brackets; null when there is none. */
	async function read(key: string): Promise<Extension | null> {
		const response = await call('GET', `Users(${key})`, { query: { $select: wire.SELECT } });
		if (response.status === 404) return null;
		if (response.status !== 200) throw new DiagnosedError(explain(response));
		return toExtension(readJson(response, wire.user, DISPLAY_NAME));
	}

	async function existing(id: string): Promise<Extension> {
		const found = await read(keyOf(id));
		if (!found) throw new DiagnosedError(gone(id));
		return found;
	}

	async function findByNumber(number: string): Promise<Extension | null> {
		return await read(`Number=${encodeURIComponent(quoted(number))}`);
	}

	async function write(id: string, values: object): Promise<Extension> {
		// The same values twice do no harm.
		const options = { body: values, idempotent: true };
		const response = await call('PATCH', `Users(${keyOf(id)})`, options);
		if (response.status === 404) throw new DiagnosedError(gone(id));
		if (!isDone(response)) throw new DiagnosedError(explain(response));
		// It is not told how the user is now.
		return await existing(id);
	}

	async function groupIdOf(name: string | null | undefined): Promise<number | null> {
		if (!name) return null;
		const query = { $filter: `Name eq ${quoted(name)}`, $select: 'Id,Name' };
		const response = await call('GET', 'Groups', { query });
		if (response.status !== 200) throw new DiagnosedError(explain(response));
		const { value } = readJson(response, wire.groupList, DISPLAY_NAME);
		const group = value.find((found) => found.Name === name);
		if (!group) throw new DiagnosedError(noGroup(name));
		return group.Id;
	}

	async function make(number: string, { fields }: NewExtension): Promise<Extension> {
		const body = toNewUser(number, fields, await groupIdOf(fields['group']));
		const response = await call('POST', 'Users', { body });
		if (!isDone(response)) throw new DiagnosedError(explain(response));
		const { Id } = readJson(response, wire.made, DISPLAY_NAME);
		return await existing(String(Id));
	}

	async function groupsFrom(skip: number): Promise<string[]> {
		const query = {
			$select: 'Id,Name',
			$top: String(PAGE_SIZE),
			$skip: String(skip),
			$orderby: 'Name',
		};
		const response = await call('GET', 'Groups', { query });
		if (response.status !== 200) throw new DiagnosedError(explain(response));
		return readJson(response, wire.groupList, DISPLAY_NAME).value.map(({ Name }) => Name);
	}

	/** Their own mail, with what signing in takes. Nobody without an address gets one. */
	async function welcome({ id, fields }: Extension): Promise<void> {
		if (!fields['email']) return;
		const response = await call('POST', `Users(${keyOf(id)})/Pbx.SendWelcomeEmail`);
		if (!isDone(response)) throw new DiagnosedError(explain(response));
	}

	return {
		async list() {
			return await readPages(
				DISPLAY_NAME,
				async ({ offset }) => {
					const response = await call('GET', 'Users', {
						query: {
							$top: String(Math.min(pageSize, PAGE_SIZE)),
							$skip: String(offset),
							$count: 'true',
							$orderby: 'Id',
							$select: wire.SELECT,
						},
					});
					if (response.status !== 200) throw new DiagnosedError(explain(response));
					const list = readJson(response, wire.userList, DISPLAY_NAME);
					return { rows: list.value.map(toExtension), total: list['@odata.count'] };
				},
				{ atOnce: CAPABILITIES.concurrency, onProgress },
			);
		},

		get: async (id) => await read(keyOf(id)),

		async create(account) {
			const { number } = account;
			if (!number) throw new DiagnosedError(noNumber);
			return await createOnce(
				async () => await make(number, account),
				async () => {
					const found = await findByNumber(number);
					return found && isClearly(found, withoutGroup(account)) ? found : null;
				},
			);
		},

		async update(id, fields) {
			const values = toValues(fields);
			return Object.keys(values).length > 0 ? await write(id, values) : await existing(id);
		},

		async setEnabled(id, enabled) {
			return await write(id, { Enabled: enabled });
		},

		async delete(id) {
			const response = await call('DELETE', `Users(${keyOf(id)})`);
			if (isDone(response) || response.status === 404) return;
			throw new DiagnosedError(explain(response));
		},

		async choices(field) {
			if (field !== 'group') return null;
			const names = new Set<string>();
			for (let skip = 0; ; skip += PAGE_SIZE) {
				const page = await groupsFrom(skip);
				for (const name of page) names.add(name);
				if (page.length < PAGE_SIZE) return [...names];
			}
		},

		...(sendWelcomeEmail ? { welcome } : {}),

		// The token ends by itself within a minute; there is no request to end it.
		close: async () => {},
	};
}

/** The department is not told with the user, so it says nothing about who it is. */
function withoutGroup(account: NewExtension): NewExtension {
	return { ...account, fields: { ...account.fields, group: null } };
}

/** An id between the brackets of a path: a whole number, or it would be another request. */
function keyOf(id: string): string {
	if (!/^\d{1,10}$/.test(id)) throw new DiagnosedError(badId);
	return id;
}

/** Text in an OData expression. */
function quoted(text: string): string {
	return `'${text.replaceAll("'", "''")}'`;
}

function isDone({ status }: HttpResponse): boolean {
	return status >= 200 && status < 300;
}
