/** Errors in Graph's own shape and words. */
import { createHash } from 'node:crypto';
import type { ErrorRequestHandler, RequestHandler } from 'express';

export class GraphRefusal extends Error {
	constructor(
		readonly status: number,
		readonly code: string,
		message: string,
		readonly details: ReadonlyArray<Readonly<Record<string, string>>> = [],
	) {
		super(message);
	}
}

export const badRequest = (message: string) => new GraphRefusal(400, 'BadRequest', message);

export const unsupportedQuery = (message: string) =>
	new GraphRefusal(400, 'Request_UnsupportedQuery', message);

export const notFound = (id: string) =>
	new GraphRefusal(
		404,
		'Request_ResourceNotFound',
		`Resource '${id}' does not exist or one of its queried reference-property objects are not present.`,
	);

export const needsAdvanced = (operator: string) =>
	unsupportedQuery(
		`Operator '${operator}' is not supported because the required parameters might be missing. ` +
			'Try adding $count=true query parameter and ConsistencyLevel:eventual header. ' +
			'Refer to https://aka.ms/graph-docs/advanced-queries for more information',
	);

export const insufficientPrivileges = () =>
	new GraphRefusal(
		403,
		'Authorization_RequestDenied',
		'Insufficient privileges to complete the operation.',
	);

export const JSON_TYPE =
	'application/json;odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=false;charset=utf-8';

/** The headers every answer of Graph carries. */
export function graphHeaders(clock: () => number): RequestHandler {
	let served = 0;
	return (request, response, next) => {
		served += 1;
		const hex = createHash('sha256').update(`${clock()}:${served}`).digest('hex');
		const requestId = `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
		response.set({
			'Cache-Control': 'no-cache',
			'Strict-Transport-Security': 'max-age=31536000',
			'request-id': requestId,
			'client-request-id': request.get('client-request-id') ?? requestId,
			'x-ms-ags-diagnostic':
				'{"ServerInfo":{"DataCenter":"Sandbox","Slice":"E","Ring":"5","ScaleUnit":"000","RoleInstance":"SANDBOX"}}',
			'x-ms-resource-unit': '1',
			'OData-Version': '4.0',
		});
		next();
	};
}

export function answerRefusal(clock: () => number): ErrorRequestHandler {
	return (error, _request, response, next) => {
		const refusal = asRefusal(error);
		if (refusal === null) {
			next(error);
			return;
		}
		response
			.status(refusal.status)
			.set('Content-Type', 'application/json')
			.json({
				error: {
					code: refusal.code,
					message: refusal.message,
					...(refusal.details.length > 0 ? { details: refusal.details } : {}),
					innerError: {
						date: new Date(clock()).toISOString().slice(0, 19),
						'request-id': response.get('request-id'),
						'client-request-id': response.get('client-request-id'),
					},
				},
			});
	};
}

function asRefusal(error: unknown): GraphRefusal | null {
	if (error instanceof GraphRefusal) return error;
	// The body parser's own complaint about JSON that is none.
	if (error instanceof SyntaxError) {
		return badRequest('Unable to read JSON request payload. Please ensure the payload is valid.');
	}
	return null;
}
