import { randomInt } from 'node:crypto';

/** No 0 and O, 1 and l: a secret may have to be typed into a desk phone. */
const LOWER = 'abcdefghijkmnpqrstuvwxyz';
const UPPER = 'ABCDEFGHJKLMNPQRSTUVWXYZ';
const DIGITS = '23456789';

/**
 * A random password of letters and digits with at least one lower-case letter, one capital and one
 * digit, never three digits in a row, and none of the `forbidden` words in it, whatever their case.
 * It goes to the phone system and nowhere else.
 */
export function generateSecret(length: number, forbidden: readonly (string | null)[] = []): string {
	const words = forbidden
		.map((word) => word?.trim().toLowerCase() ?? '')
		.filter((word) => word !== '');
	for (;;) {
		const secret = Array.from({ length }, () => oneOf(LOWER + UPPER + DIGITS)).join('');
		const strong =
			/[a-z]/.test(secret) &&
			/[A-Z]/.test(secret) &&
			/\d/.test(secret) &&
			!/\d{3}/.test(secret) &&
			!words.some((word) => secret.toLowerCase().includes(word));
		if (strong) return secret;
	}
}

function oneOf(alphabet: string): string {
	return alphabet.charAt(randomInt(alphabet.length));
}

/** A random PIN of digits, for what is typed on a phone. It goes to the phone system and nowhere else. */
export function generatePin(length: number): string {
	return Array.from({ length }, () => String(randomInt(10))).join('');
}
