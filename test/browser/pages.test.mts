/** The pages that the templates give: picking people, and the status. */
import { forSystem, readTemplates } from '../../demo/template.mts';
import type { WorkflowFile } from '../../demo/n8n/api.mts';
import { ROOT } from '../n8n/host.mts';
import { whenPublished } from '../n8n/published.mts';
import { openSession, withChromium, type Session } from './session.mts';

const PHONE = { viewport: { width: 390, height: 844 } };

withChromium('the pages of the templates', () => {
	let session: Session;
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
		for (let runs = 0; runs < 3; runs++) await api.run(sync, 'Run now');
	}, 600_000);
	afterAll(() => session?.close(), 30_000);

	it('let somebody who is signed in pick a person, who then has an account', async () => {
		const { stage } = session;
		await stage.api.publish(await stage.api.createWorkflow(await ready('pick-people.json')));
		const page = await session.signIn({ viewport: { width: 900, height: 900 } });
		await whenPublished(`${stage.n8n.url}/form/pick-people`);
		await page.goto(`${stage.n8n.url}/form/pick-people`);
		await page.getByRole('button', { name: 'Allow access' }).click();
		await page.getByRole('textbox').fill('sales');
		await page.getByRole('button', { name: 'Look' }).click();

		const boxes = page.getByRole('checkbox');
		await boxes.nth(1).waitFor();
		await session.picture(page, 'pick-people');
		stage.sandbox.control.vodia.clearRequests();
		await boxes.nth(1).focus();
		await page.keyboard.press('Space');
		await page.getByRole('button', { name: 'Make these accounts' }).click();
		await page.getByText('1 created').locator('visible=true').first().waitFor();
		expect(stage.sandbox.control.vodia.writes().length).toBeGreaterThan(0);
		expect(session.complaints).toEqual([]);
	}, 90_000);

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
		for (const colorScheme of ['light', 'dark'] as const) {
			const page = await session.newPage({ ...PHONE, httpCredentials, colorScheme });
			await page.goto(`${stage.n8n.url}/webhook/phone-sync-status`);
			await page.getByRole('heading', { name: 'Phone sync' }).waitFor();
			await session.picture(page, `status-${colorScheme}`);
			expect(await page.getByRole('img').getAttribute('aria-label')).toMatch(/last 3 runs/);
			const width = Number(await page.evaluate('document.documentElement.scrollWidth'));
			expect(width).toBeLessThanOrEqual(PHONE.viewport.width);
			expect(session.complaints).toEqual([]);
		}
	}, 60_000);
});
