import type { Context, Middleware } from '@microsoft/microsoft-graph-client';
import { Client, GraphError } from '@microsoft/microsoft-graph-client';
import { z } from 'zod';

import type { HttpPort } from '../http/port';
import { DiagnosedError } from '../sync/diagnostic';
import type { Asking } from './diagnosis';
import { BrokenAnswer, explainGraphError } from './diagnosis';

/** One GET as Graph understands it. Values are plain text; encoding is done here. */
export interface GraphQuery {
	/** From after the version: `/users`. IDs in it are already encoded. */
	readonly path: string;
	readonly select: readonly string[];
	readonly top?: number;
	readonly filter?: string;
	/** `"displayName:sales"`, quotes included; only together with `advanced`. */
	readonly search?: string;
	readonly orderby?: string;
	/** `manager($select=id)`; not together with `advanced` (Learn, "Advanced query capabilities"). */
	readonly expand?: string;
	/** Of a delta query: only a link to what changes from now on. */
	readonly fromNow?: boolean;
	/**
	 * Ask for Graph's "advanced query capabilities": more operators, and a count. Graph needs both
	 * the header and `$count=true`, on every page (Learn, "Advanced query capabilities").
	 */
	readonly advanced?: boolean;
	/** What the request is for, so that a refusal can name the permission that is missing. */
	readonly asking: Asking;
}

/** What was asked of Graph so far. Graph allows an app 3,500 to 8,000 units in ten seconds. */
export interface Cost {
	requests: number;
	/** Sum of `x-ms-resource-unit`, as Graph itself says it. */
	units: number;
}

export interface Graph {
	/** Counts up while requests are answered. */
	readonly cost: Readonly<Cost>;
	/**
	 * Sends the query, or follows the link a page of it gave, exactly as it came; but only to the
	 * address the credential names, because the sign-in goes along.
	 *
	 * Gives the parsed JSON. Rejects with a `DiagnosedError` that says what Graph refused, with
	 * `BrokenAnswer` when what came was no JSON (a body cut off in the middle, a page of a proxy), or
	 * with whatever the port rejected with.
	 */
	get(query: GraphQuery, link?: string): Promise<unknown>;
	/**
	 * About how many objects the query's list has, for telling how long it takes; never for deciding
	 * anything, as Graph counts in an index that may lag behind. Sent once and without patience: null
	 * when there is no answer within ten seconds, or none that is a number.
	 */
	count(query: GraphQuery): Promise<number | null>;
}

/** Milliseconds a count may take. */
const COUNT_WITHIN = 10_000;

/**
 * Opens Graph over our own port. Microsoft's client builds the URLs and reads the errors; sending,
 * waiting and trying again stay outside of it. `hasty`: the same port without patience.
 */
export function openGraph(port: HttpPort, graphUrl: string, hasty: HttpPort = port): Graph {
	const { origin } = new URL(graphUrl);
	const cost: Cost = { requests: 0, units: 0 };
	return {
		cost,
		async get(query, link) {
			if (link !== undefined && !isAt(link, origin)) throw elsewhere(link);
			const transport = new Transport(port, link, cost);
			const client = Client.initWithMiddleware({
				baseUrl: graphUrl,
				defaultVersion: 'v1.0',
				middleware: transport,
			});
			const request = client
				.api(query.path)
				// Some directory requests refuse the `*` that HTTP clients put here by themselves.
				.header('Accept-Language', 'en-US')
				.header('Accept', 'application/json')
				.select([...query.select]);
			if (query.top !== undefined) request.top(query.top);
			// The client puts values into the URL as they are, so `R&D` would end the filter.
			if (query.filter !== undefined) request.filter(encodeURIComponent(query.filter));
			if (query.search !== undefined) request.search(encodeURIComponent(query.search));
			if (query.orderby !== undefined) request.orderby(query.orderby);
			if (query.expand !== undefined) request.expand(query.expand);
			if (query.fromNow) request.query({ $deltatoken: 'latest' });
			if (query.advanced) request.count(true).header('ConsistencyLevel', 'eventual');
			try {
				const answer: unknown = await request.get();
				return answer;
			} catch (thrown) {
				return transport.giveUp(thrown, query.asking);
			}
		},
		async count({ path, filter }) {
			const query = filter === undefined ? '' : `?$filter=${encodeURIComponent(filter)}`;
			try {
				const answer = await hasty({
					method: 'GET',
					url: `${graphUrl}/v1.0${path}/$count${query}`,
					headers: { Accept: 'text/plain', ConsistencyLevel: 'eventual' },
					timeoutMs: COUNT_WITHIN,
				});
				cost.requests += 1;
				cost.units += Number(answer.headers['x-ms-resource-unit']) || 0;
				// Graph puts a byte order mark in front; `trim` takes it away.
				return answer.status === 200 ? countSchema.parse(answer.body.trim()) : null;
			} catch {
				return null;
			}
		},
	};
}

const countSchema = z
	.string()
	.regex(/^\d{1,9}$/)
	.transform(Number);

function isAt(link: string, origin: string): boolean {
	return URL.canParse(link) && new URL(link).origin === origin;
}

function elsewhere(link: string): DiagnosedError {
	const host = URL.canParse(link) ? new URL(link).host : 'no address at all';
	return new DiagnosedError({
		code: 'entra.linkElsewhere',
		what: 'The next page of the list is said to be at another host.',
		why: `Graph pointed to ${host}; the sign-in is not shown to another host than the one in the credential.`,
		fix: "Check 'Cloud' and the addresses in the Entra ID credential, and any proxy in between.",
	});
}

/** The text is here already; the platform's own would make bytes of it, and text again to parse it. */
class TextAnswer extends Response {
	constructor(
		private readonly given: string,
		init: ResponseInit,
	) {
		super(null, init);
	}

	// Text that is no JSON rejects, as the platform's own does.
	override readonly json = async (): Promise<unknown> =>
		await new Promise((resolve) => resolve(JSON.parse(this.given)));
}

const stringHeaders = z.record(z.string());

/** The one middleware: hands the client's request to our port, and our port's answer to the client. */
class Transport implements Middleware {
	/** Kept, because the client would replace what the port rejected with by an error of its own. */
	private lost: { readonly thrown: unknown } | null = null;

	constructor(
		private readonly port: HttpPort,
		private readonly link: string | undefined,
		private readonly cost: Cost,
	) {}

	async execute(context: Context): Promise<void> {
		const answer = await this.port({
			method: 'GET',
			url: this.link ?? String(context.request),
			headers: stringHeaders.parse(context.options?.headers ?? {}),
		}).catch((thrown: unknown) => this.remember(thrown));
		this.cost.requests += 1;
		this.cost.units += Number(answer.headers['x-ms-resource-unit']) || 0;
		// Declared as JSON whatever the server says, so that what is none shows itself by not parsing.
		context.response = new TextAnswer(answer.body, {
			status: answer.status,
			headers: { 'content-type': 'application/json' },
		});
	}

	giveUp(thrown: unknown, asking: Asking): never {
		if (this.lost) throw this.lost.thrown;
		if (!(thrown instanceof GraphError)) throw thrown;
		const { statusCode: status, code, message } = thrown;
		if (status >= 200 && status < 300) throw new BrokenAnswer(asking);
		throw explainGraphError({ status, code: code ?? '', message }, asking);
	}

	private remember(thrown: unknown): never {
		this.lost = { thrown };
		throw thrown;
	}
}
