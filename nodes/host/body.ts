/**
 * Takes in the body of an answer, within bounds: whoever answers may send without end, or JSON so
 * deep that whatever walks through it later breaks down.
 */
import { z } from 'zod';

import type { HttpRequest } from '../../http/port';
import { DiagnosedError } from '../../sync/diagnostic';

/** Far above any page of a list, far below what would hurt n8n. */
const MOST_BYTES = 64_000_000;

/** Nobody's answer has more levels than a dozen. */
const MOST_LEVELS = 100;

const DEFAULT_TIMEOUT_MS = 60_000;

const part = z.union([z.instanceof(Uint8Array), z.string()]);

/**
 * The body as text. Rejects with a `DiagnosedError` `system.answerTooLong` or `system.answerTooDeep`,
 * with what the network said when it breaks off, and like a time-out when it only trickles.
 */
export async function readBody(body: unknown, request: HttpRequest): Promise<string> {
	const text = isStream(body) ? await readStream(body, request) : readAtOnce(body);
	if (nestsTooDeep(text)) throw new DiagnosedError(tooDeep(request));
	return text;
}

function isStream(body: unknown): body is AsyncIterable<unknown> {
	return typeof body === 'object' && body !== null && Symbol.asyncIterator in body;
}

/** The host reads some answers itself. */
function readAtOnce(body: unknown): string {
	if (typeof body === 'string') return body;
	return body ? JSON.stringify(body) : '';
}

async function readStream(body: AsyncIterable<unknown>, request: HttpRequest): Promise<string> {
	const parts: Uint8Array[] = [];
	const end = Date.now() + (request.timeoutMs ?? DEFAULT_TIMEOUT_MS);
	let bytes = 0;
	// Leaving the loop early ends the connection.
	for await (const next of body) {
		const more = part.parse(next);
		const taken = typeof more === 'string' ? Buffer.from(more) : more;
		bytes += taken.length;
		if (bytes > MOST_BYTES) throw new DiagnosedError(tooLong(request));
		if (Date.now() > end) throw Object.assign(new Error('Too slow'), { code: 'ETIMEDOUT' });
		parts.push(taken);
	}
	return Buffer.concat(parts)
		.toString('utf8')
		.replace(/^\uFEFF/, '');
}

/** Whether JSON text has more levels than it may have; of other text it may say anything. */
export function nestsTooDeep(text: string): boolean {
	let levels = 0;
	let quoted = false;
	for (let at = 0; at < text.length; at++) {
		const code = text.charCodeAt(at);
		if (quoted) {
			if (code === BACKSLASH) at += 1;
			else if (code === QUOTE) quoted = false;
		} else if (code === QUOTE) quoted = true;
		else if (code === BRACKET || code === BRACE) {
			levels += 1;
			if (levels > MOST_LEVELS) return true;
		} else if (code === BRACKET + 2 || code === BRACE + 2) levels -= 1;
	}
	return false;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
/** `[`, and two further on `]`; the same with braces. */
const BRACKET = 0x5b;
const BRACE = 0x7b;

function tooLong({ url }: HttpRequest) {
	return {
		code: 'system.answerTooLong',
		what: `${new URL(url).host} sent far more than was asked for.`,
		why: `An answer of more than ${String(MOST_BYTES / 1_000_000)} MB is not a page of a list.`,
		fix: 'Check the address in the credential, and what stands between n8n and that host.',
	};
}

function tooDeep({ url }: HttpRequest) {
	return {
		code: 'system.answerTooDeep',
		what: `The answer of ${new URL(url).host} is built in a way nobody means.`,
		why: `It has more than ${String(MOST_LEVELS)} lists or objects inside each other.`,
		fix: 'Check the address in the credential, and what stands between n8n and that host.',
	};
}
