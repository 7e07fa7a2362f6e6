/**
 * Reads phone numbers the way people type them, by rule and never by guess.
 *
 * Numbering plans are Google's, through libphonenumber-js with its full metadata: a number counts
 * only when it is valid in its plan. What can be read in two ways is not read at all, because a
 * wrong number is worse than none. `docs/mapping.md` shows every rule with an example.
 */
import type { CountryCode, PhoneNumber } from 'libphonenumber-js/max';
import {
	getCountryCallingCode,
	isSupportedCountry,
	parseDigits,
	parsePhoneNumberFromString,
} from 'libphonenumber-js/max';
import type { Unfit } from './unfit';

export type { CountryCode } from 'libphonenumber-js/max';
export type PhoneFormat = 'e164' | 'national' | 'digits';

export type PhoneReading =
	| {
			readonly kind: 'number';
			readonly number: PhoneNumber;
			/** What followed `x`, `ext.` or `;ext=`; text, because zeros in front count. */
			readonly extension: string | null;
	  }
	/** Too short to be dialled from outside: `105`, `x105`. */
	| { readonly kind: 'internal'; readonly extension: string }
	/** An extension that is marked as such is known even where its number is not. */
	| { readonly kind: 'unreadable'; readonly unfit: Unfit; readonly extension: string | null };

const EXTENSION_MARK =
	/(?:;\s*ext=|(?<!\p{L})(?:extension|extn|ext|x|int|anexo|poste|durchwahl|dw)[.:]?|#)\s*(\d{1,8})$/iu;
const SEVERAL = /[,;|\n&]|\s(?:or|and|oder|und)\s|\d\D*\+/i;
const NOT_PART_OF_A_NUMBER = /[^\d+\s().[\]/-]/u;
const TRUNK_IN_BRACKETS = /(\d\D*)[([]\s*0\s*[)\]]/;
/** Nothing to tidy up, and nothing else it could mean; so most numbers are written. */
const E164 = /^\+\d{6,15}$/;
const INTERNATIONAL = /^[([\s]*(?:\+|00)/;
/** A national text this short is an internal number, an emergency number or a service, nobody's line. */
const SHORT = 5;

/** The country as the numbering plans know it, or undefined for anything else. */
export function countryCode(text: unknown): CountryCode | undefined {
	if (typeof text !== 'string') return undefined;
	const code = text.trim().toUpperCase();
	return isSupportedCountry(code) ? code : undefined;
}

/**
 * Reads one number. `country` is whose national form the text may be in; without it only
 * international forms are read.
 */
export function readPhone(text: string, country?: CountryCode): PhoneReading {
	if (E164.test(text)) {
		const number = parse(text);
		if (number?.isValid()) return { kind: 'number', number, extension: null };
	}
	const typed = text
		.normalize('NFKC')
		.replace(/\p{Cf}/gu, '')
		.replace(/[\p{Pd}\u2212]/gu, '-')
		.replace(/[^\P{Nd}\d]/gu, (digit) => parseDigits(digit) || digit)
		.trim()
		.replace(/^(?:tel|callto):/i, '');
	const marked = EXTENSION_MARK.exec(typed);
	const extension = marked?.[1] ?? null;
	const body = (marked ? typed.slice(0, marked.index) : typed).replace(/[\s,;|]+$/, '');

	if (body === '' && extension !== null) return { kind: 'internal', extension };
	const digits = body.replace(/\D/g, '');
	if (digits === '') return unreadable('characters', text, 'holds no digits', extension);
	if (SEVERAL.test(body)) return severalNumbers(text);
	const stranger = NOT_PART_OF_A_NUMBER.exec(body);
	if (stranger) return unreadable('characters', text, `holds "${stranger[0]}"`, extension);
	if (!INTERNATIONAL.test(body) && digits.length <= SHORT)
		return extension === null && digits === body
			? { kind: 'internal', extension: digits }
			: unreadable('short', text, 'is too short to be dialled from outside', extension);
	if (holdsAnotherEnding(body, country)) return severalNumbers(text);

	const found = readings(body, country);
	const [number] = found;
	if (number && found.length === 1) return { kind: 'number', number, extension };
	if (number) {
		const choice = found.map((reading) => reading.number).join(' or ');
		return unreadable('ambiguous', text, `could be ${choice}`, extension);
	}
	if (INTERNATIONAL.test(body))
		return unreadable('unknown', text, 'is no valid number of any country', extension);
	if (country)
		return unreadable('unknown', text, `is no valid number as written in ${country}`, extension);
	return {
		kind: 'unreadable',
		unfit: {
			code: 'phone.noCountry',
			why: `"${text}" has no country code, and the user has no usage location.`,
			fix: "Set the user's usage location in Entra, or 'Default Country' in Field Mapper.",
		},
		extension,
	};
}

/**
 * `national` is only given to numbers of `country`; another country's number stays in E.164, so
 * that it never turns into a number of this one.
 */
export function formatPhone(
	number: PhoneNumber,
	format: PhoneFormat,
	country: CountryCode | undefined,
): string {
	if (format === 'digits') return number.number.slice(1);
	const atHome = country && getCountryCallingCode(country) === number.countryCallingCode;
	return format === 'national' && atHome ? number.formatNational() : number.number;
}

/** Every valid number the text could stand for, each once. */
function readings(body: string, country: CountryCode | undefined): PhoneNumber[] {
	const found = new Map<string, PhoneNumber>();
	const keep = (number: PhoneNumber | undefined) => {
		if (number?.isValid()) found.set(number.number, number);
	};
	for (const spelling of spellings(body)) {
		const plain = spelling.replace(/[^\d+]/g, '');
		if (plain.startsWith('+')) keep(parse(plain));
		else {
			if (plain.startsWith('00')) keep(parse(`+${plain.slice(2)}`));
			if (country) keep(asWrittenIn(country, plain));
		}
	}
	return [...found.values()];
}

/**
 * `+49 (0)30` means: dial the zero only inside the country. It is dropped; in Italy, where it
 * belongs to the number, only the other spelling is valid.
 */
function spellings(body: string): string[] {
	return TRUNK_IN_BRACKETS.test(body) ? [body.replace(TRUNK_IN_BRACKETS, '$1'), body] : [body];
}

/**
 * A national number counts only when written with the leading digits its country writes. Without
 * that rule the American 212 555 0100 of someone in Germany would become a line in Solingen.
 *
 * What a country dials before other countries' numbers (011 in America) is understood as well; a
 * single 0, as in Cabo Verde, is not: elsewhere it is how most national numbers begin.
 */
function asWrittenIn(country: CountryCode, digits: string): PhoneNumber | undefined {
	const number = parse(digits, country);
	if (!number) return undefined;
	if (number.countryCallingCode !== getCountryCallingCode(country)) {
		const dialledBefore = digits.length - (number.number.length - '+'.length);
		return dialledBefore > 1 && digits.endsWith(number.number.slice(1)) ? number : undefined;
	}
	if (number.nationalNumber !== digits) return number;
	const withoutPrefix = number.formatNational({ nationalPrefix: false }).replace(/\D/g, '');
	return withoutPrefix === digits ? number : undefined;
}

function parse(text: string, country?: CountryCode): PhoneNumber | undefined {
	return parsePhoneNumberFromString(text, { defaultCountry: country, extract: false });
}

/**
 * `030/1234567` has its area code before the slash. When what stands before a slash is a whole
 * number already, the rest is another number or another ending of it (`030 123456/7`).
 */
function holdsAnotherEnding(body: string, country: CountryCode | undefined): boolean {
	const pieces = body.split('/');
	return pieces
		.slice(1)
		.some((_, index) => readings(pieces.slice(0, index + 1).join(''), country).length > 0);
}

function severalNumbers(text: string): PhoneReading {
	return unreadable('several', text, 'holds more than one number', null);
}

function unreadable(
	code: string,
	text: string,
	finding: string,
	extension: string | null,
): PhoneReading {
	return {
		kind: 'unreadable',
		unfit: {
			code: `phone.${code}`,
			why: `"${text}" ${finding}.`,
			fix: 'Write one number with + and country code in Entra, for example +49 30 1234567.',
		},
		extension,
	};
}
