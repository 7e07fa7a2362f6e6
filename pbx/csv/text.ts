/**
 * CSV as phone systems write and read it (RFC 4180, and what Excel makes of it): bytes to rows of
 * cells, and rows of cells to text.
 */
import { CsvError, parse } from 'csv-parse/sync';
import { stringify } from 'csv-stringify/sync';
import { DiagnosedError } from '../../sync/diagnostic';
import { brokenQuote, longRow } from './refusals';

export type Delimiter = ',' | ';' | '\t';
const DELIMITERS: readonly Delimiter[] = [',', ';', '\t'];

/** What a spreadsheet would take for a formula. */
const FORMULA = /^[=+\-@\t\r]/;
/** What only looks like one: a phone number, or a plain number. */
const NUMBER = /^[+-]?[\d ()./-]+$/;
/** A formula that was made harmless. */
const GUARDED = /^'(?=[=+\-@\t\r'])/;

/** UTF-8 or UTF-16 with a mark, else UTF-8; what is not UTF-8 was saved by an old Excel. */
export function decode(bytes: Uint8Array): string {
	const [first, second] = bytes;
	if (first === 0xff && second === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
	try {
		return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
	} catch {
		return new TextDecoder('windows-1252').decode(bytes);
	}
}

/**
 * All rows, the headings first, every row as long as the headings; blank lines are left out. The
 * delimiter is the one the first line has most of. Rejects a quote that is never closed and a row
 * that is too long: half a file must not pass for a whole one.
 */
export function parseCsv(text: string): string[][] {
	const [head = [], ...rows] = readRows(text);
	const headings = head.map((heading) => heading.trim().replace(GUARDED, ''));
	while (headings.length > 0 && headings.at(-1) === '') headings.pop();
	const width = headings.length;
	const even = rows.map((cells, index) => {
		if (cells.slice(width).some((cell) => cell.trim() !== '')) {
			throw new DiagnosedError(longRow(index + 2, cells.length, width));
		}
		return Array.from({ length: width }, (_, at) => (cells[at] ?? '').replace(GUARDED, ''));
	});
	return width === 0 ? [] : [headings, ...even];
}

/**
 * Rows as text, with CRLF after each. `guard`: a cell that a spreadsheet would run as a formula gets
 * an apostrophe before it, which `parseCsv` takes off again; phone numbers stay as they are.
 */
export function formatCsv(
	rows: ReadonlyArray<readonly string[]>,
	{ delimiter, guard }: { readonly delimiter: Delimiter; readonly guard: boolean },
): string {
	const cells = rows.map((row) => (guard ? row.map(guarded) : [...row]));
	// Whoever guesses the delimiter, as `parseCsv` does, must not meet another one unquoted.
	return stringify(cells, {
		delimiter,
		quoted_match: /[,;\t\r\n]|^\s|\s$/,
		record_delimiter: '\r\n',
	});
}

function readRows(text: string): string[][] {
	try {
		return parse(text, {
			bom: true,
			delimiter: delimiterOf(text),
			record_delimiter: ['\r\n', '\n', '\r'],
			relax_column_count: true,
			relax_quotes: true,
			skip_records_with_empty_values: true,
		});
	} catch (thrown) {
		throw unreadable(thrown);
	}
}

/** With loose quotes and rows of any length, only a quote that is never closed is left to refuse. */
function unreadable(thrown: unknown): unknown {
	if (!(thrown instanceof CsvError)) return thrown;
	const { lines } = thrown;
	return new DiagnosedError(brokenQuote(typeof lines === 'number' ? lines : 1), { cause: thrown });
}

function guarded(value: string): string {
	const isFormula = FORMULA.test(value) && !NUMBER.test(value);
	// A cell that looks guarded already is guarded once more, so that reading it gives the same back.
	return isFormula || GUARDED.test(value) ? `'${value}` : value;
}

function delimiterOf(text: string): Delimiter {
	const [line = ''] = text.replace(/"(?:[^"]|"")*"/g, '').split(/\r?\n/, 1);
	const countOf = (delimiter: Delimiter) => line.split(delimiter).length;
	return DELIMITERS.reduce((best, each) => (countOf(each) > countOf(best) ? each : best));
}
