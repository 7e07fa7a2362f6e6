/** Who may ask: HTTP Basic on every request, or a session that a 10-second token was exchanged for. */
import { createHash } from 'node:crypto';
import type { Request } from 'express';
import type { VodiaSettings, VodiaTenant } from './tenant.mts';

export type Scope = 'system' | 'tenant';

interface Pending {
	readonly scope: Scope;
	readonly until: number;
}

export class Access {
	readonly username: string;
	readonly password = 'sandbox-vodia-password';
	private readonly pending = new Map<string, Pending>();
	private readonly sessions = new Map<string, Scope>();
	private given = 0;

	constructor(
		tenant: VodiaTenant,
		private readonly settings: VodiaSettings,
		private readonly clock: () => number,
	) {
		this.username = `admin@${tenant.domain}`;
	}

	/** Null: nobody we know. Both administrators have the same password here. */
	scopeOf(request: Request): Scope | null {
		const cookie = /(?:^|;\s*)session=([^;]+)/.exec(request.get('cookie') ?? '')?.[1];
		if (cookie !== undefined) return this.sessions.get(cookie) ?? null;
		const [scheme, encoded = ''] = (request.get('authorization') ?? '').split(' ');
		if (scheme !== 'Basic') return null;
		const [, username = '', password] =
			/^([^:]*):(.*)$/s.exec(Buffer.from(encoded, 'base64').toString()) ?? [];
		if (password !== this.password) return null;
		return username === 'admin' ? 'system' : username === this.username ? 'tenant' : null;
	}

	/** First step: a token of twenty characters. */
	begin(scope: Scope): string {
		const token = this.newToken();
		this.pending.set(token, { scope, until: this.clock() + this.settings.exchangeWithin * 1000 });
		return token;
	}

	/** Second step: the session, or null when the token is unknown or too old. */
	exchange(token: unknown): string | null {
		const found = this.pending.get(String(token));
		this.pending.delete(String(token));
		if (found === undefined || found.until < this.clock()) return null;
		const session = this.newToken();
		this.sessions.set(session, found.scope);
		return session;
	}

	end(request: Request): void {
		const cookie = /(?:^|;\s*)session=([^;]+)/.exec(request.get('cookie') ?? '')?.[1];
		this.sessions.delete(cookie ?? '');
	}

	private newToken(): string {
		this.given += 1;
		return createHash('sha256').update(`vodia:${this.given}`).digest('hex').slice(0, 20);
	}
}
