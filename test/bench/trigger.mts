/**
 * How long a change takes: from PATCH in the sandbox directory to the changed account on the sandbox's
 * phone system, through Entra User Trigger and a real n8n. Collecting others takes two of these
 * seconds.
 */
import { setTimeout as wait } from 'node:timers/promises';
import process from 'node:process';
import { openStage, type Stage } from '../../demo/stage.mts';
import { allowLeavers, forSystem, readTemplates, withSetting } from '../../demo/template.mts';
import { patchUser } from '../patch.mts';
import { findHost } from './n8n.mts';
import { atMost, median, plain, type BenchOptions, type Row } from './row.mts';

const CHANGES = 9;
const PATIENCE_MS = 120_000;

export async function measure({ root }: BenchOptions): Promise<Row[]> {
	const stage = await openStage({ root, host: findHost(root) });
	try {
		const seconds = await changeAfterChange(stage, root);
		const unit = `s from PATCH to the changed account, of ${String(CHANGES)} changes`;
		return [
			atMost('trigger.medianSeconds', median(seconds), unit, 5),
			plain('trigger.slowestSeconds', Math.max(...seconds), 's, the slowest of them'),
		];
	} finally {
		await stage.stop();
	}
}

/** One after the other, each when the one before has arrived. */
async function changeAfterChange(stage: Stage, root: string): Promise<number[]> {
	const { sandbox, api } = stage;
	sandbox.control.entra.settings.roles.push('User.ReadUpdate.All');
	const templates = await readTemplates(root);
	const tomorrow = new Date(Date.now() + 24 * 3600 * 1000);
	const create = async (file: string, isWriting: boolean) => {
		const template = templates.get(file);
		if (template === undefined) throw new Error(`workflows/${file} is missing.`);
		const ready = forSystem(template, 'scim', stage.credentials, stage.nodeTypes);
		if (!isWriting) return await api.createWorkflow(ready);
		const writing = allowLeavers(withSetting(ready, 'previewOnly', false), 20, tomorrow);
		return await api.createWorkflow(writing);
	};
	await api.run(await create('set-up.json', false), 'Set up now');
	await api.run(await create('sync-users-with-memory.json', true), 'Run now');

	const workflow = await create('sync-within-seconds.json', true);
	await api.publish(workflow);
	const { state } = sandbox.control.entra;
	const { accounts } = sandbox.control.scim.state;
	await until(() => state.subscriptions.all.size === 1);
	const pairs = [...accounts.values()].flatMap((account) => {
		const user = state.users.get(account.externalId ?? '');
		// Graph changes nobody who is owned by a directory on-premises.
		const isFree = user?.accountEnabled && user.onPremisesSyncEnabled === null;
		return user && isFree && account.active ? [{ user, account }] : [];
	});
	const seconds: number[] = [];
	// The first run reads everybody, as every whole run does, and is not one of them.
	for (const { user, account } of pairs.slice(0, CHANGES + 1)) {
		const jobTitle = `Moved at ${String(Date.now())}`;
		const began = performance.now();
		const status = await patchUser(sandbox.entra, user.id, { jobTitle });
		if (status !== 204) throw new Error(`The directory answered ${String(status)}.`);
		await until(() => accounts.get(account.id)?.title === jobTitle);
		seconds.push(Math.round(performance.now() - began) / 1000);
		process.stderr.write(`  changed after ${String(seconds.at(-1))} s\n`);
		await until(async () => {
			const runs = await api.executions(workflow);
			return runs.length > 0 && runs.every(({ status }) => status === 'success');
		});
	}
	await api.unpublish(workflow);
	return seconds.slice(1);
}

async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
	const deadline = Date.now() + PATIENCE_MS;
	while (!(await isSo())) {
		if (Date.now() > deadline) throw new Error('What was waited for did not come.');
		await wait(20);
	}
}
