/**
 * CSV as phone systems write and read it (RFC 4180, and what Excel makes of it): bytes to rows of
 * cells, and rows of cells to text.
 */
import { DiagnosedError } from '../../sync/diagnostic';
import { brokenQuote, longRow } from './refusals';

export type Delimiter = ',' | ';' | '\t';
const DELIMITERS: readonly Delimiter[] = [',', ';', '\t'];

/** What a spreadsheet would take for a formula. */
const FORMULA = /^[=+\-@\t\r]/;
/** What only looks like one: a phone number, or a plain number. */
const NUMBER = /^[+-]?[\d\s()./-]+$/;
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
	const body = text.replace(/^\uFEFF/, '');
	const [head = [], ...rows] = new Reader(body, delimiterOf(body))
		.rows()
		.filter((cells) => cells.some((cell) => cell.trim() !== ''));
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
	const cell = (value: string) => quoted(guard ? guarded(value) : value);
	return rows.map((cells) => `${cells.map(cell).join(delimiter)}\r\n`).join('');
}

function guarded(value: string): string {
	const isFormula = FORMULA.test(value) && !NUMBER.test(value);
	// A cell that looks guarded already is guarded once more, so that reading it gives the same back.
	return isFormula || GUARDED.test(value) ? `'${value}` : value;
}

function quoted(value: string): string {
	// Whoever guesses the delimiter, as `parseCsv` does, must not meet another one.
	const plain = !/["\r\n,;\t]/.test(value) && value === value.trim();
	return plain ? value : `"${value.replaceAll('"', '""')}"`;
}

function delimiterOf(text: string): Delimiter {
	const [line = ''] = text.replace(/"(?:[^"]|"")*"/g, '').split(/\r?\n/, 1);
	const countOf = (delimiter: Delimiter) => line.split(delimiter).length;
	return DELIMITERS.reduce((best, each) => (countOf(each) > countOf(best) ? each : best));
}

class Reader {
	private at = 0;
	private line = 1;

	constructor(
		private readonly text: string,
		private readonly delimiter: Delimiter,
	) {}

	rows(): string[][] {
		const rows: string[][] = [];
		while (this.at < this.text.length) rows.push(this.row());
		return rows;
	}

	private row(): string[] {
		const cells: string[] = [];
		for (;;) {
			cells.push(this.text[this.at] === '"' ? this.quotedCell() : this.plainCell());
			const next = this.text[this.at];
			if (next === this.delimiter) {
				this.at += 1;
				continue;
			}
			this.endLine();
			return cells;
		}
	}

	private plainCell(): string {
		const from = this.at;
		while (this.at < this.text.length && !this.isEnd(this.text[this.at] ?? '')) this.at += 1;
		return this.text.slice(from, this.at);
	}

	private quotedCell(): string {
		const startLine = this.line;
		let value = '';
		for (this.at += 1; ; this.at += 1) {
			const next = this.text[this.at];
			if (next === undefined) throw new DiagnosedError(brokenQuote(startLine));
			if (next === '\n') this.line += 1;
			if (next !== '"') {
				value += next;
			} else if (this.text[this.at + 1] === '"') {
				value += '"';
				this.at += 1;
			} else {
				this.at += 1;
				// Whatever stands between the closing quote and the delimiter belongs to the cell.
				return value + this.plainCell();
			}
		}
	}

	private isEnd(character: string): boolean {
		return character === this.delimiter || character === '\n' || character === '\r';
	}

	private endLine(): void {
		if (this.text[this.at] === '\r') this.at += 1;
		if (this.text[this.at] === '\n') this.at += 1;
		this.line += 1;
	}
}
