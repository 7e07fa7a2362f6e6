/**
 * What a row of the mapping does to a value on its way. Named as in Microsoft's own provisioning
 * where a function of the same meaning exists there.
 */
import { DateTime } from 'luxon';
import type { CountryCode, PhoneFormat } from './phone';
import { formatPhone, readPhone } from './phone';
import type { Unfit } from './unfit';

export type Transform =
	/** No spaces around, one space between words. */
	| { readonly kind: 'trim' }
	| { readonly kind: 'toLower' }
	| { readonly kind: 'toUpper' }
	/** Each word begins with a capital: `anna-lena o'neil` -> `Anna-Lena O'Neil`. */
	| { readonly kind: 'pCase' }
	/** `Søren Müller` -> `Soren Muller`. For ids; names are better left as they are. */
	| { readonly kind: 'normalizeDiacritics' }
	/** Every occurrence, as plain text. */
	| { readonly kind: 'replace'; readonly find: string; readonly with: string }
	/** The first characters. */
	| { readonly kind: 'left'; readonly length: number }
	/** `e164` +4930123456; `national` 030 123456; `digits` 4930123456. */
	| { readonly kind: 'phone'; readonly format: PhoneFormat }
	/** What follows `x` or `ext.` in a number; else its last digits, as many as stated, 0 for none. */
	| { readonly kind: 'extension'; readonly lastDigits: number }
	/** A look-up table; case does not matter. `from` `*` is for everything else. */
	| { readonly kind: 'switch'; readonly cases: readonly LookUp[] }
	/** An ISO date into luxon's tokens: `dd.MM.yyyy`. */
	| { readonly kind: 'formatDate'; readonly format: string };

export interface LookUp {
	readonly from: string;
	readonly to: string;
}

/** `null` is empty: the row's rule for empty values decides. */
export type Step = (value: string, country: CountryCode | undefined) => string | null | Unfit;

const ANYTHING_ELSE = '*';

/** Of a word, and after `O'` and `d'`, not after the apostrophe of `it's`. */
const FIRST_LETTER = /(?<![\p{L}\p{M}\p{N}'’])\p{L}|(?<=(?<![\p{L}\p{M}])\p{L}['’])\p{L}/gu;

export function compileTransform(transform: Transform): Step {
	switch (transform.kind) {
		case 'trim':
			return (value) => value.replace(/\s+/g, ' ').trim();
		case 'toLower':
			return (value) => value.toLowerCase();
		case 'toUpper':
			return (value) => value.toUpperCase();
		case 'pCase':
			return (value) => value.toLowerCase().replace(FIRST_LETTER, (letter) => letter.toUpperCase());
		case 'normalizeDiacritics':
			return withoutDiacritics;
		case 'replace':
			return (value) => value.replaceAll(transform.find, () => transform.with);
		case 'left':
			return (value) => [...value].slice(0, transform.length).join('');
		case 'phone':
			return (value, country) => phone(value, country, transform.format);
		case 'extension':
			return (value, country) => extension(value, country, transform.lastDigits);
		case 'switch':
			return lookUp(transform.cases);
		case 'formatDate':
			return (value) => formatDate(value, transform.format);
	}
}

/** For people: `E.164`, `lower case`. */
export function describeTransform(transform: Transform): string {
	switch (transform.kind) {
		case 'trim':
			return 'trim';
		case 'toLower':
			return 'lower case';
		case 'toUpper':
			return 'upper case';
		case 'pCase':
			return 'title case';
		case 'normalizeDiacritics':
			return 'without diacritics';
		case 'replace':
			return `"${transform.find}" replaced by "${transform.with}"`;
		case 'left':
			return `first ${String(transform.length)} characters`;
		case 'phone':
			return { e164: 'E.164', national: 'national number', digits: 'digits' }[transform.format];
		case 'extension':
			return transform.lastDigits > 0
				? `extension or last ${String(transform.lastDigits)} digits`
				: 'extension';
		case 'switch':
			return 'look-up';
		case 'formatDate':
			return `date as ${transform.format}`;
	}
}

function phone(value: string, country: CountryCode | undefined, format: PhoneFormat) {
	const reading = readPhone(value, country);
	switch (reading.kind) {
		case 'number':
			return formatPhone(reading.number, format, country);
		case 'unreadable':
			return reading.unfit;
		case 'internal':
			return {
				code: 'phone.short',
				why: `"${value}" is an internal number, not one that can be dialled from outside.`,
				fix: 'Write the whole number in Entra, or map this attribute to the extension number.',
			};
	}
}

function extension(value: string, country: CountryCode | undefined, lastDigits: number) {
	const reading = readPhone(value, country);
	if (reading.kind === 'internal' || reading.extension !== null) return reading.extension;
	if (reading.kind === 'unreadable') return reading.unfit;
	const { nationalNumber } = reading.number;
	return lastDigits > 0 && lastDigits <= nationalNumber.length
		? nationalNumber.slice(-lastDigits)
		: null;
}

function lookUp(cases: readonly LookUp[]): Step {
	const table = new Map(cases.map(({ from, to }) => [key(from), to]));
	return (value) => table.get(key(value)) ?? table.get(ANYTHING_ELSE) ?? null;
}

function key(text: string): string {
	return text.trim().toLowerCase();
}

function formatDate(value: string, format: string): string | Unfit {
	const date = DateTime.fromISO(value.trim(), { setZone: true, locale: 'en' });
	return date.isValid
		? date.toFormat(format)
		: {
				code: 'notDate',
				why: `"${value}" is not a date as 2026-01-31 or 2026-01-31T08:00:00Z.`,
				fix: 'Choose an attribute that holds a date, or remove the date step.',
			};
}

/** Letters that Unicode does not take apart into a base letter and a mark. */
const WHOLE_LETTERS: Readonly<Record<string, string>> = {
	ß: 'ss',
	ẞ: 'SS',
	æ: 'ae',
	Æ: 'AE',
	œ: 'oe',
	Œ: 'OE',
	ø: 'o',
	Ø: 'O',
	ł: 'l',
	Ł: 'L',
	đ: 'd',
	Đ: 'D',
	ð: 'd',
	Ð: 'D',
	þ: 'th',
	Þ: 'Th',
	ı: 'i',
};

function withoutDiacritics(value: string): string {
	return value
		.normalize('NFD')
		.replace(/[\u0300-\u036f]/g, '')
		.replace(/[ßẞæÆœŒøØłŁđĐðÐþÞı]/g, (letter) => WHOLE_LETTERS[letter] ?? letter)
		.normalize('NFC');
}
