/**
 * Graph and SCIM for benches, in a process of their own: every page is ready before the first
 * question, so that what is measured is whoever asks. Reads only; a write is answered with 405 and
 * counted, because there is nothing to write here.
 *
 *   node --import tsx test/bench/n8n/servers.mts 10000
 *
 * prints `{ "url": ... }` once, and ends when its stdin does.
 */
import { createServer } from 'node:http';
import process from 'node:process';
import { accountAt, PAGE, userAt } from './company.mts';

const size = Number(process.argv[2]);
let url = '';
let writes = 0;
const users = new Map<number, Buffer>();
const accounts = new Map<number, Buffer>();

const server = createServer((request, response) => {
	request.resume();
	const { pathname, searchParams } = new URL(request.url ?? '/', url);
	const send = (status: number, body: string | Buffer) => {
		response.writeHead(status, { 'content-type': 'application/json' }).end(body);
	};
	if (pathname.endsWith('/token')) {
		return send(200, '{"token_type":"Bearer","expires_in":3599,"access_token":"bench"}');
	}
	if (pathname === '/writes') return send(200, String(writes));
	if (request.method !== 'GET') {
		writes += 1;
		return send(405, '{}');
	}
	if (pathname.endsWith('/scim/v2/Users')) {
		const page = accounts.get(Number(searchParams.get('startIndex') ?? 1));
		return send(page ? 200 : 404, page ?? '{}');
	}
	if (pathname.endsWith('/v1.0/users')) {
		const page = users.get(Number(searchParams.get('$skiptoken') ?? 0));
		return send(page ? 200 : 404, page ?? '{}');
	}
	if (pathname.includes('/directory/deletedItems')) return send(200, '{"value":[]}');
	send(404, '{}');
});

server.listen(0, '127.0.0.1', () => {
	const address = server.address();
	if (address === null || typeof address === 'string') throw new Error('No free port was found.');
	url = `http://127.0.0.1:${String(address.port)}`;
	for (let start = 0; start < size; start += PAGE.users) {
		const next = start + PAGE.users;
		const link = `${url}/v1.0/users?$top=${String(PAGE.users)}&$skiptoken=${String(next)}`;
		const page = {
			...(start === 0 ? { '@odata.count': size } : {}),
			...(next < size ? { '@odata.nextLink': link } : {}),
			value: between(start, next, userAt),
		};
		users.set(start, Buffer.from(JSON.stringify(page)));
	}
	for (let start = 0; start < size; start += PAGE.accounts) {
		const Resources = between(start, start + PAGE.accounts, accountAt);
		const page = {
			schemas: ['urn:ietf:params:scim:api:messages:2.0:ListResponse'],
			totalResults: size,
			startIndex: start + 1,
			itemsPerPage: Resources.length,
			Resources,
		};
		accounts.set(start + 1, Buffer.from(JSON.stringify(page)));
	}
	process.stdout.write(`${JSON.stringify({ url })}\n`);
});

process.stdin.resume().on('end', () => process.exit());

function between<Row>(start: number, end: number, at: (index: number) => Row): Row[] {
	const length = Math.min(end, size) - start;
	return Array.from({ length }, (_, index) => at(start + index));
}
