import fc from 'fast-check';

import type { HttpPort, HttpRequest, HttpResponse } from '../../../http/port.ts';
import type { RetryPolicy, Wait } from '../../../http/retry.ts';
import { retryAfterMs, withRetry } from '../../../http/retry.ts';

const NOON = Date.parse('2026-11-23T12:00:00Z');
const read: HttpRequest = { method: 'GET', url: 'https://graph.example/v1.0/users?secret=1' };
const write: HttpRequest = { method: 'POST', url: 'https://graph.example/v1.0/users' };

type Step = { status: number; headers?: Record<string, string> } | { code: string };

/** Plays the steps one after the other, the last one for ever, and counts the calls. */
function scripted(...steps: Step[]) {
	const sent: HttpRequest[] = [];
	const port: HttpPort = async (request) => {
		const step = steps[Math.min(sent.length, steps.length - 1)];
		sent.push(request);
		if (!step) throw new Error('no step');
		if ('code' in step) throw Object.assign(new Error('lost'), { code: step.code });
		return { status: step.status, headers: step.headers ?? {}, body: '' };
	};
	return { port, sent };
}

function patient(port: HttpPort, policy: Partial<RetryPolicy> = {}) {
	const waits: Wait[] = [];
	const pauses: number[] = [];
	const send = withRetry(port, {
		random: () => 0.5,
		now: () => NOON,
		pause: async (ms, signal) => {
			signal?.throwIfAborted();
			pauses.push(ms);
		},
		onWait: (wait) => waits.push(wait),
		...policy,
	});
	return { send, waits, pauses };
}

async function outcome(promise: Promise<HttpResponse>): Promise<number | string> {
	return await promise.then(
		(response) => response.status,
		(thrown: { code?: string; name: string }) =>
			thrown.name === 'AbortError' ? thrown.name : (thrown.code ?? thrown.name),
	);
}

describe('asking again', () => {
	it('gives the first good answer and does not wait for it', async () => {
		const { port, sent } = scripted({ status: 200 });
		const { send, pauses } = patient(port);
		expect(await outcome(send(read))).toBe(200);
		expect(sent).toHaveLength(1);
		expect(pauses).toEqual([]);
	});

	it.each([429, 503])(
		'repeats a write too after %i, because it was not carried out',
		async (status) => {
			const { port, sent } = scripted({ status }, { status: 201 });
			expect(await outcome(patient(port).send(write))).toBe(201);
			expect(sent).toHaveLength(2);
		},
	);

	it.each([500, 502, 504])('repeats a read after %i and never a write', async (status) => {
		const reading = scripted({ status }, { status: 200 });
		expect(await outcome(patient(reading.port).send(read))).toBe(200);
		const writing = scripted({ status }, { status: 201 });
		expect(await outcome(patient(writing.port).send(write))).toBe(status);
		expect(writing.sent).toHaveLength(1);
	});

	it('repeats a write that says it is harmless', async () => {
		const { port, sent } = scripted({ code: 'ECONNRESET' }, { status: 200 });
		expect(await outcome(patient(port).send({ ...write, idempotent: true }))).toBe(200);
		expect(sent).toHaveLength(2);
	});

	it('does not repeat a write whose connection broke, because it may have been carried out', async () => {
		const { port, sent } = scripted({ code: 'ECONNRESET' });
		expect(await outcome(patient(port).send(write))).toBe('ECONNRESET');
		expect(sent).toHaveLength(1);
	});

	it('repeats a write that never left', async () => {
		const { port } = scripted({ code: 'ECONNREFUSED' }, { status: 201 });
		expect(await outcome(patient(port).send(write))).toBe(201);
	});

	it.each(['ENOTFOUND', 'CERT_HAS_EXPIRED', 'ERR_CANCELED'])(
		'does not try again after %s, which stays so',
		async (code) => {
			const { port, sent } = scripted({ code });
			expect(await outcome(patient(port).send(read))).toBe(code);
			expect(sent).toHaveLength(1);
		},
	);

	it('hands on the last answer when patience ends, instead of throwing', async () => {
		const { port, sent } = scripted({ status: 503 });
		expect(await outcome(patient(port).send(read))).toBe(503);
		expect(sent).toHaveLength(6);
	});

	it('waits longer each time, anywhere below the doubled step', async () => {
		const { port } = scripted({ status: 503 });
		const { send, pauses } = patient(port, { random: () => 0.999999, longestMs: 5_000 });
		await send(read);
		expect(pauses.map(Math.ceil)).toEqual([1_000, 2_000, 4_000, 5_000, 5_000]);
	});
});

describe('what a server asks for', () => {
	it('is never cut short', async () => {
		await fc.assert(
			fc.asyncProperty(
				fc.double({ min: 0, max: 599, noNaN: true }),
				fc.double({ min: 0, max: 0.999, noNaN: true }),
				async (seconds, chance) => {
					const asked = seconds.toFixed(3);
					const { port } = scripted(
						{ status: 429, headers: { 'retry-after': asked } },
						{ status: 200 },
					);
					const { send, pauses } = patient(port, { random: () => chance });
					await send(read);
					expect(pauses[0]).toBeGreaterThanOrEqual(Number(asked) * 1_000);
				},
			),
		);
	});

	it('ends the attempts when it is more than we may wait in all', async () => {
		const { port, sent } = scripted({ status: 429, headers: { 'retry-after': '3600' } });
		expect(await outcome(patient(port).send(read))).toBe(429);
		expect(sent).toHaveLength(1);
	});

	it('counts against the total over several waits', async () => {
		const { port, sent } = scripted({ status: 429, headers: { 'retry-after': '250' } });
		const { send, pauses } = patient(port);
		expect(await outcome(send(read))).toBe(429);
		expect(sent).toHaveLength(3);
		expect(pauses.reduce((sum, ms) => sum + ms, 0)).toBeLessThanOrEqual(600_000);
	});

	it.each([
		['10', 10_000],
		['2.128', 2_128],
		['0', 0],
		['Mon, 23 Nov 2026 12:00:30 GMT', 30_000],
		['Mon, 23 Nov 2026 11:59:00 GMT', null],
		['-5', null],
		['soon', null],
		['', null],
		[undefined, null],
	])('reads %p as %p milliseconds', (value, expected) => {
		expect(retryAfterMs(value, NOON)).toBe(expected);
	});

	it('falls back to a wait of our own when it cannot be read', async () => {
		const { port } = scripted({ status: 429, headers: { 'retry-after': 'soon' } }, { status: 200 });
		const { send, waits } = patient(port);
		await send(read);
		expect(waits).toEqual([
			{ ms: 500, status: 429, attempt: 1, asked: false, host: 'graph.example' },
		]);
	});
});

describe('cancelling', () => {
	it('sends nothing when the run is already cancelled', async () => {
		const { port, sent } = scripted({ status: 200 });
		const { send } = patient(port, { signal: AbortSignal.abort() });
		expect(await outcome(send(read))).toBe('AbortError');
		expect(sent).toHaveLength(0);
	});

	it('ends a wait at once, without another request', async () => {
		const cancelling = new AbortController();
		const { port, sent } = scripted({ status: 429, headers: { 'retry-after': '500' } });
		// The real pause: only the abort can end it within the time a test has.
		const send = withRetry(port, {
			signal: cancelling.signal,
			onWait: () => queueMicrotask(() => cancelling.abort()),
		});
		expect(await outcome(send(read))).toBe('AbortError');
		expect(sent).toHaveLength(1);
	});
});

describe('what is told about a wait', () => {
	it('names the host and never the path or query', async () => {
		const { port } = scripted({ code: 'ECONNRESET' }, { status: 200 });
		const { send, waits } = patient(port);
		await send(read);
		expect(JSON.stringify(waits)).not.toContain('secret');
		expect(waits[0]?.host).toBe('graph.example');
	});
});
