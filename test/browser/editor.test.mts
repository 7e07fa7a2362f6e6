/** The template and a panel of ours, as an administrator sees them in the n8n editor. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { chromium, type Browser, type Page } from 'playwright-core';
import type { StoredWorkflow } from '../../demo/n8n/api.mts';
import { openStage, type Stage } from '../../demo/stage.mts';
import { forSystem, isOurs, readMainTemplate } from '../../demo/template.mts';
import { findHost, ROOT } from '../n8n/host.mts';
import { ensureChromium } from './chromium.mts';

/** `PICTURES=docs npm run test:browser` makes the pictures of the documentation anew. */
const ARTEFACTS =
	process.env['PICTURES'] === 'docs'
		? join(ROOT, 'docs', 'pictures')
		: join(ROOT, 'test', 'artefacts');
/** Headless, and silent towards the outside. */
const FLAGS = [
	'--headless',
	'--no-sandbox',
	'--disable-gpu',
	'--disable-background-networking',
	'--disable-component-update',
	'--disable-sync',
	'--no-first-run',
];

const found = ensureChromium();
if ('missing' in found) process.stderr.write(`${found.missing}\n`);
const withChromium = 'missing' in found ? describe.skip : describe;

withChromium('the n8n editor', () => {
	let stage: Stage;
	let workflow: StoredWorkflow;
	let browser: Browser;
	let page: Page;
	/** What the page complained about, in words that mention us or our files. */
	const complaints: string[] = [];

	beforeAll(async () => {
		mkdirSync(ARTEFACTS, { recursive: true });
		stage = await openStage({ root: ROOT, host: findHost() });
		const template = await readMainTemplate(ROOT);
		workflow = await stage.api.createWorkflow(
			forSystem(template, 'yeastar', stage.credentials, stage.nodeTypes),
		);
		const executablePath = 'path' in found ? found.path : '';
		browser = await chromium.launch({ executablePath, args: FLAGS });
		page = await browser.newPage({ viewport: { width: 1600, height: 900 } });
		page.on('pageerror', ({ message }) => complaints.push(message));
		page.on('console', (said) => {
			const text = `${said.text()} ${said.location().url}`;
			if (said.type() === 'error' && /entra|pbx|icons\//i.test(text)) complaints.push(text);
		});
		page.on('response', (answer) => {
			const ours = answer.url().includes('n8n-nodes-entra-pbx-sync');
			if (ours && answer.status() >= 400) complaints.push(`${answer.status()} ${answer.url()}`);
		});
	}, 600_000);

	afterAll(async () => {
		await browser?.close();
		await stage?.stop();
	}, 30_000);

	const picture = (name: string) => page.screenshot({ path: join(ARTEFACTS, `${name}.png`) });
	const nodeOnCanvas = (name: string) =>
		page.locator(`[data-test-id="canvas-node"][data-node-name="${name}"]`);

	it('shows the imported template with all our nodes', async () => {
		await page.goto(`${stage.n8n.url}/workflow/${workflow.id}`);
		await page.locator('input[name="emailOrLdapLoginId"]').fill(stage.owner.email);
		await page.locator('input[name="password"]').fill(stage.owner.password);
		await page.locator('button', { hasText: 'Sign in' }).click();
		const { nodes } = await readMainTemplate(ROOT);
		for (const { name } of nodes.filter(isOurs)) await nodeOnCanvas(name).waitFor();
		await page.locator('[data-test-id="zoom-to-fit"]').click();
		await picture('template');
		expect(await page.getByText('Install this node').count()).toBe(0);
		expect(complaints).toEqual([]);
	}, 90_000);

	it("opens Field Mapper's panel with its phone system and its rows", async () => {
		await nodeOnCanvas('Map fields').dblclick();
		const panel = page.locator('[data-test-id="node-parameters"]');
		await panel.waitFor();
		await page.waitForLoadState('networkidle');
		await picture('field-mapper');
		const text = await panel.innerText();
		expect(text).toContain('Phone System');
		expect(complaints).toEqual([]);
	}, 60_000);
});
