/** One token at a time: a new one ends the one before. */
import { createHash } from 'node:crypto';
import type { ThreeCxPbx, ThreeCxSettings } from './pbx.mts';

export class Tokens {
	private active: { readonly token: string; readonly until: number } | null = null;
	private given = 0;

	constructor(
		private readonly pbx: ThreeCxPbx,
		private readonly settings: ThreeCxSettings,
		private readonly clock: () => number,
	) {}

	/** Null: refused. */
	give(form: Readonly<Record<string, unknown>>): object | null {
		const isKnown =
			form['grant_type'] === 'client_credentials' &&
			form['client_id'] === this.pbx.clientId &&
			form['client_secret'] === this.pbx.clientSecret;
		if (!isKnown) return null;
		this.given += 1;
		const token = createHash('sha256').update(`3cx:${this.given}`).digest('base64url');
		const { tokenLifetime } = this.settings;
		this.active = { token, until: this.clock() + tokenLifetime * 1000 };
		return {
			token_type: 'Bearer',
			expires_in: tokenLifetime,
			access_token: token,
			refresh_token: null,
		};
	}

	isGood(authorization: string | undefined): boolean {
		if (this.active === null || this.active.until <= this.clock()) return false;
		return authorization === `Bearer ${this.active.token}`;
	}

	/** Ends the token, as somebody else's sign-in does. */
	forget(): void {
		this.active = null;
	}
}
