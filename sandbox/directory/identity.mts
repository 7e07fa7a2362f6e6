import { createHash } from 'node:crypto';

/** The same key always gives the same id, so every start of the sandbox is the same tenant. */
export function stableId(kind: string, key: string): string {
	const hex = createHash('sha256').update(`${kind}:${key}`).digest('hex');
	const variant = 'ab89'.charAt(parseInt(hex.charAt(16), 16) % 4);
	return [
		hex.slice(0, 8),
		hex.slice(8, 12),
		`4${hex.slice(13, 16)}`,
		`${variant}${hex.slice(17, 20)}`,
		hex.slice(20, 32),
	].join('-');
}

const LETTERS: Record<string, string> = {
	ø: 'o',
	æ: 'ae',
	ß: 'ss',
	ł: 'l',
	đ: 'd',
	ı: 'i',
	ð: 'd',
	þ: 'th',
};

/** What a mail administrator makes of a name: "Łukasz O'Żak" becomes "lukasz.ozak". */
export function mailLocalPart(...names: string[]): string {
	return names
		.map((name) =>
			name
				.toLowerCase()
				.normalize('NFD')
				.replace(/\p{Mark}/gu, '')
				.replace(/[øæßłđıðþ]/g, (letter) => LETTERS[letter] ?? '')
				.replace(/[^a-z0-9]/g, ''),
		)
		.filter((name) => name !== '')
		.join('.');
}
