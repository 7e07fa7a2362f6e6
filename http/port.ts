/**
 * The one way out to the network.
 *
 * Everything in `entra/` and `pbx/` talks through an `HttpPort`. Inside n8n it is the host's own
 * request helper, so proxies, SSRF protection and credential refresh are the host's
 * (`nodes/host/http.ts`); in tests and benchmarks it is `fetch`.
 */
export interface HttpRequest {
	readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
	/** Absolute URL, query included and already percent-encoded. */
	readonly url: string;
	readonly headers?: Readonly<Record<string, string>>;
	/** A plain object goes out as JSON, `URLSearchParams` as a form, a string as it is. */
	readonly body?: object | URLSearchParams | string;
	/**
	 * Whether sending it twice does no harm. Default: true for GET, PUT and DELETE, false for POST
	 * and PATCH. Only such requests are sent again when the connection broke after they were sent.
	 */
	readonly idempotent?: boolean;
	/** Milliseconds for the whole exchange. Default 60,000. */
	readonly timeoutMs?: number;
}

export interface HttpResponse {
	readonly status: number;
	/** Names in lower case. */
	readonly headers: Readonly<Record<string, string>>;
	/** Always the text as it came; whoever knows the protocol parses it. */
	readonly body: string;
}

/**
 * Sends one request and gives its answer, whatever the status.
 * Rejects only when there is no answer: name not found, refused, reset, timed out, cancelled.
 */
export type HttpPort = (request: HttpRequest, signal?: AbortSignal) => Promise<HttpResponse>;
