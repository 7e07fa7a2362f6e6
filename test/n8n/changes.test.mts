/** Entra User Source reads changes only, in a real n8n that keeps its checkpoint from run to run. */
import { setTimeout as wait } from 'node:timers/promises';
import { z } from 'zod';
import type { Execution, StoredWorkflow, WorkflowFile } from '../../demo/n8n/api.mts';
import { countsOf } from '../../demo/score.mts';
import { openStage, type Stage } from '../../demo/stage.mts';
import {
	allowLeavers,
	everySeconds,
	forSystem,
	nodeNamed,
	readMainTemplate,
	withSetting,
} from '../../demo/template.mts';
import type { DirectoryUser } from '../../sandbox/directory/user.mts';
import { findHost, ROOT } from './host.mts';

const READ = 'Read Entra users';

let stage: Stage;
let workflow: StoredWorkflow;
let people: DirectoryUser[];

beforeAll(async () => {
	stage = await openStage({ root: ROOT, host: findHost() });
	const template = await readMainTemplate(ROOT);
	const ready = forSystem(changesOnly(template), 'scim', stage.credentials, stage.nodeTypes);
	const writing = withSetting(everySeconds(ready, 4), 'previewOnly', false);
	const tomorrow = new Date(Date.now() + 24 * 3600 * 1000);
	workflow = await stage.api.createWorkflow(allowLeavers(writing, 20, tomorrow));
}, 600_000);
afterAll(() => stage?.stop(), 30_000);

function changesOnly(template: WorkflowFile): WorkflowFile {
	const source = nodeNamed(template, 'entraUserSource');
	const nodes = template.nodes.map((node) =>
		node.name === source ? { ...node, parameters: { ...node.parameters, mode: 'changes' } } : node,
	);
	return { ...template, nodes };
}

// The tests below are one story: each begins where the one before ended.
describe('A published workflow that reads changes only', () => {
	it('reads everybody the first time', async () => {
		const first = await scheduledRun();
		expect(first).toMatchObject({ mode: 'trigger', status: 'success' });
		expect(scopeOf(first)).toBe('whole');
		expect(countsOf(first, 'Report')).toMatchObject({ failed: 0 });
		people = first.items('Apply changes').flatMap((item) => {
			const { user, outcome } = written.parse(item);
			const found = stage.sandbox.control.entra.state.users.get(user.id);
			return outcome.result === 'created' && found ? [found] : [];
		});
		expect(people.length).toBeGreaterThan(3);
	}, 120_000);

	it('reads nobody while nobody changes, and writes nothing', async () => {
		stage.sandbox.control.scim.clearRequests();
		const quiet = await scheduledRun();
		expect(scopeOf(quiet)).toBe('changes');
		expect(readIn(quiet)).toEqual([]);
		expect(stage.sandbox.control.scim.writes()).toEqual([]);
	}, 60_000);

	it('reads just who changed, and brings it to the phone system', async () => {
		const [anna] = people;
		rename(anna, 'Firstchange');
		const execution = await scheduledRun();
		expect(scopeOf(execution)).toBe('changes');
		expect(readIn(execution)).toEqual([anna?.id]);
		expect(countsOf(execution, 'Report')).toMatchObject({ updated: 1, created: 0, disabled: 0 });
	}, 60_000);

	it('reads those of a run that broke off again, beside who changed meanwhile', async () => {
		const [, bert, clara] = people;
		const { scim } = stage.sandbox.control;
		scim.fault({ method: 'GET', times: 100, does: { kind: 'status', status: 403 } });
		rename(bert, 'Secondchange');
		const broken = await scheduledRun();
		scim.clearFaults();
		expect(broken.status).toBe('error');
		expect(readIn(broken)).toEqual([bert?.id]);

		rename(clara, 'Thirdchange');
		const next = await scheduledRun();
		expect(scopeOf(next)).toBe('changes');
		expect(readIn(next).sort()).toEqual([bert?.id, clara?.id].sort());
		expect(countsOf(next, 'Report')).toMatchObject({ updated: 2, failed: 0 });
	}, 120_000);

	it('reads somebody whom the phone system refused again, and then no more', async () => {
		const [anna] = people;
		const { scim } = stage.sandbox.control;
		const refusal = { kind: 'status', status: 400 } as const;
		for (const method of ['PUT', 'PATCH']) scim.fault({ method, times: 100, does: refusal });
		rename(anna, 'Fourthchange');
		const refused = await scheduledRun();
		scim.clearFaults();
		expect(refused.status).toBe('success');
		expect(countsOf(refused, 'Report')).toMatchObject({ updated: 0, failed: 1 });

		const again = await scheduledRun();
		expect(readIn(again)).toEqual([anna?.id]);
		expect(countsOf(again, 'Report')).toMatchObject({ updated: 1, failed: 0 });
		expect(readIn(await scheduledRun())).toEqual([]);
	}, 120_000);
});

const written = z.object({
	user: z.object({ id: z.string() }),
	outcome: z.object({ result: z.string() }),
});
const read = z.object({
	user: z.object({ id: z.string() }).optional(),
	read: z.object({ scope: z.string() }),
});

const scopeOf = (execution: Execution) => read.parse(execution.items(READ)[0]).read.scope;

function readIn(execution: Execution): string[] {
	return execution.items(READ).flatMap((item) => read.parse(item).user?.id ?? []);
}

function rename(user: DirectoryUser | undefined, surname: string): void {
	if (user === undefined) throw new Error('There are too few people.');
	user.surname = surname;
}

/** Has the schedule run the workflow once, and waits for the end of that run. */
async function scheduledRun(): Promise<Execution> {
	const before = (await stage.api.executions(workflow)).length;
	await stage.api.publish(workflow);
	const deadline = Date.now() + 60_000;
	for (;;) {
		const runs = await stage.api.executions(workflow);
		if (runs.length > before) {
			await stage.api.unpublish(workflow);
			// A second one may have begun meanwhile.
			const all = await stage.api.executions(workflow);
			const ended = await Promise.all(all.slice(0, all.length - before).map(finished));
			const execution = ended.at(-1);
			if (execution === undefined || ended.length > 1) {
				throw new Error(`The schedule started ${String(ended.length)} runs instead of one.`);
			}
			return execution;
		}
		if (Date.now() > deadline) throw new Error('The schedule did not start a run in a minute.');
		await wait(100);
	}
}

const finished = ({ id }: { readonly id: string }) => stage.api.finished(id);
