/** Every template of the workflow folder, set up as its note says and run in a real n8n. */
import { z } from 'zod';
import type { Execution, StoredWorkflow, WorkflowFile } from '../../demo/n8n/api.mts';
import { countsOf } from '../../demo/score.mts';
import { openStage, type Stage, type SystemName } from '../../demo/stage.mts';
import { allowLeavers, forSystem, readTemplates, withSetting } from '../../demo/template.mts';
import { findHost, ROOT } from './host.mts';
import { whenPublished } from './published.mts';
import { openMailbox, type Mailbox } from './mailbox.mts';
import { insertRows } from './rows.mts';

const WITH_MEMORY = 'sync-users-with-memory.json';

let stage: Stage;
let templates: Map<string, WorkflowFile>;
beforeAll(async () => {
	templates = await readTemplates(ROOT);
	stage = await openStage({ root: ROOT, host: findHost() });
}, 600_000);
afterAll(() => stage?.stop(), 30_000);

function template(file: string): WorkflowFile {
	const found = templates.get(file);
	if (found === undefined) throw new Error(`workflows/${file} is missing.`);
	return found;
}

const setUp = (file: string, system: SystemName) =>
	forSystem(template(file), system, stage.credentials, stage.nodeTypes);

/** Out of preview, and with leave to disable what a system that was never looked after holds. */
const writing = (workflow: WorkflowFile) =>
	allowLeavers(
		withSetting(workflow, 'previewOnly', false),
		20,
		new Date(Date.now() + 24 * 3600 * 1000),
	);

async function run(workflow: WorkflowFile, trigger = 'Run now'): Promise<Execution> {
	const execution = await stage.api.run(await stage.api.createWorkflow(workflow), trigger);
	const { status, error } = execution;
	if (status !== 'success') {
		throw new Error(`${workflow.name}: ${error?.node?.name} says ${error?.message}`);
	}
	return execution;
}

const counts = (execution: Execution) => countsOf(execution, 'Report');

describe('Set up', () => {
	const listOf = (execution: Execution) =>
		execution.items('What is left to do').map((item) => listed.parse(item));
	const of = (part: string, execution: Execution) =>
		listOf(execution).filter((line) => line.part === part);

	it('makes the tables, shows ten people, says what is left to do, and may be run again', async () => {
		const workflow = setUp('set-up.json', 'scim');
		await run(workflow, 'Set up now');
		const execution = await run(workflow, 'Set up now');
		expect(execution.items('Ten people')).toHaveLength(10);
		expect(of('Entra ID', execution)).toEqual([
			{
				part: 'Entra ID',
				state: 'right',
				says: `${String(execution.items('Read Entra users').length)} users were read as Phone sync (sandbox), ${stage.sandbox.entra.clientId}.`,
				toDo: '',
			},
		]);
		expect(of('Phone system', execution)).toMatchObject([
			{
				state: 'right',
				says: `${String(execution.items('Read extensions').length)} extensions were read.`,
			},
			{ state: 'to do' },
		]);
		expect(of('Plan', execution)[0]?.toDo).toContain("Open 'Ten people'");
		expect(of('Plan', execution)[1]?.says).toMatch(/^\d+ people wait for a decision/);
		expect(of('Next', execution)).toHaveLength(3);
		expect(listOf(execution).map(({ state }) => state)).not.toContain('wrong');
		expect(stage.sandbox.control.scim.writes()).toEqual([]);
	}, 120_000);

	/** The template with a credential that does not open one side, or neither. */
	async function locked(types: Readonly<Record<string, Record<string, unknown>>>) {
		const credentials = new Map(stage.credentials);
		for (const [type, wrong] of Object.entries(types)) {
			const secrets = { ...stage.secrets.get(type), ...wrong };
			credentials.set(type, await stage.api.createCredential('Wrong', type, secrets));
		}
		return forSystem(template('set-up.json'), 'scim', credentials, stage.nodeTypes);
	}
	const entra = { entraOAuth2Api: { clientSecret: 'not-the-secret' } };
	const scim = { scimApi: { token: 'not-the-token' } };

	it('checks the phone system although Entra ID does not let it in', async () => {
		const execution = await run(await locked(entra), 'Set up now');
		expect(of('Entra ID', execution)).toMatchObject([
			{ state: 'wrong', says: 'Entra ID did not accept the client secret.' },
		]);
		expect(of('Entra ID', execution)[0]?.toDo).toMatch(/AADSTS7000215.*'Client Secret'/);
		expect(of('Phone system', execution)[0]).toMatchObject({ state: 'right' });
		expect(of('Next', execution)).toMatchObject([{ says: 'One side does not answer yet.' }]);
		expect(of('Plan', execution)).toEqual([]);
	}, 120_000);

	it('checks Entra ID although the phone system does not let it in', async () => {
		const execution = await run(await locked(scim), 'Set up now');
		expect(of('Entra ID', execution)).toMatchObject([{ state: 'right' }]);
		const [phones, ...more] = of('Phone system', execution);
		expect(phones).toMatchObject({ state: 'wrong' });
		expect(phones?.toDo).toContain('credential');
		expect(more).toEqual([]);
		expect(of('Plan', execution)).toEqual([]);
	}, 120_000);

	it('says of both sides what is wrong', async () => {
		const execution = await run(await locked({ ...entra, ...scim }), 'Set up now');
		expect(of('Entra ID', execution)).toMatchObject([{ state: 'wrong' }]);
		expect(of('Phone system', execution)).toMatchObject([{ state: 'wrong' }]);
	}, 120_000);

	it('says what is wrong with the settings of the plan', async () => {
		const workflow = setUp('set-up.json', 'scim');
		const pools = { pool: [{ name: 'Everyone', ranges: '299-200' }] };
		const nodes = workflow.nodes.map((node) =>
			node.name === 'Plan changes'
				? { ...node, parameters: { ...node.parameters, numbering: 'nextFree', pools } }
				: node,
		);
		const execution = await run({ ...workflow, nodes }, 'Set up now');
		expect(of('Entra ID', execution)).toMatchObject([{ state: 'right' }]);
		expect(of('Plan', execution)).toMatchObject([{ state: 'wrong' }]);
		expect(of('Next', execution)).toMatchObject([{ says: 'There is no plan yet.' }]);
	}, 120_000);
});

const listed = z.object({
	part: z.string(),
	state: z.enum(['right', 'to do', 'wrong']),
	says: z.string(),
	toDo: z.string(),
});

describe('The sync with a memory', () => {
	const workflow = () => writing(setUp(WITH_MEMORY, 'scim'));

	it('keeps a preview out of its memory', async () => {
		const execution = await run(setUp(WITH_MEMORY, 'scim'));
		expect(counts(execution).created).toBe(0);
		for (const node of ['Remember new links', 'Keep the journal']) {
			expect(execution.items(node)).toEqual([]);
		}
		expect(execution.items('Keep the run')).toMatchObject([{ preview: true, created: 0 }]);
	}, 120_000);

	it('remembers what it wrote, and then writes nothing', async () => {
		const first = await run(workflow());
		const { created, updated, disabled } = counts(first);
		expect(created).toBeGreaterThan(0);
		expect(first.items('Keep the journal')).toMatchObject([
			{ insertedRows: created + updated + disabled },
		]);

		stage.sandbox.control.scim.clearRequests();
		const second = await run(workflow());
		expect(second.items('Remembered links').length).toBeGreaterThanOrEqual(created);
		expect(counts(second)).toMatchObject({ created: 0, updated: 0, disabled: 0, failed: 0 });
		expect(stage.sandbox.control.scim.writes()).toEqual([]);
	}, 120_000);

	it('follows a new mail address instead of making a second account', async () => {
		const before = await run(workflow());
		const known = new Set(before.items('Remembered links').map(({ userId }) => userId));
		const { users } = stage.sandbox.control.entra.state;
		const someone = [...users.values()].find(({ id }) => known.has(id));
		if (someone === undefined) throw new Error('Nobody is remembered.');
		someone.mail = 'a.new.name@example.com';
		someone.userPrincipalName = 'a.new.name@example.com';

		const after = await run(workflow());
		expect(counts(after)).toMatchObject({ created: 0, updated: 1 });
	}, 120_000);
});

describe('The clean-up of leavers', () => {
	it('disables those who left and writes nothing else', async () => {
		const execution = await run(writing(setUp('clean-up-leavers.json', 'yeastar')));
		expect(counts(execution)).toMatchObject({ created: 0, updated: 0, failed: 0 });
		expect(counts(execution).disabled).toBeGreaterThan(0);
	}, 120_000);
});

describe('Sales and Support to MessageMedia', () => {
	it('syncs the two departments as the example says, once', async () => {
		const workflow = writing(setUp('sync-contacts-to-messagemedia.json', 'messagemedia'));
		const first = await run(workflow);
		const planned = first.items('Plan changes').map((item) => plannedContact.parse(item));
		expect(planned.length).toBeGreaterThan(0);
		for (const { user, contact } of planned) {
			expect(['Sales', 'Support']).toContain(user.department);
			expect(user.status).toBe('active');
			expect(contact).toMatchObject({ firstName: user.displayName, lists: user.department });
			expect(contact.mobile).toMatch(/^\+\d+$/);
		}
		expect(counts(first).created).toBeGreaterThan(0);

		stage.sandbox.control.messagemedia.clearRequests();
		expect(counts(await run(workflow))).toMatchObject({ created: 0, updated: 0 });
		expect(stage.sandbox.control.messagemedia.writes()).toEqual([]);
	}, 120_000);

	it('runs at six every morning', () => {
		const schedule = template('sync-contacts-to-messagemedia.json').nodes.find(
			({ type }) => type === 'n8n-nodes-base.scheduleTrigger',
		);
		expect(schedule?.parameters).toEqual({
			rule: { interval: [{ field: 'cronExpression', expression: '0 6 * * *' }] },
		});
	});
});

const plannedContact = z.object({
	user: z.object({ displayName: z.string(), department: z.string(), status: z.string() }),
	contact: z.object({ mobile: z.string() }).passthrough(),
});

describe('Many phone systems', () => {
	it('are synced one after the other, and one that stops does not stop the others', async () => {
		const parent = template('sync-many-phone-systems.json');
		expect((await run(parent)).items('Those switched on')).toEqual([]);

		const stopping = await publish({ ...setUp(WITH_MEMORY, 'vodia'), name: 'Stops' }, 'nowhere');
		const working = await publish({ ...setUp(WITH_MEMORY, 'yeastar'), name: 'Works' });
		await insertRows(stage.api, 'entra-pbx-tenants', [
			{ name: 'Stops', workflowId: stopping.id, active: true },
			{ name: 'Works', workflowId: working.id, active: true },
			{ name: 'Switched off', workflowId: working.id, active: false },
		]);
		const execution = await run(parent);
		expect(execution.items('Those that stopped')).toMatchObject([{ name: 'Stops' }]);
		expect(execution.items('Went through')).toMatchObject([{ name: 'Works' }]);
		expect(await stage.api.executions(working)).toMatchObject([{ status: 'success' }]);
	}, 120_000);

	/** `tenant`: a directory the workflow's credential does not know. */
	async function publish(workflow: WorkflowFile, tenant?: string): Promise<StoredWorkflow> {
		let ready = workflow;
		if (tenant !== undefined) {
			const secrets = { ...stage.secrets.get('entraOAuth2Api'), clientSecret: tenant };
			const wrong = await stage.api.createCredential('Wrong', 'entraOAuth2Api', secrets);
			const credentials = new Map(stage.credentials).set('entraOAuth2Api', wrong);
			ready = forSystem(workflow, 'vodia', credentials, stage.nodeTypes);
		}
		const stored = await stage.api.createWorkflow(ready);
		await stage.api.publish(stored);
		return stored;
	}
});

describe('A run that stops', () => {
	it('is told in words, with the node and the link', async () => {
		const execution = await run(template('tell-about-stopped-runs.json'), 'When a run stops');
		const [told] = execution.items('In words');
		expect(told?.['subject']).toBe('Stopped: Example Workflow');
		expect(told?.['text']).toMatch(/Example Error Message[^]*The run: http/);
		expect(execution.items('Keep it')).toMatchObject([{ failed: 1, needsAttention: true }]);
	}, 60_000);
});

describe('News for chosen people', () => {
	const file = 'tell-chosen-people.json';
	const line = { workflow: 'The sync', system: 'scim', preview: false, details: 'What happened.' };
	let mailbox: Mailbox;
	beforeAll(async () => {
		mailbox = await openMailbox();
	});
	afterAll(() => mailbox.close());

	/** With a mail server, and with who hears what. */
	async function addressed(settings: Readonly<Record<string, unknown>>): Promise<WorkflowFile> {
		const smtp = await stage.api.createCredential('Mailbox', 'smtp', mailbox.credential);
		const chosen = Object.entries(settings).reduce(
			(workflow, [name, value]) => withSetting(workflow, name, value),
			template(file),
		);
		const nodes = chosen.nodes.map((node) =>
			node.type === 'n8n-nodes-base.emailSend'
				? {
						...node,
						disabled: false,
						credentials: { smtp },
						parameters: { ...node.parameters, fromEmail: 'sync@example.com' },
					}
				: node,
		);
		return { ...chosen, nodes };
	}

	it('goes to each for what they chose, once', async () => {
		// What ran until now is told to nobody.
		await run(await addressed({}), 'Send now');
		expect(mailbox.mails).toEqual([]);
		const at = new Date().toISOString();
		await insertRows(stage.api, 'entra-pbx-runs', [
			{ ...line, at, subject: 'Two changed', created: 2 },
			{ ...line, at, subject: 'One in conflict', conflicts: 1 },
			{ ...line, at, subject: 'The sync: 3 written to the directory', unchanged: 3 },
			{ ...line, at, subject: 'One failed', updated: 1, failed: 1 },
			{ ...line, at, subject: 'A preview', created: 9, preview: true },
			{ ...line, at, subject: 'Nothing to do', unchanged: 9 },
		]);
		const workflow = await addressed({
			changes: 'all@example.com, Boss@example.com',
			conflicts: 'decides@example.com',
			failures: 'mends@example.com; boss@example.com',
			silence: 'night@example.com',
		});
		await run(workflow, 'Send now');
		const sent = mailbox.mails.map(({ to, text }) => [
			/^Subject: (.*)$/m.exec(text)?.[1]?.trim(),
			...to,
		]);
		expect(sent.sort()).toEqual([
			['One failed', 'all@example.com'],
			['One failed', 'boss@example.com'],
			['One failed', 'mends@example.com'],
			['One in conflict', 'decides@example.com'],
			['The sync: 3 written to the directory', 'all@example.com'],
			['The sync: 3 written to the directory', 'boss@example.com'],
			['Two changed', 'all@example.com'],
			['Two changed', 'boss@example.com'],
		]);
		await run(workflow, 'Send now');
		expect(mailbox.mails).toHaveLength(sent.length);
	}, 90_000);

	it('tells those chosen for it when there was no run for too long', async () => {
		const seen = mailbox.mails.length;
		const settings = { silence: 'night@example.com', silenceAfterDays: -1 };
		await run(await addressed(settings), 'Send now');
		expect(mailbox.mails.slice(seen)).toMatchObject([
			{ to: ['night@example.com'], text: expect.stringContaining('Its last run was on') as string },
		]);
	}, 60_000);
});

describe('The status page', () => {
	const file = 'show-the-status.json';

	it('lets a message through only when there was no run for too long', async () => {
		expect((await run(template(file), 'Look now')).items('Too quiet')).toEqual([]);
		const impatient = withSetting(template(file), 'runEveryHours', -1);
		expect((await run(impatient, 'Look now')).items('Too quiet')).toHaveLength(1);
	}, 60_000);

	it('shows the last runs to those with the password, and to nobody else', async () => {
		const at = new Date().toISOString();
		await insertRows(stage.api, 'entra-pbx-runs', [{ at, failed: 1, details: 'It <stopped>.' }]);
		const look = { user: 'look', password: 'only' };
		const credential = await stage.api.createCredential('Look', 'httpBasicAuth', look);
		const page = template(file);
		const nodes = page.nodes.map((node) =>
			node.name === 'Status page' ? { ...node, credentials: { httpBasicAuth: credential } } : node,
		);
		await stage.api.publish(await stage.api.createWorkflow({ ...page, nodes }));
		const url = `${stage.n8n.url}/webhook/phone-sync-status`;
		const secret = Buffer.from(`${look.user}:${look.password}`).toString('base64');
		const answer = await whenPublished(url, { authorization: `Basic ${secret}` });
		expect(answer.headers.get('content-type')).toContain('text/html');
		const html = await answer.text();
		expect(html).toMatch(/Users in sync<\/dt><dd>\d+/);
		expect(html).toContain('<svg');
		expect(html).toMatch(/The last run stopped before its end<\/h2><pre>It &#60;stopped&#62;/);
		expect(html).not.toMatch(/\{\{|undefined|<script/);
		expect((await fetch(url)).status).toBe(401);
	}, 60_000);
});
