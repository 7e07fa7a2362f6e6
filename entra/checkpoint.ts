/**
 * What is remembered between two reads of changes only, and when it is not enough. Losing it costs
 * one whole read and nothing else.
 */
import { createHash } from 'crypto';
import { z } from 'zod';

import type { Standing, UserQuery } from './scope';

export const checkpoint = z.object({
	/** What the link is good for: see `scopeHash`. */
	scope: z.string(),
	/** Graph's link to what changed since. It holds no sign-in. */
	link: z.string(),
	/** When the link was given, in milliseconds since 1970. */
	at: z.number(),
	/** When everything was last read. */
	wholeAt: z.number(),
	/** Reads of changes only since then. */
	rounds: z.number(),
	/** Digest over the members of the groups the scope names. */
	members: z.string(),
	/** Users Graph told a change of and did not show it yet: to be looked at again. */
	again: z.array(
		z.object({
			id: z.string(),
			/** Digest of how the user was given last; null: not found. */
			seen: z.string().nullable(),
			/** The change was that the user is gone. */
			removed: z.boolean(),
			/** In milliseconds since 1970: after that it is given up. */
			until: z.number(),
		}),
	),
});

export type Checkpoint = z.infer<typeof checkpoint>;
export type Again = Checkpoint['again'][number];

export interface WholeReads {
	/** Everything is read anew after so many days, and after so many reads of changes only. */
	readonly everyDays: number;
	readonly everyRounds: number;
}

const DAY = 86_400_000;
/** Graph's links live seven days. */
const LINK_DAYS = 6;

/**
 * Why everything has to be read, as a sentence for people; null when the changes are enough. `now`
 * in milliseconds since 1970.
 */
export function whyWhole(
	last: Checkpoint | null,
	scope: string,
	now: number,
	{ everyDays, everyRounds }: WholeReads,
): string | null {
	if (last === null) return 'No earlier read was confirmed.';
	if (last.scope !== scope) return 'The settings of the node changed since the last read.';
	if (last.at > now || now - last.at > LINK_DAYS * DAY) return 'The last read is too long ago.';
	if (now - last.wholeAt >= everyDays * DAY) {
		return `The last whole read is ${everyDays === 1 ? 'a day' : `${String(everyDays)} days`} ago.`;
	}
	if (last.rounds >= everyRounds) {
		return `Changes only were read ${String(last.rounds)} times since the last whole read.`;
	}
	return null;
}

/** Digest of all that decides who is read and what of them. Other names of a group change nothing. */
export function scopeHash(query: UserQuery, credential: string): string {
	const { scope, optIn, tellGroups = [] } = query;
	const ids =
		scope.kind === 'groups' ? [scope.nested, ...scope.groups.map(({ id }) => id).sort()] : [];
	const asked = optIn?.kind === 'group' ? optIn.group.id : (optIn?.condition ?? null);
	return digest([
		credential,
		scope.kind,
		ids,
		asked,
		query.filter,
		[...query.leaveOut].sort(),
		[...query.attributes].sort(),
		...(tellGroups.length > 0 ? [tellGroups.map(({ id }) => id).sort()] : []),
	]);
}

/** Digest of who is in which group. */
export function membersHash(members: Standing['members']): string {
	return digest([...members].map(([key, ids]) => [key, [...ids].sort()]).sort());
}

export function digest(value: unknown): string {
	return createHash('sha256').update(JSON.stringify(value)).digest('base64url').slice(0, 22);
}
