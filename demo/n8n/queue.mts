/**
 * A real n8n in queue mode: one main and some workers, each with its data in a throw-away folder and
 * the package installed into each, as in containers of their own.
 */
import { randomBytes } from 'node:crypto';
import { cp, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from './ports.mts';
import { startProcess, statusOf, type Host, type N8nProcess, type Settings } from './process.mts';
import { startN8n, type N8nServer } from './server.mts';

export interface Worker extends N8nProcess {
	/** IDs of the executions it has taken so far, in order, by its own log. */
	executions(): Promise<string[]>;
}

export interface N8nQueue extends N8nServer {
	/** Starts one more worker, as `docker compose up --scale` does. */
	addWorker(): Promise<Worker>;
}

/**
 * Starts the main process; workers are added to it. `settings` say where PostgreSQL and Redis are;
 * both must answer. `install` fills a folder that becomes `<user folder>/.n8n/nodes` of each.
 */
export async function startQueue(options: {
	host: Host;
	settings: Settings;
	/** What a worker is started with, `['worker', '--concurrency=5']` for instance. */
	workerCommand: readonly string[];
	install: (nodesFolder: string) => Promise<void>;
}): Promise<N8nQueue> {
	const { host, workerCommand } = options;
	const folder = await mkdtemp(join(tmpdir(), 'entra-pbx-sync-queue-'));
	const undo: (() => Promise<unknown>)[] = [
		() => rm(folder, { recursive: true, force: true, maxRetries: 5 }),
	];
	const takeDown = async () => {
		for (const step of undo.reverse()) await step();
	};
	let stopping: Promise<void> | undefined;
	const stop = () => (stopping ??= takeDown());
	// The same key everywhere, or no worker can open a credential.
	const settings = {
		N8N_ENCRYPTION_KEY: randomBytes(24).toString('hex'),
		...options.settings,
		N8N_LOG_LEVEL: 'info',
	};
	const packed = join(folder, 'nodes');
	const install = (nodes: string) => cp(packed, nodes, { recursive: true });
	try {
		await options.install(packed);
		const main = await startN8n({ host, environment: settings, install });
		undo.push(() => main.stop());
		let workers = 0;
		return {
			...main,
			stop,
			async addWorker() {
				workers += 1;
				const home = join(folder, `worker-${String(workers)}`);
				await mkdir(join(home, '.n8n'), { recursive: true });
				await install(join(home, '.n8n', 'nodes'));
				const port = String(await freePort());
				const worker = await startProcess({
					host,
					command: workerCommand,
					folder: home,
					settings: {
						...settings,
						QUEUE_HEALTH_CHECK_PORT: port,
						N8N_WORKER_SERVER_ADDRESS: '127.0.0.1',
					},
					isReady: async () =>
						(await statusOf(`http://127.0.0.1:${port}/healthz/readiness`)) === 200,
				});
				undo.push(() => worker.stop());
				return {
					...worker,
					executions: async () =>
						[...(await worker.log()).matchAll(/Worker started execution (\d+)/g)].map(
							([, id = '']) => id,
						),
				};
			},
		};
	} catch (cause) {
		await stop();
		throw cause;
	}
}
