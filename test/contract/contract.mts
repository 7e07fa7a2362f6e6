/**
 * What every phone system has to do, whoever made it. A system's own test file says where it is
 * and, with a reason, what it does instead of one of these behaviours.
 */
import { behaviours } from './behaviours.mts';
import type { Behaviour } from './behaviours.mts';
import type { Rig } from './rig.mts';

export interface Exception {
	readonly behaviour: Behaviour;
	readonly because: string;
	/** What happens instead. */
	instead(rig: Rig): Promise<void> | void;
}

export function runPhoneSystemContract(options: {
	readonly name: string;
	start(): Promise<Rig>;
	readonly exceptions?: readonly Exception[];
}): void {
	describe(`${options.name}, as a phone system`, () => {
		let rig: Rig;
		beforeEach(async () => {
			rig = await options.start();
		});
		afterEach(async () => {
			await rig.stop();
		});

		for (const [name, behave] of Object.entries(behaviours)) {
			const exception = options.exceptions?.find(({ behaviour }) => behaviour === name);
			if (exception) {
				it(`does not have to: ${name} (${exception.because})`, async () => {
					await exception.instead(rig);
				});
			} else {
				it(name, () => behave(rig));
			}
		}
	});
}
