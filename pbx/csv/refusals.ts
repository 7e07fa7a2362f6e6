/** What can be wrong with a file, and what a change in a file is not yet. */
import { quote } from '../../http/quote';
import type { Diagnostic } from '../../sync/diagnostic';

export const brokenQuote = (line: number): Diagnostic => ({
	code: 'file.brokenQuote',
	what: `The file breaks off inside a quoted value that begins in line ${String(line)}.`,
	why: 'It was cut off on its way, or somebody edited it by hand.',
	fix: 'Export the file again. Nothing was planned from it.',
});

export const longRow = (line: number, cells: number, columns: number): Diagnostic => ({
	code: 'file.longRow',
	what: `Row ${String(line)} of the file has ${String(cells)} values, and there are ${String(columns)} columns.`,
	why: 'A value holds the delimiter without being quoted, so the row cannot be read for certain.',
	fix: 'Export the file with values in quotes, or with another delimiter.',
});

export const noHeadings: Diagnostic = {
	code: 'file.noHeadings',
	what: 'The file is empty.',
	why: 'Not even the names of the columns are in it, so it is not taken for a phone system without extensions.',
	fix: 'Check that the export has arrived, and that its first row holds the names of the columns.',
};

export const noColumn = (heading: string, headings: readonly string[]): Diagnostic => ({
	code: 'file.noColumn',
	what: `The file has no column "${quote(heading)}".`,
	why: `Its columns are: ${quote(headings.join(', '))}.`,
	fix: "Correct 'Columns' in the node, or export the file with that column.",
	field: 'Columns',
});

export const noKeyColumn = (headings: readonly string[]): Diagnostic => ({
	code: 'file.noKeyColumn',
	what: 'No column tells the extensions apart.',
	why: `Neither an extension number nor a mail address is among the columns: ${quote(headings.join(', '))}.`,
	fix: "Set 'ID Column', or say in 'Columns' which one holds the extension number.",
	field: 'ID Column',
});

export const noKey = (row: number, heading: string): Diagnostic => ({
	code: 'file.noKey',
	what: `Row ${String(row)} of the file has nothing in "${quote(heading)}".`,
	why: 'Without it the extension cannot be told from the others; leaving it out would make the list too short.',
	fix: "Fill it in, or choose another 'ID Column' that every row has.",
	field: 'ID Column',
});

export const sameKey = (row: number, heading: string, key: string): Diagnostic => ({
	code: 'file.sameKey',
	what: `"${quote(key)}" stands in "${quote(heading)}" for the second time in row ${String(row)}.`,
	why: 'Two rows with one key cannot be told apart.',
	fix: "Remove one of the rows, or choose another 'ID Column'.",
	field: 'ID Column',
});

/** Why a change counts as held: nobody but a person can say that it was made. */
export const toImport: Diagnostic = {
	code: 'file.toImport',
	what: 'It is in the import file, not on the phone system yet.',
	why: 'This phone system is kept in step through files.',
	fix: 'Import the file there. The next export shows that it is done, and nothing is planned twice.',
};

export const byHand = (toDo: string): Diagnostic => ({
	code: 'file.byHand',
	what: `To do by hand: ${toDo}`,
	why: 'An import file can make and change extensions, not close them.',
	fix: "Do it in the phone system's own administration. The next export shows that it is done.",
});

/** Whatever would ask the phone system itself. */
export const notAsked: Diagnostic = {
	code: 'system.file',
	what: 'A phone system that is reached through files cannot be asked for one extension.',
	why: 'All there is to know is in its export.',
	fix: "Use 'Get Extensions' and 'Apply Changes'.",
	field: 'Operation',
};
