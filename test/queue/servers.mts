/**
 * PostgreSQL and Redis for n8n in queue mode: those of the environment, or Debian's own binaries on
 * free ports. Either way with a database and a prefix of their own, which are gone afterwards.
 *
 * The environment: PGHOST, PGPORT, PGUSER, PGPASSWORD and REDIS_URL, as everywhere; without them
 * 127.0.0.1, the usual ports, and the user postgres.
 */
import { spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync } from 'node:fs';
import { chown, mkdtemp, rm } from 'node:fs/promises';
import { userInfo, tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { Redis } from 'ioredis';
import pg from 'pg';
import { freePort } from '../../demo/n8n/ports.mts';
import type { Settings } from '../../demo/n8n/process.mts';
import { aptInstall, which } from '../programs.mts';

export interface Servers {
	/** Where they are, in n8n's own words. */
	readonly settings: Settings;
	/** For people: 'PostgreSQL 15.20 and Redis 7.0.15'. */
	readonly versions: { readonly postgres: string; readonly redis: string };
	/** Drops the database, removes the keys, and ends what was started for this. */
	stop(): Promise<void>;
}

interface Place {
	readonly host: string;
	readonly port: number;
	readonly user: string;
	readonly password: string;
}

/** One sentence on how to get what is missing; undefined when all is there, installed just now maybe. */
export function missingServers(): string | undefined {
	const { postgres, redis } = named();
	const isThere = ({ host, port }: Place, find: () => string | undefined, name: string) => {
		if (listens(host, port) || find() !== undefined) return true;
		aptInstall(name);
		return find() !== undefined;
	};
	const all =
		isThere(postgres, findPostgres, 'postgresql') && isThere(redis, findRedis, 'redis-server');
	return all ? undefined : HOW;
}

/**
 * The servers, ready. Rejects when there are none, and when the environment names a server that does
 * not answer: whoever named it wants that one.
 */
export async function openServers(): Promise<Servers> {
	const undo: (() => Promise<unknown>)[] = [];
	const takeDown = async () => {
		for (const step of undo.reverse()) await step();
	};
	let stopping: Promise<void> | undefined;
	const stop = () => (stopping ??= takeDown());
	try {
		const places = named();
		const postgres = (await answering(places.postgres)) ?? (await startPostgres(undo));
		const redis = (await answering(places.redis)) ?? (await startRedis(undo));
		const own = `entra_pbx_sync_${randomBytes(6).toString('hex')}`;
		await inPostgres(postgres, (client) => client.query(`CREATE DATABASE ${own}`));
		undo.push(() =>
			inPostgres(postgres, (client) => client.query(`DROP DATABASE ${own} WITH (FORCE)`)),
		);
		undo.push(() => inRedis(redis, (client) => removeKeys(client, own)));
		return {
			settings: {
				DB_POSTGRESDB_HOST: postgres.host,
				DB_POSTGRESDB_PORT: String(postgres.port),
				DB_POSTGRESDB_DATABASE: own,
				DB_POSTGRESDB_USER: postgres.user,
				DB_POSTGRESDB_PASSWORD: postgres.password,
				QUEUE_BULL_REDIS_HOST: redis.host,
				QUEUE_BULL_REDIS_PORT: String(redis.port),
				QUEUE_BULL_REDIS_USERNAME: redis.user,
				QUEUE_BULL_REDIS_PASSWORD: redis.password,
				QUEUE_BULL_PREFIX: own,
				N8N_REDIS_KEY_PREFIX: own,
			},
			versions: {
				postgres: await inPostgres(postgres, versionOfPostgres),
				redis: await inRedis(redis, versionOfRedis),
			},
			stop,
		};
	} catch (cause) {
		await stop();
		throw cause;
	}
}

const HOW =
	'Queue mode needs PostgreSQL and Redis. Start them, or name them in PGHOST, PGPORT, PGUSER, ' +
	'PGPASSWORD and REDIS_URL; or let this start its own: apt-get install postgresql redis-server (Debian).';

interface Named extends Place {
	/** Whether somebody said so, or it is only where such a server usually is. */
	readonly isNamed: boolean;
	ask(): Promise<unknown>;
}

function named(): { postgres: Named; redis: Named } {
	const { env } = process;
	const postgres = {
		host: env['PGHOST'] ?? '127.0.0.1',
		port: Number(env['PGPORT'] ?? 5432),
		user: env['PGUSER'] ?? 'postgres',
		password: env['PGPASSWORD'] ?? '',
	};
	const url = new URL(env['REDIS_URL'] ?? 'redis://127.0.0.1:6379');
	const redis = {
		host: url.hostname,
		port: Number(url.port || 6379),
		user: decodeURIComponent(url.username),
		password: decodeURIComponent(url.password),
	};
	return {
		postgres: {
			...postgres,
			isNamed: env['PGHOST'] !== undefined || env['PGPORT'] !== undefined,
			ask: () => inPostgres(postgres, versionOfPostgres),
		},
		redis: {
			...redis,
			isNamed: env['REDIS_URL'] !== undefined,
			ask: () => inRedis(redis, versionOfRedis),
		},
	};
}

/** The place when the server there answers; undefined when nobody named it and it does not. */
async function answering({ isNamed, ask, ...place }: Named): Promise<Place | undefined> {
	try {
		await ask();
		return place;
	} catch (cause) {
		if (!isNamed) return undefined;
		const where = `${place.host}:${String(place.port)}`;
		throw new Error(`The environment names a server at ${where}, and it does not answer.`, {
			cause,
		});
	}
}

/** For the moment in which jest collects tests, and cannot wait for a promise. */
function listens(host: string, port: number): boolean {
	const knock = `require('node:net').connect(${String(port)}, ${JSON.stringify(host)})
		.on('connect', () => process.exit(0)).on('error', () => process.exit(1))`;
	return spawnSync(process.execPath, ['-e', knock], { timeout: 3_000 }).status === 0;
}

async function startPostgres(undo: (() => Promise<unknown>)[]): Promise<Place> {
	const binaries = findPostgres();
	if (binaries === undefined) throw new Error(HOW);
	const folder = await mkdtemp(join(tmpdir(), 'entra-pbx-sync-postgres-'));
	undo.push(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }));
	// PostgreSQL does not run as root; Debian's package brings a user for it.
	const account = userInfo().uid === 0 ? accountOf('postgres') : undefined;
	if (account !== undefined) await chown(folder, account.uid, account.gid);
	const data = join(folder, 'data');
	const options = ['--auth=trust', '--username=postgres', '--encoding=UTF8', '--no-sync'];
	const made = spawnSync(join(binaries, 'initdb'), [...options, '-D', data], {
		...account,
		cwd: folder,
		encoding: 'utf8',
	});
	if (made.status !== 0) throw new Error(`initdb did not work: ${made.stderr}`);
	const port = await freePort();
	const place = { host: '127.0.0.1', port, user: 'postgres', password: '' };
	const settings = ['-p', String(port), '-k', folder, '-c', 'listen_addresses=127.0.0.1'];
	const server = [join(binaries, 'postgres'), '-D', data, ...settings, '-c', 'fsync=off'];
	undo.push(run(server, { ...account, cwd: folder }, 'SIGINT'));
	await untilAnswer('PostgreSQL', () => inPostgres(place, versionOfPostgres));
	return place;
}

async function startRedis(undo: (() => Promise<unknown>)[]): Promise<Place> {
	const program = findRedis();
	if (program === undefined) throw new Error(HOW);
	const port = await freePort();
	const place = { host: '127.0.0.1', port, user: '', password: '' };
	const nothingKept = ['--save', '', '--appendonly', 'no'];
	const server = [program, '--bind', place.host, '--port', String(port), ...nothingKept];
	undo.push(run(server, { cwd: tmpdir() }, 'SIGTERM'));
	await untilAnswer('Redis', () => inRedis(place, versionOfRedis));
	return place;
}

/** Starts a server; gives what ends it. It also ends with this process, however that ends. */
function run(
	[program = '', ...args]: readonly string[],
	options: { cwd: string; uid?: number; gid?: number },
	signal: NodeJS.Signals,
): () => Promise<void> {
	const child = spawn(program, args, { ...options, stdio: 'ignore' });
	const ended = new Promise<void>((resolve) => {
		child.once('exit', () => resolve());
		child.once('error', () => resolve());
	});
	const end = () => void child.kill(signal);
	process.once('exit', end);
	return async () => {
		process.off('exit', end);
		end();
		await ended;
	};
}

async function untilAnswer(name: string, ask: () => Promise<unknown>): Promise<void> {
	const deadline = Date.now() + 30_000;
	for (;;) {
		try {
			await ask();
			return;
		} catch (cause) {
			if (Date.now() > deadline) throw new Error(`${name} did not start.`, { cause });
			await wait(200);
		}
	}
}

async function inPostgres<T>(place: Place, work: (client: pg.Client) => Promise<T>): Promise<T> {
	const client = new pg.Client({ ...place, database: 'postgres', connectionTimeoutMillis: 3_000 });
	await client.connect();
	try {
		return await work(client);
	} finally {
		await client.end();
	}
}

async function inRedis<T>(place: Place, work: (client: Redis) => Promise<T>): Promise<T> {
	const { host, port, user: username, password } = place;
	const client = new Redis({
		host,
		port,
		username,
		password,
		lazyConnect: true,
		connectTimeout: 3_000,
		retryStrategy: () => null,
	});
	// Told by the calls below; without a listener it would be printed as well.
	client.on('error', () => {});
	try {
		await client.connect();
		return await work(client);
	} finally {
		client.disconnect();
	}
}

async function versionOfPostgres(client: pg.Client): Promise<string> {
	const { rows } = await client.query<{ server_version: string }>('SHOW server_version');
	return rows[0]?.server_version.split(' ')[0] ?? '';
}

async function versionOfRedis(client: Redis): Promise<string> {
	return /redis_version:(\S+)/.exec(await client.info('server'))?.[1] ?? '';
}

async function removeKeys(client: Redis, prefix: string): Promise<void> {
	// Bull puts a prefix into braces where Redis is a cluster.
	for await (const keys of client.scanStream({ match: `*${prefix}*`, count: 1000 })) {
		if (keys.length > 0) await client.del(...(keys as string[]));
	}
}

const findRedis = () => which('redis-server');

/** The folder of Debian's newest `initdb` and `postgres`, or of those in the path. */
function findPostgres(): string | undefined {
	const debian = '/usr/lib/postgresql';
	const versions = existsSync(debian) ? readdirSync(debian) : [];
	const folders = versions
		.sort((a, b) => Number(b) - Number(a))
		.map((version) => join(debian, version, 'bin'));
	const path = (process.env['PATH'] ?? '').split(delimiter);
	return [...folders, ...path].find((folder) =>
		['initdb', 'postgres'].every((program) => existsSync(join(folder, program))),
	);
}

function accountOf(name: string): { uid: number; gid: number } {
	const id = (flag: string) => Number(spawnSync('id', [flag, name], { encoding: 'utf8' }).stdout);
	return { uid: id('-u'), gid: id('-g') };
}
