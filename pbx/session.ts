import { DiagnosedError } from '../sync/diagnostic';

/** Holds one short-lived token and gets it once, however many requests ask for it together. */
export interface Session<Token> {
	get(): Promise<Token>;
	/** A token that works instead of `dead`: the one a neighbour got meanwhile, or a new one. */
	renew(dead: Token): Promise<Token>;
	/** The token held now, without getting one. */
	readonly held: Token | null;
}

/**
 * `obtain` signs in; it gets the token that died, when there was one. A refused sign-in is not
 * tried again in this session, because some systems lock out whoever knocks five times.
 */
export function openSession<Token>(obtain: (dead: Token | null) => Promise<Token>): Session<Token> {
	let held: Token | null = null;
	let pending: Promise<Token> | null = null;

	function begin(dead: Token | null): Promise<Token> {
		held = null;
		pending = obtain(dead).then(
			(token) => {
				held = token;
				pending = null;
				return token;
			},
			async (thrown: unknown) => {
				if (!isRefusal(thrown)) pending = null;
				return await Promise.reject(thrown);
			},
		);
		return pending;
	}

	return {
		get: async () => held ?? (await (pending ?? begin(null))),
		renew: async (dead) =>
			held === dead ? await begin(dead) : (held ?? (await (pending ?? begin(null)))),
		get held() {
			return held;
		},
	};
}

function isRefusal(thrown: unknown): boolean {
	return thrown instanceof DiagnosedError && thrown.diagnostic.code.startsWith('signIn.');
}
