/** How a phone system is read: whole, or not at all. */
import type { HttpPort } from '../../../http/port.ts';
import { fingerprint } from '../../../sync/fingerprint.ts';
import type { Extension } from '../../../sync/item.ts';
import { codeOf, open, refusalOf } from '../rig.mts';
import type { Rig } from '../rig.mts';
import {
	existing,
	losingRows,
	makePeople,
	nameIn,
	overheard,
	rowsOf,
	withList,
	writableFields,
} from './acts.mts';

export const reading = {
	'lists every account once, whatever the size of a page': async (rig: Rig) => {
		const count = rig.count();
		expect(count).toBeGreaterThan(8);
		for (const pageSize of [1, 7, count - 1, count, count + 1]) {
			const ids = (await open(rig, { pageSize }).list()).map(({ id }) => id);
			expect(new Set(ids).size).toBe(count);
			expect(ids).toHaveLength(count);
		}
	},

	'tells while it reads how many accounts there are so far, and in the end all of them': async (
		rig: Rig,
	) => {
		const told: Array<readonly [number, number | null]> = [];
		const onProgress = (done: number, total: number | null) => told.push([done, total]);
		const all = await open(rig, { pageSize: 5, onProgress }).list();
		const counts = told.map(([done]) => done);
		expect(counts).toEqual([...counts].sort((one, other) => one - other));
		expect(counts.at(-1)).toBe(all.length);
		for (const [, total] of told) expect([all.length, null]).toContain(total);
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

	'lists everybody in the same way when asked again': async (rig: Rig) => {
		const system = open(rig);
		expect(sorted(await system.list())).toEqual(sorted(await system.list()));
	},

	'lists the same when it is asked twice at once': async (rig: Rig) => {
		const system = open(rig);
		const [one = [], other = []] = await Promise.all([system.list(), system.list()]);
		expect(one).toHaveLength(rig.count());
		expect(sorted(one)).toEqual(sorted(other));
	},

	'lists more than a hundred, some more than fit on a page': async (rig: Rig) => {
		const system = open(rig);
		const made = await makePeople(rig, system, 101);
		const ids = (await open(rig).list()).map(({ id }) => id);
		expect(ids).toHaveLength(rig.count());
		expect(ids).toEqual(expect.arrayContaining(made.map(({ id }) => id)));
	},

	'lists a page that is just full': async (rig: Rig) => {
		const system = open(rig);
		const missing = 12 - (rig.count() % 6);
		await makePeople(rig, system, missing);
		const pages = open(rig, { pageSize: 6 });
		expect(await pages.list()).toHaveLength(rig.count());
		expect(rig.count() % 6).toBe(0);
	},

	'tells the fields it says it has, and what is empty as nothing': async (rig: Rig) => {
		const known = rig.definition.fields.map(({ name }) => name);
		const told = writableFields(rig).map(({ name }) => name);
		for (const { fields } of await open(rig).list()) {
			expect(known).toEqual(expect.arrayContaining(Object.keys(fields)));
			expect(Object.keys(fields)).toEqual(expect.arrayContaining(told));
			expect(Object.values(fields)).not.toContain('');
		}
	},

	'knows every account by an id and, where there are numbers, by a number': async (rig: Rig) => {
		const { numbers } = rig.definition.capabilities;
		for (const { id, number } of await open(rig).list()) {
			expect(id).toMatch(/^\S+$/);
			if (numbers === 'none') expect(number).toBeNull();
			else expect(number).toMatch(/^\d+$/);
		}
	},

	'finds nobody by an id that nobody has': async (rig: Rig) => {
		const system = open(rig);
		for (const id of ['987654', '6ec5b7c0-0000-4000-8000-000000000000', 'extension-987654']) {
			const found = await system.get(id).catch((thrown: unknown) => codeOf(thrown));
			if (found !== null) expect(found).toMatch(/^account\./);
		}
	},

	'sends nothing before it is asked for something': async (rig: Rig) => {
		const system = open(rig);
		await system.close();
		expect(rig.control.requests()).toEqual([]);
	},

	'changes nothing by reading': async (rig: Rig) => {
		const system = open(rig);
		const [first] = await system.list();
		await system.get(first?.id ?? '');
		expect(rig.control.writes()).toEqual([]);
	},

	'talks to nobody but the system in its credential': async (rig: Rig) => {
		const { http, sent } = overheard(rig);
		const system = open(rig, { http });
		await system.list();
		const { id } = await system.create(rig.person(1));
		await system.update(id, { [nameIn(rig)]: 'Eva' });
		await system.close();
		const known = Object.values(rig.credential)
			.map(String)
			.filter((value) => value.startsWith('http'))
			.map((value) => new URL(value).host);
		expect(sent.length).toBeGreaterThan(2);
		for (const { url } of sent) expect(known).toContain(new URL(url).host);
	},

	'sees what another connection changed': async (rig: Rig) => {
		const system = open(rig);
		const { id } = await system.create(rig.person(1));
		await open(rig).update(id, { [nameIn(rig)]: 'Eva' });
		expect((await existing(system, id)).fields[nameIn(rig)]).toBe('Eva');
		const listed = (await system.list()).find((each) => each.id === id);
		expect(listed?.fields[nameIn(rig)]).toBe('Eva');
	},

	'sees an account another connection made': async (rig: Rig) => {
		const system = open(rig);
		const before = await system.list();
		const { id } = await open(rig).create(rig.person(1));
		const after = (await system.list()).map((each) => each.id);
		expect(after).toContain(id);
		expect(after).toHaveLength(before.length + 1);
	},

	'understands answers that say more than it knows': async (rig: Rig) => {
		const plain = await open(rig).list();
		const http = withList(rig, (page) => {
			rowsOf(rig, page)?.forEach((row) => Object.assign(Object(row), { aiSummary: { of: [1] } }));
			return page;
		});
		expect(sorted(await open(rig, { http }).list())).toEqual(sorted(plain));
	},

	'refuses an answer of another shape in place of a list': async (rig: Rig) => {
		for (const body of [{}, 'busy', 42, null, { error: 'x' }]) {
			const work = open(rig, { http: withList(rig, () => body) }).list();
			expect(await refusalOf(rig, work)).toMatch(/^(system|account)\./);
		}
	},

	'refuses a list in which an account has no id': async (rig: Rig) => {
		const http = withList(rig, (page) => {
			const rows = rowsOf(rig, page);
			if (rows) rows[0] = {};
			return page;
		});
		expect(await refusalOf(rig, open(rig, { http }).list())).toMatch(/^(system|account)\./);
	},

	'refuses a list that names one account twice and another not at all': async (rig: Rig) => {
		const http = withList(rig, (page) => {
			const rows = rowsOf(rig, page);
			if (rows && rows.length > 1) rows[0] = rows[1];
			return page;
		});
		const work = open(rig, { http }).list();
		expect(await refusalOf(rig, work)).toBe('system.incompleteList');
	},
};

function sorted(extensions: readonly Extension[]): Extension[] {
	return [...extensions].sort((a, b) => (a.id < b.id ? -1 : 1));
}
