/**
 * Careless servers and proxies say back what they were told, the sign-in included. What the credential
 * keeps secret is taken out of their refusals, however they write it, before anybody reads them.
 */

const SECRET = /token|secret|password|private.?key|api.?key/i;

/** `accessTokenUrl`, `token_type`. */
const PLAIN = /url|type/i;

/** Shorter ones are words of any answer. */
const SHORTEST = 6;

/** `body`: of a refusal; a good answer is never touched. `credential`: as n8n decrypts it. */
export function withoutSecrets(body: string, credential: object): string {
	return secretsIn(credential)
		.flatMap(formsOf)
		.sort((a, b) => b.length - a.length)
		.reduce((safe, form) => safe.replaceAll(form, '***'), body);
}

function secretsIn(value: object): string[] {
	return Object.entries(value).flatMap(([name, held]: [string, unknown]) => {
		if (typeof held === 'object' && held !== null) return secretsIn(held);
		const counts = SECRET.test(name) && !PLAIN.test(name);
		return counts && typeof held === 'string' && held.length >= SHORTEST ? [held] : [];
	});
}

/** As it is, as in an address, in JSON that is put into JSON, in base64 and in hex. */
function formsOf(secret: string): string[] {
	const inJson = (text: string) => JSON.stringify(text).slice(1, -1);
	const inUrl = encodeURIComponent(secret);
	return [
		secret,
		inJson(secret),
		inJson(inJson(secret)),
		inJson(inJson(inJson(secret))),
		inUrl,
		encodeURIComponent(inUrl),
		encodeURI(secret),
		new URLSearchParams({ s: secret }).toString().slice(2),
		Buffer.from(secret).toString('hex'),
		...inBase64(secret),
		...inBase64(inUrl),
	];
}

/** Of a longer text, too, such as `name:secret`: three characters become four, in one of three ways. */
function inBase64(secret: string): string[] {
	return [0, 1, 2].flatMap((before) => {
		const bytes = Buffer.from(' '.repeat(before) + secret);
		const whole = bytes.toString('base64').replaceAll('=', '');
		// The first and the last letters depend on the neighbours.
		const own = whole.slice(before && before + 1, bytes.length % 3 ? -1 : undefined);
		return [own, own.replaceAll('+', '-').replaceAll('/', '_')];
	});
}
