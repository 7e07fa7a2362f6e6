/**
 * The promise that nothing is lost or doubled when a run is disturbed, tried from many seeds.
 *
 *   npm run test:faults                       1,000 seeds
 *   FAULT_SEEDS=20000 npm run test:faults     more of them
 *   FAULT_FROM=4711 FAULT_SEEDS=1 ...         one that went wrong, with all that happened
 */
import { ALL_FAULTS } from './network.mts';
import { simulate } from './simulation.mts';

const FROM = Number(process.env['FAULT_FROM'] ?? 1);
const SEEDS = Number(process.env['FAULT_SEEDS'] ?? 1000);

it(`comes to the right end from ${String(SEEDS)} seeds of trouble, the same way every time`, async () => {
	const violations: string[] = [];
	const injected = new Map<string, number>();
	for (let seed = FROM; seed < FROM + SEEDS; seed++) {
		const once = await simulate(seed);
		const again = await simulate(seed);
		if (once.log !== again.log) violations.push(`seed ${String(seed)}: two runs of it differ`);
		violations.push(...once.violations.map((what) => `seed ${String(seed)}: ${what}`));
		for (const [fault, times] of once.injected) {
			injected.set(fault, (injected.get(fault) ?? 0) + times);
		}
		if (SEEDS === 1) process.stderr.write(`${once.log}\n`);
	}
	const sum = [...injected.values()].reduce((all, times) => all + times, 0);
	const kinds = ALL_FAULTS.map((fault) => `  ${String(injected.get(fault) ?? 0)} x ${fault}`);
	const told = `${String(SEEDS)} seeds, ${String(sum)} faults, ${String(violations.length)} violations`;
	process.stderr.write(`${[told, ...kinds].join('\n')}\n`);
	expect(violations).toEqual([]);
	if (SEEDS >= 1000) for (const fault of ALL_FAULTS) expect(injected.get(fault)).toBeGreaterThan(0);
}, 900_000);
