/** Ports of this machine that n8n can listen on. */
import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

/** Below what systems give to outgoing connections and to port 0, which could take it meanwhile. */
const FROM = 20_000;
const BELOW = 32_000;
/**
 * Jest numbers the processes in which it runs tests side by side. Each draws from a share of its own:
 * a port that one was given looks free to the others until its n8n has come as far as to listen.
 */
const SHARES = 8;
const SHARE = (BELOW - FROM) / SHARES;
const OWN = FROM + (Number(process.env['JEST_WORKER_ID'] ?? 0) % SHARES) * SHARE;
const TRIES = 100;

const given = new Set<number>();

/** A port nobody listens on now, and that this process gets only once. */
export async function freePort(): Promise<number> {
	for (let tries = 0; tries < TRIES; tries++) {
		const port = randomInt(OWN, OWN + SHARE);
		if (given.has(port) || !(await isFree(port))) continue;
		given.add(port);
		return port;
	}
	throw new Error('No free port was found.');
}

/** Rejects in words for a person when the port is taken. */
export async function assertFree(port: number): Promise<void> {
	if (await isFree(port)) return;
	throw new Error(`Port ${port} is taken by another program. Choose another one or none at all.`);
}

async function isFree(port: number): Promise<boolean> {
	const server = createServer();
	const listening = new Promise<boolean>((resolve) => {
		server.once('error', () => resolve(false));
		server.listen(port, '127.0.0.1', () => resolve(true));
	});
	if (!(await listening)) return false;
	await new Promise((resolve) => server.close(resolve));
	return true;
}
