/** The template, our panels and a credential, as an administrator sees them in the n8n editor. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { forSystem, isOurs, readMainTemplate, readTemplates } from '../../demo/template.mts';
import { ROOT } from '../n8n/host.mts';
import { openSession, withChromium, type Session } from './session.mts';

/** In the page, in the browser's own words: the names of the nodes. Notes are none. */
const ON_CANVAS = `[...document.querySelectorAll('[data-test-id="canvas-node"]')]
	.map((node) => node.dataset.nodeName)
	.sort()`;

/** In the page: what a link of the editor does, which need not be loaded again for it. */
const following = (path: string) => `
	history.pushState({}, '', ${JSON.stringify(path)});
	dispatchEvent(new PopStateEvent('popstate', { state: history.state }));`;

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

	/** In a tab of their own, so that the page of the other tests stays where it is. */
	async function elsewhere(act: (page: Page) => Promise<void>): Promise<void> {
		const other = await session.signIn();
		await act(other);
		await other.close();
	}

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

	it('takes a field of the report into a mail by dragging, before the first run', async () => {
		const workflow = await session.stage.api.createWorkflow(await readMainTemplate(ROOT));
		await elsewhere(async (other) => {
			await other.goto(`${session.stage.n8n.url}/workflow/${workflow.id}`);
			await other.locator('[data-node-name="Send by e-mail"]').first().dblclick();
			const field = other.locator('[data-test-id="run-data-schema-item"] [data-name="subject"]');
			const input = other.locator('[data-test-id="parameter-input-toEmail"]');
			await field.last().waitFor();
			await drag(other, field.last(), input);
			await input.getByText('{{ $json.report.subject }}').waitFor();
		});
		expect(session.complaints).toEqual([]);
	}, 60_000);

	it('comes to a first preview with as many clicks as docs/first-sync.md says', async () => {
		const { stage } = session;
		const workflow = await stage.api.createWorkflow(await readMainTemplate(ROOT));
		stage.sandbox.control.yeastar.clearRequests();
		let clicks = 0;
		const other = await session.newPage();
		const click = async (on: Locator, how: 'click' | 'dblclick' = 'click') => {
			clicks++;
			await on[how]();
		};
		await other.goto(`${stage.n8n.url}/workflow/${workflow.id}`);
		await other.locator('input[name="emailOrLdapLoginId"]').fill(stage.owner.email);
		await other.locator('input[name="password"]').fill(stage.owner.password);
		await click(other.locator('button', { hasText: 'Sign in' }));
		for (const name of ['Read Entra users', 'Read extensions', 'Apply changes', 'Handle leavers']) {
			const node = other.locator(`[data-test-id="canvas-node"][data-node-name="${name}"]`);
			await click(node, 'dblclick');
			// n8n takes the only credential of its kind by itself.
			const chosen = other.locator('[data-test-id="node-credentials-select"] input').first();
			await chosen.waitFor();
			expect(await chosen.inputValue()).toMatch(/^Sandbox/);
			await click(other.locator('[data-test-id="ndv-close-button"]'));
			await other.locator('[data-test-id="node-parameters"]').waitFor({ state: 'hidden' });
		}
		await click(other.locator('[data-test-id="execute-workflow-button"]'));
		const report = other.locator('[data-test-id="canvas-node"][data-node-name="Report"]');
		await report.locator('[data-test-id="canvas-node-status-success"]').waitFor();
		await other.context().close();

		const told = /\*\*(\d+) clicks\*\*/.exec(
			readFileSync(join(ROOT, 'docs', 'first-sync.md'), 'utf8'),
		);
		expect(clicks).toBe(Number(told?.[1]));
		expect(stage.sandbox.control.yeastar.requests().length).toBeGreaterThan(0);
		expect(stage.sandbox.control.yeastar.writes()).toEqual([]);
	}, 90_000);

	it('imports a template through its menu', async () => {
		await elsewhere(async (other) => {
			await other.goto(`${session.stage.n8n.url}/workflow/new`);
			await other.locator('[data-test-id="workflow-menu"]').first().click();
			await other.locator('[data-test-id="workflow-menu-item-import"]').hover();
			const chooser = other.waitForEvent('filechooser');
			await other.locator('[data-test-id="workflow-menu-item-import-from-file"]').click();
			await (await chooser).setFiles(join(ROOT, 'workflows', 'set-up.json'));
			await other.locator('[data-node-name="What is left to do"]').first().waitFor();
		});
		expect(session.complaints).toEqual([]);
	}, 60_000);

	it('shows every template whole, with no node it does not know', async () => {
		await elsewhere(async (other) => {
			await other.setViewportSize({ width: 1500, height: 640 });
			let isLoaded = false;
			for (const [file, template] of await readTemplates(ROOT)) {
				const workflow = await session.stage.api.createWorkflow(template);
				const path = `/workflow/${workflow.id}`;
				if (isLoaded) await other.evaluate(following(path));
				else await other.goto(`${session.stage.n8n.url}${path}`);
				isLoaded = true;
				const nodes = template.nodes.filter(({ type }) => !type.endsWith('.stickyNote'));
				const names = JSON.stringify(nodes.map(({ name }) => name).sort());
				await other.waitForFunction(`JSON.stringify(${ON_CANVAS}) === ${JSON.stringify(names)}`);
				await other.locator('[data-test-id="zoom-to-fit"]').click();
				// The canvas glides there.
				await other.waitForTimeout(500);
				expect(await other.getByText('Install this node').count()).toBe(0);
				const canvas = other.locator('[data-test-id="canvas-wrapper"]');
				await session.picture(canvas, join('templates', file.replace(/\.json$/, '')));
			}
		});
		const named = readFileSync(join(ROOT, 'docs', 'templates.md'), 'utf8');
		for (const file of readdirSync(join(ROOT, 'workflows')).filter((each) =>
			each.endsWith('.json'),
		)) {
			expect(named).toContain(`(../workflows/${file})`);
		}
		expect(session.complaints).toEqual([]);
	}, 600_000);

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

/** As a hand does it: pick up, move a little, move there, let go. */
async function drag(page: Page, from: Locator, to: Locator): Promise<void> {
	const [start, end] = [await from.boundingBox(), await to.boundingBox()];
	if (start === null || end === null) throw new Error('What is to be dragged cannot be seen.');
	await page.mouse.move(start.x + start.width / 2, start.y + start.height / 2);
	await page.mouse.down();
	await page.mouse.move(start.x + start.width / 2 + 30, start.y + 20, { steps: 5 });
	await page.mouse.move(end.x + end.width / 2, end.y + end.height / 2, { steps: 15 });
	await page.mouse.up();
}
