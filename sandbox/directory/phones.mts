/** Phone numbers nobody owns, written in every way people write them. */
import { getExampleNumber, parsePhoneNumberWithError } from 'libphonenumber-js/max';
import type { PhoneNumber } from 'libphonenumber-js/max';
import examples from 'libphonenumber-js/mobile/examples';
import type { Country } from './countries.mts';

/** What somebody typed, and the number it stands for when it stands for exactly one. */
export interface TypedPhone {
	readonly typed: string | null;
	readonly e164: string | null;
}

const twoDigits = (variant: number) => String(variant % 100).padStart(2, '0');

export function fixedLine(country: Country, variant: number): PhoneNumber {
	return national(country, country.fixedStem, variant);
}

export function mobile(country: Country, variant: number): PhoneNumber {
	const placeholder = getExampleNumber(country.code, examples)?.nationalNumber;
	const stem = country.mobileStem ?? placeholder?.slice(0, -2);
	if (stem === undefined) throw new Error(`No example mobile number for ${country.code}`);
	return national(country, stem, variant);
}

function national(country: Country, stem: string, variant: number): PhoneNumber {
	const full = stem + twoDigits(variant);
	return parsePhoneNumberWithError(full, country.code);
}

/** "08-465 004 12" where a zero is dialled inside the country, and the plain number elsewhere. */
function withOptionalZero(number: PhoneNumber): string {
	const inside = number.formatNational();
	const rest = inside.startsWith('0') ? `(0)${inside.slice(1)}` : inside;
	return `+${number.countryCallingCode} ${rest}`;
}

const groups = (number: PhoneNumber) => number.formatInternational().replace(/[\s()-]+/g, ' ');

type Style = (number: PhoneNumber, other: PhoneNumber, extension: string) => TypedPhone;

const one =
	(write: (number: PhoneNumber, extension: string) => string): Style =>
	(number, _other, extension) => ({ typed: write(number, extension), e164: number.number });

const none =
	(write: (extension: string) => string | null): Style =>
	(_number, _other, extension) => ({ typed: write(extension), e164: null });

/** Every way of writing a phone number seen in real directories. */
const PHONE_STYLES = {
	international: one((number) => number.formatInternational()),
	optionalZero: one(withOptionalZero),
	doubleZero: one((number) => groups(number).replace('+', '00')),
	national: one((number) => number.formatNational()),
	uri: one((number) => number.getURI()),
	e164: one((number) => number.number),
	shortX: one((number, extension) => `${number.formatInternational()} x${extension}`),
	wordExt: one((number, extension) => `${number.formatNational()} ext. ${extension}`),
	dots: one((number) => groups(number).replaceAll(' ', '.')),
	fullWidth: one((number) =>
		number
			.formatInternational()
			.replace(/\d/g, (digit) => String.fromCodePoint(0xff10 + Number(digit))),
	),
	hardSpaces: one((number) => `\u00a0${groups(number).replaceAll(' ', '\u00a0')} `),
	slashes: one((number) => groups(number).replace(/ (?=\S+ \S+$)/, ' / ')),
	twoNumbers: (number, other) => ({
		typed: `${number.formatInternational()} / ${other.formatInternational()}`,
		e164: null,
	}),
	onlyExtension: none((extension) => `x${extension}`),
	onlyDigits: none((extension) => extension),
	words: none(() => 'via reception'),
	blank: none(() => ' '),
	nothing: none(() => null),
} satisfies Record<string, Style>;

const STYLES = Object.values<Style>(PHONE_STYLES);

/** Two of three numbers are written tidily, as in a real directory; the rest go through all styles. */
export function typePhone(
	index: number,
	number: PhoneNumber,
	other: PhoneNumber,
	extension: string,
): TypedPhone {
	const style =
		index % 3 === 0 ? STYLES[Math.floor(index / 3) % STYLES.length] : PHONE_STYLES.international;
	return (style ?? PHONE_STYLES.nothing)(number, other, extension);
}
