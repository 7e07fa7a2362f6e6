import fc from 'fast-check';
import { formatCsv, parseCsv } from '../../pbx/csv/text.ts';

const cell = fc.oneof(
	fc.string(),
	fc.string({ unit: 'binary' }),
	fc.stringMatching(/^['=+\-@",;\t\r\n a1]{0,8}$/),
);
const heading = fc.stringMatching(/^[a-zA-Z"',;=]{1,8}$/);
const delimiter = fc.constantFrom(',', ';', '\t' as const);

/** A table whose rows all say something: rows that do not are left out on purpose. */
const table = fc.integer({ min: 1, max: 5 }).chain((width) =>
	fc.record({
		headings: fc.array(heading, { minLength: width, maxLength: width }),
		rows: fc.array(
			fc
				.array(cell, { minLength: width, maxLength: width })
				.filter((cells) => cells.some((each) => each.trim() !== '')),
			{ maxLength: 6 },
		),
	}),
);

describe('CSV', () => {
	it('reads what it wrote, whatever is in the cells', () => {
		fc.assert(
			fc.property(table, ({ headings, rows }) => {
				// One more column, so that the delimiter shows.
				const wide = [['id', ...headings], ...rows.map((cells) => ['1', ...cells])];
				for (const each of [',', ';', '\t'] as const) {
					const text = formatCsv(wide, { delimiter: each, guard: true });
					fc.pre(
						text
							.split('\r\n')[0]
							?.replace(/"(?:[^"]|"")*"/g, '')
							.includes(each) ?? false,
					);
					expect(parseCsv(text)).toEqual(wide);
				}
			}),
		);
	});

	it('never holds a value that a spreadsheet would run', () => {
		fc.assert(
			fc.property(cell, delimiter, (value, each) => {
				const text = formatCsv([[value]], { delimiter: each, guard: true });
				const [[shown = ''] = []] = parseAsSpreadsheet(text);
				expect(/^[=@\t\r]/.test(shown)).toBe(false);
				expect(/^[+-]/.test(shown) && /[a-z(|!=]{2}/i.test(shown.slice(1))).toBe(false);
			}),
		);
	});
});

/** What is in the first cell, without taking anything off. */
function parseAsSpreadsheet(text: string): string[][] {
	const quoted = /^"((?:[^"]|"")*)"\r\n$/.exec(text)?.[1];
	return [[quoted?.replaceAll('""', '"') ?? text.slice(0, -2)]];
}
