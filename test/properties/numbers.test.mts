import fc from 'fast-check';
import {
	EMERGENCY_NUMBERS,
	inRanges,
	NumberPool,
	parseRanges,
	subtract,
} from '../../sync/numbers.ts';
import type { NumberEvent } from '../../sync/history.ts';
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

const NOW = '2026-06-01T08:00:00.000Z';
const hoursBefore = (time: string, hours: number) =>
	new Date(Date.parse(time) - hours * 3_600_000).toISOString();

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

describe('A number that was somebody else’s until lately', () => {
	const DAYS = 30;
	const event = fc.record<NumberEvent>({
		kind: fc.constantFrom('given', 'released'),
		number: fc.oneof(
			fc.integer({ min: 200, max: 209 }).map(String),
			fc.integer({ min: 300, max: 302 }).map((n) => `0${String(n)}`),
		),
		userId: fc.option(
			fc.integer({ min: 1, max: 6 }).map((n) => `u${String(n)}`),
			{ nil: null },
		),
		at: fc.nat(60 * 24).map((hours) => hoursBefore(NOW, hours)),
	});
	/** Of two events at one time nobody could say which was the last. */
	const history = fc.uniqueArray(event, { selector: ({ at }) => at, maxLength: 12 });

	holds(
		'is given to nobody but its old owner',
		fc.property(worlds, history, (world, past) => {
			const numbering = { ...world.settings.numbering, coolingDays: DAYS };
			const settings = { ...world.settings, numbering };
			const { changes } = plan({ ...world, settings, history: past, now: NOW });
			const latest = [...past].sort((a, b) => ((a.at ?? '') < (b.at ?? '') ? 1 : -1));
			for (const { user, number, extension } of changes) {
				if (number.value === null || number.reason === 'kept') continue;
				if (number.value === extension?.number) continue;
				const last = latest.find((each) => each.number === number.value);
				const cools = last?.kind === 'released' && (last.at ?? '') > hoursBefore(NOW, DAYS * 24);
				if (cools) expect(user.id).toBe(last.userId);
			}
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
