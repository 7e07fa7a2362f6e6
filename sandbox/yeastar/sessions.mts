/** Access and refresh tokens: eight at most, both replaced by a refresh. */
import { createHash } from 'node:crypto';
import { forbidden, limitReached, parameters, tokenInvalid, YeastarRefusal } from './answer.mts';
import type { Pbx, YeastarSettings } from './pbx.mts';

interface Session {
	readonly accessToken: string;
	readonly refreshToken: string;
	readonly accessEnds: number;
	readonly refreshEnds: number;
}

export class Sessions {
	private sessions: Session[] = [];
	private given = 0;
	private wrong = 0;

	constructor(
		private readonly pbx: Pbx,
		private readonly settings: YeastarSettings,
		private readonly clock: () => number,
	) {}

	/** Sessions whose access token is still good; these count against the limit. */
	get open(): number {
		return this.sessions.filter((session) => session.accessEnds > this.clock()).length;
	}

	/** All that were given and not given back, for tests that look where they went. */
	get tokens(): readonly string[] {
		return this.sessions.flatMap(({ accessToken, refreshToken }) => [accessToken, refreshToken]);
	}

	signIn(username: unknown, password: unknown): object {
		this.requireUnblocked();
		if (typeof username !== 'string' || typeof password !== 'string') {
			throw parameters(
				...(typeof username === 'string' ? [] : ['username']),
				...(typeof password === 'string' ? [] : ['password']),
			);
		}
		if (username !== this.pbx.clientId || password !== this.pbx.clientSecret) {
			this.wrong += 1;
			const { blockAfter } = this.settings;
			if (blockAfter > 0 && this.wrong >= blockAfter) this.settings.blocked = true;
			throw new YeastarRefusal(1, 'FAILURE');
		}
		this.wrong = 0;
		if (this.open >= this.settings.maxTokens) throw limitReached();
		return this.start();
	}

	refresh(refreshToken: unknown): object {
		this.requireUnblocked();
		const session = this.sessions.find(
			(each) => each.refreshToken === refreshToken && each.refreshEnds > this.clock(),
		);
		if (session === undefined) throw tokenInvalid();
		this.sessions = this.sessions.filter((each) => each !== session);
		return this.start();
	}

	end(accessToken: string): void {
		this.sessions = this.sessions.filter((each) => each.accessToken !== accessToken);
	}

	/** Forgets every session, as a restart of the phone system does. */
	forget(): void {
		this.sessions = [];
	}

	require(accessToken: unknown): void {
		this.requireUnblocked();
		const good = this.sessions.some(
			(each) => each.accessToken === accessToken && each.accessEnds > this.clock(),
		);
		if (!good) throw tokenInvalid();
	}

	private requireUnblocked(): void {
		// The failures are forgiven with the block.
		if (this.settings.blocked) this.wrong = 0;
		if (this.settings.blocked) throw forbidden();
	}

	private start(): object {
		const { accessTokenLifetime, refreshTokenLifetime } = this.settings;
		const session: Session = {
			accessToken: this.newToken(),
			refreshToken: this.newToken(),
			accessEnds: this.clock() + accessTokenLifetime * 1000,
			refreshEnds: this.clock() + refreshTokenLifetime * 1000,
		};
		this.sessions.push(session);
		return {
			access_token_expire_time: accessTokenLifetime,
			access_token: session.accessToken,
			refresh_token_expire_time: refreshTokenLifetime,
			refresh_token: session.refreshToken,
		};
	}

	private newToken(): string {
		this.given += 1;
		return createHash('sha256').update(`yeastar:${this.given}`).digest('base64url').slice(0, 32);
	}
}
