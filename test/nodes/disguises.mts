/**
 * Every form a secret may be hidden in: as it is, encoded for an address, escaped in JSON that was
 * put into JSON, and in base64, also in the middle of a longer text such as `name:secret`.
 */
import { inspect } from 'node:util';

/** The shortest text that cannot be there by chance. */
const TELLING = 8;

export function disguisesOf(secret: string): string[] {
	const escaped = inJson(secret);
	const forms = [
		secret,
		encodeURIComponent(secret),
		encodeURI(secret),
		new URLSearchParams({ x: secret }).toString().slice(2),
		encodeURIComponent(encodeURIComponent(secret)),
		escaped,
		inJson(escaped),
		inJson(inJson(escaped)),
		...inBase64(secret),
		...inBase64(encodeURIComponent(secret)),
		Buffer.from(secret).toString('hex'),
	];
	return [...new Set(forms)].filter((form) => form.length >= TELLING);
}

function inJson(text: string): string {
	return JSON.stringify(text).slice(1, -1);
}

/** Three characters become four, so it depends on what stands before; the ends hang on neighbours. */
function inBase64(text: string): string[] {
	return [0, 1, 2].flatMap((before) => {
		const whole = Buffer.from(' '.repeat(before) + text);
		const encoded = whole.toString('base64').replaceAll('=', '');
		const middle = encoded.slice(before === 0 ? 0 : before + 1, whole.length % 3 ? -1 : undefined);
		return [middle, middle.replaceAll('+', '-').replaceAll('/', '_')];
	});
}

/** The first secret that is found in some form, and null when there is none. */
export function findSecret(texts: readonly string[], secrets: Iterable<string>): string | null {
	for (const secret of secrets) {
		const form = disguisesOf(secret).find((each) => texts.some((text) => text.includes(each)));
		if (form !== undefined) return `${secret} as ${form}`;
	}
	return null;
}

/** All a run leaves behind, as texts: what n8n stores, and every property of it, hidden ones too. */
export function everythingOf(...left: readonly unknown[]): string[] {
	const options = {
		depth: Infinity,
		showHidden: true,
		maxArrayLength: null,
		maxStringLength: null,
	} as const;
	return left.flatMap((each) => [inspect(each, options), JSON.stringify(each, withoutCircles())]);
}

/** An error is written with what it carries, and what holds itself is written once. */
function withoutCircles() {
	const seen = new Set<unknown>();
	return (_: string, value: unknown): unknown => {
		if (typeof value !== 'object' || value === null) return value;
		if (seen.has(value)) return undefined;
		seen.add(value);
		return value instanceof Error
			? { ...value, message: value.message, stack: value.stack }
			: value;
	};
}
