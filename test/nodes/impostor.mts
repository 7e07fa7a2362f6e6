/**
 * Stands where a service should be and means harm: sends elsewhere, sends without end, sends what
 * breaks whoever reads it. What it does not spoil it hands on to the service behind it.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';

export type Manner =
	| 'redirects to another host'
	| 'sends without end'
	| 'sends JSON a hundred thousand levels deep'
	| 'sends a web page'
	| 'sends bytes that are no text'
	| 'has keys that poison prototypes'
	| 'says that every list goes on at another host';

export interface Impostor {
	readonly url: string;
	/** What arrived at the host it points to. */
	readonly lured: readonly string[];
	/** How often it did not answer honestly. */
	readonly spoiled: number;
	/** Bytes of the longest answer that somebody took. */
	readonly longest: number;
	/** `signInToo`: also when asked for a token. */
	behave(manner: Manner | null, signInToo?: boolean): void;
	stop(): Promise<void>;
}

const SIGN_IN = /token|login|session|sign-?in|oauth/i;
const OWN_HEADERS = new Set(['host', 'connection', 'content-length']);
const CHUNK = Buffer.alloc(1_000_000, 'x');

/** `origin`: of the service behind it. */
export async function impersonate(origin: string): Promise<Impostor> {
	const lured: string[] = [];
	let manner: Manner | null = null;
	let alsoSignIn = false;
	let spoiled = 0;
	let longest = 0;

	const trap = await listen((request, response) => {
		lured.push(`${request.method ?? ''} ${request.url ?? ''} ${JSON.stringify(request.headers)}`);
		response.writeHead(200, { 'content-type': 'application/json' }).end('{"value":[]}');
	});
	const server = await listen((request, response) => {
		void answer(request, response).catch(() => response.destroy());
	});

	async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
		const path = request.url ?? '/';
		const body = await bytesOf(request);
		const isSignIn = SIGN_IN.test(path.split('?')[0] ?? '');
		if (manner !== null && (alsoSignIn || !isSignIn)) {
			spoiled += 1;
			if (await spoil(response, path)) return;
		}
		await handOn(request, response, path, body, isSignIn ? null : manner);
	}

	/** False: the honest answer is what is spoiled. */
	async function spoil(response: ServerResponse, path: string): Promise<boolean> {
		const json = { 'content-type': 'application/json' };
		switch (manner) {
			case 'redirects to another host':
				response.writeHead(307, { location: `${trap.url}${path}` }).end();
				return true;
			case 'sends without end':
				response.writeHead(200, json).write('{"value":"');
				await pour(response);
				return true;
			case 'sends JSON a hundred thousand levels deep':
				response.writeHead(200, json).end(`{"value":${'[{"value":'.repeat(100_000)}`);
				return true;
			case 'sends a web page':
				response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><h1>No</h1>');
				return true;
			case 'sends bytes that are no text':
				response.writeHead(200, json).end(Buffer.alloc(4096, 0xfe));
				return true;
			default:
				return false;
		}
	}

	/** Until nobody takes it any more. */
	async function pour(response: ServerResponse): Promise<void> {
		let sent = 0;
		const closed = once(response, 'close');
		while (!response.destroyed && sent < 1_000_000_000) {
			if (!response.write(CHUNK)) await Promise.race([once(response, 'drain'), closed]);
			sent += CHUNK.length;
		}
		longest = Math.max(longest, sent);
		response.destroy();
	}

	async function handOn(
		request: IncomingMessage,
		response: ServerResponse,
		path: string,
		body: Buffer,
		by: Manner | null,
	): Promise<void> {
		const headers = Object.entries(request.headers).filter(([name]) => !OWN_HEADERS.has(name));
		// What was asked for it by its own name is asked for by the name of the real one.
		const sent = [server.url, encodeURIComponent(server.url)].reduce(
			(text, name, n) => text.replaceAll(name, n === 0 ? origin : encodeURIComponent(origin)),
			body.toString('utf8'),
		);
		const honest = await fetch(`${origin}${path}`, {
			method: request.method ?? 'GET',
			headers: headers.map(([name, value]): [string, string] => [name, String(value)]),
			...(sent === '' ? {} : { body: sent }),
			redirect: 'manual',
		});
		const text = (await honest.text()).replaceAll(origin, server.url);
		const isJson = /json/.test(honest.headers.get('content-type') ?? '') && text !== '';
		const cookies = honest.headers.getSetCookie();
		response.writeHead(honest.status, {
			'content-type': honest.headers.get('content-type') ?? 'text/plain',
			...(cookies.length > 0 ? { 'set-cookie': cookies } : {}),
			...(by === 'says that every list goes on at another host'
				? { link: `<${trap.url}/next>; rel="next"` }
				: {}),
		});
		response.end(isJson && by !== null ? spoiledJson(text, by) : text);
	}

	function spoiledJson(text: string, by: Manner): string {
		const poison =
			by === 'has keys that poison prototypes'
				? '"__proto__":{"polluted":"yes"},"constructor":{"prototype":{"polluted":"yes"}}'
				: `"@odata.nextLink":"${trap.url}/next","next":"${trap.url}/next","nextPage":"${trap.url}/next"`;
		// Into every object: text, because a parser would not let them be written.
		return by === 'has keys that poison prototypes'
			? text.replace(/\{(?=\s*")/g, `{${poison},`)
			: text.replace(/^\s*\{/, `{${poison},`);
	}

	return {
		url: server.url,
		lured,
		get spoiled() {
			return spoiled;
		},
		get longest() {
			return longest;
		},
		behave(next, signInToo = false) {
			manner = next;
			alsoSignIn = signInToo;
			spoiled = 0;
		},
		async stop() {
			await Promise.all([server.stop(), trap.stop()]);
		},
	};
}

async function listen(handle: (request: IncomingMessage, response: ServerResponse) => void) {
	const server = createServer(handle).listen(0, '127.0.0.1');
	await once(server, 'listening');
	const address = server.address();
	return {
		url: `http://127.0.0.1:${String(typeof address === 'object' ? address?.port : 0)}`,
		async stop() {
			server.closeAllConnections();
			await new Promise((resolve) => server.close(resolve));
		},
	};
}

async function once(
	source: { once(event: string, then: () => void): unknown },
	event: string,
): Promise<void> {
	await new Promise<void>((resolve) => source.once(event, resolve));
}

async function bytesOf(request: IncomingMessage): Promise<Buffer> {
	const parts: Buffer[] = [];
	for await (const part of request) parts.push(Buffer.from(part as Uint8Array)); // no encoding is set
	return Buffer.concat(parts);
}
