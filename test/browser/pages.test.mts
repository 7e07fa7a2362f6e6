/** The pages that the templates give: picking people, taking a run back, and the status. */
import type { Page } from 'playwright-core';
import { z } from 'zod';
import { forSystem, readTemplates, withSetting } from '../../demo/template.mts';
import type { WorkflowFile } from '../../demo/n8n/api.mts';
import { ROOT } from '../n8n/host.mts';
import { whenPublished } from '../n8n/published.mts';
import { onPhone, PHONE } from './phone.mts';
import { openSession, withChromium, type Session } from './session.mts';

withChromium('the pages of the templates', () => {
	let session: Session;
	/** Of the last run, as a page. */
	let report = '';
	const ready = async (file: string): Promise<WorkflowFile> => {
		const template = (await readTemplates(ROOT)).get(file);
		if (template === undefined) throw new Error(`workflows/${file} is missing.`);
		const { credentials, nodeTypes } = session.stage;
		return forSystem(template, 'vodia', credentials, nodeTypes);
	};

	beforeAll(async () => {
		session = await openSession();
		const { api } = session.stage;
		await api.run(await api.createWorkflow(await ready('set-up.json')), 'Set up now');
		const sync = await api.createWorkflow(await ready('sync-users-with-memory.json'));
		for (let runs = 0; runs < 3; runs++) {
			const [item] = (await api.run(sync, 'Run now')).items('Report');
			report = z.object({ report: z.object({ html: z.string() }) }).parse(item).report.html;
		}
	}, 600_000);
	afterAll(() => session?.close(), 30_000);

	const openForm = (path: string) => session.openForm(path, { width: 900, height: 900 });

	/** Looks for people of a department, ticks the first `count` by keyboard, and says what is to be done. */
	async function pick(page: Page, count: number, how: string, picture?: string): Promise<void> {
		await page.getByRole('textbox').fill('sales');
		await page.getByRole('button', { name: 'Look' }).click();
		await page.getByLabel('Everybody in this list').waitFor();
		for (let person = 1; person <= count; person++) {
			await page.getByRole('checkbox').nth(person).focus();
			await page.keyboard.press('Space');
		}
		await page.getByLabel(how).focus();
		await page.keyboard.press('Space');
		if (picture !== undefined) {
			await session.picture(page, picture);
			expect(await onPhone(session, page, picture)).toEqual([]);
		}
		await page.getByRole('button', { name: 'Go on' }).click();
	}

	describe('Pick people', () => {
		const form = () => `${session.stage.n8n.url}/form/pick-people`;
		let page: Page;
		beforeAll(async () => {
			const { api } = session.stage;
			await api.publish(await api.createWorkflow(await ready('pick-people.json')));
			page = await openForm('pick-people');
		}, 60_000);
		beforeEach(() => page.goto(form()));
		afterEach(() => expect(session.complaints).toEqual([]));
		const vodia = () => session.stage.sandbox.control.vodia;

		async function withoutAccount(): Promise<number> {
			await page.getByRole('textbox').fill('sales');
			await page.getByRole('button', { name: 'Look' }).click();
			const said = page.getByText(/\d+ people have no account yet/);
			return parseInt(await said.innerText(), 10);
		}

		it('makes an account with the number that was shown', async () => {
			vodia().clearRequests();
			await pick(page, 1, 'Create accounts with the numbers shown', 'pick-people');
			await page.getByText('1 created').locator('visible=true').first().waitFor();
			expect(vodia().writes().length).toBeGreaterThan(0);
		}, 60_000);

		it('gives a typed number, and no number twice', async () => {
			await pick(page, 3, 'Create accounts, and let me type the numbers');
			const numbers = page.getByRole('textbox');
			await numbers.nth(2).waitFor();
			await session.picture(page, 'pick-numbers');
			expect(await onPhone(session, page, 'pick-numbers')).toEqual([]);
			await numbers.nth(0).fill('871');
			await numbers.nth(1).fill('872');
			await numbers.nth(2).fill('872');
			await page.getByRole('button', { name: 'Make these accounts' }).click();
			const said = page.locator('body');
			await page.getByText('1 created').locator('visible=true').first().waitFor();
			expect(await said.innerText()).toMatch(/2 users want 872[^]*Created\s[^]*871/);
		}, 60_000);

		it('remembers a link to an account that is there, and whom to leave alone', async () => {
			const before = await withoutAccount();
			await page.goto(form());
			vodia().clearRequests();
			await pick(page, 1, 'Link each to an account that is there');
			await page.getByRole('combobox').first().waitFor();
			expect(await onPhone(session, page, 'pick-accounts')).toEqual([]);
			await page.getByRole('combobox').first().selectOption({ index: 2 });
			await page.getByRole('button', { name: 'Remember these links' }).click();
			await page.getByText('1 remembered').first().waitFor();
			await page.goto(form());
			await pick(page, 2, 'Leave them alone from now on');
			await page.getByText('2 remembered').first().waitFor();
			expect(vodia().writes()).toEqual([]);

			await page.goto(form());
			expect(await withoutAccount()).toBe(before - 3);
		}, 90_000);
	});

	it('take a run back after showing what would be put back', async () => {
		const { stage } = session;
		const sync = withSetting(await ready('sync-users-with-memory.json'), 'previewOnly', false);
		await stage.api.run(await stage.api.createWorkflow(sync), 'Run now');
		await stage.api.publish(await stage.api.createWorkflow(await ready('undo-a-run.json')));
		const page = await openForm('undo-a-run');
		await page.getByRole('button', { name: 'Show the runs' }).click();
		await page
			.getByLabel(/updated.* · vodia · run/)
			.first()
			.focus();
		await page.keyboard.press('Space');
		stage.sandbox.control.vodia.clearRequests();
		await page.getByRole('button', { name: 'Show what would be put back' }).click();
		await page.getByText(/Would be put back: \d+/).waitFor();
		await session.picture(page, 'undo-a-run');
		expect(await onPhone(session, page, 'undo-a-run')).toEqual([]);
		expect(stage.sandbox.control.vodia.writes()).toEqual([]);

		await page.getByLabel('Yes, put it back').focus();
		await page.keyboard.press('Space');
		await page.getByRole('button', { name: 'Continue' }).click();
		await page
			.getByText(/\d+ updated/)
			.locator('visible=true')
			.first()
			.waitFor();
		expect(stage.sandbox.control.vodia.writes().length).toBeGreaterThan(0);
		expect(session.complaints).toEqual([]);
	}, 120_000);

	it('show the report of a run on a phone, light and dark, without anything cut off', async () => {
		const page = await session.newPage(PHONE);
		await page.setContent(report);
		await page.getByRole('heading', { name: /would be created/ }).waitFor();
		expect(await page.getByRole('img', { name: 'Share of each outcome' }).count()).toBe(1);
		expect(await onPhone(session, page, 'report')).toEqual([]);
	}, 60_000);

	it('show the status on a phone, light and dark, without anything cut off', async () => {
		const { stage } = session;
		const look = { user: 'look', password: 'only' };
		const credential = await stage.api.createCredential('Look', 'httpBasicAuth', look);
		const template = await ready('show-the-status.json');
		const nodes = template.nodes.map((node) =>
			node.name === 'Status page' ? { ...node, credentials: { httpBasicAuth: credential } } : node,
		);
		await stage.api.publish(await stage.api.createWorkflow({ ...template, nodes }));
		const httpCredentials = { username: look.user, password: look.password };
		await whenPublished(`${stage.n8n.url}/webhook/phone-sync-status`);
		const page = await session.newPage({ ...PHONE, httpCredentials });
		await page.goto(`${stage.n8n.url}/webhook/phone-sync-status`);
		await page.getByRole('heading', { name: 'Phone sync' }).waitFor();
		await page.getByText('Account used').waitFor();
		await page.getByText(`Phone sync (sandbox), ${stage.sandbox.entra.clientId}`).waitFor();
		expect(await page.getByRole('img').getAttribute('aria-label')).toMatch(/last \d+ runs/);
		expect(await onPhone(session, page, 'status')).toEqual([]);
		expect(session.complaints).toEqual([]);
	}, 60_000);
});
