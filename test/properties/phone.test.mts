/** Phone numbers of every country, in the styles people type them. */
import fc from 'fast-check';
import examples from 'libphonenumber-js/examples.mobile.json';
import type { CountryCode, PhoneNumber } from 'libphonenumber-js/max';
import {
	getCountries,
	getCountryCallingCode,
	getExampleNumber,
	parsePhoneNumberFromString,
} from 'libphonenumber-js/max';
import { formatPhone, readPhone } from '../../sync/phone.ts';
import { holds } from './holds.mts';

const country = fc.constantFrom(...getCountries());

/** A valid number: the country's example with its last digits replaced, when that is still valid. */
const number: fc.Arbitrary<PhoneNumber> = fc
	.tuple(country, fc.nat({ max: 99_999 }), fc.integer({ min: 1, max: 5 }))
	.map(([of, digits, places]) => {
		const example = getExampleNumber(of, examples);
		if (!example) throw new Error(`No example for ${of}`);
		const ending = String(digits).padStart(places, '0').slice(-places);
		const changed = parsePhoneNumberFromString(example.number.slice(0, -places) + ending);
		return changed?.isValid() ? changed : example;
	});

const phoneLike = fc.string({
	unit: fc.constantFrom(...'0123456789+-() /.x;,#'.split(''), 'ext', '(0)', '00'),
	maxLength: 24,
});

/** International ways to write a number. Each is unmistakable about the country. */
const styles: readonly ((of: PhoneNumber) => string)[] = [
	(of) => of.number,
	(of) => of.formatInternational(),
	(of) => of.formatInternational().replace(/ /g, '-'),
	(of) => of.formatInternational().replace(/ /g, '.'),
	(of) => of.formatInternational().replace(/ /g, '\u00a0'),
	(of) => `(+${of.countryCallingCode}) ${of.nationalNumber}`,
	(of) => `  ${of.formatInternational()}  `,
	(of) => `tel:${of.number}`,
	(of) => `\u202a${of.number}\u202c`,
	(of) => of.number.replace(/[+\d]/g, (c) => String.fromCharCode(c.charCodeAt(0) + 0xfee0)),
];
const style = fc.constantFrom(...styles);

function e164(text: string, at?: CountryCode): string | null {
	const reading = readPhone(text, at);
	return reading.kind === 'number' ? reading.number.number : null;
}

describe('a phone number', () => {
	holds(
		'with its country code is the same number for a user of any country',
		fc.property(number, style, fc.option(country, { nil: undefined }), (of, write, at) => {
			expect(e164(write(of), at)).toBe(of.number);
		}),
	);

	holds(
		'with 00 instead of a plus is that number or refused, never another',
		fc.property(number, country, (of, at) => {
			expect([of.number, null]).toContain(e164(`00${of.number.slice(1)}`, at));
		}),
	);

	holds(
		'in the national form of its country is that number, or refused where it is very short',
		fc.property(number, (of) => {
			if (!of.country) return;
			const national = of.formatNational();
			const found = e164(national, of.country);
			if (national.replace(/\D/g, '').length > 5) expect(found).toBe(of.number);
			else expect([of.number, null]).toContain(found);
		}),
	);

	holds(
		'in a national form becomes a number of the user’s own country or none',
		fc.property(number, country, (of, at) => {
			const national = of.formatNational();
			const found = readPhone(national, at);
			if (found.kind !== 'number') return;
			const { countryCallingCode, number: read } = found.number;
			// What a country dials before international numbers may begin a national one elsewhere.
			const dialledAbroad = new RegExp(`^[0-9]{2,}${read.slice(1)}$`);
			if (!dialledAbroad.test(national.replace(/\D/g, '')))
				expect(countryCallingCode).toBe(getCountryCallingCode(at));
		}),
	);

	holds(
		'read, written and read again stays what it is',
		fc.property(
			fc.oneof(
				number.map((of) => of.formatNational()),
				phoneLike,
			),
			country,
			(text, at) => {
				const once = e164(text, at);
				if (once !== null) expect(e164(once, at)).toBe(once);
			},
		),
	);

	holds(
		'written nationally is still the same number for its country',
		fc.property(number, country, (of, at) => {
			const written = formatPhone(of, 'national', at);
			expect([of.number, null]).toContain(e164(written, at));
		}),
	);

	holds(
		'with too few or too many digits for its country is refused, not read all the same',
		fc.property(number, fc.integer({ min: 1, max: 3 }), country, (of, places, at) => {
			for (const text of [of.number.slice(0, -places), of.number + '7'.repeat(places)]) {
				const isOne = parsePhoneNumberFromString(text)?.isValid() ?? false;
				if (!isOne) expect(e164(text, at)).toBeNull();
			}
		}),
	);

	const mark = fc.constantFrom(' x', 'x', ' ext. ', ' ext ', ';ext=', ' #', ' Ext: ');
	const digits = fc.stringMatching(/^\d{1,6}$/);
	holds(
		'gives up its extension without changing',
		fc.property(number, mark, digits, (of, between, extension) => {
			const reading = readPhone(of.formatInternational() + between + extension);
			expect(reading).toMatchObject({ kind: 'number', extension });
			expect(reading.kind === 'number' && reading.number.number).toBe(of.number);
		}),
	);

	const between = fc.constantFrom(', ', ' / ', '; ', '\n', ' or ', ' ', ' | ');
	holds(
		'beside another one is refused, whatever stands between them',
		fc.property(number, number, between, style, (one, other, separator, write) => {
			expect(e164(write(one) + separator + other.number)).toBeNull();
		}),
	);
});

describe('texts found by these properties before', () => {
	it.each([
		[
			'01512 3456780',
			'CV',
			'a German mobile number, once taken for a call from Cabo Verde to America',
		],
		['043 012 340', 'WS', 'a Bulgarian number, once taken for a call from Samoa to Austria'],
	] as [string, CountryCode, string][])('%s of a user in %s is refused (%s)', (text, at) => {
		expect(e164(text, at)).toBeNull();
	});
});

describe('any text', () => {
	holds(
		'is read or refused, without ever throwing',
		fc.property(fc.oneof(fc.string({ unit: 'binary' }), phoneLike), country, (text, at) => {
			expect(['number', 'internal', 'unreadable']).toContain(readPhone(text, at).kind);
		}),
	);
});
