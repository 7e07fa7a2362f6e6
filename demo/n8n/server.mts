/**
 * A real n8n as a child process: quiet, offline, on a free port of this machine only, with its data
 * in a throw-away folder. It is gone when `stop` resolves, and also when its starter dies.
 */
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { closeSync, existsSync, openSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join, delimiter } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { installPackage, linkProject } from './package.mts';

/** What `install.mjs` gives. */
export interface Host {
	readonly folder: string;
	readonly node: string;
	readonly cli: string;
	readonly keeper: string;
}

export interface N8nServer {
	readonly url: string;
	/** Holds everything this n8n keeps, its log included. */
	readonly folder: string;
	/** What n8n has printed so far. */
	log(): Promise<string>;
	/** Ends it and all it started as a power cut would (kill -9), and starts it over what it left. */
	killAndRestart(): Promise<void>;
	/** Ends the process group and removes the folder. May be called twice. */
	stop(): Promise<void>;
}

const READY_WITHIN_MS = 120_000;

/**
 * Starts n8n with the packed package `tarball` installed under its real name, and waits until it
 * answers. Without `port` a free one is taken. Rejects with the last lines of n8n's own log.
 */
export async function startN8n(options: {
	host: Host;
	tarball?: string | undefined;
	/** A project to link under its real name instead, whose nodes are loaded again when they change. */
	project?: string | undefined;
	/** A folder whose programs go before all others, `npm` for instance. */
	programs?: string | undefined;
	environment?: Readonly<Record<string, string>> | undefined;
	port?: number | undefined;
	signal?: AbortSignal | undefined;
}): Promise<N8nServer> {
	const { host, tarball, project } = options;
	if (options.port !== undefined) await assertFree(options.port);
	const port = options.port ?? (await freePort());
	const folder = await mkdtemp(join(tmpdir(), 'entra-pbx-sync-n8n-'));
	if (tarball !== undefined) await installPackage(tarball, join(folder, '.n8n', 'nodes'));

	if (project !== undefined) await linkProject(project, join(folder, '.n8n', 'nodes'));

	const logFile = join(folder, 'n8n.log');
	const url = `http://127.0.0.1:${port}`;
	const env = {
		...environment(host, folder, port, await freePort(), options.programs),
		...(project === undefined ? {} : { N8N_DEV_RELOAD: 'true' }),
		...options.environment,
	};
	const start = () => startProgram(host, folder, logFile, env);
	const isWanted = () => options.signal?.aborted !== true;
	let program = start();

	const server: N8nServer = {
		url,
		folder,
		log: () => readFile(logFile, 'utf8'),
		async killAndRestart() {
			program.kill();
			await program.ended;
			program = start();
			await untilReady(url, () => program.isRunning() && isWanted());
		},
		async stop() {
			program.end();
			await program.ended;
			await rm(folder, { recursive: true, force: true, maxRetries: 5 });
		},
	};
	try {
		await untilReady(url, () => program.isRunning() && isWanted());
	} catch (cause) {
		const lastLines = (await server.log()).trim().split('\n').slice(-20).join('\n');
		await server.stop();
		throw new Error(`n8n did not start. Its last words:\n${lastLines}`, { cause });
	}
	return server;
}

interface Program {
	readonly ended: Promise<void>;
	isRunning(): boolean;
	/** Politely. */
	end(): void;
	/** With everything it started. Not for Windows. */
	kill(): void;
}

function startProgram(
	host: Host,
	folder: string,
	logFile: string,
	env: Record<string, string | undefined>,
): Program {
	const output = openSync(logFile, 'a');
	const keeper = spawn(process.execPath, [host.keeper, host.node, host.cli, 'start'], {
		cwd: folder,
		env,
		detached: true,
		stdio: ['pipe', output, output],
	});
	closeSync(output);
	let running = true;
	const ended = new Promise<void>((resolve) => {
		keeper.once('exit', () => resolve());
		keeper.once('error', () => resolve());
	}).then(() => {
		running = false;
	});
	return {
		ended,
		isRunning: () => running,
		// The keeper sees its stdin end and ends the group.
		end: () => keeper.stdin?.destroy(),
		kill() {
			// The keeper leads a group of its own, so the whole group has its id.
			if (keeper.pid !== undefined && running) process.kill(-keeper.pid, 'SIGKILL');
		},
	};
}

async function untilReady(url: string, isRunning: () => boolean): Promise<void> {
	const deadline = Date.now() + READY_WITHIN_MS;
	while (isRunning() && Date.now() < deadline) {
		// The REST routes come a moment after the database; `/rest/login` then asks to sign in.
		const ready = (await statusOf(`${url}/healthz/readiness`)) === 200;
		if (ready && (await statusOf(`${url}/rest/login`)) === 401) return;
		await wait(200);
	}
	throw new Error(isRunning() ? 'n8n took too long' : 'n8n ended at once');
}

async function statusOf(url: string): Promise<number | null> {
	return await fetch(url).then(
		(answer) => answer.status,
		() => null,
	);
}

/** The settings of this machine's user must not reach in, so anything about n8n or npm is left out. */
function environment(
	host: Host,
	folder: string,
	port: number,
	brokerPort: number,
	programs?: string,
): Record<string, string | undefined> {
	const foreign = /^(N8N_|DB_|EXECUTIONS_|QUEUE_|GENERIC_|CREDENTIALS_|NODE_|TS_NODE|npm_|JEST_)/i;
	const own = Object.entries(process.env).filter(([name]) => !foreign.test(name));
	const before = programs === undefined ? [] : [programs];
	return {
		...Object.fromEntries(own),
		PATH: [...before, dirname(host.node), process.env['PATH'] ?? ''].join(delimiter),
		NO_PROXY: '127.0.0.1,localhost',
		N8N_USER_FOLDER: folder,
		N8N_HOST: '127.0.0.1',
		N8N_LISTEN_ADDRESS: '127.0.0.1',
		N8N_PORT: String(port),
		N8N_RUNNERS_BROKER_PORT: String(brokerPort),
		N8N_ENCRYPTION_KEY: randomBytes(24).toString('hex'),
		N8N_SECURE_COOKIE: 'false',
		N8N_GRACEFUL_SHUTDOWN_TIMEOUT: '5',
		N8N_ENFORCE_SETTINGS_FILE_PERMISSIONS: 'false',
		N8N_DIAGNOSTICS_ENABLED: 'false',
		N8N_DIAGNOSTICS_CONFIG_FRONTEND: '',
		N8N_DIAGNOSTICS_CONFIG_BACKEND: '',
		N8N_DYNAMIC_BANNERS_ENABLED: 'false',
		N8N_VERSION_NOTIFICATIONS_ENABLED: 'false',
		N8N_VERSION_NOTIFICATIONS_WHATS_NEW_ENABLED: 'false',
		N8N_VERIFIED_PACKAGES_ENABLED: 'false',
		N8N_TEMPLATES_ENABLED: 'false',
		N8N_PERSONALIZATION_ENABLED: 'false',
		N8N_HIRING_BANNER_ENABLED: 'false',
		...(has(host, 'mcp-registry') ? { N8N_DISABLED_MODULES: 'mcp-registry' } : {}),
		N8N_LICENSE_AUTO_RENEW_ENABLED: 'false',
		EXTERNAL_FRONTEND_HOOKS_URLS: '',
	};
}

/** An older n8n refuses to start when it is to do without a part it never had. */
function has(host: Host, part: string): boolean {
	return existsSync(join(host.folder, 'node_modules', 'n8n', 'dist', 'modules', part));
}

async function freePort(): Promise<number> {
	const { promise, server } = listen(0);
	await promise;
	const address = server.address();
	await new Promise((resolve) => server.close(resolve));
	if (address === null || typeof address === 'string') throw new Error('No free port was found.');
	return address.port;
}

async function assertFree(port: number): Promise<void> {
	const { promise, server } = listen(port);
	try {
		await promise;
	} catch (cause) {
		const taken = `Port ${port} is taken by another program. Choose another one or none at all.`;
		throw new Error(taken, { cause });
	}
	await new Promise((resolve) => server.close(resolve));
}

function listen(port: number) {
	const server = createServer();
	const promise = new Promise<void>((resolve, reject) => {
		server.once('error', reject);
		server.listen(port, '127.0.0.1', resolve);
	});
	return { promise, server };
}
