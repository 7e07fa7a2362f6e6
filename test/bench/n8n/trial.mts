/** One workflow in a fresh n8n, with the time n8n itself notes down and the memory its process took. */
import { execFileSync, spawn } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';
import { setTimeout as wait } from 'node:timers/promises';
import { z } from 'zod';
import { N8nApi, type CredentialRef, type WorkflowFile } from '../../../demo/n8n/api.mts';
import type { Host } from '../../../demo/n8n/process.mts';
import { startN8n } from '../../../demo/n8n/server.mts';

export interface Trial {
	/** By n8n's own clock, from the start of the execution to its end; one per run. */
	readonly runs: readonly number[];
	/** From the start of the process to the end of the first run, saved. */
	readonly wholeMs: number;
	/** Most memory the process ever held until the end of the first run; null where not known. */
	readonly peakMb: number | null;
	/** The only run did not end in time: all figures are what it took until then. */
	readonly givenUp: boolean;
}

const TRIGGER = 'Run now';
const OWNER = { email: 'owner@example.com', password: 'Phones-work-1-Monday' };

const execution = z.object({
	status: z.string(),
	startedAt: z.string().nullish(),
	stoppedAt: z.string().nullish(),
});
const data = <Shape extends z.ZodTypeAny>(shape: Shape) => z.object({ data: shape });

/**
 * Starts n8n, makes the workflow that `prepare` gives, runs it `times` times and ends n8n. Rejects
 * when a run does not end well: a time for half the work is worth nothing, except as `givenUp`.
 */
export async function tryOut(options: {
	/** For whoever waits. */
	label: string;
	host: Host;
	tarball?: string;
	times: number;
	/** Of one run. Without `mayGiveUp`, a longer one is an error. */
	withinMs?: number;
	mayGiveUp?: boolean;
	credentials: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
	prepare: (api: N8nApi, credentials: Map<string, CredentialRef>) => Promise<WorkflowFile>;
}): Promise<Trial> {
	const { label, host, tarball, times, withinMs = 600_000, mayGiveUp = false, prepare } = options;
	const began = performance.now();
	const n8n = await startN8n({ host, tarball });
	const startMs = performance.now() - began;
	try {
		const api = new N8nApi(n8n.url);
		await api.setUpOwner(OWNER);
		const credentials = new Map<string, CredentialRef>();
		for (const [type, values] of Object.entries(options.credentials)) {
			credentials.set(type, await api.createCredential(type, type, values));
		}
		const workflow = await api.createWorkflow(await prepare(api, credentials));
		const ask = await signIn(n8n.url);
		const runs: number[] = [];
		let wholeMs = 0;
		let peakMb: number | null = null;
		let givenUp = false;
		for (let run = 0; run < times; run++) {
			const asked = performance.now();
			const ms = await runOnce(ask, workflow.id, label, withinMs);
			if (ms === null && !mayGiveUp) {
				throw new Error(`The run of ${label} was given up after ${String(withinMs / 1000)} s.`);
			}
			givenUp ||= ms === null;
			runs.push(ms ?? withinMs);
			process.stderr.write(`  ${label}: ${String(runs.at(-1))} ms\n`);
			if (run > 0) continue;
			wholeMs = startMs + performance.now() - asked;
			peakMb = await peakMemory(n8n.folder);
		}
		return { runs, wholeMs, peakMb, givenUp };
	} catch (cause) {
		throw new Error(`${(await n8n.log()).slice(-1500)}`, { cause });
	} finally {
		await n8n.stop();
	}
}

type Ask = (method: 'GET' | 'POST', path: string, body?: object) => Promise<unknown>;

/** Unlike `N8nApi`, asks for the state of an execution without its data, which would take memory. */
async function signIn(url: string): Promise<Ask> {
	let cookie = '';
	const ask: Ask = async (method, path, body) => {
		const answer = await fetch(`${url}/rest${path}`, {
			method,
			// A busy n8n lets idle connections end, so none is used twice.
			headers: {
				'browser-id': 'bench',
				'content-type': 'application/json',
				cookie,
				connection: 'close',
			},
			...(body === undefined ? {} : { body: JSON.stringify(body) }),
		});
		const cookies = answer.headers.getSetCookie().map((each) => each.split(';')[0]);
		if (cookies.length > 0) cookie = cookies.join('; ');
		if (!answer.ok) throw new Error(`${method} ${path}: ${await answer.text()}`);
		return await answer.json();
	};
	await ask('POST', '/login', { emailOrLdapLoginId: OWNER.email, password: OWNER.password });
	return ask;
}

/** While n8n works hard it may not answer in time; then it is asked again. */
function tooBusy(cause: unknown): null {
	if (cause instanceof TypeError) return null;
	throw cause;
}

/** Milliseconds by n8n's own clock, or null when it took longer than it may. */
async function runOnce(
	ask: Ask,
	workflowId: string,
	label: string,
	withinMs: number,
): Promise<number | null> {
	const began = performance.now();
	let told = 0;
	await ask('POST', `/workflows/${workflowId}/run`, { triggerToStartFrom: { name: TRIGGER } });
	const filter = encodeURIComponent(JSON.stringify({ workflowId }));
	for (;;) {
		await wait(100);
		const passed = performance.now() - began;
		if (passed > withinMs) return null;
		if (passed > told + 30_000) {
			told = passed;
			process.stderr.write(`  ${label}: at work for ${String(Math.round(passed / 1000))} s\n`);
		}
		const answer = await ask('GET', `/executions?filter=${filter}&limit=1`).catch(tooBusy);
		if (answer === null) continue;
		const { results } = data(z.object({ results: z.array(execution) })).parse(answer).data;
		const last = results[0];
		if (!last || ['new', 'running', 'waiting'].includes(last.status)) continue;
		if (last.status !== 'success') throw new Error(`The run ended with "${last.status}".`);
		return Date.parse(last.stoppedAt ?? '') - Date.parse(last.startedAt ?? '');
	}
}

/** The largest "high water mark" of the processes that work in this folder. Linux only. */
async function peakMemory(folder: string): Promise<number | null> {
	const pids = (await readdir('/proc').catch(() => [])).filter((name) => /^\d+$/.test(name));
	const peaks = await Promise.all(
		pids.map(async (pid) => {
			const of = (file: string) => readFile(join('/proc', pid, file), 'utf8').catch(() => '');
			if (!(await of('environ')).includes(folder)) return 0;
			return Number(/VmHWM:\s+(\d+)/.exec(await of('status'))?.[1] ?? 0);
		}),
	);
	const most = Math.max(0, ...peaks);
	return most === 0 ? null : Math.round(most / 1024);
}

/** The servers of `servers.mts`, in a process of their own. */
export async function startServers(root: string, size: number) {
	const child = spawn(
		process.execPath,
		['--import', 'tsx', 'test/bench/n8n/servers.mts', String(size)],
		{ cwd: root, stdio: ['pipe', 'pipe', 'inherit'] },
	);
	const line = await new Promise<string>((resolve, reject) => {
		child.stdout.once('data', (chunk: Buffer) => resolve(chunk.toString()));
		child.once('exit', () => reject(new Error('The servers for the bench did not start.')));
	});
	const { url } = z.object({ url: z.string() }).parse(JSON.parse(line));
	return {
		url,
		writes: async () => Number(await (await fetch(`${url}/writes`)).text()),
		stop: () => child.stdin.end(),
	};
}

export function runBare(root: string, url: string): { ms: number; changes: number } {
	const printed = execFileSync(
		process.execPath,
		['--import', 'tsx', 'test/bench/n8n/bare.mts', url],
		{ cwd: root, encoding: 'utf8' },
	);
	return z.object({ ms: z.number(), changes: z.number() }).parse(JSON.parse(printed));
}
