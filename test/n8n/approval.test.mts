/**
 * The approval templates in a real n8n. The mail is a real one, and its button is pressed; in the place of
 * Slack and Teams a Set node gives the answer that they would.
 */
import { setTimeout as wait } from 'node:timers/promises';
import type { Execution, WorkflowFile } from '../../demo/n8n/api.mts';
import { openStage, type Stage, type SystemName } from '../../demo/stage.mts';
import { forSystem, nodeNamed, readTemplates } from '../../demo/template.mts';
import { countsOf } from '../../demo/score.mts';
import { findHost, ROOT } from './host.mts';
import { openMailbox, type Mailbox } from './mailbox.mts';

const SLACK = 'approve-phone-changes-in-slack.json';
const TEAMS = 'approve-phone-changes-in-teams.json';
const MAIL = 'approve-phone-changes-by-email.json';

let stage: Stage;
let mailbox: Mailbox;
let templates: Map<string, WorkflowFile>;
beforeAll(async () => {
	templates = await readTemplates(ROOT);
	mailbox = await openMailbox();
	stage = await openStage({ root: ROOT, host: findHost() });
	await run(ready('set-up.json', 'scim'));
}, 600_000);
afterAll(async () => {
	await mailbox?.close();
	await stage?.stop();
}, 30_000);

function ready(file: string, system: SystemName): WorkflowFile {
	const template = templates.get(file);
	if (template === undefined) throw new Error(`workflows/${file} is missing.`);
	return forSystem(template, system, stage.credentials, stage.nodeTypes);
}

/** With the answer of Slack or Teams in the place of the question. */
function answered(template: WorkflowFile, answer: object): WorkflowFile {
	const asks = new Set(['n8n-nodes-base.slack', 'n8n-nodes-base.microsoftTeams']);
	const says = { mode: 'raw', jsonOutput: JSON.stringify(answer), options: {} };
	const nodes = template.nodes.map((node) =>
		asks.has(node.type)
			? { ...node, type: 'n8n-nodes-base.set', typeVersion: 3.4, parameters: says }
			: node,
	);
	return { ...template, nodes };
}

async function run(workflow: WorkflowFile): Promise<Execution> {
	const stored = await stage.api.createWorkflow(workflow);
	const execution = await stage.api.run(stored, nodeNamed(workflow, 'manualTrigger'));
	expect(execution.error).toBeUndefined();
	expect(execution.status).toBe('success');
	return execution;
}

function expectAllDone(execution: Execution, system: SystemName): void {
	const [preview] = execution.items('Preview report') as Array<{
		report: { preview: Record<string, number> };
	}>;
	const { created, updated, disabled } = countsOf(execution, 'Report');
	expect({ created, updated, disabled }).toMatchObject({
		created: preview?.report.preview['created'],
		updated: preview?.report.preview['updated'],
		disabled: preview?.report.preview['disabled'],
	});
	expect(created).toBeGreaterThan(0);
	const writes = stage.sandbox.control[system].writes();
	expect(writes.length).toBeGreaterThanOrEqual(created + updated + disabled);
	expect(execution.items('Keep the journal')).not.toEqual([]);
	expect(execution.items('Keep the run')).toMatchObject([{ created, updated, disabled }]);
}

it.each([
	[SLACK, 'declined', { data: { approved: false } }],
	[SLACK, 'unanswered when its time ran out', {}],
	[TEAMS, 'declined', { data: { approved: false } }],
])(
	'%s: a plan that was %s writes nothing',
	async (file, _, answer) => {
		stage.sandbox.control.scim.clearRequests();
		await run(answered(ready(file, 'scim'), answer));
		expect(stage.sandbox.control.scim.writes()).toEqual([]);
	},
	60_000,
);

it.each([
	[SLACK, 'scim'],
	[TEAMS, 'yeastar'],
] as const)(
	'%s: a plan that was approved is carried out, every change of it, and remembered',
	async (file, system) => {
		stage.sandbox.control[system].clearRequests();
		const execution = await run(answered(ready(file, system), { data: { approved: true } }));
		expectAllDone(execution, system);
	},
	60_000,
);

describe('the mail', () => {
	const addressed = async (): Promise<WorkflowFile> => {
		const smtp = await stage.api.createCredential('Mailbox', 'smtp', mailbox.credential);
		const workflow = ready(MAIL, 'vodia');
		const nodes = workflow.nodes.map((node) =>
			node.type === 'n8n-nodes-base.emailSend'
				? {
						...node,
						credentials: { smtp },
						parameters: {
							...node.parameters,
							fromEmail: 'sync@example.com',
							toEmail: 'boss@example.com',
						},
					}
				: node,
		);
		return { ...workflow, nodes };
	};

	/** Runs it, and presses the button once the mail is there. */
	async function press(button: 'Approve' | 'Decline'): Promise<Execution> {
		stage.sandbox.control.vodia.clearRequests();
		const seen = mailbox.mails.length;
		const running = run(await addressed());
		const { to, text } = await mailbox.next(seen);
		expect(to).toEqual(['boss@example.com']);
		expect(text).toMatch(/would be created/);
		expect(stage.sandbox.control.vodia.writes()).toEqual([]);
		const links = [...text.matchAll(/<a href="([^"]+)"[^>]*>\s*([^<]*?)\s*<\/a>/g)];
		const link = links.find(([, , label]) => label?.includes(button))?.[1];
		if (link === undefined) throw new Error(`The mail has no button ${button}.`);
		await open(link.replaceAll('&amp;', '&'));
		return await running;
	}

	it('asks before anything is written, and Decline writes nothing', async () => {
		await press('Decline');
		expect(stage.sandbox.control.vodia.writes()).toEqual([]);
	}, 90_000);

	it('has a button that carries the plan out', async () => {
		expectAllDone(await press('Approve'), 'vodia');
	}, 90_000);
});

/** As a browser does: n8n takes programs for programs that only look at links. */
async function open(link: string): Promise<void> {
	const headers = { 'user-agent': 'Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0' };
	// The mail is there a moment before n8n has put the run to wait.
	const deadline = Date.now() + 20_000;
	while (!(await fetch(link, { headers })).ok) {
		if (Date.now() > deadline) throw new Error('The button of the mail does nothing.');
		await wait(250);
	}
}
