/** How accounts change: what was asked for, and nothing else of anybody. */
import { inLanes } from '../../../pbx/lanes.ts';
import { codeOf, open, refusalOf } from '../rig.mts';
import type { Rig } from '../rig.mts';
import { canSwitch, existing, makePeople, nameIn, NEW_VALUES, others, overheard } from './acts.mts';

export const changing = {
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

	'updates again when the connection is cut in between': async (rig: Rig) => {
		const system = open(rig);
		const { id } = await system.create(rig.person(1));
		rig.control.fault({ ...rig.requests.update, does: { kind: 'dropAfter' } });
		const after = await system.update(id, { [nameIn(rig)]: 'Eva' });
		expect(after.fields[nameIn(rig)]).toBe('Eva');
	},

	'changes several fields at once': async (rig: Rig) => {
		const system = open(rig);
		const { id, fields } = await system.create(rig.person(1));
		const email = 'other.address@example.com';
		const after = await system.update(id, { [nameIn(rig)]: 'Eva', email });
		expect(after.fields).toEqual({ ...fields, [nameIn(rig)]: 'Eva', email });
	},

	'keeps id, number and everything else when the mail address is another': async (rig: Rig) => {
		const system = open(rig);
		const before = await system.create(rig.person(1));
		const email = 'renamed@example.com';
		const after = await system.update(before.id, { email });
		expect(after).toEqual({ ...before, fields: { ...before.fields, email } });
		const same = (await system.list()).filter(({ fields }) => fields['email'] === email);
		expect(same.map(({ id }) => id)).toEqual([before.id]);
	},

	'gives the old mail address of somebody renamed to somebody else': async (rig: Rig) => {
		const system = open(rig);
		const { id, fields } = await system.create(rig.person(1));
		await system.update(id, { email: 'renamed@example.com' });
		const other = await system.create(rig.person(2, { email: fields['email'] ?? null }));
		expect(other.id).not.toBe(id);
		expect(other.fields['email']).toBe(fields['email']);
	},

	'changes nobody else': async (rig: Rig) => {
		const system = open(rig);
		const { id } = await system.create(rig.person(1));
		const before = await others(rig, [id]);
		await system.update(id, { [nameIn(rig)]: 'Eva', email: 'eva@example.com' });
		if (canSwitch(rig)) await system.setEnabled(id, false);
		expect(await others(rig, [id])).toEqual(before);
	},

	'changes many accounts at once, each its own way': async (rig: Rig) => {
		const system = open(rig);
		const made = await makePeople(rig, system, 8);
		const { concurrency } = rig.definition.capabilities;
		await inLanes(made, concurrency, async ({ id }) => {
			return await system.update(id, { [nameIn(rig)]: `Eva ${id}` });
		});
		for (const { id } of made) {
			expect((await existing(system, id)).fields[nameIn(rig)]).toBe(`Eva ${id}`);
		}
	},

	'writes the same once more without harm': async (rig: Rig) => {
		const system = open(rig);
		const { id, fields } = await system.create(rig.person(1));
		const written = { [nameIn(rig)]: fields[nameIn(rig)] ?? null, email: fields['email'] ?? null };
		const after = await system.update(id, written);
		expect(after.fields).toEqual(fields);
	},

	'lets the last of two changes stand': async (rig: Rig) => {
		const system = open(rig);
		const { id } = await system.create(rig.person(1));
		await system.update(id, { [nameIn(rig)]: 'Eva' });
		await open(rig).update(id, { [nameIn(rig)]: 'Zoe' });
		expect((await existing(system, id)).fields[nameIn(rig)]).toBe('Zoe');
	},

	'empties a field and fills it again': async (rig: Rig) => {
		const system = open(rig);
		const made = await system.create(rig.person(1));
		const [field = 'jobTitle'] = rig.clearable ?? ['jobTitle'];
		expect((await system.update(made.id, { [field]: null })).fields[field]).toBeNull();
		expect((await existing(system, made.id)).fields[field]).toBeNull();
		const value = made.fields[field] ?? null;
		expect(await system.update(made.id, { [field]: value })).toEqual(made);
	},

	'leaves alone what can only be given when creating': async (rig: Rig) => {
		const system = open(rig);
		const before = await system.create(rig.person(1));
		const { canChangeNumber } = rig.definition.capabilities;
		const given = rig.definition.fields.filter(({ createOnly }) => createOnly);
		const forbidden = Object.fromEntries(given.map(({ name }) => [name, '7777777']));
		const all = { ...forbidden, ...(canChangeNumber ? {} : { number: '7777777' }) };
		const after = await system.update(before.id, { ...all, [nameIn(rig)]: 'Eva' });
		expect(after).toEqual({ ...before, fields: { ...before.fields, [nameIn(rig)]: 'Eva' } });
	},

	'sends nothing of a field it does not have': async (rig: Rig) => {
		const { http, sent } = overheard(rig);
		const system = open(rig, { http });
		const { id, fields } = await system.create(rig.person(1, { shoeSize: 'thirty-eight' }));
		await system.update(id, { shoeSize: 'thirty-nine', [nameIn(rig)]: 'Eva' });
		expect(JSON.stringify(sent)).not.toContain('thirty-');
		expect(fields).not.toHaveProperty('shoeSize');
	},

	'keeps a long text whole, or refuses it and changes nothing': async (rig: Rig) => {
		const system = open(rig);
		const { id, fields } = await system.create(rig.person(1));
		for (const length of [255, 256, 4000]) {
			const before = (await existing(system, id)).fields[nameIn(rig)];
			const long = 'ü'.repeat(length);
			const code = await system.update(id, { [nameIn(rig)]: long }).then(
				() => null,
				(thrown: unknown) => codeOf(thrown),
			);
			if (code !== null) expect(code).toMatch(/^account\./);
			const after = (await existing(system, id)).fields;
			expect(after).toEqual({ ...fields, [nameIn(rig)]: code === null ? long : before });
		}
	},

	'marks an account with the object id of its person, and changes nothing else': async (
		rig: Rig,
	) => {
		const system = open(rig);
		const made = await system.create({ ...rig.person(1), externalId: null });
		rig.foreign.set(made.id);
		const foreign = rig.foreign.get(made.id);
		const { externalId } = rig.person(1);
		const after = await system.update(made.id, {}, externalId);
		expect(after).toEqual({ ...made, externalId });
		expect(await existing(system, made.id)).toEqual(after);
		expect((await system.list()).find(({ id }) => id === made.id)).toEqual(after);
		expect(rig.foreign.get(made.id)).toEqual(foreign);
	},

	'marks an account and changes it in one go': async (rig: Rig) => {
		const system = open(rig);
		const made = await system.create({ ...rig.person(1), externalId: null });
		const { externalId } = rig.person(1);
		const after = await system.update(made.id, { [nameIn(rig)]: 'Eva' }, externalId);
		expect(after.externalId).toBe(externalId);
		expect(after.fields).toEqual({ ...made.fields, [nameIn(rig)]: 'Eva' });
	},

	'takes the mark off an account again': async (rig: Rig) => {
		const system = open(rig);
		const made = await system.create(rig.person(1));
		expect(await system.update(made.id, {}, null)).toEqual({ ...made, externalId: null });
		expect((await existing(system, made.id)).externalId).toBeNull();
	},

	'keeps the mark when fields change': async (rig: Rig) => {
		const system = open(rig);
		const { id, externalId } = await system.create(rig.person(1));
		await system.update(id, { [nameIn(rig)]: 'Eva', email: 'eva@example.com' });
		expect((await existing(system, id)).externalId).toBe(externalId);
	},
};
