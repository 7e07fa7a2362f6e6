/**
 * The smallest or largest count of the last days, remembered in a handful of numbers. A limit that
 * is a share of something must not grow because that something grew this morning.
 */
export interface Sighting {
	/** ISO time in UTC. */
	readonly at: string;
	readonly count: number;
}

export type Extreme = 'lowest' | 'highest';

/**
 * The extreme of the last `days` before `now`. Null when nothing was ever seen. When all that was
 * seen is older, the latest of it: a workflow that rested for two months knows no more.
 */
export function extremeOf(seen: readonly Sighting[], now: string, days: number): number | null {
	return (seen.find(({ at }) => isWithin(at, now, days)) ?? seen.at(-1))?.count ?? null;
}

/**
 * What to remember after one more sighting. Kept is only what can still become the extreme, and one
 * count per day, so there are never more entries than days.
 */
export function withSighting(
	seen: readonly Sighting[],
	next: Sighting,
	extreme: Extreme,
	days: number,
): Sighting[] {
	const outdone = ({ count }: Sighting) =>
		extreme === 'lowest' ? count >= next.count : count <= next.count;
	const kept = seen.filter((each) => isWithin(each.at, next.at, days) && !outdone(each));
	const today = kept.some(({ at }) => at.slice(0, 10) === next.at.slice(0, 10));
	return today ? kept : [...kept, next];
}

function isWithin(at: string, now: string, days: number): boolean {
	return Date.parse(at) >= Date.parse(now) - days * 86_400_000;
}
