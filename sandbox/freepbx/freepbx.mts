/** The FreePBX stand-in: the api module's token endpoint and GraphQL interface. */
import { createHash } from 'node:crypto';
import express from 'express';
import type { Request, RequestHandler, Response } from 'express';
import { z } from 'zod';
import type { Directory } from '../directory/directory.mts';
import type { StandIn } from '../server.mts';
import { GraphQlError, readOperation, select } from './graphql.mts';
import type { Field } from './graphql.mts';
import { defaultSettings, FreePbx, settingsSchema } from './pbx.mts';
import type { FreePbxSettings } from './pbx.mts';
import { mutations, queries } from './roots.mts';
import { seedFreePbx } from './seed.mts';

const GQL = '/admin/api/api/gql';
const WRITES = /\/gql\/(addExtension|updateExtension|deleteExtension|doreload)$/;

export function freePbxStandIn(
	clock: () => number,
	directory: Directory,
): StandIn<FreePbxSettings, FreePbx> {
	const pbx = new FreePbx();
	seedFreePbx(pbx, directory);
	const settings = defaultSettings();
	return {
		name: 'FreePBX',
		settings,
		settingsSchema: settingsSchema.partial(),
		state: pbx,
		describeState: () => ({
			extensions: [...pbx.extensions.values()].map(({ id, name, outboundCid, mailbox }) => ({
				id,
				name,
				outboundCid,
				email: mailbox?.email ?? null,
			})),
			welcomeMails: pbx.welcomeMails,
			needsReload: pbx.needsReload,
		}),
		isWrite: (_method, path) => WRITES.test(path),
		before: nameTheRequest,
		// Not FreePBX itself but the web server in front of it.
		vendorBody: (status) => ({ type: 'html', body: `<html><h1>${status}</h1>Apache</html>` }),
		mount(app) {
			app.post(
				'/admin/api/api/token',
				express.urlencoded({ extended: false }),
				(request, response) => giveToken(pbx, settings, clock(), request, response),
			);
			app.post(GQL, requireToken(pbx, clock), (request, response) => {
				answer(pbx, settings, textOf(request), response);
			});
		},
	};
}

/** Everything goes to one address, so the log gets the name of the last thing asked for. */
const nameTheRequest: RequestHandler = (request, response, next) => {
	if (request.path !== GQL) {
		next();
		return;
	}
	express.text({ type: () => true, limit: '5mb' })(request, response, (cause) => {
		const { query } = bodyOf(textOf(request));
		const names = /[{\s]\s*(?:\w+\s*:\s*)?(add\w+|update\w+|delete\w+|doreload|fetch\w+)\s*[({]/g;
		const asked = [...query.matchAll(names)].at(-1)?.[1] ?? 'unreadable';
		request.originalUrl = `${request.originalUrl}/${asked}`;
		next(cause);
	});
};

const tokenRequest = z.object({
	grant_type: z.literal('client_credentials'),
	client_id: z.string(),
	client_secret: z.string(),
});

function giveToken(
	pbx: FreePbx,
	{ tokenLifetime }: FreePbxSettings,
	now: number,
	request: Request,
	response: Response,
): void {
	const wanted = tokenRequest.safeParse(request.body);
	if (!wanted.success) {
		response.status(400).json({
			error: 'unsupported_grant_type',
			error_description: 'The authorization grant type is not supported by the server.',
		});
		return;
	}
	const { client_id, client_secret } = wanted.data;
	if (client_id !== pbx.clientId || client_secret !== pbx.clientSecret) {
		response
			.status(401)
			.json({ error: 'invalid_client', error_description: 'Client authentication failed' });
		return;
	}
	const token = createHash('sha256').update(`token:${pbx.tokens.size}`).digest('base64url');
	pbx.tokens.set(token, now + tokenLifetime * 1000);
	response.json({ token_type: 'Bearer', expires_in: tokenLifetime, access_token: token });
}

function requireToken(pbx: FreePbx, clock: () => number): RequestHandler {
	return (request, response, next) => {
		const token = request.get('authorization')?.replace(/^Bearer /, '') ?? '';
		if ((pbx.tokens.get(token) ?? 0) > clock()) next();
		else {
			response.status(401).json({
				error: 'access_denied',
				error_description: 'The resource owner or authorization server denied the request.',
			});
		}
	};
}

/**
 * As the api module does it: of several refusals the first is told, with status 400; and the first
 * thing asked for decides, by its `status`, whether all of it was a success.
 */
function answer(pbx: FreePbx, settings: FreePbxSettings, text: string, response: Response): void {
	try {
		const { query, variables } = bodyOf(text);
		const { kind, fields } = readOperation(query, variables);
		const type = kind === 'mutation' ? 'Mutation' : 'Query';
		const roots = kind === 'mutation' ? mutations(pbx, settings) : queries(pbx, settings);
		const data = Object.fromEntries(fields.map((field) => [field.alias, resolve(field)]));
		const first = statusIn.parse(Object.values(data)[0]);
		if (first.status) response.json({ data });
		else response.status(400).json({ errors: [{ message: first.message, status: first.status }] });

		function resolve(field: Field): unknown {
			const root = roots[field.name];
			if (root === undefined) {
				throw new GraphQlError(`Cannot query field "${field.name}" on type "${type}".`);
			}
			return select(root(field.args), field, field.name);
		}
	} catch (cause) {
		if (!(cause instanceof GraphQlError)) throw cause;
		response.status(400).json({ errors: [{ message: cause.message, status: false }] });
	}
}

const statusIn = z
	.object({ status: z.boolean().nullish(), message: z.string().nullish() })
	.catch({});

const body = z
	.object({ query: z.string(), variables: z.record(z.unknown()).nullish() })
	.transform(({ query, variables }) => ({ query, variables: variables ?? {} }));

function bodyOf(text: string): z.output<typeof body> {
	try {
		return body.parse(JSON.parse(text));
	} catch {
		return { query: '', variables: {} };
	}
}

const textOf = (request: Request): string => (typeof request.body === 'string' ? request.body : '');
