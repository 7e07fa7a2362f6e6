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
				const status = manner === 'a web page' ? 200 : Number(manner.slice(-3));
				const told = JSON.stringify({ path, headers: request.headers, sent });
				const isPage = manner === 'a web page';
				response.writeHead(status, { 'content-type': isPage ? 'text/html' : 'application/json' });
				response.end(isPage ? `<!doctype html><h1>${told}</h1>` : echo(told));
				return;
			}
			const headers = Object.fromEntries(
				Object.entries(request.headers).filter(([name]) => !OWN_HEADERS.has(name)),
			);
			const answer = await fetch(`${origin}${path}`, {
				method: request.method ?? 'GET',
				headers: headers as Record<string, string>, // none of them comes twice here
				...(sent === '' ? {} : { body: sent }),
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
