/** Misbehaviour on request: which requests, how many of them, and what goes wrong. */
import type { Request, RequestHandler, Response } from 'express';
import { z } from 'zod';
import type { LoggedRequest } from './journal.mts';

function isPattern(text: string): boolean {
	try {
		return new RegExp(text) instanceof RegExp;
	} catch {
		return false;
	}
}

const misbehaviour = z.discriminatedUnion('kind', [
	z
		.object({
			kind: z.literal('status'),
			status: z.number().int().min(400).max(599),
			/** Sent as it is in Retry-After; absent: no such header. */
			retryAfter: z.union([z.string(), z.number()]).optional(),
			/** Absent: what the vendor sends with this status. */
			body: z.unknown().optional(),
		})
		.strict(),
	/** An answer of any content with status 200: a vendor's in-band error, for instance. */
	z.object({ kind: z.literal('answer'), body: z.unknown() }).strict(),
	/** The connection is cut before anything is done. */
	z.object({ kind: z.literal('dropBefore') }).strict(),
	/** The request is carried out, and the connection cut instead of answering. */
	z.object({ kind: z.literal('dropAfter') }).strict(),
	/** No answer ever comes, and nothing is done. */
	z.object({ kind: z.literal('hangBefore') }).strict(),
	/** The request is carried out, and no answer ever comes. */
	z.object({ kind: z.literal('hangAfter') }).strict(),
	/** 200 and half of the body, ended as if that were all. */
	z.object({ kind: z.literal('truncate') }).strict(),
	/** 200 and half of the promised body, then the connection is cut. */
	z.object({ kind: z.literal('breakOff') }).strict(),
	z.object({ kind: z.literal('slow'), ms: z.number().int().min(1).max(600_000) }).strict(),
	/** A proxy's or captive portal's page where JSON was expected. */
	z
		.object({ kind: z.literal('html'), status: z.number().int().min(200).max(599).optional() })
		.strict(),
]);

export const faultSchema = z.object({
	/** Regular expression over path and query; absent: every request. */
	path: z.string().refine(isPattern, 'is no regular expression').optional(),
	method: z.string().optional(),
	/** Matching requests to let through first. Default 0. */
	after: z.number().int().min(0).optional(),
	/** Matching requests to spoil then. Default 1. */
	times: z.number().int().min(1).optional(),
	does: misbehaviour,
});

export type Fault = z.infer<typeof faultSchema>;
type Misbehaviour = z.infer<typeof misbehaviour>;

interface Armed {
	readonly fault: Fault;
	readonly path: RegExp;
	seen: number;
}

/** The body a vendor's product sends with a status. */
export type VendorBody = (status: number) => { readonly type: string; readonly body: string };

export class Faults {
	private armed: Armed[] = [];

	constructor(private readonly vendorBody: VendorBody) {}

	add(fault: Fault): void {
		this.armed.push({ fault, path: new RegExp(fault.path ?? ''), seen: 0 });
	}

	clear(): void {
		this.armed = [];
	}

	readonly apply: RequestHandler = (request, response, next) => {
		const does = this.due(request);
		if (does === null) {
			next();
			return;
		}
		const logged: LoggedRequest = response.locals['logged'];
		logged.fault = does.kind;
		this.misbehave(does, request, response, next);
	};

	/** Every fault counts every request it matches; the first that is due acts. */
	private due(request: Request): Misbehaviour | null {
		let found: Misbehaviour | null = null;
		for (const armed of this.armed) {
			const { method, after = 0, times = 1, does } = armed.fault;
			if (method !== undefined && method.toUpperCase() !== request.method) continue;
			if (!armed.path.test(request.originalUrl)) continue;
			armed.seen += 1;
			if (armed.seen > after && armed.seen <= after + times) found ??= does;
		}
		return found;
	}

	private misbehave(
		does: Misbehaviour,
		request: Request,
		response: Response,
		next: () => void,
	): void {
		switch (does.kind) {
			case 'status': {
				if (does.retryAfter !== undefined) response.set('Retry-After', String(does.retryAfter));
				response.status(does.status);
				if (does.body !== undefined) {
					response.json(does.body);
					return;
				}
				const { type, body } = this.vendorBody(does.status);
				response.type(type).send(body);
				return;
			}
			case 'answer':
				response.json(does.body);
				return;
			case 'html':
				response
					.status(does.status ?? 200)
					.type('html')
					.send('<!doctype html><title>Gateway</title><h1>Please sign in to the network</h1>');
				return;
			case 'slow':
				setTimeout(next, does.ms).unref();
				return;
			case 'dropBefore':
				request.socket.destroy();
				return;
			case 'dropAfter':
				replaceEnd(response, () => request.socket.destroy());
				next();
				return;
			case 'hangBefore':
				return;
			case 'hangAfter':
				replaceEnd(response, () => undefined);
				next();
				return;
			case 'truncate':
				replaceEnd(response, (body, end) => {
					const half = body.subarray(0, Math.floor(body.length / 2));
					response.setHeader('Content-Length', half.length);
					end(half);
				});
				next();
				return;
			case 'breakOff':
				replaceEnd(response, (body) => {
					response.setHeader('Content-Length', body.length);
					response.write(body.subarray(0, Math.floor(body.length / 2)), () =>
						request.socket.destroy(),
					);
				});
				next();
		}
	}
}

/** Express sends every body of ours in one piece through `end`; this steps in between. */
function replaceEnd(
	response: Response,
	instead: (body: Buffer, end: (body: Buffer) => void) => void,
): void {
	const end = response.end.bind(response);
	const intercept = (chunk?: unknown, encoding?: unknown): Response => {
		const text = typeof encoding === 'string' && Buffer.isEncoding(encoding) ? encoding : 'utf8';
		const body = Buffer.isBuffer(chunk)
			? chunk
			: Buffer.from(typeof chunk === 'string' ? chunk : '', text);
		instead(body, (changed) => end(changed));
		return response;
	};
	response.end = intercept;
}
