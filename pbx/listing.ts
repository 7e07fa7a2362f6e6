import type { Diagnostic } from '../sync/diagnostic';
import { DiagnosedError } from '../sync/diagnostic';
import type { Connection } from './adapter';
import { inLanes } from './lanes';

export interface Page<Row> {
	readonly rows: readonly Row[];
	/** How many rows there are in all, as the system states with this page. */
	readonly total: number;
}

/** Where a page begins: its number from 1, and how many rows came before it. */
export interface Position {
	readonly page: number;
	readonly offset: number;
}

/** No phone system has as many accounts, or gives them in so many pages; such a list never ends. */
export const MOST_ROWS = 250_000;
export const MOST_PAGES = 10_000;

export interface Reading {
	/** How many pages may be asked for at the same time; only where the order of asking does not matter. */
	readonly atOnce?: number;
	/** Hears after each page how many accounts there are so far, and of how many. */
	readonly onProgress?: Connection['onProgress'];
}

type FetchPage<Row> = (position: Position) => Promise<Page<Row>>;

/**
 * Reads a list page by page, to its end or not at all.
 *
 * Whole means: the stated total stayed the same on all pages, and that many different ids came.
 * Somebody may add or remove an account while we read, so a list that is not whole is read once
 * more, one page after the other; then it is a rejection, because a shorter list would look like
 * people who left.
 */
export async function readPages<Row extends { readonly id: string }>(
	displayName: string,
	fetchPage: FetchPage<Row>,
	{ atOnce = 1, onProgress }: Reading = {},
): Promise<Row[]> {
	const first = await readOnce(displayName, fetchPage, { atOnce, onProgress });
	if (first.whole) return first.rows;
	const second = await readOnce(displayName, fetchPage, { atOnce: 1, onProgress });
	if (second.whole) return second.rows;
	const { rows, total } = second;
	throw new DiagnosedError({
		code: 'system.incompleteList',
		what: `The list of extensions did not arrive whole: ${String(rows.length)} of ${String(total)}.`,
		why: `${displayName} stated one number and gave another, twice.`,
		fix: 'Run the workflow again when nobody works on the phone system. Nothing was changed.',
	});
}

async function readOnce<Row extends { readonly id: string }>(
	displayName: string,
	fetchPage: FetchPage<Row>,
	{ atOnce, onProgress }: Reading & { readonly atOnce: number },
): Promise<{ rows: Row[]; total: number; whole: boolean }> {
	const first = await fetchPage({ page: 1, offset: 0 });
	const known = new Set<string>();
	/** Whether the page brings anybody new. One that does not is the end, or the same page again. */
	const isNew = ({ rows, total }: Page<Row>): boolean => {
		const before = known.size;
		for (const { id } of rows) known.add(id);
		onProgress?.(known.size, total);
		return known.size > before;
	};
	isNew(first);
	const further =
		atOnce > 1 && first.total <= MOST_ROWS
			? await readAtOnce(first, fetchPage, isNew, atOnce)
			: await readInTurn(displayName, first, fetchPage, isNew);
	const pages = [first, ...further];
	const rows = new Map(pages.flatMap((page) => page.rows.map((row) => [row.id, row])));
	const { total } = pages.at(-1) ?? first;
	const steady = pages.every((page) => page.total === total);
	return { rows: [...rows.values()], total, whole: steady && rows.size === total };
}

async function readInTurn<Row>(
	displayName: string,
	first: Page<Row>,
	fetchPage: FetchPage<Row>,
	isNew: (page: Page<Row>) => boolean,
): Promise<Page<Row>[]> {
	const further: Page<Row>[] = [];
	let offset = first.rows.length;
	let last = first;
	for (let page = 2; offset < last.total; page++) {
		if (offset > MOST_ROWS || page > MOST_PAGES) throw new DiagnosedError(endless(displayName));
		last = await fetchPage({ page, offset });
		further.push(last);
		offset += last.rows.length;
		if (!isNew(last)) break;
	}
	return further;
}

/** As many rows a page as the first one had, which may be fewer than were asked for. */
async function readAtOnce<Row>(
	first: Page<Row>,
	fetchPage: FetchPage<Row>,
	isNew: (page: Page<Row>) => boolean,
	atOnce: number,
): Promise<Page<Row>[]> {
	const size = first.rows.length;
	if (size === 0) return [];
	const pages = Math.min(Math.ceil(first.total / size), MOST_PAGES);
	const numbers = Array.from({ length: pages - 1 }, (_, index) => index + 2);
	let goesOn = true;
	const further = await inLanes(numbers, atOnce, async (page) => {
		if (!goesOn) return null;
		const next = await fetchPage({ page, offset: (page - 1) * size });
		goesOn = isNew(next) && goesOn;
		return next;
	});
	return further.filter((page) => page !== null);
}

export function endless(displayName: string): Diagnostic {
	return {
		code: 'system.endlessList',
		what: `The list of ${displayName} does not end.`,
		why: `It goes on after ${String(MOST_ROWS)} accounts or ${String(MOST_PAGES)} pages.`,
		fix: 'Check the address in the credential and the version of the phone system. Nothing was changed.',
	};
}
