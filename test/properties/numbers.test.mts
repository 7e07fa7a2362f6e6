import fc from 'fast-check';
import {
	EMERGENCY_NUMBERS,
	inRanges,
	NumberPool,
	parseRanges,
	subtract,
} from '../../sync/numbers.ts';
import { plan } from '../../sync/plan.ts';
import { holds } from './holds.mts';
import { POOLS, RESERVED, worlds } from './worlds.mts';

const ranges = fc
	.array(
		fc
			.tuple(fc.nat(1_200), fc.nat(40), fc.integer({ min: 1, max: 5 }))
			.map(([from, length, width]) => {
				const [a, b] = [from, from + length].map((n) => String(n).padStart(width, '0'));
				return a?.length === b?.length ? `${String(a)}-${String(b)}` : String(a);
			}),
		{ maxLength: 5 },
	)
	.map((parts) => parts.join(', '));
const parsed = ranges.map((text) => parseRanges(text, 'Ranges'));

const all = Array.from({ length: 5 }, (_, index) => index + 1).flatMap((width) =>
	Array.from({ length: Math.min(10 ** width, 1_300) }, (_, n) => String(n).padStart(width, '0')),
);

describe('A number that is given', () => {
	holds(
		'is never in use, reserved, dialled for help, too long, given twice or outside the pools',
		fc.property(worlds, (input) => {
			const inUse = new Set(input.extensions.map(({ number }) => number));
			const given = plan(input).changes.flatMap(({ number }) =>
				number.value !== null && number.reason !== 'kept' ? [number] : [],
			);
			expect(new Set(given.map(({ value }) => value)).size).toBe(given.length);
			const reserved = parseRanges(RESERVED, '');
			for (const { value, pool, reason } of given) {
				const text = value ?? '';
				expect(inUse).not.toContain(text);
				expect(EMERGENCY_NUMBERS).not.toContain(text);
				expect(inRanges(reserved, text)).toBe(false);
				expect(text).toMatch(/^\d+$/);
				expect(text.length).toBeLessThanOrEqual(input.facts.numberMaxLength);
				const own = POOLS.find(({ name }) => name === pool)?.ranges;
				expect(reason === 'property' || inRanges(parseRanges(own ?? '', ''), text)).toBe(true);
			}
		}),
	);

	holds(
		'is the mapped one only where nobody else is mapped to it',
		fc.property(worlds, (input) => {
			const wishes = input.users.flatMap(({ user, contact }) =>
				user.status === 'active' ? (contact?.['number'] ?? []) : [],
			);
			for (const { number } of plan(input).changes) {
				if (number.reason !== 'property') continue;
				expect(wishes.filter((wish) => wish === number.value)).toHaveLength(1);
			}
		}),
	);

	holds(
		'is suggested to nobody else, nor is one number suggested twice',
		fc.property(worlds, (input) => {
			const { changes, conflicts } = plan(input);
			const numbers = [
				...input.extensions.map(({ number }) => number),
				...changes
					.filter(({ number }) => number.reason !== 'kept')
					.map(({ number }) => number.value),
				...conflicts.map(({ conflict }) => conflict.suggestion),
			].filter((number) => number !== null);
			expect(new Set(numbers).size).toBe(numbers.length);
		}),
	);
});

describe('Ranges', () => {
	holds(
		'less others hold exactly what was in the first and not in the others',
		fc.property(parsed, parsed, (some, others) => {
			const left = subtract(some, others);
			const wrong = all.filter(
				(number) =>
					inRanges(left, number) !== (inRanges(some, number) && !inRanges(others, number)),
			);
			expect(wrong).toEqual([]);
		}),
	);

	holds(
		'as a pool give every number once, and count what is left',
		fc.property(parsed, parsed, fc.array(fc.constantFrom(...all)), (some, blocked, inUse) => {
			const pool = new NumberPool('Test', some, blocked, 4);
			const taken = new Set(inUse);
			const given: string[] = [];
			const free = pool.free(taken);
			for (let next = pool.next(taken); next !== null; next = pool.next(taken)) {
				given.push(next);
				taken.add(next);
			}
			expect(given).toHaveLength(free);
			expect(pool.free(taken)).toBe(0);
			for (const number of given) {
				expect(inRanges(some, number) && !inRanges(blocked, number)).toBe(true);
			}
		}),
	);
});
