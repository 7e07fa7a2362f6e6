/** The templates for both ways and for within seconds, in a real n8n, with edits on both sides. */
import { setTimeout as wait } from 'node:timers/promises';
import type { Execution, StoredWorkflow, WorkflowFile } from '../../demo/n8n/api.mts';
import { countsOf } from '../../demo/score.mts';
import { openStage, type Stage } from '../../demo/stage.mts';
import { allowLeavers, forSystem, readTemplates, withSetting } from '../../demo/template.mts';
import { patchUser } from '../patch.mts';
import { findHost, ROOT } from './host.mts';

let stage: Stage;
let templates: Map<string, WorkflowFile>;
beforeAll(async () => {
	templates = await readTemplates(ROOT);
	stage = await openStage({ root: ROOT, host: findHost() });
	stage.sandbox.control.entra.settings.roles.push(
		'User.ReadUpdate.All',
		'User-Phone.ReadWrite.All',
	);
	await run(setUp('set-up.json'), 'Set up now');
}, 600_000);
afterAll(() => stage?.stop(), 30_000);

function setUp(file: string): WorkflowFile {
	const found = templates.get(file);
	if (found === undefined) throw new Error(`workflows/${file} is missing.`);
	return forSystem(found, 'scim', stage.credentials, stage.nodeTypes);
}

function writing(file: string): WorkflowFile {
	const tomorrow = new Date(Date.now() + 24 * 3600 * 1000);
	return allowLeavers(withSetting(setUp(file), 'previewOnly', false), 20, tomorrow);
}

async function run(workflow: WorkflowFile, trigger = 'Run now'): Promise<Execution> {
	const execution = await stage.api.run(await stage.api.createWorkflow(workflow), trigger);
	const { status, error } = execution;
	if (status !== 'success') {
		throw new Error(`${workflow.name}: ${error?.node?.name} says ${error?.message}`);
	}
	return execution;
}

const directory = () => stage.sandbox.control.entra.state;
const accounts = () => stage.sandbox.control.scim.state.accounts;

/** People who have an account that says the same, and whom no on-premises directory owns. */
function pairs(execution: Execution, count: number) {
	const found = execution.items('Remembered links').flatMap(({ userId, extensionId }) => {
		const user = directory().users.get(String(userId));
		const account = accounts().get(String(extensionId));
		const isFree = user?.accountEnabled && user.onPremisesSyncEnabled === null && user.jobTitle;
		return user && account && isFree && account.title === user.jobTitle ? [{ user, account }] : [];
	});
	expect(found.length).toBeGreaterThanOrEqual(count);
	return found.slice(0, count);
}

it('both ways: each edit reaches the other side, and of two the directory wins', async () => {
	const workflow = writing('sync-both-ways.json');
	await run(workflow);
	const settled = await run(workflow);
	expect(countsOf(settled, 'Report')).toMatchObject({ created: 0, updated: 0, failed: 0 });
	const [here, there, both] = pairs(settled, 3);
	if (!here || !there || !both) throw new Error('Too few people are paired.');

	here.user.jobTitle = 'Edited in Entra';
	there.account.title = 'Edited on the phone system';
	both.user.jobTitle = 'Wins';
	both.account.title = 'Loses';
	const execution = await run(workflow);
	const now = ({ user, account }: typeof here) => [
		directory().users.get(user.id)?.jobTitle,
		accounts().get(account.id)?.title,
	];
	expect(now(here)).toEqual(['Edited in Entra', 'Edited in Entra']);
	expect(now(there)).toEqual(['Edited on the phone system', 'Edited on the phone system']);
	expect(now(both)).toEqual(['Wins', 'Wins']);
	expect(JSON.stringify(execution.items('Report', 3))).toContain('Loses');

	stage.sandbox.control.scim.clearRequests();
	stage.sandbox.control.entra.clearRequests();
	await run(workflow);
	expect(stage.sandbox.control.scim.writes()).toEqual([]);
	expect(stage.sandbox.control.entra.writes()).toEqual([]);
}, 240_000);

it('within seconds: a user changed through Graph is changed on the phone system by itself', async () => {
	const settled = await run(writing('sync-both-ways.json'));
	const [one, other] = pairs(settled, 2);
	if (!one || !other) throw new Error('Too few people are paired.');
	const { scim, entra } = stage.sandbox.control;
	const workflow = await stage.api.createWorkflow(writing('sync-within-seconds.json'));
	await stage.api.publish(workflow);
	// n8n makes triggers live, and ends them, after it answered.
	await until(() => directory().subscriptions.all.size === 1);
	const change = async ({ user, account }: typeof one) => {
		const jobTitle = `Moved on ${user.id}`;
		return await runCausedBy(workflow, async () => {
			expect(await patchUser(stage.sandbox.entra, user.id, { jobTitle })).toBe(204);
			await until(() => accounts().get(account.id)?.title === jobTitle);
		});
	};

	expect(countsOf(await change(one), 'Report')).toMatchObject({ created: 0, failed: 0 });
	scim.clearRequests();
	const second = await change(other);
	expect(countsOf(second, 'Report')).toMatchObject({ created: 0, updated: 1, failed: 0 });
	// Nobody but the one who changed was looked at, before and after the change was written.
	expect(second.items('Read Entra users')).toHaveLength(1);
	const asked = scim.requests().map(({ path }) => path);
	expect(asked.filter((path) => !path.endsWith(other.account.id))).toEqual([]);

	scim.clearRequests();
	entra.clearRequests();
	const quiet = await runCausedBy(workflow, async () => {
		directory().subscriptions.tell('updated', one.user.id);
	});
	expect(quiet.items('Read extensions')).toMatchObject([{ read: { scope: 'needed', count: 0 } }]);
	expect(scim.requests()).toEqual([]);
	const graph = entra.requests().filter(({ path }) => !path.endsWith('/token'));
	expect(graph.map(({ path }) => path)).toEqual(['/v1.0/users/delta']);

	await stage.api.unpublish(workflow);
	await until(() => directory().subscriptions.all.size === 0);
}, 180_000);

/** What `cause` does starts one run of a published workflow; gives that run when it has ended. */
async function runCausedBy(
	workflow: StoredWorkflow,
	cause: () => Promise<void>,
): Promise<Execution> {
	const before = (await stage.api.executions(workflow)).length;
	await cause();
	for (;;) {
		const [latest, ...others] = await stage.api.executions(workflow);
		if (latest && others.length >= before) return await stage.api.finished(latest.id);
		await wait(50);
	}
}

/** Ends with the test's own time limit, if it never is so. */
async function until(isSo: () => boolean): Promise<void> {
	while (!isSo()) await wait(50);
}
