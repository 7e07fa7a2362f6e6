/** How accounts are put out of use, and how they go. */
import { codeOf, open } from '../rig.mts';
import type { Rig } from '../rig.mts';
import { existing, nameIn, others } from './acts.mts';

export const leaving = {
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

	'lists an account that is out of use, and says that it is': async (rig: Rig) => {
		const system = open(rig);
		const { id } = await system.create(rig.person(1));
		await system.setEnabled(id, false);
		const listed = (await system.list()).find((each) => each.id === id);
		expect(listed).toMatchObject({ enabled: false, fields: rig.person(1).fields });
		expect(await existing(system, id)).toEqual(listed);
	},

	'changes an account that is out of use, and leaves it so': async (rig: Rig) => {
		const system = open(rig);
		const { id } = await system.create(rig.person(1));
		await system.setEnabled(id, false);
		const after = await system.update(id, { [nameIn(rig)]: 'Eva' });
		expect(after).toMatchObject({ enabled: false, fields: { [nameIn(rig)]: 'Eva' } });
		expect((await system.setEnabled(id, true)).fields[nameIn(rig)]).toBe('Eva');
	},

	'leaves alone what no field covers when it puts an account out of use': async (rig: Rig) => {
		const system = open(rig);
		const { id } = await system.create(rig.person(1));
		rig.foreign.set(id);
		const foreign = rig.foreign.get(id);
		await system.setEnabled(id, false);
		await system.setEnabled(id, true);
		expect(rig.foreign.get(id)).toEqual(foreign);
	},

	'puts an account out of use although the first answer is lost': async (rig: Rig) => {
		const system = open(rig);
		const { id } = await system.create(rig.person(1));
		rig.control.fault({ ...rig.requests.update, does: { kind: 'dropAfter' } });
		expect((await system.setEnabled(id, false)).enabled).toBe(false);
	},

	'removes only the account it is asked to remove': async (rig: Rig) => {
		const system = open(rig);
		const { id } = await system.create(rig.person(1));
		const before = await others(rig, [id]);
		await system.delete(id);
		expect(await others(rig, [])).toEqual(before);
	},

	'no longer lists an account that another connection removed': async (rig: Rig) => {
		const system = open(rig);
		const { id } = await system.create(rig.person(1));
		await system.list();
		await open(rig).delete(id);
		expect((await system.list()).map((each) => each.id)).not.toContain(id);
		expect(await system.get(id)).toBeNull();
	},

	'makes the same person anew after removing': async (rig: Rig) => {
		const system = open(rig);
		const first = await system.create(rig.person(1));
		await system.delete(first.id);
		const second = await system.create(rig.person(1));
		expect(second.number).toBe(first.number);
		expect(second.fields).toEqual(first.fields);
	},

	'removes nobody when there is nobody of that id': async (rig: Rig) => {
		const system = open(rig);
		const count = rig.count();
		await system
			.delete('987654')
			.catch((thrown: unknown) => expect(codeOf(thrown)).toMatch(/^account\./));
		expect(rig.count()).toBe(count);
	},
};
