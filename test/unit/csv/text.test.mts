import { decode, formatCsv, parseCsv } from '../../../pbx/csv/text.ts';
import { DiagnosedError } from '../../../sync/diagnostic.ts';

const bytes = (...values: number[]) => Uint8Array.from(values);

function refusalOf(work: () => unknown): string {
	try {
		work();
	} catch (thrown) {
		if (thrown instanceof DiagnosedError) return thrown.diagnostic.code;
	}
	return 'none';
}

describe('Reading CSV', () => {
	it('finds the delimiter by the first line, and does not look into quotes', () => {
		const rows = [
			['a', 'b;c'],
			['1', '2'],
		];
		expect(parseCsv('a,"b;c"\n1,2')).toEqual(rows);
		expect(parseCsv('a;"b;c"\n1;2')).toEqual(rows);
		expect(parseCsv('a\t"b;c"\r\n1\t2\r\n')).toEqual(rows);
		expect(parseCsv('only\n1').at(1)).toEqual(['1']);
	});

	it('takes quotes, line breaks inside them, and any end of line', () => {
		expect(parseCsv('\uFEFFa,b\r"say ""hi""","two\r\nlines"\n"", \n')).toEqual([
			['a', 'b'],
			['say "hi"', 'two\r\nlines'],
		]);
	});

	it('fills up rows that are too short, and leaves out empty columns at the end', () => {
		expect(parseCsv('a,b,,\n1,,,\n2\n')).toEqual([
			['a', 'b'],
			['1', ''],
			['2', ''],
		]);
	});

	it('refuses what cannot be read for certain', () => {
		expect(refusalOf(() => parseCsv('a,b\n1,"two'))).toBe('file.brokenQuote');
		expect(refusalOf(() => parseCsv('a,b\n1,Smith, John'))).toBe('file.longRow');
	});

	it('gives nothing for nothing', () => {
		expect(parseCsv('')).toEqual([]);
		expect(parseCsv('\uFEFF\r\n\r\n')).toEqual([]);
	});

	it('understands the encodings files are saved in', () => {
		expect(decode(new TextEncoder().encode('Åsa'))).toBe('Åsa');
		expect(decode(bytes(0xc5, 0x73, 0x61))).toBe('Åsa');
		expect(decode(bytes(0xff, 0xfe, 0xc5, 0, 0x73, 0, 0x61, 0)).replace('\uFEFF', '')).toBe('Åsa');
	});
});

describe('Writing CSV', () => {
	const written = (value: string, guard = true) =>
		formatCsv([[value]], { delimiter: ',', guard }).trimEnd();

	it.each(['=1+1', '@SUM(A1)', '-2+3+cmd|x', '+cmd', "'=1"])(
		'makes %s harmless for spreadsheets',
		(value) => {
			expect(written(value)).toBe(`'${value}`);
			expect(written(value, false)).toBe(value);
		},
	);

	it.each(['+46701740605', '+46 (0)70-174 06 05', '-1', "O'Neill", '12'])(
		'leaves %s as it is',
		(value) => {
			expect(written(value)).toBe(value);
		},
	);
});
