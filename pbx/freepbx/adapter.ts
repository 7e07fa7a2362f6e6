import type { z } from 'zod';
import type { HttpResponse } from '../../http/port';
import { pause } from '../../http/wait';
import type { Contact } from '../../sync/contact';
import { DiagnosedError } from '../../sync/diagnostic';
import type { Capabilities, Connection, PhoneSystem, SystemDefinition } from '../adapter';
import { readJson, troubleIn } from '../answer';
import { createOnce, isClearly } from '../creation';
import { parseCredential } from '../credential';
import { inLanes } from '../lanes';
import { readPages } from '../listing';
import { openSession } from '../session';
import type { Whole } from './fields';
import { FIELDS, holds, toExtension, toNewInput, toUpdateInput } from './fields';
import * as refusals from './refusals';
import type { FreePbxExtension } from './wire';
import * as wire from './wire';

const DISPLAY_NAME = 'FreePBX';
const PAGE_SIZE = 500;
/** Mailboxes asked for in one request. */
const BATCH = 50;
/** How often, and how far apart, it is asked whether the configuration is applied. */
const POLLS = 30;
const POLL_MS = 2_000;

const CAPABILITIES: Capabilities = {
	numbers: 'required',
	numberMaxLength: 10,
	canChangeNumber: false,
	disable: 'none',
	canDelete: true,
	canCreate: true,
	hasExternalId: false,
	partialUpdate: false,
	sharedEmail: true,
	sideEffects: {
		update:
			'FreePBX removes the extension and makes it anew: voicemail greetings, ring time, follow-me and other settings of its own are lost, and its control panel gets a new password.',
	},
	concurrency: 2,
	exercisedAgainst: ['sandbox'],
};

export const freepbx: SystemDefinition = {
	name: 'freepbx',
	displayName: DISPLAY_NAME,
	credentialType: 'freePbxApi',
	capabilities: CAPABILITIES,
	fields: FIELDS,
	open,
};

type Mutation = 'addExtension' | 'updateExtension' | 'deleteExtension';
type Variables = Readonly<Record<string, unknown>>;

function open({
	http,
	credential,
	signal,
	onProgress,
	pageSize = PAGE_SIZE,
}: Connection): PhoneSystem {
	const access = parseCredential(wire.credential, credential, DISPLAY_NAME);
	const api = `${access.baseUrl}/admin/api/api`;
	const session = openSession(signIn);

	async function signIn(): Promise<string> {
		const body = new URLSearchParams({
			grant_type: 'client_credentials',
			client_id: access.clientId,
			client_secret: access.clientSecret,
		});
		// One token more does no harm.
		const request = { method: 'POST', url: `${api}/token`, body, idempotent: true } as const;
		const response = await http(request, signal);
		if (response.status === 400 || response.status === 401) {
			throw new DiagnosedError(refusals.signInRefused);
		}
		if (response.status !== 200) throw new DiagnosedError(refusals.explain(response));
		return readJson(response, wire.token, DISPLAY_NAME).access_token;
	}

	/** One exchange within the session. A dead token means that nothing was done, so it is sent again. */
	async function exchange(
		query: string,
		variables: Variables,
		idempotent: boolean,
	): Promise<HttpResponse> {
		const send = async (token: string) => {
			const headers = { authorization: `Bearer ${token}` };
			const body = { query, variables };
			return await http({ method: 'POST', url: `${api}/gql`, headers, body, idempotent }, signal);
		};
		const token = await session.get();
		const response = await send(token);
		return response.status === 401 ? await send(await session.renew(token)) : response;
	}

	function dataIn<Shape extends z.ZodTypeAny>(
		response: HttpResponse,
		shape: Shape,
	): z.output<Shape> {
		const answer = wire.answer.extend({ data: shape });
		return readJson(response, answer, DISPLAY_NAME).data;
	}

	async function ask<Shape extends z.ZodTypeAny>(
		query: string,
		shape: Shape,
		variables: Variables = {},
	): Promise<z.output<Shape>> {
		const response = await exchange(query, variables, true);
		if (response.status !== 200) throw new DiagnosedError(refusals.explain(response));
		return dataIn(response, shape);
	}

	/** False: there is no such extension. Every other refusal rejects. */
	async function change(mutation: Mutation, input: Variables): Promise<boolean> {
		const query = `mutation Change($input: ${mutation}Input!) {
			${mutation}(input: $input) { status message }
		}`;
		const response = await exchange(query, { input }, false);
		if (!troubleIn(response.status, DISPLAY_NAME)) {
			if (refusals.isAbsence(refusals.messageIn(response))) return false;
		}
		if (response.status !== 200) {
			throw new DiagnosedError(refusals.explain(response, secretsIn(input)));
		}
		dataIn(response, wire.success);
		return true;
	}

	async function read(id: string): Promise<Whole | null> {
		// An extension is known by its number.
		if (!/^\d+$/.test(id)) return null;
		const query = `query One($id: ID!) {
			fetchExtension(extensionId: $id) { status message ${wire.EXTENSION} }
			mailbox: fetchVoiceMail(extensionId: $id) { status email password }
		}`;
		const response = await exchange(query, { id }, true);
		if (response.status === 400 && refusals.isAbsence(refusals.messageIn(response))) return null;
		if (response.status !== 200) throw new DiagnosedError(refusals.explain(response));
		const { fetchExtension: extension, mailbox } = dataIn(response, wire.oneExtension);
		return { extension, mailbox: mailbox ?? null };
	}

	async function existing(id: string): Promise<Whole> {
		const found = await read(id);
		if (!found) throw new DiagnosedError(refusals.gone(id));
		return found;
	}

	/** The list has pages in Relay's way and tells no cursors, but they are made of the position. */
	async function readPage(offset: number) {
		const query = `query Page($first: Int, $after: String) {
			fetchAllExtensions(first: $first, after: $after) {
				status message totalCount extension { ${wire.EXTENSION} }
			}
		}`;
		const after =
			offset === 0
				? {}
				: { after: Buffer.from(`arrayconnection:${String(offset - 1)}`).toString('base64') };
		const { fetchAllExtensions: page } = await ask(query, wire.extensionPage, {
			first: pageSize,
			...after,
		});
		const batches = batchesOf(page.extension);
		const rows = (await inLanes(batches, CAPABILITIES.concurrency, withMailboxes)).flat();
		return { rows, total: page.totalCount };
	}

	/**
	 * Mail addresses are told with mailboxes only, and those one by one; many fit into one request.
	 * The first thing asked for decides over the whole request, so it is something that always works.
	 */
	async function withMailboxes(extensions: readonly FreePbxExtension[]) {
		const parameters = extensions.map((_, n) => `$e${String(n)}: ID!`).join(' ');
		const boxes = extensions.map(
			(_, n) =>
				`box${String(n)}: fetchVoiceMail(extensionId: $e${String(n)}) { status email password }`,
		);
		const query = `query Boxes(${parameters}) {
			fetchAllExtensions(first: 1) { status }
			${boxes.join('\n')}
		}`;
		const ids = extensions.map(({ extensionId }, n) => [`e${String(n)}`, extensionId]);
		const found = await ask(query, wire.mailboxes(boxes.length), Object.fromEntries(ids));
		return extensions.map((extension, n) => {
			const whole: Whole = { extension, mailbox: found[`box${String(n)}`] ?? null };
			return { id: extension.extensionId, ...whole };
		});
	}

	/** Updates, and sees to it that an extension that was removed for it comes back. */
	async function remake(before: Whole, fields: Contact): Promise<void> {
		const id = before.extension.extensionId;
		const input = toUpdateInput(before, fields, access);
		let isThere = true;
		try {
			isThere = await change('updateExtension', input);
		} catch (thrown) {
			const now = await read(id).catch(() => undefined);
			if (now === null) await restore(input);
			else if (!now || !holds(toExtension(now), fields)) await Promise.reject(thrown);
		}
		if (!isThere) throw new DiagnosedError(refusals.gone(id));
	}

	/** A new extension gets a phone password of its own, so it is given its old one afterwards. */
	async function restore(input: Variables): Promise<void> {
		const fresh = Object.fromEntries(
			Object.entries(input).filter(([name]) => name !== 'extPassword'),
		);
		try {
			await change('addExtension', fresh);
			await change('updateExtension', input);
		} catch {
			await Promise.reject(new DiagnosedError(refusals.lostPhones));
		}
	}

	/** Resolves once the system says that it did it. */
	async function applyConfiguration(): Promise<void> {
		const query = 'mutation Apply { doreload(input: {}) { status message transaction_id } }';
		const { doreload } = await ask(query, wire.reload);
		const status =
			'query Status($id: ID!) { fetchApiStatus(txnId: $id) { status message details } }';
		for (let poll = 0; poll < POLLS; poll++) {
			if (poll > 0) await pause(POLL_MS, signal);
			const { fetchApiStatus: told } = await ask(status, wire.reloadStatus, {
				id: doreload.transaction_id,
			});
			if (/execut|complet|success|done|finish/i.test(told.message ?? '')) return;
			if (!/process|pend|progress/i.test(told.message ?? '')) {
				throw new DiagnosedError(
					refusals.notInForce(`It says: ${told.message ?? ''} ${told.details ?? ''}`),
				);
			}
		}
		throw new DiagnosedError(refusals.notInForce('It was still at it after a minute.'));
	}

	return {
		async list() {
			const rows = await readPages(DISPLAY_NAME, async ({ offset }) => await readPage(offset), {
				onProgress,
			});
			return rows.map(toExtension);
		},

		async get(id) {
			const found = await read(id);
			return found && toExtension(found);
		},

		async create(account) {
			const { number } = account;
			if (!number) throw new DiagnosedError(refusals.noNumber);
			return await createOnce(
				async () => {
					await change('addExtension', toNewInput(number, account, access));
					return toExtension(await existing(number));
				},
				async () => {
					const found = await read(number);
					const extension = found && toExtension(found);
					return extension && isClearly(extension, account) ? extension : null;
				},
			);
		},

		async update(id, fields) {
			const before = await existing(id);
			const wanted = writable(fields);
			if (Object.keys(wanted).length === 0) return toExtension(before);
			refuseWhatIsLost(wanted, before);
			await remake(before, wanted);
			const after = await existing(id);
			const samePhones = after.extension.user?.extPassword === before.extension.user?.extPassword;
			if (!samePhones || !holds(toExtension(after), wanted)) {
				throw new DiagnosedError(refusals.notKept);
			}
			return toExtension(after);
		},

		async setEnabled() {
			return await Promise.reject(new DiagnosedError(refusals.byHand()));
		},

		async delete(id) {
			if (/^\d+$/.test(id)) await change('deleteExtension', { extensionId: id });
		},

		async activate() {
			await applyConfiguration().catch(async (thrown: unknown) => {
				const known = thrown instanceof DiagnosedError ? thrown.diagnostic : null;
				if (known?.code === 'system.notInForce') await Promise.reject(thrown);
				const why = known ? `${known.what} ${known.why}` : 'It gave no answer.';
				await Promise.reject(new DiagnosedError(refusals.notInForce(why)));
			});
		},

		close: async () => {},
	};
}

/** Only what can be written after creating. */
function writable(fields: Contact): Contact {
	const known = FIELDS.filter(({ createOnly }) => !createOnly).map(({ name }) => name);
	return Object.fromEntries(Object.entries(fields).filter(([name]) => known.includes(name)));
}

/** Rejects before anything is removed. */
function refuseWhatIsLost(wanted: Contact, { extension, mailbox }: Whole): void {
	const emptied = FIELDS.find(({ name }) => wanted[name] === null || wanted[name] === '');
	if (emptied) throw new DiagnosedError(refusals.cannotClear(emptied.displayName));
	if (wanted['email'] && !mailbox) throw new DiagnosedError(refusals.noMailbox);
	if (!extension.user?.extPassword) throw new DiagnosedError(refusals.noPhonePassword);
}

/** Values a message may not repeat. */
function secretsIn(input: Variables): string[] {
	return Object.entries(input).flatMap(([name, value]) =>
		name.endsWith('Password') && typeof value === 'string' ? [value] : [],
	);
}

function batchesOf(extensions: readonly FreePbxExtension[]): FreePbxExtension[][] {
	const batches: FreePbxExtension[][] = [];
	for (let from = 0; from < extensions.length; from += BATCH) {
		batches.push(extensions.slice(from, from + BATCH));
	}
	return batches;
}
