/** The template, our panels and a credential, as an administrator sees them in the n8n editor. */
import type { Page } from 'playwright-core';
import { forSystem, isOurs, readMainTemplate } from '../../demo/template.mts';
import { ROOT } from '../n8n/host.mts';
import { openSession, withChromium, type Session } from './session.mts';

withChromium('the n8n editor', () => {
	let session: Session;
	let page: Page;
	let ours: string[];

	beforeAll(async () => {
		session = await openSession();
		const { stage } = session;
		const template = await readMainTemplate(ROOT);
		ours = template.nodes.filter(isOurs).map(({ name }) => name);
		const workflow = await stage.api.createWorkflow(
			forSystem(template, 'yeastar', stage.credentials, stage.nodeTypes),
		);
		page = await session.signIn();
		await page.goto(`${stage.n8n.url}/workflow/${workflow.id}`);
	}, 600_000);
	afterAll(() => session?.close(), 30_000);

	const nodeOnCanvas = (name: string) =>
		page.locator(`[data-test-id="canvas-node"][data-node-name="${name}"]`);
	const panel = () => page.locator('[data-test-id="node-parameters"]');

	it('shows the imported template with all our nodes', async () => {
		for (const name of ours) await nodeOnCanvas(name).waitFor();
		await page.locator('[data-test-id="zoom-to-fit"]').click();
		await session.picture(page, 'template');
		expect(await page.getByText('Install this node').count()).toBe(0);
		expect(session.complaints).toEqual([]);
	}, 90_000);

	it.each([
		['Read Entra users', 'entra-user-source', ['Users to Read', 'User Type', 'Leave Out']],
		['Map fields', 'field-mapper', ['Phone System', 'Mapping', 'First Name ← givenName']],
		['Read extensions', 'get-extensions', ['Phone System', 'Operation']],
		['Plan changes', 'extension-allocator', ['Number Pools', '200-999', 'Match By']],
		['Apply changes', 'apply-changes', ['Phone System', 'Dry Run']],
		['Handle leavers', 'unmatched-cleaner', ['When the User Is Disabled', 'Limit (Count)']],
		['Report', 'sync-report', ['Give a Report']],
	])(
		'opens the panel of %s',
		async (node, name, labels) => {
			await nodeOnCanvas(node).dblclick();
			await panel().waitFor();
			await page.waitForLoadState('networkidle');
			await session.picture(page, name);
			const inputs = await panel().locator('input:not([type="checkbox"])').all();
			const values = await Promise.all(inputs.map((input) => input.inputValue()));
			const text = `${await panel().innerText()} ${values.join(' ')}`;
			for (const label of labels) expect(text).toContain(label);
			expect(session.complaints).toEqual([]);
			await page.keyboard.press('Escape');
			await panel().waitFor({ state: 'hidden' });
		},
		60_000,
	);

	it('runs the template, and every node of ours turns green', async () => {
		await page.locator('[data-test-id="execute-workflow-button"]').click();
		for (const name of ours) {
			const green = '[data-test-id="canvas-node-status-success"]';
			await nodeOnCanvas(name).locator(green).waitFor({ timeout: 60_000 });
		}
		await session.picture(page, 'run');
		expect(session.complaints).toEqual([]);
	}, 120_000);

	it.each(['entraOAuth2Api', 'yeastarApi'])(
		'tests the %s credential when it is opened',
		async (type) => {
			const { id } = session.stage.credentials.get(type) ?? { id: 'none' };
			await page.goto(`${session.stage.n8n.url}/home/credentials/${id}`);
			await page.getByText('Connection tested successfully').first().waitFor({ timeout: 30_000 });
			await session.picture(page, `credential-${type}`);
			expect(session.complaints).toEqual([]);
		},
		60_000,
	);
});
