/**
 * One n8n command as a child process: quiet, offline, its data in a folder of its own. It is gone
 * when `stop` resolves, and also when its starter dies.
 */
import { spawn } from 'node:child_process';
import { closeSync, existsSync, openSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { freePort } from './ports.mts';

/** What `install.mjs` gives. */
export interface Host {
	readonly folder: string;
	readonly node: string;
	readonly cli: string;
	readonly keeper: string;
}

/** Environment variables; undefined: not set. */
export type Settings = Readonly<Record<string, string | undefined>>;

export interface N8nProcess {
	/** What it has printed so far. */
	log(): Promise<string>;
	/** Asks it to end, and resolves when it and all it started have. May be called twice. */
	stop(): Promise<void>;
	/** kill -9 for it and all it started, as when the machine loses power. */
	kill(): Promise<void>;
}

const READY_WITHIN_MS = 120_000;

/**
 * Starts `n8n <command>` with `folder` for everything it keeps, its log included, and waits until
 * `isReady`. Rejects with the last lines of n8n's own log, and nothing left running.
 */
export async function startProcess(options: {
	host: Host;
	/** `['start']`, or `['worker']` and what follows it. */
	command: readonly string[];
	folder: string;
	/** On top of what keeps n8n quiet and on this machine. */
	settings: Settings;
	/** A folder whose programs go before all others, `npm` for instance. */
	programs?: string | undefined;
	isReady: () => Promise<boolean>;
	signal?: AbortSignal | undefined;
}): Promise<N8nProcess> {
	const { host, command, folder, settings, programs, isReady, signal } = options;
	const logFile = join(folder, 'n8n.log');
	const output = openSync(logFile, 'a');
	const keeper = spawn(process.execPath, [host.keeper, host.node, host.cli, ...command], {
		cwd: folder,
		env: {
			...inherited(host, programs),
			...QUIET,
			...(has(host, 'mcp-registry') ? { N8N_DISABLED_MODULES: 'mcp-registry' } : {}),
			N8N_USER_FOLDER: folder,
			N8N_RUNNERS_BROKER_PORT: String(await freePort()),
			...settings,
		},
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

	const started: N8nProcess = {
		log: () => readFile(logFile, 'utf8'),
		async stop() {
			// The keeper sees its stdin end and ends the group.
			keeper.stdin?.destroy();
			await ended;
		},
		async kill() {
			if (running && keeper.pid !== undefined) process.kill(-keeper.pid, 'SIGKILL');
			await ended;
		},
	};
	const deadline = Date.now() + READY_WITHIN_MS;
	const goesOn = () => running && signal?.aborted !== true && Date.now() < deadline;
	while (goesOn()) {
		if (await isReady()) return started;
		await wait(200);
	}
	const why = running ? 'n8n took too long' : 'n8n ended at once';
	await started.stop();
	const lastLines = (await started.log()).trim().split('\n').slice(-20).join('\n');
	throw new Error(`n8n did not start (${why}). Its last words:\n${lastLines}`);
}

/** The status of an answer to GET; null when there is none. */
export async function statusOf(url: string): Promise<number | null> {
	return await fetch(url).then(
		(answer) => answer.status,
		() => null,
	);
}

/** The settings of this machine's user must not reach in, so anything about n8n or npm is left out. */
function inherited(host: Host, programs: string | undefined): Settings {
	const foreign = /^(N8N_|DB_|EXECUTIONS_|QUEUE_|GENERIC_|CREDENTIALS_|NODE_|TS_NODE|npm_|JEST_)/i;
	const own = Object.entries(process.env).filter(([name]) => !foreign.test(name));
	const before = programs === undefined ? [] : [programs];
	return {
		...Object.fromEntries(own),
		PATH: [...before, dirname(host.node), process.env['PATH'] ?? ''].join(delimiter),
	};
}

const QUIET: Settings = {
	NO_PROXY: '127.0.0.1,localhost',
	N8N_HOST: '127.0.0.1',
	N8N_LISTEN_ADDRESS: '127.0.0.1',
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
	N8N_LICENSE_AUTO_RENEW_ENABLED: 'false',
	EXTERNAL_FRONTEND_HOOKS_URLS: '',
};

/** An older n8n refuses to start when it is to do without a part it never had. */
function has(host: Host, part: string): boolean {
	return existsSync(join(host.folder, 'node_modules', 'n8n', 'dist', 'modules', part));
}
