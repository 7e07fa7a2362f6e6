/** Which numbers were given and released, as the journal and the links table remember it. */

export interface NumberEvent {
	readonly kind: 'given' | 'released';
	readonly number: string;
	/** Whose number it was; null where nobody says. */
	readonly userId: string | null;
	/** ISO time; null where it is known that it happened and not when. */
	readonly at: string | null;
}

export interface Cooling {
	/** Who had the number last, by number, of numbers that are not to be given to others yet. */
	readonly owners: ReadonlyMap<string, string | null>;
	/** The number a user had last, by user id, cooling or not. */
	readonly lastOf: ReadonlyMap<string, string>;
}

const DAY = 24 * 60 * 60 * 1000;

/**
 * Numbers that were released less than `days` ago. One that is known to be released and not when
 * goes on cooling: whoever still dials it must not reach a stranger. `now`: ISO time.
 */
export function coolingNumbers(
	history: readonly NumberEvent[],
	days: number,
	now: string,
): Cooling {
	const given = new Map<string, NumberEvent>();
	const dated = new Map<string, NumberEvent>();
	const undated = new Map<string, NumberEvent>();
	const lastOf = new Map<string, NumberEvent>();
	for (const event of history) {
		const released = timeOf(event) === -Infinity ? undated : dated;
		keepLater(event.kind === 'given' ? given : released, event.number, event);
		if (event.userId !== null) keepLater(lastOf, event.userId, event);
	}
	const owners = new Map<string, string | null>();
	for (const [number, event] of [...undated, ...dated]) {
		const known = dated.get(number);
		const again = given.get(number);
		const settled = known !== undefined && (again === undefined || timeOf(known) >= timeOf(again));
		const age = settled ? Date.parse(now) - timeOf(known) : 0;
		const open = settled || timeOf(event) === -Infinity;
		if (open && age < days * DAY) owners.set(number, (settled ? known : event).userId);
	}
	return {
		owners,
		lastOf: new Map([...lastOf].map(([userId, { number }]) => [userId, number])),
	};
}

function keepLater(into: Map<string, NumberEvent>, key: string, event: NumberEvent): void {
	if (isLater(event, into.get(key))) into.set(key, event);
}

/** Undated comes before everything; of two at one time the order of the rows must not matter. */
function isLater(one: NumberEvent, other: NumberEvent | undefined): boolean {
	if (other === undefined) return true;
	const [a, b] = [timeOf(one), timeOf(other)];
	return a === b ? signature(one) > signature(other) : a > b;
}

function timeOf({ at }: NumberEvent): number {
	const time = at === null ? NaN : Date.parse(at);
	return Number.isNaN(time) ? -Infinity : time;
}

function signature({ kind, number, userId }: NumberEvent): string {
	return `${kind} ${number} ${userId ?? ''}`;
}

/** Days looked back on, and the fewest that say anything about the days to come. */
const LOOK_BACK_DAYS = 90;
const FEWEST_DAYS = 14;

export interface Forecast {
	/** Numbers used up a day, those given back taken off. */
	readonly perDay: number;
	/** About when the last one is given, as an ISO date. */
	readonly runsOutOn: string;
}

/**
 * About when `free` numbers are used up, going on as in the last 90 days; null when that cannot be
 * said: less than two weeks of history, as many given back as taken, or more than ten years to go.
 * `isOwn` tells the numbers of the pool. `now`: ISO time.
 */
export function forecast(
	free: number,
	history: readonly NumberEvent[],
	isOwn: (number: string) => boolean,
	now: string,
): Forecast | null {
	const today = Date.parse(now);
	const ages = history
		.map((event) => ({ event, days: (today - timeOf(event)) / DAY }))
		.filter(({ days }) => days >= 0 && Number.isFinite(days));
	const days = Math.min(LOOK_BACK_DAYS, Math.max(0, ...ages.map((each) => each.days)));
	if (days < FEWEST_DAYS) return null;
	const recent = ages.filter((each) => each.days <= days && isOwn(each.event.number));
	const given = recent.filter(({ event }) => event.kind === 'given').length;
	const perDay = (2 * given - recent.length) / days;
	const left = free / perDay;
	if (perDay <= 0 || left > 3650) return null;
	return {
		perDay: Math.round(perDay * 100) / 100,
		runsOutOn: new Date(today + left * DAY).toISOString().slice(0, 10),
	};
}
