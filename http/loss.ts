/**
 * What became of a request that brought no answer.
 *
 * 'unsent': it never reached the other side, so sending it again does no harm whatever it was.
 * 'unknown': it may have been carried out before the connection broke.
 * 'final': trying again brings the same (a name that does not exist, a certificate nobody trusts,
 * a refused sign-in, a cancelled run).
 */
export type Loss = 'unsent' | 'unknown' | 'final';

const UNSENT = new Set([
	'ECONNREFUSED',
	'EAI_AGAIN',
	'EHOSTUNREACH',
	'ENETUNREACH',
	'UND_ERR_CONNECT_TIMEOUT',
]);

/** Codes of Node's sockets, of axios (which n8n uses) and of undici (which fetch uses). */
const UNKNOWN = new Set([
	'ECONNRESET',
	'EPIPE',
	'ETIMEDOUT',
	'ECONNABORTED',
	'ERR_BAD_RESPONSE',
	'ERR_STREAM_PREMATURE_CLOSE',
	'UND_ERR_SOCKET',
	'UND_ERR_HEADERS_TIMEOUT',
	'UND_ERR_BODY_TIMEOUT',
]);

/** Reads the code of whatever a port rejected with; libraries hide it at different depths. */
export function lossOf(thrown: unknown): Loss {
	for (const code of codesOf(thrown)) {
		if (UNSENT.has(code)) return 'unsent';
		if (UNKNOWN.has(code)) return 'unknown';
	}
	return 'final';
}

/** Every `code` along the chain of causes, outermost first. */
export function codesOf(thrown: unknown): string[] {
	const codes: string[] = [];
	for (const each of causesOf(thrown)) {
		if ('code' in each && typeof each.code === 'string') codes.push(each.code);
	}
	return codes;
}

/** What was thrown and everything that caused it. Bounded, because a cause may point back to itself. */
export function causesOf(thrown: unknown): object[] {
	const chain: object[] = [];
	let next = thrown;
	while (typeof next === 'object' && next !== null && chain.length < 10) {
		chain.push(next);
		next = 'cause' in next ? next.cause : undefined;
	}
	return chain;
}
