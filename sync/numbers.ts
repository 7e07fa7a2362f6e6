/**
 * Extension numbers are text: `0200` and `200` are two numbers. A range therefore has a width, the
 * count of digits, and holds only numbers of that width.
 */
import { DiagnosedError } from './diagnostic';

export interface NumberRange {
	readonly width: number;
	/** First and last number as integers, both included. */
	readonly from: number;
	readonly to: number;
}

/** Above this an integer is no longer exact, and no phone system has longer extensions. */
const MAX_DIGITS = 15;

/**
 * Numbers people dial for help. Never given to anyone, even inside a pool, because an extension
 * with such a number can swallow the call. Numbers that already exist are left alone.
 *
 * Emergency: 000 (Australia), 110 (Germany, Japan, China), 111 (New Zealand), 112 (Europe, mobile
 * phones everywhere), 113, 115, 117, 118, 119 (police, fire or ambulance in several countries),
 * 144 (Austria, Switzerland), 911 (North America), 999 (United Kingdom and others). 933 tests 911
 * lines, 988 is North America's crisis line.
 */
export const EMERGENCY_NUMBERS: ReadonlySet<string> = new Set(
	'000 110 111 112 113 115 117 118 119 144 911 933 988 999'.split(' '),
);

/**
 * Reads `200-299, 400-449, 500`, separated by commas, semicolons or line breaks. The order is kept,
 * because it is the order numbers are given in. Throws a `DiagnosedError` naming `field` for
 * whatever it cannot read.
 */
export function parseRanges(text: string, field: string): NumberRange[] {
	return text
		.split(/[,;\n]/)
		.map((part) => part.trim())
		.filter((part) => part !== '')
		.flatMap((part) => parseRange(part, field));
}

function parseRange(part: string, field: string): NumberRange[] {
	const [, from, to = from] = /^(\d+)(?:\s*[-–]\s*(\d+))?$/.exec(part) ?? [];
	if (from === undefined || to === undefined || to.length > MAX_DIGITS) {
		return refuse(part, field, 'A range is two numbers with a hyphen, at most 15 digits each.');
	}
	if (Number(from) > Number(to) || from.length > to.length) {
		return refuse(part, field, 'The first number of a range must not be greater than the last.');
	}
	if (from.length < to.length && from.startsWith('0') && from !== '0') {
		return refuse(part, field, 'With leading zeros, both ends must have the same count of digits.');
	}
	// 200-1299 are two ranges, of three and of four digits.
	const ranges: NumberRange[] = [];
	for (let width = from.length; width <= to.length; width++) {
		ranges.push({
			width,
			from: width === from.length ? Number(from) : 10 ** (width - 1),
			to: width === to.length ? Number(to) : 10 ** width - 1,
		});
	}
	return ranges;
}

function refuse(part: string, field: string, why: string): never {
	throw new DiagnosedError({
		code: 'numbers.unreadable',
		what: `"${part}" in '${field}' is not a number or a range of numbers.`,
		why,
		fix: 'Write it like 200-299, 400-449.',
		field,
	});
}

/** Whether `number` lies in one of the ranges: same width, between the ends. */
export function inRanges(ranges: readonly NumberRange[], number: string): boolean {
	return ranges.some((range) => holds(range, number));
}

function holds({ width, from, to }: NumberRange, number: string): boolean {
	return number.length === width && /^\d+$/.test(number) && between(Number(number), from, to);
}

/** Whether a longer number in one of the ranges begins with `number`. */
export function beginsOneIn(ranges: readonly NumberRange[], number: string): boolean {
	return ranges.some(({ width, from, to }) => {
		if (width <= number.length) return false;
		const places = 10 ** (width - number.length);
		const first = Number(number) * places;
		return first <= to && first + places - 1 >= from;
	});
}

function between(value: number, from: number, to: number): boolean {
	return value >= from && value <= to;
}

/** Cuts `holes` out of `ranges`. Order is kept; what is cut in two stays in place. */
export function subtract(
	ranges: readonly NumberRange[],
	holes: readonly NumberRange[],
): NumberRange[] {
	const sorted = [...holes].sort((a, b) => a.from - b.from);
	return ranges.flatMap((range) => {
		const left: NumberRange[] = [];
		let { from } = range;
		for (const hole of sorted) {
			if (hole.width !== range.width || hole.to < from || hole.from > range.to) continue;
			if (hole.from > from) left.push({ ...range, from, to: hole.from - 1 });
			from = hole.to + 1;
		}
		if (from <= range.to) left.push({ ...range, from });
		return left;
	});
}

/** As far as a pool needs to know what is taken; `TakenNumbers` or a set. */
export interface Taken extends Iterable<string> {
	has(number: string): boolean;
	/** Whether beginnings of numbers matter too, so that more is taken than is listed. */
	readonly whole?: boolean;
}

const MOST_WALKED = 100_000;

/**
 * A supply of numbers, given in the order its ranges were written. It knows which numbers may be
 * given at all; which of them are taken is said by the caller, because pools can overlap.
 */
export class NumberPool {
	private readonly ranges: readonly NumberRange[];
	private readonly size: number;
	private range = 0;
	private offset = 0;

	/** `blocked`: reserved ranges. Emergency numbers and numbers longer than `maxLength` are never part of a pool. */
	constructor(
		readonly name: string,
		ranges: readonly NumberRange[],
		blocked: readonly NumberRange[],
		maxLength: number,
	) {
		const emergency = [...EMERGENCY_NUMBERS].flatMap((number) => parseRanges(number, name));
		const usable = ranges.filter(({ width }) => width <= maxLength);
		const once = usable.flatMap((range, index) => subtract([range], usable.slice(0, index)));
		this.ranges = subtract(once, [...blocked, ...emergency]);
		this.size = this.ranges.reduce((sum, { from, to }) => sum + to - from + 1, 0);
	}

	has(number: string): boolean {
		return inRanges(this.ranges, number);
	}

	/**
	 * The next number that is not in `taken`, or null. It is not taken by asking. `taken` must only
	 * ever grow between calls: the pool does not look back.
	 */
	next(taken: Taken): string | null {
		for (; this.range < this.ranges.length; this.range++, this.offset = 0) {
			const { width, from, to } = this.ranges[this.range] ?? { width: 0, from: 1, to: 0 };
			for (; from + this.offset <= to; this.offset++) {
				const number = String(from + this.offset).padStart(width, '0');
				if (!taken.has(number)) return number;
			}
		}
		return null;
	}

	/** How many numbers are left; where beginnings matter, of the first hundred thousand of the pool. */
	free(taken: Taken): number {
		if (taken.whole === true) return this.walk(taken);
		let used = 0;
		for (const number of taken) if (this.has(number)) used++;
		return this.size - used;
	}

	private walk(taken: Taken): number {
		let free = 0;
		let left = MOST_WALKED;
		for (const { width, from, to } of this.ranges) {
			for (let value = from; value <= to && left > 0; value++, left--) {
				if (!taken.has(String(value).padStart(width, '0'))) free++;
			}
		}
		return free;
	}
}
