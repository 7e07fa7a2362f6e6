/**
 * Keeps planning from becoming slow unnoticed. Ratios of things that run one after the other, so a
 * busy machine slows both; bounds are several times what is measured, so only a change of kind shows.
 * The figures themselves: `npm run bench -- engine`.
 */
import { plan } from '../../../sync/plan.ts';
import { company, inputOf, type Company } from '../../bench/engine/company.mts';

const PEOPLE = 20_000;
const RUNS = 3;

const text = JSON.stringify(company(PEOPLE));
// Made by the line above.
const whole = JSON.parse(text) as Company;

test('planning takes no more than a few times what reading its input takes', () => {
	const parsing = time(() => JSON.parse(text) as unknown);
	const planning = time(() => plan(inputOf(whole)));
	expect(planning / parsing).toBeLessThan(8);
});

test('a first run, where everybody is adopted, takes no more than some times that', () => {
	const parsing = time(() => JSON.parse(text) as unknown);
	const planning = time(() => plan(inputOf({ ...whole, links: [] })));
	expect(planning / parsing).toBeLessThan(25);
});

test('ten times the people take about ten times as long, and not a hundred times', () => {
	const few = inputOf(company(PEOPLE / 10));
	const many = inputOf(whole);
	expect(time(() => plan(many)) / time(() => plan(few))).toBeLessThan(40);
});

/** The quickest of some runs, which other work on the machine disturbed least. */
function time(work: () => unknown): number {
	const times = Array.from({ length: RUNS }, () => {
		const began = performance.now();
		work();
		return performance.now() - began;
	});
	return Math.min(...times);
}
