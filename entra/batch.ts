import { z } from 'zod';

import type { HttpPort, HttpResponse } from '../http/port';
import type { RetryPolicy } from '../http/retry';
import { retryAfterMs } from '../http/retry';
import { pause } from '../http/wait';
import type { Diagnostic } from '../sync/diagnostic';
import { DiagnosedError } from '../sync/diagnostic';
import type { Asking } from './diagnosis';
import { explainGraphError } from './diagnosis';

/** Graph takes at most so many requests in one (Learn, "JSON batching"). */
const MOST_PARTS = 20;

/** One request inside a batch. Doing it twice must do no harm: it may be sent again. */
export interface Part {
	readonly method: 'GET' | 'PATCH';
	/** From after the version: `/users/...`, already encoded. */
	readonly path: string;
	readonly body?: object;
}

/** What became of one part. 'lost': it was not answered, and it is not the part's own fault. */
export type PartAnswer =
	| {
			readonly kind: 'answer';
			readonly status: number;
			/** Graph's own code and words, when it refused. */
			readonly code: string;
			readonly message: string;
			/** The property a conflict is about, when Graph names it. */
			readonly target: string | null;
			readonly body: unknown;
	  }
	| { readonly kind: 'lost'; readonly because: Diagnostic };

export type BatchPatience = Pick<
	RetryPolicy,
	'attempts' | 'firstMs' | 'longestMs' | 'random' | 'now' | 'pause'
> & { readonly signal?: AbortSignal };

const DEFAULTS: BatchPatience = {
	attempts: 6,
	firstMs: 2_000,
	longestMs: 60_000,
	random: Math.random,
	now: Date.now,
	pause,
};

/** Sends any number of parts and gives an answer for each, in their order. */
export type Batch = (parts: readonly Part[], asking: Asking) => Promise<PartAnswer[]>;

/**
 * Batches over our own port, twenty parts at a time, one batch after the other. Each part is judged
 * by its own status: who was throttled is sent again after the longest time Graph asked for, and who
 * was not found once more, because a new user is not known everywhere at once.
 *
 * Never rejects: what could not be sent is 'lost', so that what was done before is not forgotten.
 */
export function openBatch(
	http: HttpPort,
	graphUrl: string,
	patience: Partial<BatchPatience> = {},
): Batch {
	const rules = { ...DEFAULTS, ...patience };
	const address = `${graphUrl}/v1.0`;

	return async (parts, asking) => {
		const answers = new Map<number, PartAnswer>();
		let open = parts.map((_, index) => index);
		for (let attempt = 1; open.length > 0; attempt++) {
			const waits: number[] = [];
			const again: number[] = [];
			for (const some of chunks(open)) {
				for (const [index, answer, wait] of await sendOnce(parts, some, asking)) {
					answers.set(index, answer);
					if (answer.kind === 'lost' || !isWorthAgain(answer.status, attempt, rules)) continue;
					again.push(index);
					waits.push(wait ?? rules.random() * rules.firstMs * 2 ** (attempt - 1));
				}
			}
			if (attempt === 1) again.push(...(await renewed(parts, answers)));
			open = again;
			if (again.length === 0) break;
			const longest = waits.reduce((most, wait) => Math.max(most, wait), 0);
			// Asked for more patience than a run has: what is left keeps its answer.
			if (longest > rules.longestMs * rules.attempts) break;
			const stopped = await rules.pause(longest, rules.signal).then(
				() => false,
				() => true,
			);
			if (stopped) break;
		}
		return parts.map((_, index) => answers.get(index) ?? LOST);
	};

	async function sendOnce(
		parts: readonly Part[],
		indexes: readonly number[],
		asking: Asking,
	): Promise<Array<readonly [number, PartAnswer, number | null]>> {
		try {
			const answer = await http({
				method: 'POST',
				url: `${address}/$batch`,
				headers: { Accept: 'application/json', 'Accept-Language': 'en-US' },
				body: { requests: indexes.map((index) => toRequest(String(index), parts[index])) },
				idempotent: true,
			});
			const byId = readAnswers(answer, asking);
			return indexes.map((index) => {
				const found = byId.get(String(index));
				if (!found) return [index, LOST, null] as const;
				return [index, found.answer, retryAfterMs(found.retryAfter, rules.now())] as const;
			});
		} catch (thrown) {
			const because = thrown instanceof DiagnosedError ? thrown.diagnostic : LOST.because;
			return indexes.map((index) => [index, { kind: 'lost', because }, null] as const);
		}
	}

	/**
	 * A batch is answered 200 whatever its parts say, so n8n does not see that the token is from
	 * before a permission was granted. One refused part sent alone lets it see that; when it is then
	 * taken, the others are worth sending again.
	 */
	async function renewed(
		parts: readonly Part[],
		answers: Map<number, PartAnswer>,
	): Promise<number[]> {
		const refused = [...answers].flatMap(([index, answer]) =>
			answer.kind === 'answer' && answer.status === 403 ? [index] : [],
		);
		const [first] = refused;
		const part = first === undefined ? undefined : parts[first];
		if (first === undefined || part === undefined) return [];
		const { method, path, body } = part;
		const request = { method, url: `${address}${path}`, idempotent: true };
		const answer = await http({ ...request, ...(body ? { body } : {}) }).catch(() => null);
		if (answer === null || answer.status >= 300) return [];
		answers.set(first, answered(answer.status, parseJson(answer.body)));
		return refused.slice(1);
	}
}

function toRequest(id: string, part: Part | undefined): object {
	const { method, path, body } = part ?? { method: 'GET', path: '/' };
	const headers = { ...(body ? { 'Content-Type': 'application/json' } : {}) };
	return { id, method, url: path, headers, ...(body ? { body } : {}) };
}

function* chunks(indexes: readonly number[]): Generator<readonly number[]> {
	for (let start = 0; start < indexes.length; start += MOST_PARTS) {
		yield indexes.slice(start, start + MOST_PARTS);
	}
}

/** All we write are values as they shall be, so whatever may have been done can be done again. */
const BUSY = new Set([429, 500, 502, 503, 504]);

function isWorthAgain(status: number, attempt: number, { attempts }: BatchPatience): boolean {
	return status === 404 ? attempt === 1 : BUSY.has(status) && attempt < attempts;
}

const wireAnswers = z.object({
	responses: z.array(
		z.object({
			id: z.string(),
			status: z.number(),
			headers: z.record(z.unknown()).catch({}),
			body: z.unknown(),
		}),
	),
});

const wireError = z.object({
	error: z.object({
		code: z.string().catch(''),
		message: z.string().catch(''),
		details: z.array(z.object({ target: z.string().optional() })).catch([]),
	}),
});

function readAnswers({ status, body }: HttpResponse, asking: Asking) {
	const content = parseJson(body);
	const parsed = wireAnswers.safeParse(content);
	if (status !== 200 || !parsed.success) {
		const { code, message } = errorIn(content);
		throw explainGraphError({ status, code, message }, asking);
	}
	return new Map(
		parsed.data.responses.map(({ id, headers, ...answer }) => {
			const [, after] =
				Object.entries(headers).find(([name]) => name.toLowerCase() === 'retry-after') ?? [];
			const retryAfter = after === undefined ? undefined : String(after);
			return [id, { answer: answered(answer.status, answer.body), retryAfter }];
		}),
	);
}

function answered(status: number, body: unknown): PartAnswer & { kind: 'answer' } {
	return { kind: 'answer', status, ...errorIn(body), body };
}

function errorIn(body: unknown): { code: string; message: string; target: string | null } {
	const parsed = wireError.safeParse(body);
	if (!parsed.success) return { code: '', message: '', target: null };
	const { code, message, details } = parsed.data.error;
	return { code, message, target: details.find(({ target }) => target)?.target ?? null };
}

function parseJson(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return null;
	}
}

const LOST: PartAnswer & { kind: 'lost' } = {
	kind: 'lost',
	because: {
		code: 'entra.brokenAnswer',
		what: 'An answer of Microsoft Graph arrived broken.',
		why: 'It came without the part that is about this user.',
		fix: 'Run the workflow again; what was done already is found to be so.',
	},
};
