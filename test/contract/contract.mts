/**
 * What every phone system has to do, whoever made it. A system's own test file says where it is
 * and, with a reason, what it does instead of one of these behaviours.
 */
import type { Capabilities } from '../../pbx/adapter.ts';
import { behaviours } from './behaviours.mts';
import type { Behaviour } from './behaviours.mts';
import { open, refusalOf } from './rig.mts';
import type { Rig } from './rig.mts';

export interface Exception {
	readonly behaviour: Behaviour;
	readonly because: string;
	/** What happens instead. */
	instead(rig: Rig): Promise<void> | void;
}

/** Behaviours that only make sense where a capability is there, and what is so where it is not. */
interface Need {
	readonly behaviours: readonly Behaviour[];
	readonly isMet: (capabilities: Capabilities) => boolean;
	readonly because: string;
	readonly instead: Exception['instead'];
}

const NEEDS: readonly Need[] = [
	{
		behaviours: [
			'marks an account with the object id of its person, and changes nothing else',
			'marks an account and changes it in one go',
			'takes the mark off an account again',
		],
		isMet: ({ hasExternalId }) => hasExternalId,
		because: 'it has no slot for an object id',
		instead: async (rig) => {
			const system = open(rig);
			await system.create(rig.person(1));
			const marks = (await system.list()).map(({ externalId }) => externalId);
			expect(new Set(marks)).toEqual(new Set([null]));
		},
	},
	{
		behaviours: [
			'lists an account that is out of use, and says that it is',
			'changes an account that is out of use, and leaves it so',
			'leaves alone what no field covers when it puts an account out of use',
			'puts an account out of use although the first answer is lost',
		],
		isMet: ({ disable }) => disable !== 'none',
		because: 'nothing puts an account out of use from outside',
		instead: async (rig) => {
			const system = open(rig);
			const { id, enabled } = await system.create(rig.person(1));
			expect(enabled).toBeNull();
			rig.control.clearRequests();
			expect(await refusalOf(rig, system.setEnabled(id, false))).toMatch(/\.cannot\.disable$/);
			expect(rig.control.writes()).toEqual([]);
		},
	},
	{
		behaviours: [
			'removes only the account it is asked to remove',
			'no longer lists an account that another connection removed',
			'makes the same person anew after removing',
			'removes nobody when there is nobody of that id',
		],
		isMet: ({ canDelete }) => canDelete,
		because: 'nothing removes an account from outside',
		instead: async (rig) => {
			const system = open(rig);
			const { id } = await system.create(rig.person(1));
			const count = rig.count();
			expect(await refusalOf(rig, system.delete(id))).toMatch(/\.cannot\.delete$/);
			expect(rig.count()).toBe(count);
		},
	},
];

/** A machine that is busy with something else is no fault of a phone system. */
const PATIENCE_MS = 60_000;

export function runPhoneSystemContract(options: {
	readonly name: string;
	start(): Promise<Rig>;
	readonly exceptions?: readonly Exception[];
}): void {
	describe(`${options.name}, as a phone system`, () => {
		let rig: Rig;
		beforeEach(async () => {
			rig = await options.start();
		}, PATIENCE_MS);
		afterEach(async () => {
			await rig.stop();
		}, PATIENCE_MS);

		for (const [name, behave] of Object.entries(behaviours)) {
			const exception = options.exceptions?.find(({ behaviour }) => behaviour === name);
			const need = NEEDS.find((each) => each.behaviours.some((behaviour) => behaviour === name));
			if (exception) {
				const title = `does not have to: ${name} (${exception.because})`;
				it(title, async () => await exception.instead(rig), PATIENCE_MS);
			} else {
				it(
					need ? `${name}, unless ${need.because}` : name,
					async () => {
						const isMet = need?.isMet(rig.definition.capabilities) ?? true;
						await (isMet ? behave(rig) : need?.instead(rig));
					},
					PATIENCE_MS,
				);
			}
		}
	});
}
