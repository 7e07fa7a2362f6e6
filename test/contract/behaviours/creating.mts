/** How accounts come into being: once, and as they were asked for. */
import { fingerprint } from '../../../sync/fingerprint.ts';
import { codeOf, open, refusalOf } from '../rig.mts';
import type { Rig } from '../rig.mts';
import {
	canSwitch,
	existing,
	makePeople,
	nameIn,
	overheard,
	secretsIn,
	writableFields,
} from './acts.mts';

export const creating = {
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

	'keeps a name in any script as it is': async (rig: Rig) => {
		const system = open(rig);
		const names = ['أحمد', 'יעל', 'Ζωή', 'Ирина', 'สมชาย', 'Zoe\u0308', '🦊 Fox', 'Nguyễn'];
		for (const [n, name] of names.entries()) {
			const made = await system.create(rig.person(n, { [nameIn(rig)]: name }));
			expect((await existing(system, made.id)).fields[nameIn(rig)]).toBe(name);
		}
		const listed = (await system.list()).map(({ fields }) => fields[nameIn(rig)]);
		expect(listed).toEqual(expect.arrayContaining(names));
	},

	'does not take markup, formulas or templates in a name for anything but text': async (
		rig: Rig,
	) => {
		const system = open(rig);
		const names = [
			'=1+1',
			'{{ $json }}',
			'${x}',
			'<script>',
			"'; DROP TABLE",
			'{id}',
			'&amp;',
			'#1',
		];
		for (const [n, name] of names.entries()) {
			const made = await system.create(rig.person(n, { [nameIn(rig)]: name }));
			expect(made.fields[nameIn(rig)]).toBe(name);
			await system.update(made.id, { [nameIn(rig)]: `${name}!` });
			expect((await existing(system, made.id)).fields[nameIn(rig)]).toBe(`${name}!`);
		}
	},

	'keeps a mail address with plus, apostrophe and capitals': async (rig: Rig) => {
		const system = open(rig);
		for (const [n, email] of ["Ada.O'Hara@Example.com", 'ada+pbx@example.com'].entries()) {
			const made = await system.create(rig.person(n, { email }));
			const told = (await existing(system, made.id)).fields['email'];
			expect(told?.toLowerCase()).toBe(email.toLowerCase());
		}
	},

	'makes an account with nothing but what it needs': async (rig: Rig) => {
		const system = open(rig);
		const full = rig.person(1);
		const needed = rig.definition.fields.filter(({ required }) => required).map(({ name }) => name);
		const names = [nameIn(rig), 'email', ...needed];
		const fields = Object.fromEntries(
			Object.entries(full.fields).filter(([name]) => names.includes(name)),
		);
		const made = await system.create({ ...full, fields });
		expect(made.fields).toMatchObject(fields);
		for (const name of Object.keys(full.fields).filter((each) => !names.includes(each))) {
			expect(made.fields[name] ?? null).toBeNull();
		}
	},

	'makes nobody without what it needs': async (rig: Rig) => {
		const needed = rig.definition.fields.filter(({ required }) => required).map(({ name }) => name);
		for (const name of needed) {
			const system = open(rig);
			const count = rig.count();
			const { number, fields, externalId } = rig.person(1);
			const without =
				name === 'number'
					? { number: null, fields, externalId }
					: { number, fields: { ...fields, [name]: null }, externalId };
			expect(await refusalOf(rig, system.create(without))).toMatch(/^account\./);
			expect(rig.count()).toBe(count);
		}
	},

	'makes different accounts for people of the same name': async (rig: Rig) => {
		const system = open(rig);
		const count = rig.count();
		const made = [await system.create(rig.person(1)), await system.create(rig.person(2))];
		expect(new Set(made.map(({ id }) => id)).size).toBe(2);
		expect(rig.count()).toBe(count + 2);
	},

	'makes many at once, each once, and each as it was asked for': async (rig: Rig) => {
		const system = open(rig);
		const count = rig.count();
		const made = await makePeople(rig, system, 12);
		expect(new Set(made.map(({ id }) => id)).size).toBe(12);
		expect(rig.count()).toBe(count + 12);
		for (const [n, each] of made.entries()) {
			expect(each.fields).toMatchObject(rig.person(n + 1).fields);
			expect(each.number).toBe(rig.person(n + 1).number);
		}
	},

	'gives a mail address to two people, or says that it may not': async (rig: Rig) => {
		const system = open(rig);
		const { email = null } = (await system.create(rig.person(1))).fields;
		const count = rig.count();
		const second = system.create(rig.person(2, { email, [nameIn(rig)]: 'Other' }));
		if (rig.definition.capabilities.sharedEmail) {
			expect((await second).fields['email']).toBe(email);
			expect(rig.count()).toBe(count + 1);
		} else {
			expect(await refusalOf(rig, second)).toBe('account.duplicate');
			expect(rig.count()).toBe(count);
		}
	},

	'gives a mobile number to two people, or says that it may not': async (rig: Rig) => {
		const mobile = rig.person(1).fields['mobile'] ?? null;
		if (mobile === null) {
			const names = writableFields(rig).map(({ name }) => name);
			expect(names).not.toContain('mobile');
			return;
		}
		const system = open(rig);
		await system.create(rig.person(1));
		const count = rig.count();
		const second = system.create(rig.person(2, { mobile }));
		if (rig.definition.capabilities.sharedMobile === false) {
			expect(await refusalOf(rig, second)).toBe('account.duplicate');
			expect(rig.count()).toBe(count);
		} else {
			expect((await second).fields['mobile']).toBe(mobile);
		}
	},

	'finishes what an earlier try left half made': async (rig: Rig) => {
		const count = rig.count();
		const broken = { kind: 'status', status: 503 } as const;
		rig.control.fault({ ...rig.requests.update, times: 999, does: broken });
		await open(rig)
			.create(rig.person(1))
			.catch((thrown: unknown) => expect(codeOf(thrown)).toMatch(/^system\./));
		rig.control.clearFaults();
		const made = await open(rig).create(rig.person(1));
		expect(made.fields).toMatchObject(rig.person(1).fields);
		expect(rig.count()).toBe(count + 1);
	},

	'makes one account when the server fails after making it': async (rig: Rig) => {
		const count = rig.count();
		rig.control.fault({ ...rig.requests.create, does: { kind: 'breakOff' } });
		const made = await open(rig).create(rig.person(1));
		expect(made.fields).toMatchObject(rig.person(1).fields);
		expect(rig.count()).toBe(count + 1);
	},

	'does not insist on what was refused': async (rig: Rig) => {
		const count = rig.count();
		const refused = { kind: 'status', status: 400 } as const;
		rig.control.fault({ ...rig.requests.create, times: 999, does: refused });
		await refusalOf(rig, open(rig).create(rig.person(1)));
		const spoiled = rig.control.requests().filter(({ fault }) => fault === 'status');
		expect(spoiled).toHaveLength(1);
		expect(rig.count()).toBe(count);
	},

	'keeps the object id of the person where it has a slot for it': async (rig: Rig) => {
		const system = open(rig);
		const { externalId } = rig.person(1);
		const { id } = await system.create(rig.person(1));
		const expected = rig.definition.capabilities.hasExternalId ? externalId : null;
		expect((await existing(system, id)).externalId).toBe(expected);
		const listed = (await system.list()).find((each) => each.id === id);
		expect(listed?.externalId).toBe(expected);
	},

	"makes an account that is nobody's in particular": async (rig: Rig) => {
		const made = await open(rig).create({ ...rig.person(1), externalId: null });
		expect(made.externalId).toBeNull();
		expect(made.fields).toMatchObject(rig.person(1).fields);
	},

	'tells the passwords it makes to nobody': async (rig: Rig) => {
		const { http, sent } = overheard(rig);
		const system = open(rig, { http });
		const made = await system.create(rig.person(1));
		const told = JSON.stringify([made, await system.get(made.id), await system.list()]);
		for (const secret of secretsIn(sent, rig)) expect(told).not.toContain(secret);
	},

	'makes other passwords for every account': async (rig: Rig) => {
		const { http, sent } = overheard(rig);
		await makePeople(rig, open(rig, { http }), 5);
		const secrets = secretsIn(sent, rig);
		if (secrets.length > 0) expect(new Set(secrets).size).toBeGreaterThanOrEqual(5);
		for (const secret of secrets) expect(secret.length).toBeGreaterThanOrEqual(8);
	},

	'takes every value it offers to pick from': async (rig: Rig) => {
		const system = open(rig);
		for (const [n, { name }] of rig.definition.fields.entries()) {
			const [value] = (await system.choices?.(name)) ?? [];
			if (value === undefined) continue;
			const { fields } = await system.create(rig.person(n + 1, { [name]: value }));
			if (name in fields) expect(fields[name]).toBe(value);
		}
	},

	'offers each value once to pick from, and none where any text will do': async (rig: Rig) => {
		const system = open(rig);
		expect((await system.choices?.('nonsense')) ?? null).toBeNull();
		expect((await system.choices?.(nameIn(rig))) ?? null).toBeNull();
		for (const { name } of rig.definition.fields) {
			const values = (await system.choices?.(name)) ?? [];
			expect(new Set(values).size).toBe(values.length);
			for (const value of values) expect(value).toMatch(/\S/);
		}
	},
};

async function makesOne(rig: Rig, kind: 'dropAfter' | 'truncate'): Promise<void> {
	const count = rig.count();
	rig.control.fault({ ...rig.requests.create, does: { kind } });
	const made = await open(rig).create(rig.person(1));
	expect(made.fields).toMatchObject(rig.person(1).fields);
	expect(rig.count()).toBe(count + 1);
}
