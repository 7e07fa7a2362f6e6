/** An `HttpPort` over fetch, as the tests use it in place of n8n's request helper. */
import type { HttpPort, HttpRequest } from '../http/port.ts';
import { noAnswer } from '../nodes/host/no-answer.ts';

/** Adds `headers` to every request, as n8n's credentials do. Never follows a redirect. */
export function fetchPort(headers: Readonly<Record<string, string>> = {}): HttpPort {
	return async (request, signal) => {
		const timeout = AbortSignal.timeout(request.timeoutMs ?? 60_000);
		try {
			const answer = await fetch(request.url, {
				method: request.method,
				headers: { ...contentType(request.body), ...headers, ...request.headers },
				body: encode(request.body) ?? null,
				redirect: 'manual',
				signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
			});
			const body = await answer.text();
			return { status: answer.status, headers: Object.fromEntries(answer.headers), body };
		} catch (thrown) {
			throw noAnswer(thrown, request.url);
		}
	};
}

function encode(body: HttpRequest['body']): string | undefined {
	if (body === undefined || typeof body === 'string') return body;
	return body instanceof URLSearchParams ? body.toString() : JSON.stringify(body);
}

function contentType(body: HttpRequest['body']): Record<string, string> {
	if (body === undefined || typeof body === 'string') return {};
	return {
		'content-type':
			body instanceof URLSearchParams ? 'application/x-www-form-urlencoded' : 'application/json',
	};
}
