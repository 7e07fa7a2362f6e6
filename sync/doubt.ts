/**
 * What experience says about a read that looks whole: a directory that lost a third of its people
 * overnight, or does not know the managing director, is more likely another directory, a lost
 * permission or a changed filter than the truth.
 */
import type { Diagnostic } from './diagnostic';
import type { ContactItem } from './item';
import { whyNotStanding, type Moment } from './override';
import type { Plan } from './plan';

export interface Experience extends Moment {
	/** The most users in service of the last days, as earlier runs saw them; null: never yet. */
	readonly mostInService: number | null;
	/** How much of that may be missing, in percent. 100 asks for nothing. */
	readonly maxDropPercent: number;
	/** A person's word that so few are right. */
	readonly accepted: { readonly count: number; readonly until: string } | null;
	/** Sign-in names, mail addresses or object ids of people who must be there and in service. */
	readonly mustBeThere: readonly string[];
}

/** Losing so few is never a sign of anything. */
const FLOOR = 3;

/** Users in service: what is counted and compared. */
export function inService(users: readonly ContactItem[]): number {
	return new Set(users.filter(({ user }) => user.status === 'active').map(({ user }) => user.id))
		.size;
}

/** Empty when the users look as they always did. */
export function doubtsFromExperience(
	users: readonly ContactItem[],
	experience: Experience,
): Diagnostic[] {
	return [missing(users, experience), shrunk(inService(users), experience)].filter(
		(doubt) => doubt !== null,
	);
}

function missing(users: readonly ContactItem[], { mustBeThere }: Experience): Diagnostic | null {
	const known = new Set(
		users
			.filter(({ user }) => user.status === 'active')
			.flatMap(({ user }) => [user.id, user['userPrincipalName'], user['mail']])
			.flatMap((name) => (typeof name === 'string' ? [name.toLowerCase()] : [])),
	);
	const absent = mustBeThere.filter((name) => !known.has(name.toLowerCase()));
	if (absent.length === 0) return null;
	return {
		code: 'users.canary',
		what: `Not among the users: ${absent.join(', ')}. So nobody is called unmatched.`,
		why: "They are in 'Users Who Must Be There', so this is not the directory it should be, or not all of it.",
		fix: 'Check the credential, the permissions and the filter of Entra User Source, or take the name out of the list.',
		field: 'Users Who Must Be There',
	};
}

function shrunk(now: number, experience: Experience): Diagnostic | null {
	const { mostInService: most, maxDropPercent, accepted } = experience;
	if (most === null || most - now <= FLOOR) return null;
	if ((most - now) * 100 <= most * maxDropPercent) return null;
	const refusal = accepted === null ? null : refusalOf(accepted, now, experience);
	if (accepted !== null && refusal === null) return null;
	return {
		code: 'users.shrunk',
		what: `The directory has ${String(now)} users in service, and lately had ${String(most)}. So nobody is called unmatched.`,
		why: [
			`More than ${String(maxDropPercent)} % less at once often means that a filter, a group or a permission changed.`,
			...(refusal === null ? [] : [refusal]),
		].join(' '),
		fix: `If it is right, add the option 'Accept a Smaller Directory' with ${String(now)} and an end date, and run again.`,
		field: 'Accept a Smaller Directory',
	};
}

function refusalOf(
	{ count, until }: { readonly count: number; readonly until: string },
	now: number,
	moment: Moment,
): string | null {
	const refusal = whyNotStanding(until, moment);
	if (refusal !== null) return refusal;
	return now < count ? `Only ${String(count)} or more are accepted.` : null;
}

/** The same plan, with nobody unmatched. Creating and updating rests on no absence, and goes on. */
export function withDoubts(plan: Plan, doubts: readonly Diagnostic[]): Plan {
	if (doubts.length === 0) return plan;
	const { unmatched, summary } = plan;
	const people = unmatched.filter(({ user }) => user !== undefined).length;
	return {
		...plan,
		unmatched: [],
		summary: {
			...summary,
			unmatched: { disabled: 0, deleted: 0, outOfScope: 0, notFound: 0 },
			skipped: summary.skipped + people,
			notes: [...summary.notes, ...doubts],
		},
	};
}
