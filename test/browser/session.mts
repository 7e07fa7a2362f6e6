/** A real n8n with everything in it, and a browser in front of it that notes what goes wrong. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import {
	chromium,
	type Browser,
	type BrowserContext,
	type BrowserContextOptions,
	type Locator,
	type Page,
	type ViewportSize,
} from 'playwright-core';
import { openStage, type Stage } from '../../demo/stage.mts';
import { findHost, ROOT } from '../n8n/host.mts';
import { whenPublished } from '../n8n/published.mts';
import { ensureChromium } from './chromium.mts';

/** `PICTURES=docs npm run test:browser` makes the pictures of the documentation anew. */
export const FOR_DOCS = process.env['PICTURES'] === 'docs';
const ARTEFACTS = FOR_DOCS ? join(ROOT, 'docs', 'pictures') : join(ROOT, 'test', 'artefacts');
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
export const withChromium = 'missing' in found ? describe.skip : describe;

export interface Session {
	readonly stage: Stage;
	/** What pages complained about, in words that mention us or our files. */
	readonly complaints: readonly string[];
	newPage(options?: BrowserContextOptions): Promise<Page>;
	/** A published form, for somebody who is signed in and lets the form know who that is. */
	openForm(path: string, viewport: ViewportSize): Promise<Page>;
	/** One more tab of the browser in which the owner is signed in. */
	signIn(): Promise<Page>;
	/** Of a page or a part of one; `name` may name a folder. */
	picture(of: Page | Locator, name: string, options?: { fullPage?: boolean }): Promise<unknown>;
	close(): Promise<void>;
}

export async function openSession(): Promise<Session> {
	mkdirSync(ARTEFACTS, { recursive: true });
	const stage = await openStage({ root: ROOT, host: findHost() });
	const executablePath = 'path' in found ? found.path : '';
	const browser: Browser = await chromium.launch({ executablePath, args: FLAGS });
	const complaints: string[] = [];
	const newPage = async (options: BrowserContextOptions = {}) => {
		const viewport = { width: 1600, height: 900 };
		const page = await (await browser.newContext({ viewport, ...options })).newPage();
		listen(page, complaints);
		return page;
	};
	let owners: Promise<BrowserContext> | undefined;
	const enter = async () => {
		const page = await newPage();
		await page.goto(`${stage.n8n.url}/signin`);
		await page.locator('input[name="emailOrLdapLoginId"]').fill(stage.owner.email);
		await page.locator('input[name="password"]').fill(stage.owner.password);
		await page.locator('button', { hasText: 'Sign in' }).click();
		await page.waitForURL((url) => !url.pathname.includes('signin'));
		await page.close();
		return page.context();
	};
	const signIn = async () => {
		const page = await (await (owners ??= enter())).newPage();
		listen(page, complaints);
		return page;
	};
	return {
		stage,
		complaints,
		newPage,
		signIn,
		async openForm(path, viewport) {
			const page = await signIn();
			await page.setViewportSize(viewport);
			await whenPublished(`${stage.n8n.url}/form/${path}`);
			await page.goto(`${stage.n8n.url}/form/${path}`);
			const allow = page.getByRole('button', { name: 'Allow access' });
			await allow.click();
			// The page comes anew then, and would break off whatever is opened meanwhile.
			await allow.waitFor({ state: 'detached' });
			await page.waitForLoadState();
			return page;
		},
		picture: (of, name, options = {}) =>
			of.screenshot({ path: join(ARTEFACTS, `${name}.png`), ...options }),
		async close() {
			await browser.close();
			await stage.stop();
		},
	};
}

function listen(page: Page, complaints: string[]): void {
	page.on('pageerror', ({ message }) => complaints.push(message));
	page.on('console', (said) => {
		const text = `${said.text()} ${said.location().url}`;
		if (said.type() === 'error' && /entra|pbx|icons\//i.test(text)) complaints.push(text);
	});
	page.on('response', (answer) => {
		const ours = answer.url().includes('n8n-nodes-entra-pbx-sync');
		if (ours && answer.status() >= 400) complaints.push(`${answer.status()} ${answer.url()}`);
	});
}
