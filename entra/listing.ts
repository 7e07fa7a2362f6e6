import { z } from 'zod';

import { DiagnosedError } from '../sync/diagnostic';
import { BrokenAnswer, ExpiredPage } from './diagnosis';
import type { Graph, GraphQuery } from './graph';

/** How far a listing has come, for logs. */
export interface Progress {
	readonly page: number;
	/** Objects so far, each counted once. */
	readonly objects: number;
	/** How often the listing had to begin again. */
	readonly restarts: number;
}

export type OnProgress = (progress: Progress) => void;

/** One object of a list: at least an ID. */
export type Row = Readonly<Record<string, unknown>> & { readonly id: string };

const RESTARTS = 3;
const TRIES_PER_PAGE = 3;
/** Graph may send empty pages in the middle; this many in a row is a server going round in circles. */
const EMPTY_PAGES = 100;
/** Twenty million users. */
const PAGES = 20_000;

const row = z.object({ id: z.string().min(1) }).passthrough();

const page = z.object({
	value: z.array(row),
	'@odata.nextLink': z.string().min(1).nullish(),
	'@odata.count': z.number().int().nonnegative().nullish(),
});

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
	for (let restarts = 0; ; restarts++) {
		const reading = await readOnce(graph, query, restarts, onProgress);
		if (reading.kind === 'whole') return reading.rows;
		if (restarts === RESTARTS) throw reading.because;
	}
}

type Reading =
	| { readonly kind: 'whole'; readonly rows: Row[] }
	| { readonly kind: 'again'; readonly because: DiagnosedError };

async function readOnce(
	graph: Graph,
	query: GraphQuery,
	restarts: number,
	onProgress?: OnProgress,
): Promise<Reading> {
	const rows = new Map<string, Row>();
	const followed = new Set<string>();
	let counted: number | null = null;
	let emptyInARow = 0;
	let link: string | undefined;
	for (let number = 1; ; number++) {
		const read = await readPage(graph, query, link);
		if (read.kind === 'again') return read;
		// An object that moved while we read comes twice; the later word counts, in the earlier place.
		for (const each of read.page.value) rows.set(each.id, each);
		counted ??= read.page['@odata.count'] ?? null;
		onProgress?.({ page: number, objects: rows.size, restarts });

		link = read.page['@odata.nextLink'] ?? undefined;
		if (link === undefined) break;
		emptyInARow = read.page.value.length === 0 ? emptyInARow + 1 : 0;
		if (followed.has(link) || emptyInARow > EMPTY_PAGES || number >= PAGES) throw circle();
		followed.add(link);
	}
	if (counted !== null && rows.size < counted) {
		return { kind: 'again', because: doesNotAddUp(rows.size, counted) };
	}
	return { kind: 'whole', rows: [...rows.values()] };
}

type PageReading =
	| { readonly kind: 'page'; readonly page: z.infer<typeof page> }
	| { readonly kind: 'again'; readonly because: DiagnosedError };

async function readPage(
	graph: Graph,
	query: GraphQuery,
	link: string | undefined,
): Promise<PageReading> {
	for (let attempt = 1; ; attempt++) {
		try {
			return { kind: 'page', page: toPage(await graph.get(query, link), query) };
		} catch (thrown) {
			// Only the token of a later page can expire; a first page that says so means something else.
			if (thrown instanceof ExpiredPage && link) return { kind: 'again', because: thrown };
			if (!(thrown instanceof BrokenAnswer) || attempt === TRIES_PER_PAGE) giveUp(thrown);
		}
	}
}

function toPage(answer: unknown, query: GraphQuery): z.infer<typeof page> {
	const parsed = page.safeParse(answer);
	if (!parsed.success) throw new BrokenAnswer(query.asking);
	return parsed.data;
}

function giveUp(thrown: unknown): never {
	throw thrown;
}

function circle(): DiagnosedError {
	return new DiagnosedError({
		code: 'entra.circle',
		what: 'The list of Microsoft Graph does not end.',
		why: 'It leads to a page that was read before, or to empty pages only.',
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
