import { DiagnosedError } from '../sync/diagnostic';

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

/** No phone system has as many accounts; a list that goes on longer never ends. */
const MOST_ROWS = 250_000;

/**
 * Reads a list page by page, to its end or not at all.
 *
 * Whole means: the stated total stayed the same on all pages, and that many different ids came.
 * Somebody may add or remove an account while we read, so a list that is not whole is read once
 * more; then it is a rejection, because a shorter list would look like people who left.
 */
export async function readPages<Row extends { readonly id: string }>(
	displayName: string,
	fetchPage: (position: Position) => Promise<Page<Row>>,
): Promise<Row[]> {
	const first = await readOnce(fetchPage);
	if (first.whole) return first.rows;
	const second = await readOnce(fetchPage);
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
	fetchPage: (position: Position) => Promise<Page<Row>>,
): Promise<{ rows: Row[]; total: number; whole: boolean }> {
	const rows = new Map<string, Row>();
	let offset = 0;
	let total: number | null = null;
	let steady = true;
	for (let page = 1; ; page++) {
		const next = await fetchPage({ page, offset });
		steady &&= total === null || total === next.total;
		total = next.total;
		for (const row of next.rows) rows.set(row.id, row);
		offset += next.rows.length;
		if (offset >= total || next.rows.length === 0 || offset > MOST_ROWS) break;
	}
	return { rows: [...rows.values()], total, whole: steady && rows.size === total };
}
