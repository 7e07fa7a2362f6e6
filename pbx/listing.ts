import type { Diagnostic } from '../sync/diagnostic';
import { DiagnosedError } from '../sync/diagnostic';
import type { Connection } from './adapter';

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

/**
 * Reads a list page by page, to its end or not at all.
 *
 * Whole means: the stated total stayed the same on all pages, and that many different ids came.
 * Somebody may add or remove an account while we read, so a list that is not whole is read once
 * more; then it is a rejection, because a shorter list would look like people who left.
 * `onProgress` hears after each page how many accounts there are so far, and of how many.
 */
export async function readPages<Row extends { readonly id: string }>(
	displayName: string,
	fetchPage: (position: Position) => Promise<Page<Row>>,
	onProgress?: Connection['onProgress'],
): Promise<Row[]> {
	const first = await readOnce(displayName, fetchPage, onProgress);
	if (first.whole) return first.rows;
	const second = await readOnce(displayName, fetchPage, onProgress);
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
	fetchPage: (position: Position) => Promise<Page<Row>>,
	onProgress: Connection['onProgress'],
): Promise<{ rows: Row[]; total: number; whole: boolean }> {
	const rows = new Map<string, Row>();
	let offset = 0;
	let total: number | null = null;
	let steady = true;
	for (let page = 1; ; page++) {
		const next = await fetchPage({ page, offset });
		steady &&= total === null || total === next.total;
		total = next.total;
		const known = rows.size;
		for (const row of next.rows) rows.set(row.id, row);
		offset += next.rows.length;
		onProgress?.(rows.size, total);
		// A page that brings nobody new is the end, or the same page again and again.
		if (offset >= total || rows.size === known) break;
		if (offset > MOST_ROWS || page >= MOST_PAGES) throw new DiagnosedError(endless(displayName));
	}
	return { rows: [...rows.values()], total, whole: steady && rows.size === total };
}

export function endless(displayName: string): Diagnostic {
	return {
		code: 'system.endlessList',
		what: `The list of ${displayName} does not end.`,
		why: `It goes on after ${String(MOST_ROWS)} accounts or ${String(MOST_PAGES)} pages.`,
		fix: 'Check the address in the credential and the version of the phone system. Nothing was changed.',
	};
}
