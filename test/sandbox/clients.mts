/** Plain fetch clients of the stand-ins: as dumb as possible, so that they hide nothing. */
import type { Connections } from '../../sandbox/sandbox.mts';

// Bodies are whatever came; tests look at them through matchers.
export type Body = Record<string, unknown>;

export interface Answer {
	readonly status: number;
	readonly headers: Headers;
	readonly body: Body;
}

export async function read(response: Response): Promise<Answer> {
	const text = await response.text();
	return {
		status: response.status,
		headers: response.headers,
		body: text === '' ? {} : (JSON.parse(text) as Body),
	};
}

export function askToken(
	{ entra }: Connections,
	changes: Record<string, string> = {},
	tenant = entra.tenantId,
): Promise<Answer> {
	const form = new URLSearchParams({
		grant_type: 'client_credentials',
		client_id: entra.clientId,
		client_secret: entra.clientSecret,
		scope: 'https://graph.microsoft.com/.default',
		...changes,
	});
	const url = `${entra.authority}/${tenant}/oauth2/v2.0/token`;
	return fetch(url, { method: 'POST', body: form }).then(read);
}

export async function accessToken(sandbox: Connections): Promise<string> {
	const { body } = await askToken(sandbox);
	return String(body['access_token']);
}

export interface GraphOptions {
	/** Sends `ConsistencyLevel: eventual`. */
	readonly eventual?: boolean;
	readonly method?: string;
	readonly body?: unknown;
	readonly prefer?: string;
}

/** Signs in once; paths start after `/v1.0`, links are taken as they are. */
export async function graphClient(sandbox: Connections) {
	const authorization = `Bearer ${await accessToken(sandbox)}`;
	return async (pathOrLink: string, options: GraphOptions = {}): Promise<Answer> => {
		const url = pathOrLink.startsWith('http')
			? pathOrLink
			: `${sandbox.entra.graph}/v1.0${pathOrLink}`;
		const response = await fetch(url, {
			method: options.method ?? 'GET',
			headers: {
				authorization,
				...(options.eventual ? { ConsistencyLevel: 'eventual' } : {}),
				...(options.prefer === undefined ? {} : { Prefer: options.prefer }),
				...(options.body === undefined ? {} : { 'content-type': 'application/json' }),
			},
			...(options.body === undefined ? {} : { body: JSON.stringify(options.body) }),
		});
		return read(response);
	};
}

export type GraphClient = Awaited<ReturnType<typeof graphClient>>;

/** Follows nextLinks to the end. */
export async function readAll(
	graph: GraphClient,
	path: string,
	options: GraphOptions = {},
): Promise<Body[]> {
	const rows: Body[] = [];
	for (let link: unknown = path; typeof link === 'string'; ) {
		const { body } = await graph(link, options);
		rows.push(...(body['value'] as Body[]));
		link = body['@odata.nextLink'];
	}
	return rows;
}

/** Every answer of Yeastar, with its HTTP status. */
export async function yeastarGet(
	{ systems }: Connections,
	path: string,
	parameters: Record<string, string>,
): Promise<Body> {
	const query = new URLSearchParams(parameters);
	const { body } = await fetch(`${systems.yeastar.baseUrl}/openapi/v1.0/${path}?${query}`).then(
		read,
	);
	return body;
}

export async function yeastarPost(
	{ systems }: Connections,
	path: string,
	body: unknown,
	token?: string,
): Promise<Body> {
	const query = token === undefined ? '' : `?access_token=${token}`;
	const response = await fetch(`${systems.yeastar.baseUrl}/openapi/v1.0/${path}${query}`, {
		method: 'POST',
		body: typeof body === 'string' ? body : JSON.stringify(body),
	});
	const answer = await read(response);
	return answer.body;
}

export function yeastarSignIn(sandbox: Connections, password?: string): Promise<Body> {
	const { clientId, clientSecret } = sandbox.systems.yeastar;
	return yeastarPost(sandbox, 'get_token', {
		username: clientId,
		password: password ?? clientSecret,
	});
}

export async function scim(
	{ systems }: Connections,
	method: string,
	path: string,
	body?: unknown,
	token = systems.scim.token,
): Promise<Answer> {
	const response = await fetch(systems.scim.baseUrl + path, {
		method,
		headers: { authorization: `Bearer ${token}`, 'content-type': 'application/scim+json' },
		...(body === undefined ? {} : { body: JSON.stringify(body) }),
	});
	return read(response);
}
