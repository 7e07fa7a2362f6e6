/** A real n8n in one process, on a port of this machine only, with its data in a throw-away folder. */
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { installPackage, linkProject } from './package.mts';
import { assertFree, freePort } from './ports.mts';
import { startProcess, statusOf, type Host, type Settings } from './process.mts';

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
	port?: number | undefined;
	/** On top of what keeps n8n quiet and on this machine. */
	environment?: Settings | undefined;
	/** What to install instead of `tarball`, into `<user folder>/.n8n/nodes`. */
	install?: (nodesFolder: string) => Promise<void>;
	signal?: AbortSignal | undefined;
}): Promise<N8nServer> {
	const { host, tarball, project, programs, environment, install, signal } = options;
	if (options.port !== undefined) await assertFree(options.port);
	const port = options.port ?? (await freePort());
	const url = `http://127.0.0.1:${port}`;
	const folder = await mkdtemp(join(tmpdir(), 'entra-pbx-sync-n8n-'));
	const remove = () => rm(folder, { recursive: true, force: true, maxRetries: 5 });
	try {
		const nodes = join(folder, '.n8n', 'nodes');
		if (tarball !== undefined) await installPackage(tarball, nodes);
		if (project !== undefined) await linkProject(project, nodes);
		await install?.(nodes);
		const key = randomBytes(24).toString('hex');
		const start = () =>
			startProcess({
				host,
				command: ['start'],
				folder,
				settings: {
					N8N_ENCRYPTION_KEY: key,
					...(project === undefined ? {} : { N8N_DEV_RELOAD: 'true' }),
					...environment,
					N8N_PORT: String(port),
				},
				programs,
				// The REST routes come a moment after the database; `/rest/login` then asks to sign in.
				isReady: async () =>
					(await statusOf(`${url}/healthz/readiness`)) === 200 &&
					(await statusOf(`${url}/rest/login`)) === 401,
				signal,
			});
		let n8n = await start();
		return {
			url,
			folder,
			log: () => n8n.log(),
			async killAndRestart() {
				await n8n.kill();
				n8n = await start();
			},
			async stop() {
				await n8n.stop();
				await remove();
			},
		};
	} catch (cause) {
		await remove();
		throw cause;
	}
}
