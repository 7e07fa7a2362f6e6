/** A person's word that something unusual is right this time: it names a number, and it ends. */
import { DateTime } from 'luxon';

/** An override that never ends would be an off switch, so nobody can set one further ahead. */
const LONGEST_OVERRIDE_DAYS = 31;

export interface Moment {
	/** Now, as ISO text with its offset. */
	readonly now: string;
	/** IANA name of the zone a date without an offset is meant in. */
	readonly zone: string;
}

/**
 * Why an override that is good until `until` (an ISO date, or date and time) does not count, or null
 * when it does. A date alone is good until that day ends.
 */
export function whyNotStanding(until: string, { now, zone }: Moment): string | null {
	const at = DateTime.fromISO(now, { zone });
	const named = DateTime.fromISO(until, { zone });
	if (!named.isValid || !at.isValid) return `The override has no readable end date ('${until}').`;
	const end = namesWholeDay(until) ? named.endOf('day') : named;
	if (at > end) return `The override ended on ${end.toISODate()}.`;
	if (end > at.plus({ days: LONGEST_OVERRIDE_DAYS }).endOf('day'))
		return `The override ends on ${end.toISODate()}, and one may last ${String(LONGEST_OVERRIDE_DAYS)} days at most.`;
	return null;
}

/** n8n's date picker gives midnight when a person chose only a day. */
function namesWholeDay(text: string): boolean {
	return /^\d{4}-\d{2}-\d{2}([T ]00:00(:00(\.0+)?)?)?$/.test(text.trim());
}
