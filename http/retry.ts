import { lossOf } from './loss';
import type { HttpPort, HttpRequest, HttpResponse } from './port';
import { pause } from './wait';

/** A pause that is about to begin, for logs and hints. */
export interface Wait {
	readonly ms: number;
	/** The status that asked for it, or null when the connection was lost. */
	readonly status: number | null;
	/** The attempt that just went wrong, from 1. */
	readonly attempt: number;
	/** True when the server said how long; false when we chose. */
	readonly asked: boolean;
	/** Host name only: a path or query may hold what does not belong in a log. */
	readonly host: string;
}

export interface RetryPolicy {
	/** How often one request is sent at most when the server keeps asking for patience. */
	readonly attempts: number;
	/** The same when there was no answer at all: a wrong address should say so soon. */
	readonly connectionAttempts: number;
	/** First back-off in milliseconds; it doubles with each attempt, up to `longestMs`. */
	readonly firstMs: number;
	readonly longestMs: number;
	/**
	 * Milliseconds one request may spend waiting in all. A server that asks for more than is left
	 * is not asked again: calling earlier than it said would only prolong the throttling.
	 */
	readonly totalMs: number;
	/** Ends every wait at once, whether or not the single request got a signal of its own. */
	readonly signal?: AbortSignal;
	readonly onWait?: (wait: Wait) => void;
	/** A number from 0 up to 1. */
	readonly random: () => number;
	/** Milliseconds since 1970, to read a Retry-After that names a date. */
	readonly now: () => number;
	readonly pause: (ms: number, signal?: AbortSignal) => Promise<void>;
}

const DEFAULTS: RetryPolicy = {
	attempts: 6,
	connectionAttempts: 3,
	firstMs: 1_000,
	longestMs: 60_000,
	totalMs: 600_000,
	random: Math.random,
	now: Date.now,
	pause,
};

/** The server did not carry the request out and says so: safe to repeat, whatever it was. */
const NOT_DONE = new Set([429, 503]);
/** It may have been carried out: repeated only when doing it twice does no harm. */
const PERHAPS_DONE = new Set([500, 502, 504]);

/**
 * Gives a port that is patient: it sends again after throttling, outages and lost connections.
 *
 * After the last attempt it hands on the last answer, or rejects as the port did: what the answer
 * means is for whoever knows the protocol.
 */
export function withRetry(port: HttpPort, policy: Partial<RetryPolicy> = {}): HttpPort {
	const rules = { ...DEFAULTS, ...policy };

	return async (request, ownSignal) => {
		const signal = ownSignal ?? rules.signal;
		let waited = 0;
		for (let attempt = 1; ; attempt++) {
			signal?.throwIfAborted();
			const result = await attemptOnce(port, request, signal);
			const wait = nextWait(rules, request, result, attempt);
			if (wait === null || waited + wait.ms > rules.totalMs || signal?.aborted) {
				return result.kind === 'answer' ? result.response : reject(result.thrown);
			}
			rules.onWait?.(wait);
			await rules.pause(wait.ms, signal);
			waited += wait.ms;
		}
	};
}

type Result =
	| { readonly kind: 'answer'; readonly response: HttpResponse }
	| { readonly kind: 'lost'; readonly thrown: unknown };

async function attemptOnce(
	port: HttpPort,
	request: HttpRequest,
	signal: AbortSignal | undefined,
): Promise<Result> {
	try {
		return { kind: 'answer', response: await port(request, signal) };
	} catch (thrown) {
		return { kind: 'lost', thrown };
	}
}

function reject(thrown: unknown): never {
	throw thrown;
}

function nextWait(
	rules: RetryPolicy,
	request: HttpRequest,
	result: Result,
	attempt: number,
): Wait | null {
	const host = new URL(request.url).host;
	const backOff = backOffMs(rules, attempt);
	const harmless = isIdempotent(request);

	if (result.kind === 'lost') {
		if (attempt >= rules.connectionAttempts) return null;
		const loss = lossOf(result.thrown);
		if (loss === 'final' || (loss === 'unknown' && !harmless)) return null;
		return { ms: backOff, status: null, attempt, asked: false, host };
	}

	const { status, headers } = result.response;
	const again = NOT_DONE.has(status) || (harmless && PERHAPS_DONE.has(status));
	if (!again || attempt >= rules.attempts) return null;
	const asked = retryAfterMs(headers['retry-after'], rules.now());
	// A little more than asked, so that clients throttled together do not come back together.
	return asked === null
		? { ms: backOff, status, attempt, asked: false, host }
		: { ms: asked + rules.random() * rules.firstMs, status, attempt, asked: true, host };
}

function isIdempotent(request: HttpRequest): boolean {
	return request.idempotent ?? (request.method !== 'POST' && request.method !== 'PATCH');
}

/** Exponential back-off with full jitter: anywhere between nothing and the doubled step. */
function backOffMs(rules: RetryPolicy, attempt: number): number {
	return rules.random() * Math.min(rules.longestMs, rules.firstMs * 2 ** (attempt - 1));
}

/**
 * Milliseconds a Retry-After header asks for: whole or fractional seconds, or an HTTP date (RFC
 * 9110, 10.2.3; fractions are seen from Graph). Null when it is absent or cannot be read, so that
 * garbage means our own back-off and never an immediate repeat.
 */
export function retryAfterMs(value: string | undefined, now: number): number | null {
	const text = value?.trim() ?? '';
	if (/^\d+(\.\d+)?$/.test(text)) return Number(text) * 1_000;
	// Dates begin with the name of a day; Date.parse alone would take '-1' for a year.
	if (!/^[A-Z][a-z]{2},? /.test(text)) return null;
	const at = Date.parse(text);
	return Number.isNaN(at) || at <= now ? null : at - now;
}
