/**
 * The demo: a real n8n imports the templates, reads a directory over HTTP and keeps phone systems in
 * step with it, twice. The second run must find nothing to do.
 */
import { forFiles, readFileTemplate } from './files.mts';
import type { StoredWorkflow, WorkflowFile } from './n8n/api.mts';
import type { Host } from './n8n/process.mts';
import { countsOf, judgeFirst, judgeSecond, sum, table, type Run } from './score.mts';
import { openStage, SYSTEMS, type Stage, type SystemName } from './stage.mts';
import {
	allowLeavers,
	disables,
	forSystem,
	nodeNamed,
	readMainTemplate,
	readTemplates,
	withSetting,
} from './template.mts';

export interface DemoOptions {
	readonly root: string;
	readonly host: Host;
	/** End after the second run instead of leaving the editor open. */
	readonly exit: boolean;
	readonly system: string | undefined;
	readonly port: number | undefined;
}

/** Runs the demo to its end and gives the exit code. Ctrl-C takes everything down again. */
export async function runDemo(options: DemoOptions): Promise<number> {
	const systems = chooseSystems(options.system);
	const interrupt = new AbortController();
	const onSignal = () => {
		if (interrupt.signal.aborted) process.exit(130);
		say('\nStopping (once more Ctrl-C stops at once)');
		interrupt.abort();
	};
	const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
	for (const signal of signals) process.on(signal, onSignal);
	let stage: Stage | undefined;
	try {
		const { root, host, port } = options;
		stage = await openStage({ root, host, port, say, signal: interrupt.signal });
		const standing = stage;
		interrupt.signal.addEventListener('abort', () => void standing.stop());
		say('Importing the templates');
		const first = await importTemplates(standing, root);
		const right = await syncTwice(standing, systems, options);
		if (!options.exit) await stayOpen(standing, first, interrupt.signal);
		return right ? 0 : 1;
	} catch (cause) {
		if (interrupt.signal.aborted) return 130;
		throw cause;
	} finally {
		await stage?.stop();
		for (const signal of signals) process.off(signal, onSignal);
	}
}

/** One whose interface is the vendor's own, and one that is a server somebody else wrote. */
const SHOWN: readonly SystemName[] = ['scim', 'yeastar'];

function chooseSystems(wanted: string | undefined): readonly SystemName[] {
	if (wanted === undefined) return SHOWN;
	if (wanted === 'all') return SYSTEMS;
	const chosen = SYSTEMS.filter((system) => system === wanted);
	if (chosen.length > 0) return chosen;
	throw new Error(
		`There is no phone system "${wanted}" here. There are: ${[...SYSTEMS].sort().join(', ')}; or all.`,
	);
}

async function syncTwice(
	stage: Stage,
	systems: readonly SystemName[],
	{ root, exit }: DemoOptions,
): Promise<boolean> {
	const template = await readMainTemplate(root);
	const files = await readFileTemplate(root);
	const workflows = new Map<SystemName, StoredWorkflow>();
	for (const name of systems) {
		const own =
			name === 'csv'
				? forFiles(files, stage.sandbox.systems.csv, stage.credentials, stage.nodeTypes)
				: readyToWrite(forSystem(template, name, stage.credentials, stage.nodeTypes));
		workflows.set(
			name,
			await stage.api.createWorkflow({ ...own, name: `Demo: Entra ID to ${name}` }),
		);
	}

	const trigger = nodeNamed(template, 'manualTrigger');
	const report = nodeNamed(template, 'syncReport');
	const round = async (title: string): Promise<Run[]> => {
		const runs: Run[] = [];
		for (const [name, workflow] of workflows) {
			say(`${title} run: ${name}`);
			stage.sandbox.control[name].clearRequests();
			const execution = await stage.api.run(workflow, trigger);
			const counts = countsOf(execution, report);
			const writes = stage.sandbox.control[name].writes().length;
			const able = disables(name, stage.nodeTypes);
			runs.push({ system: name, disables: able, counts, writes, files: name === 'csv' });
		}
		console.log(`\n${title} run\n${table(runs)}\n`);
		return runs;
	};
	const first = await round('First');
	const second = await round('Second');

	const wrong = [...first.flatMap(judgeFirst), ...second.flatMap(judgeSecond)];
	for (const sentence of wrong) say(sentence);
	if (wrong.length === 0) say('Both runs were right: everything done once, nothing done twice.');
	if (exit) console.log(JSON.stringify({ first: sum(first), second: sum(second) }));
	return wrong.length === 0;
}

/**
 * Out of preview. The phone systems of the sandbox hold more leavers than the clean-up disables in
 * one run of its own accord, so that is allowed for a day.
 */
function readyToWrite(template: WorkflowFile): WorkflowFile {
	const tomorrow = new Date(Date.now() + 24 * 3600 * 1000);
	return allowLeavers(withSetting(template, 'previewOnly', false), 20, tomorrow);
}

/**
 * As an administrator gets them: the first phone system that fits, and everything in preview. Gives
 * the one to begin with.
 */
async function importTemplates(stage: Stage, root: string): Promise<StoredWorkflow> {
	const main = await readMainTemplate(root);
	for (const template of (await readTemplates(root)).values()) {
		if (template.name !== main.name) await stage.api.createWorkflow(template);
	}
	return await stage.api.createWorkflow(main);
}

async function stayOpen(
	{ n8n, owner }: Stage,
	first: StoredWorkflow,
	signal: AbortSignal,
): Promise<void> {
	console.log(
		`\nThe editor is open at ${n8n.url}/home/workflows\n` +
			`  e-mail      ${owner.email}\n` +
			`  password    ${owner.password}\n` +
			`  first sync  ${n8n.url}/workflow/${first.id}\n` +
			'Everything in it is made up and goes away with Ctrl-C.\n',
	);
	await new Promise<void>((resolve) => {
		if (signal.aborted) resolve();
		signal.addEventListener('abort', () => resolve());
	});
}

/** Progress is for people and goes to stderr, so that stdout holds results only. */
function say(text: string): void {
	process.stderr.write(`${text}\n`);
}
