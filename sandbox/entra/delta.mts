/**
 * `GET /users/delta`: what changed since a token was given. A token remembers how everybody looked
 * then, so whatever changes the tenant, by PATCH or by a test's own hand, is a change.
 */
import { createHash } from 'node:crypto';
import type { Request, Response } from 'express';
import { graphRoot, readSelect } from './list.mts';
import { USER } from './properties.mts';
import { GraphRefusal, JSON_TYPE, unsupportedQuery } from './refusal.mts';
import type { EntraSettings, Tenant } from './tenant.mts';

const LIFETIME = 7 * 24 * 3600 * 1000;
const MOST_IDS = 50;
const SERVED_ELSEWHERE = 'manager';

type Values = Readonly<Record<string, unknown>>;
type Entry = Values & { readonly id: string };

/** How somebody looked when the token was given; null: in the recycle bin. */
type Known = ReadonlyMap<string, Values | null>;

interface Tracking {
	/** Null: all of the default set. */
	readonly select: readonly string[] | null;
	/** Null: everybody. */
	readonly ids: readonly string[] | null;
}

interface Base extends Tracking {
	readonly kind: 'base';
	readonly at: number;
	readonly known: Known;
	/** What the round before said, for replays. */
	readonly told: readonly Entry[];
}

interface Rest {
	readonly kind: 'rest';
	readonly pages: readonly (readonly Entry[])[];
	readonly next: Base;
}

export class DeltaQueries {
	private readonly tokens = new Map<string, Base | Rest>();

	constructor(
		private readonly tenant: Tenant,
		private readonly settings: EntraSettings,
		private readonly clock: () => number,
	) {}

	answer(request: Request, response: Response): void {
		const options = new URL(request.originalUrl, 'http://graph').searchParams;
		refuseOptions(options);
		const skip = options.get('$skiptoken');
		if (skip !== null) {
			this.send(request, response, this.resume(skip), '');
			return;
		}
		const token = options.get('$deltatoken');
		const minimal = /return=minimal/.test(request.get('Prefer') ?? '');
		if (token !== null && token !== '' && token !== 'latest') {
			const base = this.base(token, request, response);
			const entries = this.changesSince(base, minimal);
			if (minimal) response.set('Preference-Applied', 'return=minimal');
			const replayed = base.told.slice(0, this.settings.deltaReplays);
			this.send(request, response, this.round([...replayed, ...entries], base, entries), '');
			return;
		}
		const tracking = readTracking(options);
		const entries = token === 'latest' ? [] : this.everybody(tracking);
		const context = tracking.select === null ? '' : `(${tracking.select.join()})`;
		this.send(request, response, this.round(entries, tracking, entries), context);
	}

	private send(request: Request, response: Response, rest: Rest, context: string): void {
		const [page = [], ...later] = rest.pages;
		const root = graphRoot(request);
		const link =
			later.length > 0
				? { '@odata.nextLink': this.link(root, '$skiptoken', { ...rest, pages: later }) }
				: { '@odata.deltaLink': this.link(root, '$deltatoken', rest.next) };
		response.set('Content-Type', JSON_TYPE).json({
			'@odata.context': `${root}/v1.0/$metadata#users${context}`,
			...link,
			value: page,
		});
	}

	private link(root: string, name: string, state: Base | Rest): string {
		const secret = createHash('sha256').update(`delta ${this.tokens.size}`).digest('base64url');
		this.tokens.set(secret, state);
		return `${root}/v1.0/users/delta?${name}=${secret}`;
	}

	private resume(token: string): Rest {
		if (this.settings.pageTokensExpired) {
			throw new GraphRefusal(
				400,
				'Directory_ExpiredPageToken',
				'The specified page token value has expired and can no longer be included in your request.',
			);
		}
		const found = this.tokens.get(token);
		if (found?.kind === 'rest') return found;
		throw unsupportedQuery('Unable to execute query; invalid page token specified.');
	}

	private base(token: string, request: Request, response: Response): Base {
		const found = this.tokens.get(token);
		if (found?.kind !== 'base') {
			throw unsupportedQuery('Unable to execute query; invalid page token specified.');
		}
		const lost = this.settings.deltaLost ?? (this.clock() - found.at > LIFETIME ? 'aged' : null);
		if (lost === 'gone') {
			response.set('Location', `${graphRoot(request)}/v1.0/users/delta?$deltatoken=`);
			throw new GraphRefusal(410, 'resyncRequired', 'Resync required. Any local cache is invalid.');
		}
		if (lost !== null) {
			throw new GraphRefusal(
				400,
				lost === 'aged' ? 'syncStateNotFound' : lost,
				'The sync state generation is not found. The delta token is expired and data must be synchronized again.',
			);
		}
		return found;
	}

	private round(said: readonly Entry[], tracking: Tracking, told: readonly Entry[]): Rest {
		const pages: Entry[][] = this.settings.emptyPages ? [[], []] : [];
		for (let at = 0; at < said.length; at += this.settings.deltaPageSize) {
			pages.push(said.slice(at, at + this.settings.deltaPageSize));
		}
		const { select, ids } = tracking;
		const known = this.look(tracking);
		return {
			kind: 'rest',
			pages,
			next: { kind: 'base', at: this.clock(), select, ids, known, told },
		};
	}

	/** The first round: all there are, and in Graph's own way also those in the recycle bin. */
	private everybody(tracking: Tracking): Entry[] {
		return [...this.look(tracking)].map(([id, values]) =>
			values === null ? removed(id, 'changed') : present(id, values, {}),
		);
	}

	private changesSince(base: Base, minimal: boolean): Entry[] {
		const now = this.look(base);
		const entries: Entry[] = [];
		const older: Entry[] = [];
		for (const id of new Set([...base.known.keys(), ...now.keys()])) {
			const before = base.known.get(id);
			const after = now.get(id);
			if (JSON.stringify(before) === JSON.stringify(after)) continue;
			if (after === undefined) entries.push(removed(id, 'deleted'));
			else if (after === null) entries.push(removed(id, 'changed'));
			// As seen in the field: with $select, a restored user does not come up.
			else if (before === null && base.select !== null && !this.settings.restoresSurface) continue;
			else {
				if (before) older.push(present(id, before, {}));
				entries.push(present(id, after, before ?? {}, minimal));
			}
		}
		return this.settings.deltaDuplicates ? [...older, ...entries] : entries;
	}

	private look({ select, ids }: Tracking): Map<string, Values | null> {
		const names = (select ?? USER.defaultSelect).filter((name) => name !== 'id');
		const seen = new Map<string, Values | null>();
		for (const user of this.tenant.users.values()) {
			const manager = this.tenant.managers.get(user.id);
			const all: Values = { ...user, [SERVED_ELSEWHERE]: manager ?? null };
			const values = Object.fromEntries(names.map((name) => [name, all[name] ?? null]));
			seen.set(user.id, structuredClone(values));
		}
		for (const id of this.tenant.deletedUsers.keys()) seen.set(id, null);
		return ids === null ? seen : new Map([...seen].filter(([id]) => ids.includes(id)));
	}
}

/** What was never set is absent; what was set and is cleared is null. */
function present(id: string, values: Values, before: Values, minimal = false): Entry {
	const told = Object.entries(values).filter(([name, value]) =>
		minimal
			? JSON.stringify(value) !== JSON.stringify(before[name] ?? null)
			: value !== null || (before[name] ?? null) !== null,
	);
	const shown = told.map(([name, value]) =>
		name === SERVED_ELSEWHERE
			? [`${name}@delta`, value === null ? [] : [{ '@odata.type': `#${USER.name}`, id: value }]]
			: [name, value],
	);
	return { ...Object.fromEntries(shown), id };
}

function removed(id: string, reason: 'changed' | 'deleted'): Entry {
	return { id, '@removed': { reason } };
}

function refuseOptions(options: URLSearchParams): void {
	for (const name of ['$top', '$orderby', '$expand', '$search', '$count', '$skip']) {
		if (options.has(name)) throw unsupportedQuery('Unsupported Query.');
	}
	if (options.has('$select') && options.has('$skiptoken')) {
		throw unsupportedQuery('Unsupported Query.');
	}
}

function readTracking(options: URLSearchParams): Tracking {
	const names = (options.get('$select') ?? '').split(',').map((name) => name.trim());
	const asked = names.filter((name) => name !== '' && name !== SERVED_ELSEWHERE);
	const select = readSelect(asked.join(), USER);
	const manager = names.includes(SERVED_ELSEWHERE) ? [SERVED_ELSEWHERE] : [];
	return {
		select: select === null ? null : [...select, ...manager],
		ids: readIds(options.get('$filter')),
	};
}

/** `id eq 'a' or id eq 'b'`, fifty at most, and nothing else. */
function readIds(filter: string | null): string[] | null {
	if (filter === null) return null;
	const ids = filter.split(/ or /i).map((part) => /^\s*id eq '([^']+)'\s*$/i.exec(part)?.[1]);
	const read = ids.flatMap((id) => (id === undefined ? [] : [id.toLowerCase()]));
	if (read.length < ids.length || read.length > MOST_IDS) {
		throw unsupportedQuery('Unsupported Query.');
	}
	return read;
}
