/** Reads a list to its end, however the interface cuts it into pages. */
import { z } from 'zod';
import { DiagnosedError } from '../../sync/diagnostic';
import { fit } from '../answer';
import type { Page, Position } from '../listing';
import { endless, MOST_PAGES, MOST_ROWS } from '../listing';
import type { Answer, Exchange, Extras } from './exchange';
import { readPath, textOf, type Step } from './path';
import type { Paging, Profile } from './profile';
import { strangePlace } from './refusals';

export interface ListReader {
	/** For `readPages`. Where the interface states no total, the first call reads everything. */
	fetchPage(position: Position): Promise<Page<unknown>>;
	/** Whether a page can be asked for without having read the one before. */
	readonly anyOrder: boolean;
}

/**
 * A list without a stated total ends where the interface says so (a missing cursor or link) or, for
 * numbered pages, with the first empty one: a short page may only mean that less is given at once
 * than was asked for.
 */
export function openList(
	{ list }: Profile,
	exchange: Exchange,
	surroundings: {
		readonly baseUrl: string;
		readonly displayName: string;
		readonly pageSize?: number | undefined;
	},
): ListReader {
	const { baseUrl, displayName, pageSize } = surroundings;
	const { paging } = list;
	const totalWay = list.total ?? (paging.kind === 'odata' ? ODATA_COUNT : null);
	let next: Extras | null = null;
	let stated = 0;

	async function fetchOne(position: Position) {
		if (position.offset === 0) next = beginning(paging, pageSize);
		const extras: Extras = next ?? byNumber(paging, pageSize, position) ?? {};
		const answer = exchange.demanded(await exchange.send(list, extras));
		const total = totalWay ? totalIn(answer, totalWay) : null;
		const there = readPath(answer.json, list.items);
		// Some leave the list out when it is empty; only a total of 0 tells that from another answer.
		const rows = there == null && total === 0 ? [] : fit(there, ROWS, displayName);
		next = following(answer, extras);
		return { rows, total };
	}

	function totalIn(answer: Answer, way: readonly Step[]): number {
		return fit(readPath(answer.json, way), TOTAL, displayName);
	}

	/** How to go on after this answer; null at the end, and where pages have numbers. */
	function following(answer: Answer, asked: Extras): Extras | null {
		switch (paging.kind) {
			case 'cursor': {
				const cursor = textOf(readPath(answer.json, paging.next));
				if (cursor === null) return null;
				return { query: { ...asked.query, [paging.parameter]: cursor } };
			}
			case 'link':
				return toPlace(linkIn(answer.response.headers['link']));
			case 'odata':
				return toPlace(textOf(readPath(answer.json, ODATA_NEXT)));
			default:
				return null;
		}
	}

	function toPlace(place: string | null): Extras | null {
		if (place === null) return null;
		const url = URL.canParse(place, `${baseUrl}/`) ? new URL(place, `${baseUrl}/`) : null;
		if (url?.origin === new URL(baseUrl).origin) return { url: url.toString() };
		throw new DiagnosedError(strangePlace(displayName));
	}

	function goesOn(rows: readonly unknown[]): boolean {
		if (paging.kind === 'none') return false;
		return NUMBERED.has(paging.kind) ? rows.length > 0 : next !== null;
	}

	return {
		anyOrder: totalWay !== null && NUMBERED.has(paging.kind),
		async fetchPage(position) {
			if (totalWay) {
				// Without a way on there is no further page, whatever the total says.
				const isOver = position.offset > 0 && next === null && !hasNumbers(paging);
				if (isOver) return { rows: [], total: stated };
				const { rows, total } = await fetchOne(position);
				stated = total ?? stated;
				return { rows, total: stated };
			}
			let all: readonly unknown[] = [];
			for (let page = 1; ; page++) {
				const { rows } = await fetchOne({ page, offset: all.length });
				all = all.concat(rows);
				if (!goesOn(rows)) break;
				if (all.length > MOST_ROWS || page >= MOST_PAGES) {
					throw new DiagnosedError(endless(displayName));
				}
			}
			return { rows: all, total: all.length };
		},
	};
}

const ROWS = z.array(z.unknown());
const TOTAL = z.coerce.number().int().nonnegative();
const ODATA_COUNT: readonly Step[] = [{ kind: 'member', name: '@odata.count' }];
const ODATA_NEXT: readonly Step[] = [{ kind: 'member', name: '@odata.nextLink' }];
const NUMBERED = new Set(['page', 'offset']);

/** OData may also be paged by number: `$skip` works where no next link is given. */
function hasNumbers({ kind }: Paging): boolean {
	return NUMBERED.has(kind) || kind === 'odata';
}

function beginning(paging: Paging, pageSize: number | undefined): Extras | null {
	switch (paging.kind) {
		case 'cursor':
		case 'link': {
			const { sizeParameter, size } = paging;
			return { query: sizeParameter ? { [sizeParameter]: String(pageSize ?? size) } : {} };
		}
		default:
			return null;
	}
}

function byNumber(
	paging: Paging,
	pageSize: number | undefined,
	{ page, offset }: Position,
): Extras | null {
	switch (paging.kind) {
		case 'page': {
			const { parameter, sizeParameter, size, first } = paging;
			return {
				query: {
					[parameter]: String(page - 1 + first),
					...(sizeParameter ? { [sizeParameter]: String(pageSize ?? size) } : {}),
				},
			};
		}
		case 'offset': {
			const { parameter, sizeParameter, size, first } = paging;
			return {
				query: {
					[parameter]: String(offset + first),
					[sizeParameter]: String(pageSize ?? size),
				},
			};
		}
		case 'odata':
			return {
				query: {
					$top: String(pageSize ?? paging.size),
					$skip: String(offset),
					$count: 'true',
				},
			};
		default:
			return null;
	}
}

/** The address of the next page in a Link header (RFC 8288). */
export function linkIn(header: string | undefined): string | null {
	for (const part of header?.split(/,(?=\s*<)/) ?? []) {
		const [, address, rest = ''] = /^\s*<([^>]*)>(.*)$/.exec(part) ?? [];
		if (address !== undefined && /;\s*rel="?(?:[^";]*\s)?next(?:\s[^";]*)?"?\s*(;|$)/i.test(rest))
			return address;
	}
	return null;
}
