import process from 'node:process';
import fc from 'fast-check';
import seeds from './seeds.json';

/** Cases per property; another count for a quick or a long run: `PROPERTY_RUNS=500`. */
const numRuns = Number(process.env['PROPERTY_RUNS'] ?? 10_000);

/** So many are tried however slow the machine is; for the others it has `PROPERTY_SECONDS`. */
const ALWAYS = 1_000;
const seconds = Number(process.env['PROPERTY_SECONDS'] ?? (process.env['PROPERTY_RUNS'] ? 0 : 8));

/** The same cases in every run, so that a red run can be looked at; other ones: `PROPERTY_SEED=7`. */
const seed = Number(process.env['PROPERTY_SEED'] ?? 2026);

/**
 * Tries a property on generated cases, first on those that once showed a fault: `seeds.json` holds
 * seed and path of each, as fast-check prints them, under the property's name. `atLeast`: cases in
 * every run, for properties that so much hangs on. A machine that is too slow for all of them stops
 * earlier and says after how many; `PROPERTY_SECONDS=0` lets it take its time.
 */
export function holds<T>(name: string, property: fc.IProperty<T>, atLeast = 0): void {
	it(name, () => {
		const kept: Partial<Record<string, { seed: number; path: string }[]>> = seeds;
		for (const replay of kept[name] ?? []) fc.assert(property, replay);
		const wanted = Math.max(numRuns, atLeast);
		const always = seconds === 0 ? wanted : Math.min(wanted, Math.max(ALWAYS, atLeast));
		fc.assert(property, { seed, numRuns: always });
		if (always === wanted) return;
		const further = fc.check(property, {
			seed: seed + 1,
			numRuns: wanted - always,
			interruptAfterTimeLimit: seconds * 1000,
			markInterruptAsFailure: false,
		});
		if (further.failed) throw new Error(fc.defaultReportMessage(further));
		if (!further.interrupted) return;
		const tried = String(always + further.numRuns);
		process.stderr.write(`${name}: ${tried} of ${String(wanted)} cases, then time was up\n`);
	});
}
