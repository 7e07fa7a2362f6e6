import type { HttpPort, HttpRequest, HttpResponse } from '../../../http/port.ts';

export const GRAPH = 'https://graph.example';

/** Answers of Graph, as text, the way they come over the wire. */
export function json(body: unknown, status = 200): HttpResponse {
	return { status, headers: {}, body: JSON.stringify(body) };
}

export function refusal(status: number, code: string, message = code): HttpResponse {
	return json({ error: { code, message, innerError: { 'request-id': 'r' } } }, status);
}

export interface Person {
	readonly id: string;
	readonly [attribute: string]: unknown;
}

export function person(number: number, more: Record<string, unknown> = {}): Person {
	return {
		id: `id-${String(number)}`,
		displayName: `Person ${String(number)}`,
		userPrincipalName: `p${String(number)}@contoso.example`,
		accountEnabled: true,
		userType: 'Member',
		...more,
	};
}

/** What a directory of these people does with a request it is not told to spoil. */
export interface PagedOptions {
	readonly people: readonly Person[];
	readonly pageSize: number;
	/** Put in front of Graph's own answer, by number of the request from 0; null lets it through. */
	readonly spoil?: (request: number, honest: HttpResponse) => HttpResponse | null;
}

/** A port with a directory behind it that pages by opaque tokens, and remembers what was sent. */
export function paged({ people, pageSize, spoil }: PagedOptions) {
	const sent: HttpRequest[] = [];
	const port: HttpPort = async (request) => {
		const number = sent.length;
		sent.push(request);
		const url = new URL(request.url);
		const start = Number(url.searchParams.get('$skiptoken') ?? 0);
		const next = start + pageSize;
		const counting = request.headers?.['ConsistencyLevel'] === 'eventual';
		const link = new URL(url);
		link.searchParams.set('$skiptoken', String(next));
		const honest = json({
			...(counting && start === 0 ? { '@odata.count': people.length } : {}),
			...(next < people.length ? { '@odata.nextLink': link.href } : {}),
			value: people.slice(start, next),
		});
		return spoil?.(number, honest) ?? honest;
	};
	return { port, sent };
}
