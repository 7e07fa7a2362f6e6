/** Random choices that a seed repeats exactly. */
export class Chance {
	constructor(private state: number) {}

	/** From 0 up to 1 (mulberry32). */
	readonly next = (): number => {
		this.state = (this.state + 0x6d2b79f5) | 0;
		let mixed = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
		mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
	};

	below(end: number): number {
		return Math.floor(this.next() * end);
	}

	is(likelihood: number): boolean {
		return this.next() < likelihood;
	}

	of<T>(choices: readonly [T, ...T[]]): T {
		return choices[this.below(choices.length)] ?? choices[0];
	}
}
