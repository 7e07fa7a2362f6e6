import type { z } from 'zod';
import type { HttpRequest } from '../../http/port';
import { DiagnosedError } from '../../sync/diagnostic';
import type { Extension } from '../../sync/item';
import type {
	Capabilities,
	Connection,
	NewExtension,
	PhoneSystem,
	SystemDefinition,
} from '../adapter';
import { fit, readJson, troubleIn } from '../answer';
import { createOnce, isClearly } from '../creation';
import { parseCredential } from '../credential';
import { inLanes } from '../lanes';
import { readPages } from '../listing';
import { openSession } from '../session';
import { FIELDS, toExtension, toLevers, toNewRecord, toValues } from './fields';
import {
	explain,
	explainSignIn,
	gone,
	isGone,
	isTokenDead,
	isUnknownInterface,
	noNumber,
	notMade,
} from './refusals';
import type { Named } from './organizations';
import type { Answer, ExtensionRecord, Tokens } from './wire';
import * as wire from './wire';

const DISPLAY_NAME = 'Yeastar P-Series';
const PAGE_SIZE = 1000;
/** Full records asked for in one request; keeps the address well below what servers accept. */
const BATCH = 100;

const CAPABILITIES: Capabilities = {
	numbers: 'required',
	numberMaxLength: 7,
	canChangeNumber: false,
	disable: 'emulated',
	canDelete: true,
	canCreate: true,
	hasExternalId: false,
	partialUpdate: true,
	sharedEmail: false,
	concurrency: 4,
	exercisedAgainst: ['sandbox'],
};

export const yeastar: SystemDefinition = {
	name: 'yeastar',
	displayName: DISPLAY_NAME,
	credentialType: 'yeastarApi',
	capabilities: CAPABILITIES,
	fields: FIELDS,
	open,
};

interface Call {
	readonly query?: Readonly<Record<string, string>>;
	/** Sent by POST; without a body the call is a GET, deleting included. */
	readonly body?: Readonly<Record<string, unknown>>;
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
	let hasQuery = true;
	const organizations = askedOnce(async () => {
		const query = { page: '1', page_size: String(PAGE_SIZE) };
		return (await ask('organization/list', wire.organizations, { query })).data;
	});
	const roles = askedOnce(async () => {
		return (await ask('system/get_menuoptions', wire.roles, { query: { menu: 'role' } })).data;
	});

	/** One exchange. Status 200 says nothing here, every other status everything. */
	async function exchange(endpoint: string, { query = {}, body, ...rest }: Call): Promise<Answer> {
		const parameters = new URLSearchParams(query).toString();
		const request: HttpRequest = {
			method: body ? 'POST' : 'GET',
			url: `${baseUrl}/openapi/v1.0/${endpoint}${parameters && `?${parameters}`}`,
			// The system does not answer a client that does not name itself so.
			headers: { 'User-Agent': 'OpenAPI' },
			...(body ? { body } : {}),
			...rest,
		};
		const response = await http(request, signal);
		const trouble = troubleIn(response.status, DISPLAY_NAME);
		if (trouble) throw new DiagnosedError(trouble);
		return readJson(response, wire.answer, DISPLAY_NAME);
	}

	/** A refresh costs none of the eight sign-ins a system has, so it is tried first, once. */
	async function signIn(dead: Tokens | null): Promise<Tokens> {
		if (dead) {
			const body = { refresh_token: dead.refresh_token };
			const refreshed = wire.tokens.safeParse(await exchange('refresh_token', { body }));
			if (refreshed.success) return refreshed.data;
		}
		const body = { username: clientId, password: clientSecret };
		const answer = await exchange('get_token', { body });
		if (answer.errcode !== 0) throw new DiagnosedError(explainSignIn(answer));
		return shaped(answer, wire.tokens);
	}

	/** A call within the session. A dead token means that it was not carried out, so it is sent again. */
	async function call(endpoint: string, options: Call): Promise<Answer> {
		const send = async (tokens: Tokens) =>
			await exchange(endpoint, {
				...options,
				query: { ...options.query, access_token: tokens.access_token },
			});
		const tokens = await session.get();
		const answer = await send(tokens);
		return isTokenDead(answer) ? await send(await session.renew(tokens)) : answer;
	}

	async function ask<Shape extends z.ZodTypeAny>(
		endpoint: string,
		shape: Shape,
		options: Call,
	): Promise<z.output<Shape>> {
		return shaped(accepted(await call(endpoint, options), options), shape);
	}

	async function read(id: string): Promise<ExtensionRecord | null> {
		const answer = await call('extension/get', { query: { id } });
		if (isGone(answer)) return null;
		return shaped(accepted(answer), wire.oneRecord).data ?? null;
	}

	async function existing(id: string): Promise<Extension> {
		const record = await read(id);
		if (!record) throw new DiagnosedError(gone(id));
		return await toOurs(record);
	}

	async function organizationsFor(isNamed: boolean): Promise<readonly Named[]> {
		return isNamed ? await organizations() : [];
	}

	async function toOurs(record: ExtensionRecord): Promise<Extension> {
		return toExtension(record, await organizationsFor(record.organization_list.length > 0));
	}

	/** Accounts that vanished meanwhile are missing from the result; `readPages` notices. */
	async function readMany(ids: readonly string[]): Promise<ExtensionRecord[]> {
		if (hasQuery) {
			const answer = await call('extension/query', { query: { ids: ids.join(',') } });
			hasQuery = !isUnknownInterface(answer);
			if (hasQuery) return shaped(accepted(answer), wire.records).data;
		}
		const found = await inLanes(ids, CAPABILITIES.concurrency, read);
		return found.filter((record) => record !== null);
	}

	async function write(id: string, values: Readonly<Record<string, unknown>>): Promise<Extension> {
		// The same values twice do no harm.
		const options: Call = { body: { ...values, id: Number(id) }, idempotent: true };
		const answer = await call('extension/update', options);
		if (answer.errcode !== 0 && !(await read(id))) throw new DiagnosedError(gone(id));
		accepted(answer, options);
		return await existing(id);
	}

	/** Searching matches parts of numbers and names, so what it finds is compared again. */
	async function findByNumber(number: string): Promise<Extension | null> {
		const { data } = await ask('extension/search', wire.rowList, {
			query: { search_value: number, page: '1', page_size: String(PAGE_SIZE) },
		});
		const row = data.find((found) => found.number === number);
		return row ? await existing(row.id) : null;
	}

	async function make(number: string, account: NewExtension): Promise<Extension> {
		const { organization, role } = account.fields;
		const { id } = await ask('extension/create', wire.created, {
			body: toNewRecord(
				number,
				account,
				await organizationsFor(Boolean(organization)),
				role ? await roles() : [],
			),
		});
		const made = id ? await existing(id) : await findByNumber(number);
		if (!made) throw new DiagnosedError(notMade);
		return made;
	}

	/** Their own mail, with what signing in to their app takes. Nobody without an address gets one. */
	async function welcome({ id, fields }: Extension): Promise<void> {
		if (!fields['email']) return;
		await ask('extension/send_welcome_email', wire.answer, { body: { id_list: [Number(id)] } });
	}

	return {
		async list() {
			const records = await readPages(
				DISPLAY_NAME,
				async ({ page }) => {
					const { data, total_number: total } = await ask('extension/list', wire.rowList, {
						query: {
							page: String(page),
							page_size: String(pageSize),
							sort_by: 'id',
							order_by: 'asc',
						},
					});
					const batches = batchesOf(data.map(({ id }) => id));
					const rows = (await inLanes(batches, CAPABILITIES.concurrency, readMany)).flat();
					return { rows, total };
				},
				{ onProgress },
			);
			const isNamed = records.some((each) => each.organization_list.length > 0);
			const known = await organizationsFor(isNamed);
			return records.map((each) => toExtension(each, known));
		},

		async get(id) {
			const record = await read(id);
			return record && (await toOurs(record));
		},

		async create(account) {
			const { number } = account;
			if (!number) throw new DiagnosedError(noNumber);
			return await createOnce(
				() => make(number, account),
				async () => {
					const found = await findByNumber(number);
					return found && isClearly(found, withoutRole(account)) ? found : null;
				},
			);
		},

		async update(id, fields) {
			const known = await organizationsFor(Boolean(fields['organization']));
			const values = toValues(fields, known);
			return Object.keys(values).length > 0 ? await write(id, values) : await existing(id);
		},

		async setEnabled(id, enabled) {
			return await write(id, toLevers(enabled, await existing(id)));
		},

		async delete(id) {
			const answer = await call('extension/delete', { query: { id } });
			if (answer.errcode !== 0 && (await read(id))) accepted(answer);
		},

		async capacity() {
			const answer = await call('system/capacity', {});
			return wire.capacity.safeParse(answer).data?.data.extension.max ?? null;
		},

		async choices(field) {
			const known = { organization: organizations, role: roles };
			const named = field in known ? await known[field as keyof typeof known]() : null; // checked just before
			return named && [...new Set(named.map(({ name }) => name))];
		},

		...(sendWelcomeEmail ? { welcome } : {}),

		async close() {
			const tokens = session.held;
			if (!tokens) return;
			// Not given back, it would count as one of eight for half an hour; no reason to reject.
			await exchange('del_token', { query: { access_token: tokens.access_token } }).catch(
				() => undefined,
			);
		},
	};
}

/** What is asked for when it is first needed, and again only when that went wrong. */
function askedOnce<Value>(ask: () => Promise<Value>): () => Promise<Value> {
	let asked: Promise<Value> | null = null;
	return async () => {
		asked ??= ask().catch(async (thrown: unknown) => {
			asked = null;
			return await Promise.reject(thrown);
		});
		return await asked;
	};
}

/** The role is not told with the extension, so it says nothing about whose it is. */
function withoutRole(account: NewExtension): NewExtension {
	return { ...account, fields: { ...account.fields, role: null } };
}

function accepted(answer: Answer, { body = {} }: Call = {}): Answer {
	if (answer.errcode === 0) return answer;
	throw new DiagnosedError(explain(answer, body));
}

function shaped<Shape extends z.ZodTypeAny>(answer: Answer, shape: Shape): z.output<Shape> {
	return fit(answer, shape, DISPLAY_NAME);
}

function batchesOf(ids: readonly string[]): string[][] {
	const batches: string[][] = [];
	for (let from = 0; from < ids.length; from += BATCH) batches.push(ids.slice(from, from + BATCH));
	return batches;
}
