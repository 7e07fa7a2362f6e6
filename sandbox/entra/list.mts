/** Answers one collection request: query options, filter, paging, count. */
import { createHash } from 'node:crypto';
import type { Request, Response } from 'express';
import { compileFilter } from './filter.mts';
import type { EntityType } from './properties.mts';
import {
	badRequest,
	GraphRefusal,
	JSON_TYPE,
	needsAdvanced,
	unsupportedQuery,
} from './refusal.mts';
import { compileSearch } from './search.mts';
import type { EntraSettings } from './tenant.mts';

const DEFAULT_PAGE = 100;
const LARGEST_PAGE = 999;

export interface Row {
	readonly type: EntityType;
	/** Property values under Graph's names; must hold `id`. */
	readonly values: Readonly<Record<string, unknown>>;
}

export interface Collection {
	/** What `$select` and `$filter` are checked against. */
	readonly type: EntityType;
	readonly rows: readonly Row[];
	/** What follows `$metadata#` in `@odata.context`. */
	readonly context: string;
	/** Rows of several types say which they are. */
	readonly mixed: boolean;
	/** Only advanced queries may use any query option (casts of group members). */
	readonly optionsAreAdvanced: boolean;
	/** Resource units before discounts. */
	readonly cost: number;
	/** Who the manager of a user is; absent where nothing can be expanded. */
	readonly managerOf?: (id: string) => object | null;
}

interface PageState {
	/** The query the token was given for; it is good for no other. */
	readonly query: string;
	/** Ids still to come. Those gone in the meantime are left out. */
	readonly ids: readonly string[];
}

const UNSUPPORTED = new Set(['$apply', '$deltatoken']);

export class Lists {
	private readonly pages = new Map<string, PageState>();

	constructor(private readonly settings: EntraSettings) {}

	answer(request: Request, response: Response, collection: Collection): void {
		const query = new Query(request, collection);
		const token = query.option('$skiptoken');
		const matching = query.matching();
		const ids = token === null ? matching.map(idOf) : this.resume(token, query);
		const first = token === null;
		const most = this.settings.mostPerPage ?? query.top;
		// Graph may answer an empty page and a nextLink; some clients stop there.
		const pageSize = first && this.settings.emptyPages ? 0 : Math.min(query.top, most);
		const page = ids.slice(0, pageSize);
		const rest = ids.slice(pageSize);
		const rows = new Map(collection.rows.map((row) => [idOf(row), row]));
		response
			.set('x-ms-resource-unit', String(query.cost()))
			.set('Content-Type', JSON_TYPE)
			.json({
				'@odata.context': `${graphRoot(request)}/v1.0/$metadata#${collection.context}${query.contextSelect()}`,
				...(first && query.counted ? { '@odata.count': matching.length } : {}),
				...(rest.length > 0 ? { '@odata.nextLink': this.nextLink(request, query, rest) } : {}),
				value: page.flatMap((id) => {
					const row = rows.get(id);
					return row === undefined ? [] : [query.project(row)];
				}),
			});
	}

	/** The `/$count` segment: plain text, and only for advanced queries. */
	answerCount(request: Request, response: Response, collection: Collection): void {
		if (!consistent(request)) {
			throw new GraphRefusal(400, 'Request_BadRequest', '$count is not currently supported.');
		}
		const query = new Query(request, collection, true);
		response.type('text/plain').send(String(query.matching().length));
	}

	private nextLink(request: Request, query: Query, ids: readonly string[]): string {
		const token = `RFNwdAIAAQAAAD8${createHash('sha256')
			.update(`${query.identity}:${ids.join()}`)
			.digest('base64url')}AAAAAAAA`;
		this.pages.set(token, { query: query.identity, ids });
		const kept = (request.originalUrl.split('?')[1] ?? '')
			.split('&')
			.filter((pair) => pair !== '' && !/^(\$|%24)skiptoken=/i.test(pair));
		const path = request.originalUrl.split('?')[0] ?? '';
		return `${graphRoot(request)}${path}?${[...kept, `$skiptoken=${token}`].join('&')}`;
	}

	private resume(token: string, query: Query): readonly string[] {
		if (this.settings.pageTokensExpired) {
			throw new GraphRefusal(
				400,
				'Directory_ExpiredPageToken',
				'The specified page token value has expired and can no longer be included in your request.',
			);
		}
		const page = this.pages.get(token);
		if (page === undefined || page.query !== query.identity) {
			throw unsupportedQuery('Unable to execute query; invalid page token specified.');
		}
		return page.ids;
	}
}

class Query {
	readonly top: number;
	readonly counted: boolean;
	/** The query without its page token; the header is part of it. */
	readonly identity: string;
	private readonly select: readonly string[] | null;
	private readonly advanced: boolean;
	private readonly expand: ReturnType<typeof readExpand>;
	private readonly options: URLSearchParams;

	constructor(
		private readonly request: Request,
		private readonly collection: Collection,
		countSegment = false,
	) {
		this.options = new URL(request.originalUrl, 'http://graph').searchParams;
		this.refuseUnknown();
		this.counted = consistent(request) && this.option('$count') === 'true';
		this.advanced = this.counted || countSegment;
		this.identity = this.describe();
		this.top = this.readTop();
		this.select = readSelect(this.option('$select'), collection.type);
		const expand = this.option('$expand');
		if (expand !== null && this.advanced) {
			throw unsupportedQuery('$expand is not supported together with advanced query parameters.');
		}
		this.expand = readExpand(expand, collection.managerOf);
		if (collection.optionsAreAdvanced && this.options.size > 0 && !this.advanced) {
			throw needsAdvanced('OData cast');
		}
	}

	option(name: string): string | null {
		return this.options.get(name);
	}

	matching(): Row[] {
		const filter = this.option('$filter');
		const orderBy = this.option('$orderby');
		if (filter !== null && orderBy !== null && !this.advanced) throw needsAdvanced('$orderby');
		const keep =
			filter === null ? () => true : compileFilter(filter, this.collection.type, this.advanced);
		const search = this.option('$search');
		if (search !== null && !consistent(this.request)) {
			throw badRequest(
				"Request with $search query parameter only works through MSGraph with a special request header: 'ConsistencyLevel: eventual'",
			);
		}
		const found = search === null ? () => true : compileSearch(search);
		const rows = this.collection.rows.filter(({ values }) => keep(values) && found(values));
		return orderBy === null ? rows : sorted(rows, orderBy, this.collection.type);
	}

	project(row: Row): Record<string, unknown> {
		const names = this.select ?? row.type.defaultSelect;
		return {
			...(this.collection.mixed ? { '@odata.type': `#${row.type.name}` } : {}),
			...Object.fromEntries(
				names
					.filter((name) => Object.hasOwn(row.values, name))
					.map((name) => [name, row.values[name]]),
			),
			...this.expand(idOf(row)),
		};
	}

	contextSelect(): string {
		return this.select === null ? '' : `(${this.select.join()})`;
	}

	cost(): number {
		const discount = (this.select === null ? 0 : 1) + (this.top < 20 ? 1 : 0);
		const extra = this.option('$expand') === null ? 0 : 1;
		return Math.max(1, this.collection.cost + extra - discount);
	}

	private describe(): string {
		const options = [...this.options].filter(([name]) => name !== '$skiptoken').sort();
		const path = this.request.originalUrl.split('?')[0];
		return JSON.stringify([path, options, consistent(this.request)]);
	}

	private readTop(): number {
		const text = this.option('$top');
		if (text === null) return DEFAULT_PAGE;
		if (!/^-?\d+$/.test(text)) {
			throw badRequest(
				`The query specified in the URI is not valid. Invalid value '${text}' for $top query option found. The $top query option requires a non-negative integer value.`,
			);
		}
		const top = Number(text);
		if (top < 1 || top > LARGEST_PAGE) {
			throw unsupportedQuery(
				`Invalid page size specified: '${text}'. Must be between 1 and 999 inclusive.`,
			);
		}
		return top;
	}

	private refuseUnknown(): void {
		if (this.options.has('$skip')) {
			throw new GraphRefusal(400, 'Request_BadRequest', "'$skip' is not supported by the service.");
		}
		for (const name of this.options.keys()) {
			if (UNSUPPORTED.has(name)) {
				throw new GraphRefusal(501, 'NotImplemented', `The sandbox does not know ${name}.`);
			}
		}
	}
}

/** `manager` or `manager($select=id,mail)`, the one expansion a list of users allows here. */
export function readExpand(
	text: string | null,
	managerOf: Collection['managerOf'],
): (id: string) => object {
	if (text === null) return () => ({});
	const wanted = /^manager(?:\(\$select=([\w,]+)\))?$/.exec(text.trim());
	if (wanted === null || managerOf === undefined) {
		throw new GraphRefusal(501, 'NotImplemented', `The sandbox does not expand ${text}.`);
	}
	const names = wanted[1]?.split(',');
	return (id) => {
		const manager = managerOf(id);
		// Somebody without a manager has no such key at all.
		if (manager === null) return {};
		const parts = Object.entries(manager).filter(([name]) => names?.includes(name) ?? true);
		return { manager: { '@odata.type': `#microsoft.graph.user`, ...Object.fromEntries(parts) } };
	};
}

/** Null: no `$select`, so the default set. */
export function readSelect(text: string | null, type: EntityType): string[] | null {
	if (text === null || text.trim() === '' || text.trim() === '*') return null;
	const names = text.split(',').map((name) => name.trim());
	for (const name of names) {
		if (type.notOnCollections.includes(name)) {
			throw new GraphRefusal(501, 'NotImplemented', 'This operation target is not yet supported.');
		}
		const known = Object.hasOwn(type.properties, name) && !name.includes('/');
		if (!known) {
			throw badRequest(
				`Parsing OData Select and Expand failed: Could not find a property named '${name}' on type '${type.name}'.`,
			);
		}
	}
	return [...new Set(names)];
}

function sorted(rows: readonly Row[], orderBy: string, type: EntityType): Row[] {
	const [property = '', direction = 'asc'] = orderBy.trim().split(/\s+/);
	if (!['displayName', 'userPrincipalName'].includes(property)) {
		throw unsupportedQuery(
			`Unsupported or invalid sort clause specified for property '${property}' of resource '${type.resource}'.`,
		);
	}
	const sign = direction === 'desc' ? -1 : 1;
	const key = (row: Row) => String(row.values[property] ?? '');
	return [...rows].sort((a, b) => sign * key(a).localeCompare(key(b), 'en'));
}

export const graphRoot = (request: Request) => `http://${request.get('host') ?? ''}`;

const idOf = (row: Row) => String(row.values['id']);

const consistent = (request: Request) =>
	request.get('ConsistencyLevel')?.toLowerCase() === 'eventual';
