/**
 * `POST /v1.0/$batch`: each part is sent to this very server as a request of its own, so it goes
 * through the same roles, faults and log as any other.
 */
import express from 'express';
import type { Request, RequestHandler, Response } from 'express';
import { z } from 'zod';
import { graphRoot } from './list.mts';
import { badRequest, GraphRefusal } from './refusal.mts';

const MOST_PARTS = 20;

const part = z.object({
	id: z.string().min(1),
	method: z.string(),
	url: z.string(),
	headers: z.record(z.string(), z.string()).optional(),
	body: z.unknown().optional(),
	dependsOn: z.array(z.string()).optional(),
});
const batch = z.object({ requests: z.array(part).min(1) });

type Part = z.infer<typeof part>;

interface PartAnswer {
	readonly id: string;
	readonly status: number;
	readonly headers: Readonly<Record<string, string>>;
	readonly body?: unknown;
}

export function answerBatch(): RequestHandler[] {
	return [
		express.json(),
		async (request: Request, response: Response) => {
			const parts = readParts(request.body);
			const answers = await Promise.all(parts.map((each) => answerPart(each, request)));
			// Graph promises no order; the reverse shows who counted on one.
			response.json({ responses: answers.reverse() });
		},
	];
}

function readParts(body: unknown): Part[] {
	const parsed = batch.safeParse(body);
	if (!parsed.success) throw badRequest('Invalid batch payload format.');
	const { requests } = parsed.data;
	if (requests.length > MOST_PARTS) {
		throw badRequest(`Number of batch request steps exceeds the maximum value of '${MOST_PARTS}'.`);
	}
	if (new Set(requests.map(({ id }) => id)).size < requests.length) {
		throw badRequest('Invalid batch payload format.');
	}
	if (requests.some(({ dependsOn = [] }) => dependsOn.length > 0)) {
		throw new GraphRefusal(501, 'NotImplemented', 'The sandbox does not know dependsOn.');
	}
	const hasType = ({ headers = {} }: Part) =>
		Object.keys(headers).some((name) => name.toLowerCase() === 'content-type');
	if (requests.some((each) => each.body !== undefined && !hasType(each))) {
		throw badRequest('Write request does not contain Content-Type header or body.');
	}
	return requests;
}

async function answerPart(each: Part, request: Request): Promise<PartAnswer> {
	// As in Graph, the address is without version; one with it leads to a segment nobody knows.
	const url = `${graphRoot(request)}/v1.0${each.url.startsWith('/') ? '' : '/'}${each.url}`;
	try {
		const answer = await fetch(url, {
			method: each.method,
			headers: { ...each.headers, authorization: request.get('authorization') ?? '' },
			...(each.body === undefined ? {} : { body: JSON.stringify(each.body) }),
		});
		const text = await answer.text();
		const retryAfter = answer.headers.get('retry-after');
		return {
			id: each.id,
			status: answer.status,
			headers: {
				...(retryAfter === null ? {} : { 'Retry-After': retryAfter }),
				...(text === '' ? {} : { 'Content-Type': 'application/json' }),
			},
			...(text === '' ? {} : { body: readBody(text) }),
		};
	} catch {
		const error = { code: 'GatewayTimeout', message: 'The part was not answered in time.' };
		return { id: each.id, status: 504, headers: {}, body: { error } };
	}
}

function readBody(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return text;
	}
}
