/** What every stand-in remembers of the requests it got, including those a fault swallowed. */
import type { RequestHandler } from 'express';

export interface LoggedRequest {
	/** 1 for the first since the log was cleared. */
	readonly n: number;
	readonly method: string;
	readonly path: string;
	/** Secrets are replaced by '***'. */
	readonly query: Readonly<Record<string, string>>;
	/** Null: no answer was sent, or not yet. */
	status: number | null;
	/** Meant to change something, whether or not it did. */
	readonly write: boolean;
	/** Kind of the fault that was applied. */
	fault: string | null;
}

const SECRET = /token$|secret|password|^code$|assertion/i;

export class Journal {
	private entries: LoggedRequest[] = [];

	constructor(private readonly isWrite: (method: string, path: string) => boolean) {}

	/** A copy: later requests do not change what a test holds. */
	requests(): LoggedRequest[] {
		return this.entries.map((entry) => ({ ...entry }));
	}

	clear(): void {
		this.entries = [];
	}

	/** Puts the entry on `response.locals.logged`, where a fault signs its name. */
	readonly record: RequestHandler = (request, response, next) => {
		const url = new URL(request.originalUrl, 'http://sandbox');
		const entry: LoggedRequest = {
			n: this.entries.length + 1,
			method: request.method,
			path: url.pathname,
			query: Object.fromEntries(
				[...url.searchParams].map(([name, value]) => [
					name,
					SECRET.test(name) && !name.startsWith('$') ? '***' : value,
				]),
			),
			status: null,
			write: this.isWrite(request.method, url.pathname),
			fault: null,
		};
		this.entries.push(entry);
		response.locals['logged'] = entry;
		response.on('finish', () => {
			entry.status = response.statusCode;
		});
		next();
	};
}
