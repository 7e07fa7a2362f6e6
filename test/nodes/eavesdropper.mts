/**
 * Stands between a node and a service, and learns every secret that passes: what is sent to sign in,
 * the tokens that are given, the passwords of new accounts. On request it answers badly, and says
 * back everything it was told, as careless servers and proxies do.
 */
import { createServer, type IncomingMessage } from 'node:http';

/** Every connection has its own. */
const OWN_HEADERS = new Set(['host', 'connection', 'content-length']);

export type Manner =
	| 'honest'
	| 'echoes with 400'
	| 'echoes with 401'
	| 'echoes with 500'
	| 'echoes in disguise'
	| 'refuses as OAuth does'
	| 'half a token'
	| 'no token'
	| 'a web page';

export interface Eavesdropper {
	readonly url: string;
	/** From now on; signing in stays possible unless that is what is to go wrong. */
	behave(manner: Manner, signInToo?: boolean): void;
	readonly secrets: ReadonlySet<string>;
	/** How often it did not answer honestly. */
	readonly spoiled: number;
	stop(): Promise<void>;
}

const SECRET = /token|secret|password|assertion|authorization|cookie|api.?key|^pass$/i;
const SIGN_IN = /token|login|session|sign-?in|oauth/i;

/** `origin`: of the service behind it. */
export async function eavesdropOn(origin: string): Promise<Eavesdropper> {
	const secrets = new Set<string>();
	let manner: Manner = 'honest';
	let alsoSignIn = false;
	let spoiled = 0;

	const server = createServer((request, response) => {
		void (async () => {
			const sent = await textOf(request);
			const path = request.url ?? '/';
			for (const [name, value] of Object.entries(request.headers)) learn(name, String(value));
			for (const [name, value] of new URL(path, origin).searchParams) learn(name, value);
			learnFrom(sent);
			if (manner !== 'honest' && (alsoSignIn || !SIGN_IN.test(path.split('?')[0] ?? ''))) {
				spoiled += 1;
				const told = JSON.stringify({ path, headers: request.headers, sent });
				const { status = 200, type = 'application/json', body } = MANNERS[manner](told);
				response.writeHead(status, { 'content-type': type });
				response.end(body);
				return;
			}
			const headers = Object.fromEntries(
				Object.entries(request.headers).filter(([name]) => !OWN_HEADERS.has(name)),
			);
			const answer = await fetch(`${origin}${path}`, {
				method: request.method ?? 'GET',
				headers: headers as Record<string, string>, // none of them comes twice here
				...(sent === '' ? {} : { body: toService(sent) }),
				redirect: 'manual',
			});
			const body = (await answer.text()).replaceAll(origin, url);
			for (const [name, value] of answer.headers) learn(name, value);
			learnFrom(body);
			const type = answer.headers.get('content-type') ?? 'text/plain';
			const cookies = answer.headers.getSetCookie();
			const set = cookies.length > 0 ? { 'set-cookie': cookies } : {};
			response.writeHead(answer.status, { 'content-type': type, ...set }).end(body);
		})().catch(() => response.destroy());
	});
	server.listen(0, '127.0.0.1');
	await new Promise((resolve) => server.once('listening', resolve));
	const address = server.address();
	const url = `http://127.0.0.1:${String(typeof address === 'object' ? address?.port : 0)}`;

	/** Services check that they are meant by what they are sent. */
	function toService(sent: string): string {
		const inForm = (address: string) => encodeURIComponent(address);
		return sent.replaceAll(url, origin).replaceAll(inForm(url), inForm(origin));
	}

	function learn(name: string, value: string): void {
		if (!SECRET.test(name)) return;
		for (const part of [value, ...value.split(/[\s;=]+/)]) if (part.length >= 12) secrets.add(part);
	}

	function learnFrom(text: string): void {
		try {
			JSON.parse(text, (name, value: unknown) => {
				if (typeof value === 'string') learn(name, value);
				return value;
			});
		} catch {
			for (const [name, value] of new URLSearchParams(text)) learn(name, value);
		}
	}

	return {
		url,
		behave(next, signInToo = false) {
			manner = next;
			alsoSignIn = signInToo;
		},
		secrets,
		get spoiled() {
			return spoiled;
		},
		async stop() {
			server.closeAllConnections();
			await new Promise((resolve) => server.close(resolve));
		},
	};
}

interface Spoiled {
	readonly status?: number;
	readonly type?: string;
	readonly body: string;
}

/** What comes instead of an answer, `told` being all that was said. */
const MANNERS: Readonly<Record<Exclude<Manner, 'honest'>, (told: string) => Spoiled>> = {
	'echoes with 400': (told) => ({ status: 400, body: echo(told) }),
	'echoes with 401': (told) => ({ status: 401, body: echo(told) }),
	'echoes with 500': (told) => ({ status: 500, body: echo(told) }),
	'echoes in disguise': (told) => ({ status: 400, body: echo(disguised(told)) }),
	'refuses as OAuth does': (told) => ({
		status: 400,
		body: JSON.stringify({ error: told, error_description: told }),
	}),
	'half a token': (told) => ({ body: JSON.stringify({ access_token: told }).slice(0, -2) }),
	'no token': (told) => ({ body: JSON.stringify({ token_type: 'Bearer', note: told }) }),
	'a web page': (told) => ({ type: 'text/html', body: `<!doctype html><h1>${told}</h1>` }),
};

function disguised(told: string): string {
	const bytes = Buffer.from(told);
	return [encodeURIComponent(told), bytes.toString('base64'), bytes.toString('hex')].join(' ');
}

/** Wherever a vendor puts the words for people. */
function echo(told: string): string {
	return JSON.stringify({
		error: { code: told, message: told },
		error_description: told,
		errcode: 40002,
		errmsg: told,
		detail: told,
		message: told,
		invalid_param_list: [{ value: told }],
		errors: [{ message: told }],
	});
}

async function textOf(request: IncomingMessage): Promise<string> {
	const parts: Buffer[] = [];
	for await (const part of request) parts.push(Buffer.from(part as Uint8Array)); // no encoding is set
	return Buffer.concat(parts).toString('utf8');
}
