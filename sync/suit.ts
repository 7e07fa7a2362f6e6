/** Who could have which extension by one kind of evidence, and what follows for everybody at once. */
import type { Extension } from './item';
import type { Holders } from './keybook';

/** One user's candidates: a list for each key that speaks for some. Never without any. */
export interface Suit {
	readonly userId: string;
	readonly lists: readonly Holders[];
}

export type Verdict =
	| { readonly kind: 'clear'; readonly extension: Extension }
	| { readonly kind: 'disputed'; readonly candidates: readonly Extension[] };

/** When half a company shares one number, the first few say enough. */
const MOST_CANDIDATES = 20;

/**
 * One verdict for each suit. A pairing is clear for who has exactly one candidate that is nobody
 * else's candidate; everybody else is disputed. Lists that many users share are looked through once,
 * not once for each user.
 */
export function judgeSuits(suits: readonly Suit[]): Verdict[] {
	const suitors = countSuitors(suits);
	const disputes = new Map<Holders, Verdict>();
	return suits.map(({ lists }) => {
		const extension = onlyCandidate(lists);
		if (extension !== null && suitors.get(extension.id) === 1) return { kind: 'clear', extension };
		const [first] = lists;
		if (lists.length > 1 || !first) return disputed(lists);
		const known = disputes.get(first) ?? disputed(lists);
		disputes.set(first, known);
		return known;
	});
}

/** The first of all candidates by id, each once. */
export function disputed(lists: readonly Holders[]): Extract<Verdict, { kind: 'disputed' }> {
	const candidates = new Set(lists.flatMap((list) => list.slice(0, MOST_CANDIDATES)));
	const first = [...candidates].sort((a, b) => (a.id < b.id ? -1 : 1)).slice(0, MOST_CANDIDATES);
	return { kind: 'disputed', candidates: first };
}

function countSuitors(suits: readonly Suit[]): Map<string, number> {
	const suitors = new Map<string, number>();
	const add = (id: string, count: number) => suitors.set(id, (suitors.get(id) ?? 0) + count);
	const shared = new Map<Holders, number>();
	for (const { lists } of suits) {
		const only = onlyCandidate(lists);
		if (only !== null) add(only.id, 1);
		else for (const list of lists) shared.set(list, (shared.get(list) ?? 0) + 1);
	}
	for (const [list, count] of shared) for (const { id } of list) add(id, count);
	return suitors;
}

/** The one extension all lists agree on, or null. */
function onlyCandidate(lists: readonly Holders[]): Extension | null {
	const only = lists[0]?.[0] ?? null;
	return lists.every((list) => list.length === 1 && list[0] === only) ? only : null;
}
