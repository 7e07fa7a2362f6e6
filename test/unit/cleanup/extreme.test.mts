import fc from 'fast-check';
import { extremeOf, withSighting, type Sighting } from '../../../sync/extreme.ts';

const DAY = 86_400_000;
const START = Date.parse('2026-01-01T00:00:00.000Z');
const at = (ms: number) => new Date(START + ms).toISOString();

/** Counts with hours between them, as a workflow sees them. */
const runs = fc.array(fc.record({ hours: fc.integer({ min: 1, max: 60 }), count: fc.nat(50) }), {
	minLength: 1,
	maxLength: 200,
});

describe('the fewest and the most of the last thirty days', () => {
	it.each(['lowest', 'highest'] as const)(
		'are remembered in at most 31 numbers (%s)',
		(extreme) => {
			fc.assert(
				fc.property(runs, (all) => {
					let seen: Sighting[] = [];
					let ms = 0;
					const history: Array<{ ms: number; count: number }> = [];
					for (const { hours, count } of all) {
						ms += hours * 3_600_000;
						history.push({ ms, count });
						seen = withSighting(seen, { at: at(ms), count }, extreme, 30);
						expect(seen.length).toBeLessThanOrEqual(31);
						const lately = history.filter((each) => each.ms >= ms - 30 * DAY);
						const counts = lately.map((each) => each.count);
						const best = extreme === 'lowest' ? Math.min(...counts) : Math.max(...counts);
						expect(extremeOf(seen, at(ms), 30)).toBe(best);
					}
				}),
			);
		},
	);

	it('are the latest count when the workflow rested for longer', () => {
		const seen = withSighting([], { at: at(0), count: 30 }, 'lowest', 30);
		expect(extremeOf(seen, at(90 * DAY), 30)).toBe(30);
	});

	it('are unknown at first', () => {
		expect(extremeOf([], at(0), 30)).toBeNull();
	});
});
