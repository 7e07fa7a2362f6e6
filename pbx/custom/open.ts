/** A phone system by its profile. */
import type { Contact } from '../../sync/contact';
import type { Diagnostic } from '../../sync/diagnostic';
import { DiagnosedError } from '../../sync/diagnostic';
import type { Extension } from '../../sync/item';
import type { NewExtension, PhoneSystem } from '../adapter';
import { createOnce, isClearly } from '../creation';
import { generateSecret } from '../secret';
import type { Surroundings } from './exchange';
import { openExchange } from './exchange';
import type { Write } from './fields';
import { areNested, identityWrites, markWrite, switchWrite, toBody, toWrites } from './fields';
import { readPath, textOf, writePath, type Step } from './path';
import type { Profile, RequestTemplate } from './profile';
import { openRecords, type Reading } from './records';
import { cannot, gone, noNumber, notMade } from './refusals';
import { fillMembers, type Values } from './template';

export function openProfile(around: Surroundings & Reading): PhoneSystem {
	const { profile, displayName } = around;
	const exchange = openExchange(around);
	const records = openRecords(exchange, around);

	/** Sends a change of one account. What is refused because nobody is there says so. */
	async function change(
		id: string,
		request: RequestTemplate,
		values: Values,
		body: object,
	): Promise<Extension> {
		const filled = { ...fillMembers(request.body, values), ...body };
		// Every change sets values, so carrying it out twice does no harm.
		const answer = await exchange.send(request, { values, body: filled, idempotent: true });
		if (answer.meaning !== 'done' && !(await records.read(id))) refuse(gone(id, displayName));
		exchange.demanded(answer);
		return (await records.existing(id)).extension;
	}

	async function write(id: string, writes: readonly Write[]): Promise<Extension> {
		const { update } = profile;
		const isWhole = update.mode === 'whole';
		const current = isWhole || areNested(writes) ? (await records.existing(id)).raw : {};
		const all = toBody(writes, current, isWhole);
		const body = pick(all, (name) => !update.omit.includes(name));
		return await change(id, update, { id }, placed(body, update.at));
	}

	async function findOwn(account: NewExtension): Promise<Extension | null> {
		const found = await records.candidates(valuesOf(account));
		return found.find((extension) => isOwn(extension, account)) ?? null;
	}

	async function make(
		request: NonNullable<Profile['create']>,
		account: NewExtension,
	): Promise<Extension> {
		const values = { ...valuesOf(account), generated: freshSecret(account.fields) };
		const { only } = request;
		const early = only ? pick(account.fields, (name) => only.includes(name)) : account.fields;
		const writes = [...identityWrites(account, profile), ...toWrites(early, profile)];
		const filled = writes.filter(({ value }) => value !== null && value !== '');
		const body = {
			...fillMembers(request.body, values),
			...placed(toBody(filled, {}, false), request.at),
		};
		const { json } = exchange.demanded(await exchange.send(request, { values, body }));
		const id = request.id ? textOf(readPath(json, request.id)) : null;
		const made = id ? (await records.read(id))?.extension : await findOwn(account);
		return made ?? refuse(notMade(displayName));
	}

	/** What creating does not take, or an earlier try did not get to. */
	async function complete(made: Extension, { fields }: NewExtension): Promise<Extension> {
		if (!profile.create?.only) return made;
		const missing = pick(fields, (name) => (made.fields[name] ?? null) !== (fields[name] || null));
		const writes = toWrites(missing, profile);
		return writes.length > 0 ? await write(made.id, writes) : made;
	}

	async function remove(id: string): Promise<void> {
		const request = profile.delete;
		if (!request) return refuse(cannot('delete', displayName));
		const answer = await exchange.send(request, { values: { id } });
		if (answer.meaning === 'notFound') return;
		if (answer.meaning !== 'done' && (await records.read(id))) exchange.demanded(answer);
	}

	return {
		async list() {
			return (await records.all()).map(({ extension }) => extension);
		},

		async get(id) {
			return (await records.read(id))?.extension ?? null;
		},

		async create(account) {
			const { create, find } = profile;
			if (!create) return refuse(cannot('create', displayName));
			if (profile.account.number?.required && !account.number) return refuse(noNumber);
			// Nobody knows whether the interface refuses a second one, so it is looked for first.
			const earlier = find ? await findOwn(account) : null;
			let isNew = false;
			const made =
				earlier ??
				(await createOnce(
					async () => {
						const fresh = await make(create, account);
						isNew = true;
						return fresh;
					},
					async () => await findOwn(account),
				));
			try {
				return await complete(made, account);
			} catch (thrown) {
				if (isNew && isRefusal(thrown)) await remove(made.id).catch(() => undefined);
				return await Promise.reject(thrown);
			}
		},

		async update(id, fields, mark) {
			const writes = [...markWrite(mark, profile), ...toWrites(fields, profile)];
			return writes.length > 0 ? await write(id, writes) : (await records.existing(id)).extension;
		},

		async setEnabled(id, enabled) {
			const request = enabled ? profile.enable : profile.disable;
			if (request) return await change(id, request, { id, generated: freshSecret({}) }, {});
			const writes = switchWrite(enabled, profile);
			if (writes.length > 0) return await write(id, writes);
			return refuse(cannot(enabled ? 'enable' : 'disable', displayName));
		},

		delete: remove,

		close: async () => {
			await exchange.close();
		},
	};
}

/** Half an account, made a moment ago, is in nobody's use and would only take up a licence. */
function isRefusal(thrown: unknown): boolean {
	return thrown instanceof DiagnosedError && thrown.diagnostic.code.startsWith('account.');
}

/**
 * Whether this is the account that was to be made. Where both have a number it has to be the same:
 * a second account with the same mail address may be meant.
 */
function isOwn(found: Extension, account: NewExtension): boolean {
	const numbersAgree = !account.number || !found.number || found.number === account.number;
	return numbersAgree && isClearly(found, account);
}

/** What placeholders in requests about a new account stand for. */
function valuesOf({ number, externalId, fields }: NewExtension): Values {
	return { ...fields, number, externalId };
}

/** A password for interfaces that want one; it goes there and is forgotten. */
function freshSecret(fields: Contact): string {
	return generateSecret(24, [fields['firstName'] ?? null, fields['lastName'] ?? null]);
}

/** The body under the member the interface wants it under. */
function placed(body: object, at: readonly Step[]): object {
	const whole = writePath({}, at, body);
	return typeof whole === 'object' && whole !== null ? whole : {};
}

function pick<Value>(
	values: Readonly<Record<string, Value>> | object,
	keep: (name: string) => boolean,
): Record<string, Value> {
	return Object.fromEntries(Object.entries(values).filter(([name]) => keep(name)));
}

function refuse(diagnostic: Diagnostic): never {
	throw new DiagnosedError(diagnostic);
}
