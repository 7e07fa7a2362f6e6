/** Plain text out of values that strangers typed, and counted words. */
import { STANDARD_FIELDS } from '../contact';
import type { Extension, User } from '../item';
import { MARK } from '../mark';

/** Longest single value a report shows, in characters. */
const LONGEST_VALUE = 160;

/** `1 user`, `2 users`, `no users`. */
export function count(number: number, one: string, many = `${one}s`): string {
	if (number === 0) return `no ${many}`;
	return `${String(number)} ${number === 1 ? one : many}`;
}

/** `a`, `a and b`, `a, b and c`. */
export function list(words: readonly string[]): string {
	if (words.length < 2) return words.join('');
	return `${words.slice(0, -1).join(', ')} and ${words.at(-1) ?? ''}`;
}

/**
 * One line of text that cannot disturb its surroundings: no line breaks, no control characters, and
 * none of the marks that turn the reading direction around and so make a name look like another.
 */
export function plain(value: string, longest = LONGEST_VALUE): string {
	const line = value
		.replace(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ')
		.replace(/[\u200E\u200F\u202A-\u202E\u2066-\u2069\uFEFF]|\p{Cs}/gu, '')
		.trim();
	return shorten(line, longest);
}

/** Cuts by whole characters, so that half an emoji never leaves. */
export function shorten(text: string, longest: number): string {
	if (text.length <= longest) return text;
	let kept = '';
	for (const character of text) {
		if (kept.length + character.length > longest - 1) break;
		kept += character;
	}
	return `${kept}…`;
}

/** The best name there is for whoever an item is about. */
export function nameOf(about: {
	readonly user?: User | undefined;
	readonly extension?: Extension | undefined;
}): string {
	const { user, extension } = about;
	const fields = extension?.fields ?? {};
	const candidates: unknown[] = [
		user?.['displayName'],
		user?.['userPrincipalName'],
		fields['displayName'],
		[fields['firstName'], fields['lastName']].filter(Boolean).join(' '),
		fields['email'],
		user?.id,
		extension?.id,
	];
	for (const candidate of candidates)
		if (typeof candidate === 'string' && plain(candidate) !== '') return plain(candidate);
	return 'Somebody without a name';
}

/** A field under the name people know it by. */
export function fieldName(name: string): string {
	const known: Readonly<Record<string, string>> = { ...STANDARD_FIELDS, [MARK]: 'Object ID' };
	return Object.hasOwn(known, name) ? (known[name] ?? name) : plain(name);
}
