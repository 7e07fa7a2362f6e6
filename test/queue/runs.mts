/** Runs of published workflows in queue mode, and which worker took which. */
import { setTimeout as wait } from 'node:timers/promises';
import type { Execution, ExecutionState, N8nApi, StoredWorkflow } from '../../demo/n8n/api.mts';
import type { Worker } from '../../demo/n8n/queue.mts';

/** Publishes workflows whose schedule is near, until each has begun so many runs; gives their states. */
export async function begun(
	api: N8nApi,
	workflows: readonly StoredWorkflow[],
	times = 1,
): Promise<ExecutionState[]> {
	const before = await Promise.all(workflows.map((each) => api.executions(each)));
	for (const workflow of workflows) await api.publish(workflow);
	const deadline = Date.now() + 60_000;
	const left = new Set(workflows);
	while (left.size > 0) {
		if (Date.now() > deadline) throw new Error('The schedule did not start a run in a minute.');
		for (const workflow of left) {
			const now = await api.executions(workflow);
			const known = before[workflows.indexOf(workflow)]?.length ?? 0;
			if (now.length - known < times) continue;
			await api.unpublish(workflow);
			left.delete(workflow);
		}
		await wait(50);
	}
	const after = await Promise.all(workflows.map((each) => api.executions(each)));
	return after.flatMap((states, index) =>
		states.slice(0, states.length - (before[index]?.length ?? 0)).reverse(),
	);
}

/** Has the schedule run a workflow, waits for the end, and gives that run. */
export async function scheduled(api: N8nApi, workflow: StoredWorkflow): Promise<Execution> {
	const states = await begun(api, [workflow]);
	const ended = await Promise.all(states.map(({ id }) => api.finished(id)));
	const [execution] = ended;
	if (execution === undefined || ended.length > 1)
		throw new Error(`The schedule started ${String(ended.length)} runs instead of one.`);
	return execution;
}

/** The worker that took an execution; waits a moment for it to be taken. */
export async function takerOf<W extends Worker>(
	workers: readonly W[],
	{ id }: { readonly id: string },
): Promise<W> {
	const deadline = Date.now() + 30_000;
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
