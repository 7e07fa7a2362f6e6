import type { HttpPort } from '../../http/port.ts';
import type { PhoneSystem } from '../../pbx/adapter.ts';
import { fingerprint } from '../../sync/fingerprint.ts';
import { open, refusalOf } from './rig.mts';
import type { Rig } from './rig.mts';

export type Behaviour = keyof typeof behaviours;

export const behaviours = {
	'lists every account once, whatever the size of a page': async (rig: Rig) => {
		const count = rig.count();
		expect(count).toBeGreaterThan(8);
		for (const pageSize of [1, 7, count - 1, count, count + 1]) {
			const ids = (await open(rig, { pageSize }).list()).map(({ id }) => id);
			expect(new Set(ids).size).toBe(count);
			expect(ids).toHaveLength(count);
		}
	},

	'says so when there is no account at all': async (rig: Rig) => {
		rig.removeAll();
		expect(await open(rig).list()).toEqual([]);
	},

	'gives an account by its id exactly as the list gives it': async (rig: Rig) => {
		const system = open(rig);
		for (const listed of await system.list()) {
			const got = await system.get(listed.id);
			expect(got && fingerprint(got)).toBe(fingerprint(listed));
		}
	},

	'reads the list once more when somebody removes an account meanwhile': async (rig: Rig) => {
		const system = open(rig, { pageSize: 5, http: losingRows(rig, 1) });
		expect(await system.list()).toHaveLength(rig.count());
	},

	'refuses a list that stays shorter than stated': async (rig: Rig) => {
		const system = open(rig, { pageSize: 5, http: losingRows(rig, Infinity) });
		expect(await refusalOf(rig, system.list())).toBe('system.incompleteList');
	},

	'refuses a list that breaks off': async (rig: Rig) => {
		rig.control.fault({ ...rig.requests.list, after: 1, does: { kind: 'truncate' } });
		const code = await refusalOf(rig, open(rig, { pageSize: 5 }).list());
		expect(code).toBe('system.answerBroken');
	},

	'refuses a web page in place of a list': async (rig: Rig) => {
		rig.control.fault({ ...rig.requests.list, does: { kind: 'html' } });
		expect(await refusalOf(rig, open(rig).list())).toBe('system.webPage');
	},

	'makes an account and reads back what it was given, odd names included': async (rig: Rig) => {
		const system = open(rig);
		const names = ['D\'Arcy "Bo"', 'Åsa-Zoë Đặng', 'ß & <b>', '李小龍', 'x'.repeat(64), '%2F\\'];
		for (const [n, firstName] of names.entries()) {
			const hasLastName = rig.definition.fields.some(({ name }) => name === 'lastName');
			const wanted = rig.person(n, {
				[nameIn(rig)]: firstName,
				...(hasLastName ? { lastName: "O'Neill-Ünal" } : {}),
			});
			const made = await system.create(wanted);
			expect(made.fields).toMatchObject(wanted.fields);
			expect(made.number).toBe(wanted.number);
			expect(made.enabled).toBe(canSwitch(rig) ? true : null);
			const read = await system.get(made.id);
			expect(read && fingerprint(read)).toBe(fingerprint(made));
		}
	},

	'makes one account when asked twice for the same person': async (rig: Rig) => {
		const system = open(rig);
		const count = rig.count();
		const first = await system.create(rig.person(1));
		const second = await system.create(rig.person(1));
		expect(second.id).toBe(first.id);
		expect(rig.count()).toBe(count + 1);
	},

	'makes one account when the connection is cut before the answer': async (rig: Rig) => {
		await makesOne(rig, 'dropAfter');
	},

	'makes one account when the answer breaks off': async (rig: Rig) => {
		await makesOne(rig, 'truncate');
	},

	'makes no account when the connection is cut before the request is read': async (rig: Rig) => {
		const count = rig.count();
		const system = open(rig);
		rig.control.fault({ ...rig.requests.create, does: { kind: 'dropBefore' } });
		expect(await refusalOf(rig, system.create(rig.person(1)))).toBe('network.lost');
		expect(rig.count()).toBe(count);
		await system.create(rig.person(1));
		expect(rig.count()).toBe(count + 1);
	},

	'refuses a second account with the same key, and makes none': async (rig: Rig) => {
		const system = open(rig);
		await system.create(rig.person(1));
		const count = rig.count();
		const { number, fields } = rig.person(1);
		const other = { number, fields: { ...fields, [nameIn(rig)]: 'Other' }, externalId: 'other' };
		const email =
			rig.definition.capabilities.numbers === 'none' ? fields['email'] : 'b@example.com';
		const work = system.create({ ...other, fields: { ...other.fields, email: email ?? null } });
		expect(await refusalOf(rig, work)).toBe('account.duplicate');
		expect(rig.count()).toBe(count);
	},

	'changes only the fields it is given': async (rig: Rig) => {
		const system = open(rig);
		const before = await system.create(rig.person(1));
		rig.foreign.set(before.id);
		const foreign = rig.foreign.get(before.id);
		for (const field of Object.keys(before.fields).filter((name) => name !== 'email')) {
			const known = await existing(system, before.id);
			const after = await system.update(before.id, {
				[field]: NEW_VALUES[field] ?? `new ${field}`,
			});
			expect(after.fields).toEqual({
				...known.fields,
				[field]: NEW_VALUES[field] ?? `new ${field}`,
			});
			expect(await existing(system, before.id)).toEqual(after);
		}
		expect(rig.foreign.get(before.id)).toEqual(foreign);
	},

	'clears a field': async (rig: Rig) => {
		const system = open(rig);
		const { id } = await system.create(rig.person(1));
		const { clearable = ['jobTitle', 'mobile'] } = rig;
		const emptied = Object.fromEntries(clearable.map((field) => [field, null]));
		const after = await system.update(id, emptied);
		expect(after.fields).toMatchObject({ ...emptied, [nameIn(rig)]: 'Ada' });
	},

	'writes nothing when no field is given': async (rig: Rig) => {
		const system = open(rig);
		const { id } = await system.create(rig.person(1));
		rig.control.clearRequests();
		expect((await system.update(id, {})).id).toBe(id);
		expect(rig.control.writes()).toEqual([]);
	},

	'puts an account out of use and back, as often as it is asked to': async (rig: Rig) => {
		const system = open(rig);
		const made = await system.create(rig.person(1));
		for (const enabled of [false, false, true, true]) {
			const after = await system.setEnabled(made.id, enabled);
			expect(after).toEqual({ ...made, enabled });
		}
	},

	'removes an account, and does not mind when it is gone already': async (rig: Rig) => {
		const system = open(rig);
		const { id } = await system.create(rig.person(1));
		const count = rig.count();
		await system.delete(id);
		expect(rig.count()).toBe(count - 1);
		await system.delete(id);
		expect(await system.get(id)).toBeNull();
		expect(rig.count()).toBe(count - 1);
	},

	'says that an account is gone when it is to be changed': async (rig: Rig) => {
		const system = open(rig);
		const { id } = await system.create(rig.person(1));
		await system.delete(id);
		expect(await refusalOf(rig, system.update(id, { [nameIn(rig)]: 'Eva' }))).toBe('account.gone');
		expect(await refusalOf(rig, system.update(id, { mobile: '+46701740605' }))).toBe(
			'account.gone',
		);
		if (!canSwitch(rig)) return;
		expect(await refusalOf(rig, system.setEnabled(id, false))).toBe('account.gone');
	},

	'waits when asked to, and does everything once': async (rig: Rig) => {
		const system = open(rig);
		const count = rig.count();
		const busy = { kind: 'status', status: 429, retryAfter: 1 } as const;
		rig.control.fault({ ...rig.requests.create, times: 2, does: busy });
		rig.control.fault({ ...rig.requests.update, does: { kind: 'status', status: 503 } });
		const { id } = await system.create(rig.person(1));
		await system.update(id, { [nameIn(rig)]: 'Eva' });
		expect(rig.count()).toBe(count + 1);
		expect((await existing(system, id)).fields[nameIn(rig)]).toBe('Eva');
	},

	'says that the system is busy when it stays so': async (rig: Rig) => {
		rig.control.fault({ ...rig.requests.list, times: 99, does: { kind: 'status', status: 429 } });
		expect(await refusalOf(rig, open(rig).list())).toBe('system.busy');
	},

	'updates again when the connection is cut in between': async (rig: Rig) => {
		const system = open(rig);
		const { id } = await system.create(rig.person(1));
		rig.control.fault({ ...rig.requests.update, does: { kind: 'dropAfter' } });
		const after = await system.update(id, { [nameIn(rig)]: 'Eva' });
		expect(after.fields[nameIn(rig)]).toBe('Eva');
	},

	'signs in again when its session ends in the middle of a run': async (rig: Rig) => {
		const system = open(rig);
		const [{ id } = { id: '' }] = await system.list();
		for (let round = 0; round < 3; round++) {
			rig.endSession();
			const found = await Promise.all(Array.from({ length: 7 }, () => system.get(id)));
			expect(found.map((extension) => extension?.id)).toEqual(Array(7).fill(id));
		}
	},

	'says that the sign-in is refused, and does not knock again and again': async (rig: Rig) => {
		const system = open(rig, rig.wrong);
		const work = ['1', '2', '3', '4', '5', '6', '7'].map((id) => refusalOf(rig, system.get(id)));
		expect(new Set(await Promise.all(work))).toEqual(new Set(['signIn.refused']));
		expect(rig.control.requests().length).toBeLessThanOrEqual(7);
		expect(await open(rig).list()).toHaveLength(rig.count());
	},

	'says that nothing listens at the address': async (rig: Rig) => {
		const system = open(rig, { credential: rig.nowhere });
		expect(await refusalOf(rig, system.list())).toBe('network.refused');
		await system.close();
	},

	'names the field of the credential that is missing': async (rig: Rig) => {
		const incomplete = async () => open(rig, { credential: { ...rig.credential, baseUrl: '' } });
		expect(await refusalOf(rig, incomplete())).toBe('signIn.credentialIncomplete');
	},

	'does not let an id lead anywhere else': async (rig: Rig) => {
		const system = open(rig);
		const count = rig.count();
		for (const id of ['..', '.', '../Users', 'a/b', '?x=1&id=41', '#', '%2e%2e%2f', '\u0000']) {
			await system.get(id).then(
				(found) => expect(found).toBeNull(),
				(thrown: Error) => expect(thrown.name).toBe('DiagnosedError'),
			);
			await system.delete(id).catch((thrown: Error) => expect(thrown.name).toBe('DiagnosedError'));
		}
		expect(rig.count()).toBe(count);
	},

	'keeps no more requests in flight than the system allows': async (rig: Rig) => {
		let now = 0;
		let most = 0;
		const counting: HttpPort = async (request, signal) => {
			most = Math.max(most, ++now);
			return await rig.http(request, signal).finally(() => now--);
		};
		await open(rig, { http: counting }).list();
		expect(most).toBeLessThanOrEqual(rig.definition.capabilities.concurrency);
	},

	'stops at once when the run is cancelled': async (rig: Rig) => {
		const cancel = new AbortController();
		const system = open(rig, { signal: cancel.signal });
		const { id } = await system.create(rig.person(1));
		rig.control.clearRequests();
		rig.control.fault({ ...rig.requests.update, does: { kind: 'slow', ms: 60_000 } });
		const work = system.update(id, { [nameIn(rig)]: 'Eva' });
		const ended = expect(work).rejects.toThrow();
		cancel.abort();
		await ended;
		expect((await existing(open(rig), id)).fields[nameIn(rig)]).toBe('Ada');
	},

	'gives back what it holds, and closing never rejects': async (rig: Rig) => {
		const system = open(rig);
		await system.list();
		await system.close();
		await system.close();
		await open(rig, { credential: rig.nowhere }).close();
	},
};

function nameIn({ nameField = 'firstName' }: Rig): string {
	return nameField;
}

function canSwitch({ definition }: Rig): boolean {
	return definition.capabilities.disable !== 'none';
}

/** Where made-up text would not do. */
const NEW_VALUES: Readonly<Record<string, string>> = {
	organization: 'Nordvik AB',
	mobile: '+46701740699',
	phone: '+46317401234',
	userName: 'another.name@example.com',
};

async function makesOne(rig: Rig, kind: 'dropAfter' | 'truncate'): Promise<void> {
	const count = rig.count();
	rig.control.fault({ ...rig.requests.create, does: { kind } });
	const made = await open(rig).create(rig.person(1));
	expect(made.fields).toMatchObject(rig.person(1).fields);
	expect(rig.count()).toBe(count + 1);
}

async function existing(system: PhoneSystem, id: string) {
	const found = await system.get(id);
	if (!found) throw new Error(`No account ${id}`);
	return found;
}

/** Takes one row off the first page of the next `times` readings, as if somebody removed it. */
function losingRows(rig: Rig, times: number): HttpPort {
	let left = times;
	return async (request, signal) => {
		const response = await rig.http(request, signal);
		const isList = new RegExp(rig.requests.list.path ?? '').test(request.url);
		if (!isList || left <= 0) return response;
		const page: unknown = JSON.parse(response.body);
		const path = rig.rows.split('.').filter(Boolean);
		const rows = path.reduce<unknown>((value, name) => Object(value)[name], page);
		if (!Array.isArray(rows) || rows.length === 0) return response;
		left -= 1;
		rows.shift();
		return { ...response, body: JSON.stringify(page) };
	};
}
