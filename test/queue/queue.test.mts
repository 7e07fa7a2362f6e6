/**
 * n8n in queue mode: one main, two workers, PostgreSQL and Redis, started with what
 * `docker-compose.yml` sets, and the package installed by its very line.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { z } from 'zod';
import type { Execution, StoredWorkflow, WorkflowFile } from '../../demo/n8n/api.mts';
import { startQueue, type N8nQueue, type Worker } from '../../demo/n8n/queue.mts';
import { countsOf } from '../../demo/score.mts';
import { openStage, type Stage, type SystemName } from '../../demo/stage.mts';
import {
	allowLeavers,
	everySeconds,
	forSystem,
	readTemplates,
	withSetting,
} from '../../demo/template.mts';
import { findHost, ROOT } from '../n8n/host.mts';
import { insertRows } from '../n8n/rows.mts';
import { filledIn, imageOf, readCompose } from './compose.mts';
import { runOnce, scheduled, start, takerOf, until, type Startable } from './runs.mts';
import { missingServers, openServers, type Servers } from './servers.mts';

const compose = readCompose(ROOT);
const OF_THE_TEST = {
	// One run at a time on each worker, so that two at once are on two.
	N8N_CONCURRENCY_PRODUCTION_LIMIT: '1',
	// How soon n8n notices that a worker is gone; it would be a minute and a half.
	QUEUE_WORKER_LOCK_DURATION: '4000',
	QUEUE_WORKER_LOCK_RENEW_TIME: '1000',
	QUEUE_WORKER_STALLED_INTERVAL: '2000',
};

const missing = missingServers();
if (missing !== undefined) process.stderr.write(`${missing}\n`);
let servers: Servers;
let stage: Stage;
let queue: N8nQueue;
let workers: Worker[];
let templates: Map<string, WorkflowFile>;

beforeAll(async () => {
	if (missing !== undefined) return;
	servers = await openServers();
	const { settings } = servers;
	templates = await readTemplates(ROOT);
	const host = findHost();
	stage = await openStage({
		root: ROOT,
		host,
		startWith: async (tarball) =>
			(queue = await startQueue({
				host,
				settings: { ...fromCompose(), ...settings, ...OF_THE_TEST },
				workerCommand: compose.services.worker.command?.split(' ') ?? [],
				install: async (nodes) => installAsComposed(tarball, nodes),
			})),
	});
	workers = await Promise.all([queue.addWorker(), queue.addWorker()]);
	await runByHand('set-up.json', 'Set up now');
}, 600_000);
afterAll(async () => {
	await stage?.stop();
	await servers?.stop();
}, 60_000);

function fromCompose() {
	const values = { N8N_ENCRYPTION_KEY: 'of this test', POSTGRES_PASSWORD: 'not asked for' };
	const { environment } = compose.services.n8n;
	return Object.fromEntries(
		Object.entries(environment).map(([name, text]) => [name, filledIn(text, values)]),
	);
}

/** Runs the image's own line, with what was packed in place of what is published. */
function installAsComposed(tarball: string, nodes: string): void {
	const { install } = imageOf(compose);
	const words = install.replace('/home/node/.n8n/nodes', nodes).split(' ');
	const [program = '', ...args] = [...words.slice(0, -1), tarball];
	mkdirSync(nodes, { recursive: true });
	execFileSync(program, args, { cwd: nodes, stdio: ['ignore', 'ignore', 2] });
}

function template(file: string): WorkflowFile {
	const found = templates.get(file);
	if (found === undefined) throw new Error(`workflows/${file} is missing.`);
	return found;
}

async function runByHand(file: string, trigger: string): Promise<Execution> {
	const ready = forSystem(template(file), 'scim', stage.credentials, stage.nodeTypes);
	const execution = await stage.api.run(await stage.api.createWorkflow(ready), trigger);
	if (execution.status !== 'success') throw new Error(execution.error?.message);
	return execution;
}

const MANY = 'sync-many-phone-systems.json';

/** The sync with a memory, set up for a system, writing, and with its own schedule switched off. */
function sync(system: SystemName, name: string, change: Change = {}): WorkflowFile {
	const file = template('sync-users-with-memory.json');
	const ready = forSystem(file, system, stage.credentials, stage.nodeTypes);
	const tomorrow = new Date(Date.now() + 24 * 3600 * 1000);
	const writing = allowLeavers(withSetting(ready, 'previewOnly', false), 20, tomorrow);
	const nodes = writing.nodes.map((node) => {
		const type = node.type.split('.').at(-1) ?? '';
		const disabled = type === 'scheduleTrigger' ? { disabled: true } : {};
		return { ...node, ...disabled, parameters: { ...node.parameters, ...change[type] } };
	});
	return { ...writing, name, nodes };
}
/** More parameters, by type of node. */
type Change = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** The same, published, and started by a call where its schedule was. */
async function startable(workflow: WorkflowFile): Promise<Startable> {
	const path = `start-${String((calls += 1))}`;
	const nodes = workflow.nodes.map((node) =>
		node.type === 'n8n-nodes-base.scheduleTrigger'
			? {
					...node,
					...{ type: 'n8n-nodes-base.webhook', typeVersion: 2.1, disabled: false, webhookId: path },
					parameters: { path, options: {} },
				}
			: node,
	);
	const stored = await store({ ...workflow, nodes });
	await stage.api.publish(stored);
	return { workflow: stored, url: `${stage.n8n.url}/webhook/${path}` };
}
let calls = 0;

async function store(workflow: WorkflowFile): Promise<StoredWorkflow> {
	return await stage.api.createWorkflow(workflow);
}

const ofDepartments = (departments: string): Change[string] => ({
	conditions: {
		condition: [{ attribute: 'department', operator: 'oneOf', value: departments }],
	},
});
const pool = (ranges: string): Change[string] => ({
	pools: { pool: [{ name: 'Own', ranges, attribute: '', values: '' }] },
});

const report = (execution: Execution) => countsOf(execution, 'Report');
const NOTHING = { created: 0, updated: 0, enabled: 0, disabled: 0, failed: 0 };

/** What is in the list more than once. */
const twice = (values: readonly string[]) =>
	values.filter((value, index) => value !== '' && values.indexOf(value) !== index);

/** Every request to the system takes so long, and what it does is the same. */
function slow(system: SystemName, ms: number, path = ''): void {
	stage.sandbox.control[system].fault({ path, times: 100_000, does: { kind: 'slow', ms } });
}

const inQueueMode = (name: string, test: () => Promise<void>) =>
	(missing === undefined ? it : it.skip)(name, test, 180_000);

describe('Many phone systems', () => {
	inQueueMode('in two lanes are synced at the same time, on different workers', async () => {
		const lanes = [
			{ name: 'Vodia, Sales', lane: 1, ...sales('vodia') },
			{ name: 'Vodia, Support', lane: 1, ...support('vodia') },
			{ name: 'Yeastar', lane: 2, workflow: sync('yeastar', 'Yeastar') },
		];
		const parent = await store(everySeconds(template(MANY), 10));
		await stage.api.run(await store(template(MANY)), 'Run now');
		const children: StoredWorkflow[] = [];
		for (const { name, lane, workflow } of lanes) {
			const child = await store(workflow);
			await stage.api.publish(child);
			children.push(child);
			await insertRows(stage.api, 'entra-pbx-tenants', [
				{ name, lane, workflowId: child.id, active: true },
			]);
		}

		const started = await scheduled(stage.api, parent, 2);
		const takers = await Promise.all(started.map((each) => takerOf(workers, each)));
		const ended = await Promise.all(started.map(({ id }) => stage.api.finished(id)));
		expect(new Set(takers).size).toBe(2);
		expect(ended.map((each) => each.items('Went through').map(({ name }) => name)).sort()).toEqual([
			['Vodia, Sales', 'Vodia, Support'],
			['Yeastar'],
		]);
		for (const child of children) {
			expect(await stage.api.executions(child)).toMatchObject([{ status: 'success' }]);
		}
		// Both shards in one lane share a pool; the second one saw what the first had given.
		const [first, second] = await Promise.all(children.map(lastRun));
		const given = [first, second].flatMap(numbersGiven);
		expect(given.length).toBeGreaterThan(20);
		expect(twice(given)).toEqual([]);
	});

	const shard = (departments: string) => (system: SystemName) => ({
		workflow: sync(system, departments, {
			entraUserSource: ofDepartments(departments),
			extensionAllocator: pool('600-799'),
		}),
	});
	const sales = shard('Sales');
	const support = shard('Support');
});

describe('Shards of one phone system with pools of their own', () => {
	inQueueMode(
		'may run at the same time: no number is given twice, and none disappears',
		async () => {
			const pools = { 'Sales, Support': '600-699', 'Finance, Engineering': '700-799' };
			const shards = await Promise.all(
				Object.entries(pools).map(async ([departments, ranges]) => {
					const parts = {
						entraUserSource: ofDepartments(departments),
						extensionAllocator: pool(ranges),
					};
					return await startable(sync('freepbx', departments, parts));
				}),
			);
			slow('freepbx', 10);
			const started = await Promise.all(shards.map((each) => start(stage.api, each)));
			const takers = await Promise.all(started.map((each) => takerOf(workers, each)));
			const ended = await Promise.all(started.map(({ id }) => stage.api.finished(id)));
			stage.sandbox.control.freepbx.clearFaults();
			expect(new Set(takers).size).toBe(2);
			for (const [index, ranges] of Object.values(pools).entries()) {
				const given = numbersGiven(ended[index]);
				const [from, to] = ranges.split('-').map(Number) as [number, number];
				expect(given.length).toBeGreaterThan(10);
				expect(given.filter((number) => Number(number) < from || Number(number) > to)).toEqual([]);
				for (const number of given) {
					expect(stage.sandbox.control.freepbx.state.extensions.has(number)).toBe(true);
				}
			}
			for (const each of shards)
				expect(report(await runOnce(stage.api, each))).toMatchObject(NOTHING);
		},
	);
});

describe('Runs of one sync that overlap', () => {
	inQueueMode(
		'make nobody a second account: one of them writes, and the next finishes',
		async () => {
			const { control } = stage.sandbox;
			const { extensions } = control.freepbx.state;
			const mails = () => [...extensions.values()].map(({ panelUser }) => panelUser?.email ?? '');
			const twiceBefore = twice(mails());
			const before = extensions.size;
			slow('freepbx', 300, 'addExtension');
			const overlapping = await startable(sync('freepbx', 'Overlapping'));
			const one = await start(stage.api, overlapping);
			// Somebody leaves between the two readings: the second run gives others the numbers.
			await until('a new account', () => extensions.size > before);
			for (const user of control.entra.state.users.values()) {
				if (user.jobTitle === 'Recruiter') user.accountEnabled = false;
			}
			const started = [one, await start(stage.api, overlapping)];
			const takers = await Promise.all(started.map((each) => takerOf(workers, each)));
			const ended = await Promise.all(started.map(({ id }) => stage.api.finished(id)));
			control.freepbx.clearFaults();
			expect(new Set(takers).size).toBe(2);
			const [first, second] = ended.map(report);
			expect(first).toMatchObject({ failed: 0 });
			expect(second).toMatchObject({ ...NOTHING });
			expect(reasons(ended[1])).toContain('run.overlaps');
			expect(twice(mails())).toEqual(twiceBefore);

			await runOnce(stage.api, overlapping);
			control.freepbx.clearRequests();
			expect(report(await runOnce(stage.api, overlapping))).toMatchObject(NOTHING);
			expect(control.freepbx.writes()).toEqual([]);
			expect(twice(mails())).toEqual(twiceBefore);
		},
	);
});

describe('A worker that is killed in the middle of a run', () => {
	inQueueMode(
		'loses nothing: the next run on the other one finishes, and makes nobody twice',
		async () => {
			const { scim, entra } = stage.sandbox.control;
			const { accounts } = scim.state;
			const all = () => [...accounts.values()];
			const workflow = await startable(sync('scim', 'Killed'));
			const before = accounts.size;
			scim.fault({ method: 'POST', times: 1000, does: { kind: 'slow', ms: 100 } });
			const killed = await start(stage.api, workflow);
			await until('some new accounts', () => accounts.size > before + 20);
			const taker = await takerOf(workers, killed);
			await taker.kill();
			expect(await stage.api.ended(killed.id)).toMatch(/error|crashed/);
			scim.clearFaults();

			const made = accounts.size;
			const next = await runOnce(stage.api, workflow);
			expect(report(next)).toMatchObject({ failed: 0 });
			expect(report(next).created).toBeGreaterThan(0);
			expect(accounts.size).toBe(made + report(next).created);
			expect(twice(all().map(({ externalId }) => externalId ?? ''))).toEqual([]);
			expect(twice(all().map(({ userName }) => userName.toLowerCase()))).toEqual([]);

			// A new worker takes the place of the lost one, and goes on where the others were.
			workers = [...workers.filter((each) => each !== taker), await queue.addWorker()];
			const settled = await runOnce(stage.api, workflow);
			expect(report(settled)).toMatchObject(NOTHING);
			const links = linksOf(settled);
			expect(links.length).toBeGreaterThan(100);
			expect(twice(links.map(({ userId }) => userId))).toEqual([]);
			expect(twice(links.map(({ extensionId }) => extensionId))).toEqual([]);
			const staff = links.flatMap(({ userId, extensionId }) => {
				const user = entra.state.users.get(userId);
				return user ? [{ address: user.mail ?? user.userPrincipalName, extensionId }] : [];
			});
			expect(staff.length).toBeGreaterThan(100);
			for (const { address, extensionId } of staff) {
				const { userName, emails = [] } = accounts.get(extensionId) ?? { userName: '' };
				const known = [userName, ...emails.map(({ value = '' }) => value)];
				expect(known.map((each) => each.toLowerCase())).toContain(address.toLowerCase());
			}
		},
	);

	/** Rows of the links table as the run read them. */
	function linksOf(execution: Execution) {
		return execution
			.items('Remembered links')
			.filter(({ system }) => system === 'scim')
			.map((row) => link.parse(row));
	}
});

describe('What a sync remembers from run to run', () => {
	const remembering = () => sync('vodia', 'Remembering', { entraUserSource: { mode: 'changes' } });

	inQueueMode('is there when another workflow calls it: only who changed is read', async () => {
		const called = await store(remembering());
		await stage.api.publish(called);
		const caller = await startable(calling(called));
		const scopes: string[] = [];
		for (let run = 0; run < 2; run++) {
			await runOnce(stage.api, caller);
			scopes.push(scopeOf(await lastRun(called)));
		}
		expect(scopes).toEqual(['whole', 'changes']);
	});

	// Newer versions of n8n start workers without a workflow's static data; docs/queue-mode.md says so.
	inQueueMode('is missing when its own trigger starts it, so that everybody is read', async () => {
		const started = await startable(remembering());
		const runs = [await runOnce(stage.api, started), await runOnce(stage.api, started)];
		expect(runs.map(scopeOf)).toEqual(['whole', 'whole']);
		expect(report(runs[1] as Execution)).toMatchObject(NOTHING);
	});

	const read = z.object({ read: z.object({ scope: z.string() }) });
	const scopeOf = (execution: Execution) =>
		read.parse(execution.items('Read Entra users')[0]).read.scope;

	/** As small as a workflow can be that runs another on a schedule. */
	function calling({ id }: StoredWorkflow): WorkflowFile {
		const schedule = template(MANY).nodes.find(({ type }) => type.endsWith('.scheduleTrigger'));
		const call = template(MANY).nodes.find(({ type }) => type.endsWith('.executeWorkflow'));
		if (!schedule || !call) throw new Error(`${MANY} calls no workflow.`);
		const parameters = { ...call.parameters, workflowId: { __rl: true, mode: 'id', value: id } };
		return {
			name: 'Calling',
			nodes: [schedule, { ...call, parameters, onError: 'stopWorkflow' }],
			connections: {
				[schedule.name]: { main: [[{ node: call.name, type: 'main', index: 0 }]] },
			},
			settings: {},
		};
	}
});

const link = z.object({ userId: z.string(), extensionId: z.string() });

const applied = z.object({
	outcome: z.object({
		result: z.string(),
		number: z.string().nullable(),
		because: z.object({ code: z.string() }).nullable(),
	}),
});
const outcomes = (execution: Execution | undefined) =>
	(execution?.items('Apply changes') ?? []).map((item) => applied.parse(item).outcome);
const reasons = (execution: Execution | undefined) =>
	outcomes(execution).map(({ because }) => because?.code);
const numbersGiven = (execution: Execution | undefined) =>
	outcomes(execution).flatMap(({ result, number }) =>
		result === 'created' && number !== null ? [number] : [],
	);

async function lastRun(workflow: StoredWorkflow): Promise<Execution> {
	const [state] = await stage.api.executions(workflow);
	if (state === undefined) throw new Error(`${workflow.id} has not run.`);
	return await stage.api.finished(state.id);
}
