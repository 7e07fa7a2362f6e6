/** Who may ask: an API key with its secret, as Basic or as a signature over the request. */
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { Request } from 'express';
import type { Account } from './account.mts';

/** How far the clocks may be apart, in milliseconds. Not in the description. */
const TOLERANCE = 15 * 60_000;

export function isSignedIn(
	request: Request,
	body: string,
	account: Account,
	clock: () => number,
): boolean {
	const authorization = request.get('authorization') ?? '';
	if (/^basic /i.test(authorization)) {
		const given = Buffer.from(authorization.slice('basic '.length), 'base64').toString();
		return given === `${account.apiKey}:${account.apiSecret}`;
	}
	const part = (name: string) => new RegExp(`${name}="([^"]*)"`).exec(authorization)?.[1] ?? '';
	if (!authorization.startsWith('hmac ') || part('username') !== account.apiKey) return false;
	if (part('algorithm') !== 'hmac-sha256') return false;

	const date = request.get('date') ?? '';
	if (!(Math.abs(Date.parse(date) - clock()) <= TOLERANCE)) return false;
	const lines = [`Date: ${date}`];
	if (body !== '') {
		const digest = createHash('md5').update(body).digest('hex');
		if (request.get('content-md5') !== digest) return false;
		lines.push(`Content-MD5: ${digest}`);
	}
	if (part('headers') !== (body === '' ? 'Date request-line' : 'Date Content-MD5 request-line'))
		return false;
	lines.push(`${request.method} ${request.originalUrl} HTTP/1.1`);
	const right = createHmac('sha256', account.apiSecret).update(lines.join('\n')).digest();
	const given = Buffer.from(part('signature'), 'base64');
	return given.length === right.length && timingSafeEqual(given, right);
}
