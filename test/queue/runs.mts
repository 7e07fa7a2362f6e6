/** Runs of published workflows in queue mode, and which worker took which. */
import { setTimeout as wait } from 'node:timers/promises';
import type { Execution, ExecutionState, N8nApi, StoredWorkflow } from '../../demo/n8n/api.mts';
import type { Worker } from '../../demo/n8n/queue.mts';
import { whenPublished } from '../n8n/published.mts';

/** A published workflow that a call of `url` starts, as its schedule would. */
export interface Startable {
	readonly workflow: StoredWorkflow;
	readonly url: string;
}

/** Starts one run, and gives it as soon as it is there. */
export async function start(api: N8nApi, { workflow, url }: Startable): Promise<ExecutionState> {
	const before = await api.executions(workflow);
	const { ok, status } = await whenPublished(url);
	if (!ok) throw new Error(`n8n answered ${String(status)} and started nothing.`);
	const [begun] = await begunSince(api, workflow, before, 1);
	if (begun === undefined) throw new Error('The run that began is not to be found.');
	return begun;
}

/** Starts one run, waits for its end, and gives it. */
export async function runOnce(api: N8nApi, startable: Startable): Promise<Execution> {
	return await api.finished((await start(api, startable)).id);
}

/** Lets the schedule of a workflow begin so many runs. */
export async function scheduled(
	api: N8nApi,
	workflow: StoredWorkflow,
	times: number,
): Promise<ExecutionState[]> {
	const before = await api.executions(workflow);
	await api.publish(workflow);
	const begun = await begunSince(api, workflow, before, times);
	await api.unpublish(workflow);
	return begun;
}

async function begunSince(
	api: N8nApi,
	workflow: StoredWorkflow,
	before: readonly ExecutionState[],
	times: number,
): Promise<ExecutionState[]> {
	const known = new Set(before.map(({ id }) => id));
	const deadline = Date.now() + 60_000;
	while (Date.now() < deadline) {
		const begun = (await api.executions(workflow)).filter(({ id }) => !known.has(id));
		if (begun.length >= times) return begun.reverse();
		await wait(50);
	}
	throw new Error(`In a minute not so many runs began: ${String(times)}.`);
}

/** The worker that took an execution; waits for it to be taken. */
export async function takerOf<W extends Worker>(
	workers: readonly W[],
	{ id }: { readonly id: string },
): Promise<W> {
	const deadline = Date.now() + 60_000;
	while (Date.now() < deadline) {
		for (const worker of workers) {
			if ((await worker.executions()).includes(id)) return worker;
		}
		await wait(50);
	}
	throw new Error(`No worker took execution ${id}.`);
}

/** Resolves once it is so; rejects after a minute, with what was waited for. */
export async function until(what: string, isSo: () => boolean): Promise<void> {
	const deadline = Date.now() + 60_000;
	while (!isSo()) {
		if (Date.now() > deadline) throw new Error(`Waited a minute in vain: ${what}`);
		await wait(20);
	}
}
