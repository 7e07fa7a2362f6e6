import { beginsOneIn, EMERGENCY_NUMBERS, inRanges, type NumberRange } from './numbers';

/**
 * Numbers that cannot be given any more. Only grows.
 *
 * `whole`: on some phone systems a number that is the beginning of another one rings as soon as its
 * last digit is dialled, and the longer one can never be reached. With it, such numbers count as
 * taken too, in both directions, beside those in use, the reserved ones and the emergency numbers.
 */
export class TakenNumbers {
	private readonly numbers = new Set<string>();
	private readonly beginnings = new Set<string>();

	constructor(
		readonly whole: boolean,
		private readonly reserved: readonly NumberRange[],
	) {
		if (!whole) return;
		for (const number of EMERGENCY_NUMBERS) this.rememberBeginnings(number);
	}

	add(number: string): void {
		this.numbers.add(number);
		if (this.whole) this.rememberBeginnings(number);
	}

	has(number: string): boolean {
		return this.numbers.has(number) || (this.whole && this.collides(number));
	}

	/** Whether it is the beginning of another number that is spoken for, or begins with one. */
	collides(number: string): boolean {
		if (!this.whole) return false;
		if (this.beginnings.has(number)) return true;
		for (let length = 1; length < number.length; length++) {
			const start = number.slice(0, length);
			const spoken = this.numbers.has(start) || EMERGENCY_NUMBERS.has(start);
			if (spoken || inRanges(this.reserved, start)) return true;
		}
		return beginsOneIn(this.reserved, number);
	}

	[Symbol.iterator](): Iterator<string> {
		return this.numbers.values();
	}

	private rememberBeginnings(number: string): void {
		for (let length = 1; length < number.length; length++) {
			this.beginnings.add(number.slice(0, length));
		}
	}
}
