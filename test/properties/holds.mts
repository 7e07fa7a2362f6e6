import fc from 'fast-check';
import seeds from './seeds.json';

/** Cases per property; another count for a quick or a long run: `PROPERTY_RUNS=500`. */
const numRuns = Number(process.env['PROPERTY_RUNS'] ?? 10_000);

/** The same cases in every run, so that a red run can be looked at; other ones: `PROPERTY_SEED=7`. */
const seed = Number(process.env['PROPERTY_SEED'] ?? 2026);

/**
 * Tries a property on generated cases, first on those that once showed a fault: `seeds.json` holds
 * seed and path of each, as fast-check prints them, under the property's name. `atLeast`: cases in
 * every run, for properties that so much hangs on.
 */
export function holds<T>(name: string, property: fc.IProperty<T>, atLeast = 0): void {
	it(name, () => {
		const kept: Partial<Record<string, { seed: number; path: string }[]>> = seeds;
		for (const replay of kept[name] ?? []) fc.assert(property, replay);
		fc.assert(property, { seed, numRuns: Math.max(numRuns, atLeast) });
	});
}
