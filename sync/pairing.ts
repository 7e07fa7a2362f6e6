/** What matching says of users and extensions; `match.ts` finds it out. */
import type { Extension, Link, MatchedBy } from './item';

/** What is known about one user after matching. */
export type Pairing =
	| { readonly kind: 'paired'; readonly by: MatchedBy; readonly extension: Extension }
	| {
			readonly kind: 'disputed';
			readonly by: MatchedBy;
			/** The first of them, by id, where there are very many. */
			readonly candidates: readonly Extension[];
	  }
	/** Left alone by hand. */
	| { readonly kind: 'ignored' }
	/**
	 * An extension may be the user's, and nothing is done. 'evidenceOff': what says so is switched off,
	 * and nothing else does. 'ownerNotRead': it is alike, and was paired with somebody who may be there
	 * or not, because not everybody was read.
	 */
	| {
			readonly kind: 'held';
			readonly because: 'evidenceOff' | 'ownerNotRead';
			readonly by: MatchedBy;
			readonly extension: Extension;
	  }
	/** A remembered extension did not arrive, and the list is not whole: it may well exist. */
	| { readonly kind: 'missing'; readonly link: Link }
	/** No extension. `link`: the one it had, which is gone. */
	| { readonly kind: 'none'; readonly link: Link | null };

export interface Matching {
	/** For every person, by user id; besides, for those who did not arrive and are named. */
	readonly pairings: ReadonlyMap<string, Pairing>;
	/** Extensions that are paired, disputed or ignored, by id: nobody's to clean up. */
	readonly claimed: { has(extensionId: string): boolean };
}
