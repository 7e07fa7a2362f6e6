import { z } from 'zod';

import { quick } from '../http/quick';
import { DiagnosedError } from '../sync/diagnostic';
import { BrokenAnswer, ExpiredPage } from './diagnosis';
import type { Graph, GraphQuery } from './graph';

/** How far a listing has come, for logs. */
export interface Progress {
	readonly page: number;
	/** Objects so far, each counted once. */
	readonly objects: number;
	/** About how many there are in all; null where that is not known. */
	readonly total: number | null;
	/** How often the listing had to begin again. */
	readonly restarts: number;
}

export type OnProgress = (progress: Progress) => void;

/** One object of a list: at least an ID. */
export type Row = Readonly<Record<string, unknown>> & { readonly id: string };

const RESTARTS = 3;
const TRIES_PER_PAGE = 3;
/** A list that goes on after so many pages is worth a request for how long it is. */
const PAGES_UNCOUNTED = 2;
/** Graph may send empty pages in the middle; this many in a row that bring nobody new never end. */
const EMPTY_PAGES = 100;
/** Twenty million users. */
const PAGES = 20_000;

/** IDs become parts of addresses: none may lead to another place. */
const ID = /^(?!\.{1,2}$)[^/\\?#\s]+$/;

/** Not `z.object`, which would copy every user of a page of 999 to look at one value. */
const row = z.custom<Row>(
	(value) => typeof value === 'object' && value !== null && 'id' in value && isId(value.id),
);

function isId(id: unknown): boolean {
	return typeof id === 'string' && ID.test(id);
}

const page = quick(
	z.object({
		value: z.array(row),
		'@odata.nextLink': z.string().min(1).nullish(),
		'@odata.deltaLink': z.string().min(1).nullish(),
		'@odata.count': z.number().int().nonnegative().nullish(),
	}),
);

export type Page = z.infer<typeof page>;

/**
 * Reads a list of Graph to its end.
 *
 * Gives every object once, in Graph's order, or rejects: never a shorter list. A page that arrives
 * broken is asked for again; an expired page token, or fewer objects than Graph counted, begins the
 * listing again. Both a bounded number of times.
 */
export async function readList(
	graph: Graph,
	query: GraphQuery,
	onProgress?: OnProgress,
): Promise<Row[]> {
	return await readListAs(graph, query, (object) => object, onProgress);
}

/**
 * The same, keeping of every object only what `keep` makes of it as it comes: of a long list, what
 * Graph sent for each is most of the memory.
 */
export async function readListAs<Kept>(
	graph: Graph,
	query: GraphQuery,
	keep: (object: Row) => Kept,
	onProgress?: OnProgress,
): Promise<Kept[]> {
	for (let restarts = 0; ; restarts++) {
		const reading = await readOnce(graph, query, keep, restarts, onProgress);
		if (reading.kind === 'whole') return reading.rows;
		if (restarts === RESTARTS) throw reading.because;
	}
}

type Reading<Kept> =
	| { readonly kind: 'whole'; readonly rows: Kept[] }
	| { readonly kind: 'again'; readonly because: DiagnosedError };

async function readOnce<Kept>(
	graph: Graph,
	query: GraphQuery,
	keep: (object: Row) => Kept,
	restarts: number,
	onProgress?: OnProgress,
): Promise<Reading<Kept>> {
	const rows = new Map<string, Kept>();
	const trail = new Trail();
	let counted: number | null = null;
	let total: number | null = null;
	let link: string | undefined;
	do {
		const read = await readPage(graph, query, link);
		if (read.kind === 'again') return read;
		// An object that moved while we read comes twice; the later word counts, in the earlier place.
		const known = rows.size;
		for (const each of read.page.value) rows.set(each.id, keep(each));
		counted ??= read.page['@odata.count'] ?? null;
		link = trail.next(read.page, rows.size > known);
		total ??= counted;
		if (onProgress && link !== undefined && trail.pages === PAGES_UNCOUNTED) {
			total ??= await graph.count(query);
		}
		onProgress?.({ page: trail.pages, objects: rows.size, total, restarts });
	} while (link !== undefined);
	if (counted !== null && rows.size < counted) {
		return { kind: 'again', because: doesNotAddUp(rows.size, counted) };
	}
	return { kind: 'whole', rows: [...rows.values()] };
}

/** Follows a list from page to page, and notices when it leads round in circles. */
export class Trail {
	pages = 0;

	private readonly followed = new Set<string>();

	private emptyInARow = 0;

	constructor(private readonly mostEmptyPages = EMPTY_PAGES) {}

	/** The link of the next page; undefined after the last. `isNews`: this one brought something. */
	next({ '@odata.nextLink': link }: Page, isNews: boolean): string | undefined {
		this.pages += 1;
		if (!link) return undefined;
		this.emptyInARow = isNews ? 0 : this.emptyInARow + 1;
		const endless = this.emptyInARow > this.mostEmptyPages || this.pages >= PAGES;
		if (endless || this.followed.has(link)) throw circle();
		this.followed.add(link);
		return link;
	}
}

type PageReading =
	| { readonly kind: 'page'; readonly page: Page }
	| { readonly kind: 'again'; readonly because: DiagnosedError };

/** One page, or word that its token is no longer good. */
export async function readPage(
	graph: Graph,
	query: GraphQuery,
	link: string | undefined,
): Promise<PageReading> {
	try {
		return { kind: 'page', page: await getAs(page, graph, query, link) };
	} catch (thrown) {
		// Only the token of a later page can expire; a first page that says so means something else.
		if (thrown instanceof ExpiredPage && link) return { kind: 'again', because: thrown };
		return giveUp(thrown);
	}
}

/** One object by its address. */
export async function readObject(graph: Graph, query: GraphQuery): Promise<Row> {
	return await getAs(row, graph, query);
}

/** What arrives broken is asked for again, a few times. */
async function getAs<T>(
	schema: z.ZodType<T, z.ZodTypeDef, unknown>,
	graph: Graph,
	query: GraphQuery,
	link?: string,
): Promise<T> {
	for (let attempt = 1; ; attempt++) {
		try {
			const parsed = schema.safeParse(await graph.get(query, link));
			if (parsed.success) return parsed.data;
			if (attempt === TRIES_PER_PAGE) return giveUp(new BrokenAnswer(query.asking));
		} catch (thrown) {
			if (!(thrown instanceof BrokenAnswer) || attempt === TRIES_PER_PAGE) giveUp(thrown);
		}
	}
}

function giveUp(thrown: unknown): never {
	throw thrown;
}

function circle(): DiagnosedError {
	return new DiagnosedError({
		code: 'entra.circle',
		what: 'The list of Microsoft Graph does not end.',
		why: 'It leads to a page that was read before, or to pages that bring nobody new.',
		fix: 'Leave out the filter or choose another one; with some filters Graph is known to do this.',
	});
}

function doesNotAddUp(got: number, counted: number): DiagnosedError {
	return new DiagnosedError({
		code: 'entra.countsDiffer',
		what: `Microsoft Graph counted ${counted} and gave ${got}.`,
		why: 'A list that does not add up may be missing people, so it is not used.',
		fix: 'Run again in a few minutes; the directory may be catching up with many changes.',
	});
}
