/**
 * Words of a foreign server, fit to be shown to a person. Some say back what they were told, the
 * sign-in included, as it was or encoded; people need none of that.
 */

/** One line of at most 200 characters, with `***` in place of whatever may be a secret. */
export function quote(text: string): string {
	const [words = ''] = text.split(SAID_BACK);
	const safe = words
		.replace(/\b(Bearer|Basic)\s+\S+/gi, '$1 ***')
		.replace(/(token|secret|password|api.?key)([\\"']*\s*[=:][\s\\"']*)[^\s\\"'&,;]+/gi, '$1$2***')
		.replace(/\S+/g, (word) => (isEncoded(word) || isOpaque(word) ? '***' : word));
	const line = safe.replace(/[\s\p{C}]+/gu, ' ').trim();
	return line.length > 200 ? `${line.slice(0, 199)}…` : line;
}

/** From here on it is no sentence, but an object that was put into one. */
const SAID_BACK = /\{\s*\\*"|\[\s*\\*["{]/;

/** As in an address. */
function isEncoded(word: string): boolean {
	return /%[\da-f]{2}/i.test(word);
}

/** Nobody can read it aloud: long, letters and digits or both cases mixed, and no ID, address or name. */
function isOpaque(word: string): boolean {
	const [run = ''] = /[\w+/=~.-]{20,}/.exec(word) ?? [];
	if (run === '' || word.includes('@') || ID.test(word)) return false;
	return /\d/.test(run) ? /[a-z]/i.test(run) : /[a-z][A-Z]/.test(run) && !/^[\w.]+$/.test(run);
}

const ID = /[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}/i;
