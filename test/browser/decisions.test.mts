/** The pages on which a person decides: what both sides edited, and what is done about one person. */
import type { Page } from 'playwright-core';
import { forSystem, readTemplates } from '../../demo/template.mts';
import type { WorkflowFile } from '../../demo/n8n/api.mts';
import { ROOT } from '../n8n/host.mts';
import { onPhone, PHONE } from './phone.mts';
import { openSession, withChromium, type Session } from './session.mts';

withChromium('the pages on which a person decides', () => {
	let session: Session;
	const ready = async (file: string): Promise<WorkflowFile> => {
		const template = (await readTemplates(ROOT)).get(file);
		if (template === undefined) throw new Error(`workflows/${file} is missing.`);
		const { credentials, nodeTypes } = session.stage;
		return forSystem(template, 'scim', credentials, nodeTypes);
	};

	beforeAll(async () => {
		session = await openSession();
		const { api } = session.stage;
		await api.run(await api.createWorkflow(await ready('set-up.json')), 'Set up now');
	}, 600_000);
	afterAll(() => session?.close(), 30_000);

	/** Publishes a template with pages and opens its first one, as somebody who is signed in. */
	async function openForm(file: string, path: string) {
		const { stage } = session;
		const workflow = await stage.api.createWorkflow(await ready(file));
		await stage.api.publish(workflow);
		return { page: await session.openForm(path, PHONE.viewport), workflow };
	}

	/** As with a keyboard: nothing is clicked. What looks like a radio button is a checkbox to n8n. */
	async function choose(page: Page, option: RegExp): Promise<void> {
		await page.getByRole('checkbox', { name: option }).first().focus();
		await page.keyboard.press('Space');
	}

	it('let a person decide a conflict, by keyboard on a phone, and keep the value that lost', async () => {
		const { control } = session.stage.sandbox;
		const { users } = control.entra.state;
		control.entra.settings.roles.push('User.ReadUpdate.All', 'User-Phone.ReadWrite.All');
		const pair = [...control.scim.state.accounts.values()].flatMap((account) => {
			const user = users.get(account.externalId ?? '');
			const isFree = user?.accountEnabled && user.onPremisesSyncEnabled === null && user.mail;
			return user && isFree && account.active ? [{ user, account }] : [];
		})[0];
		if (!pair) throw new Error('Nobody has an account.');
		const { user, account } = pair;
		user.jobTitle = 'Typed in Entra';
		account.title = 'Typed on the phone system';

		const { page, workflow } = await openForm('decide-conflicts.json', 'decide-conflicts');
		await page.getByRole('textbox').fill(user.mail ?? '');
		await page.getByRole('button', { name: 'Look' }).press('Enter');
		await page.getByRole('cell', { name: 'Typed in Entra' }).waitFor();
		await page.getByRole('cell', { name: 'Typed on the phone system' }).waitFor();
		expect(await onPhone(session, page, 'decide-conflicts')).toEqual([]);
		await choose(page, /^Phone system: /);
		await page.getByRole('button', { name: 'Write what I chose' }).press('Enter');
		await page.getByText('Written to the directory').locator('visible=true').first().waitFor();

		expect(users.get(user.id)?.jobTitle).toBe('Typed on the phone system');
		expect(account.title).toBe('Typed on the phone system');
		const [run] = await session.stage.api.executions(workflow);
		const execution = await session.stage.api.finished(run?.id ?? '');
		expect(JSON.stringify(execution.items('Report', 3))).toContain('Typed in Entra');
		expect(session.complaints).toEqual([]);
	}, 120_000);

	it('explain one person in five steps, and write what was shown after a yes', async () => {
		const { control } = session.stage.sandbox;
		const { accounts } = control.scim.state;
		const known = JSON.stringify([...accounts.values()]).toLowerCase();
		const user = [...control.entra.state.users.values()].find(
			({ id, mail, userPrincipalName, accountEnabled, userType }) =>
				accountEnabled &&
				mail &&
				userType === 'Member' &&
				![id, mail, userPrincipalName].some((key) => known.includes(key.toLowerCase())),
		);
		control.scim.clearRequests();
		if (!user) throw new Error('Everybody has an account.');
		const { page } = await openForm('sync-one-person.json', 'sync-one-person');
		await page.getByRole('textbox').fill(user.mail ?? '');
		await page.getByRole('button', { name: 'Find' }).press('Enter');
		await page.getByText('Who is it?').waitFor();
		await choose(page, /@/);
		await page.getByRole('button', { name: 'Explain' }).press('Enter');
		for (const step of ['1 Found', '2 In scope', '3 Mapped', '4 Matched', '5 Would do']) {
			await page.getByRole('heading', { name: step }).waitFor();
		}
		await page.getByText('An account is made').waitFor();
		expect(await onPhone(session, page, 'sync-one-person')).toEqual([]);
		expect(control.scim.writes()).toEqual([]);

		const before = accounts.size;
		await choose(page, /^Yes/);
		await page.getByRole('button', { name: 'Go on' }).press('Enter');
		await page.getByText('1 created').locator('visible=true').first().waitFor();
		expect(accounts.size).toBe(before + 1);
		expect(session.complaints).toEqual([]);
	}, 120_000);
});
