/** What to tell before something the sign-in needs comes to its end. */
import type { Diagnostic } from '../sync/diagnostic';

/** From so many days before the end on, people are told. */
const NOTICE_DAYS = 30;
const DAY = 86_400_000;

/** What ends: the beginning of its codes, how it is called, and the way out. */
export type Ending = Pick<Diagnostic, 'code' | 'fix'> & {
	readonly name: string;
	readonly field: string;
};

/** Null while the end is far away. Both times in milliseconds since 1970. */
export function endingNote(
	{ code, name, fix, field }: Ending,
	end: number,
	now: number,
): Diagnostic | null {
	if (Number.isNaN(end) || end - now > NOTICE_DAYS * DAY) return null;
	const day = new Date(end).toISOString().slice(0, 10);
	const days = Math.floor((end - now) / DAY);
	const when =
		end <= now
			? `ended on ${day}`
			: `ends on ${day}, ${days === 1 ? 'in 1 day' : `in ${days} days`}`;
	return {
		code: end <= now ? `${code}Ended` : `${code}Ends`,
		what: `The ${name} of the Entra ID credential ${when}.`,
		why: 'From then on Entra ID does not accept it, and nothing is synced.',
		fix,
		field,
	};
}
