/** What a page has to be on a phone, by day and by night: readable, whole, and made for everybody. */
import type { Page } from 'playwright-core';
import { FOR_DOCS, type Session } from './session.mts';

export const PHONE = { viewport: { width: 390, height: 844 } };

/**
 * In the page, in the browser's own words: texts whose contrast with what is behind them is below
 * that of WCAG 2.2, 1.4.3 (level AA), and controls without a name (4.1.2).
 */
const FLAWS = `(() => {
	const colour = (text) => {
		const [red, green, blue, alpha = 1] = (text.match(/^rgba?\\(/) ? text.match(/[\\d.]+/g) : [0, 0, 0, 0]).map(Number);
		return { parts: [red, green, blue], alpha };
	};
	const light = ({ parts }) => {
		const [red, green, blue] = parts.map((part) => (part <= 10 ? part / 3294 : ((part / 255 + 0.055) / 1.055) ** 2.4));
		return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
	};
	const ground = (element) => {
		for (let at = element; at; at = at.parentElement) {
			const behind = colour(getComputedStyle(at).backgroundColor);
			if (behind.alpha === 1) return behind;
		}
		return { parts: [255, 255, 255] };
	};
	const seen = (element) => element.checkVisibility({ opacityProperty: true, visibilityProperty: true }) && element.getClientRects().length > 0;
	const flaws = new Set();
	const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
	for (let node = walker.nextNode(); node; node = walker.nextNode()) {
		const words = node.textContent.trim();
		const element = node.parentElement;
		if (words === '' || !seen(element) || ['SCRIPT', 'STYLE', 'OPTION'].includes(element.tagName)) continue;
		const style = getComputedStyle(element);
		const [one, other] = [light(colour(style.color)), light(ground(element))].sort();
		const size = parseFloat(style.fontSize);
		const enough = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700) ? 3 : 4.5;
		const ratio = (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
		if (ratio < enough) flaws.add('"' + words.slice(0, 40) + '" has a contrast of ' + ratio.toFixed(1));
	}
	for (const control of document.querySelectorAll('input, select, textarea, button')) {
		const label = control.getAttribute('aria-label') || [...(control.labels ?? [])].map((each) => each.textContent).join('') || control.textContent;
		const named = label.trim() !== '' || control.getAttribute('aria-labelledby');
		if (!named && control.type !== 'hidden' && seen(control)) flaws.add(control.outerHTML.slice(0, 80) + ' has no name');
	}
	const width = document.documentElement.scrollWidth;
	if (width > innerWidth) flaws.add('it is ' + width + ' wide');
	return [...flaws];
})()`;

/**
 * Takes a picture of the page at the size of a phone, `<name>-light` and `<name>-dark`, whole unless it
 * is for the documentation, and gives what is wrong with either. The page is left at that size, light.
 */
export async function onPhone(session: Session, page: Page, name: string): Promise<string[]> {
	const flaws: string[] = [];
	await page.setViewportSize(PHONE.viewport);
	for (const colorScheme of ['dark', 'light'] as const) {
		await page.emulateMedia({ colorScheme });
		// Colours glide over.
		await page.waitForTimeout(400);
		const found = await page.evaluate<string[]>(FLAWS);
		flaws.push(...found.map((flaw) => `${colorScheme}: ${flaw}`));
		await session.picture(page, `${name}-${colorScheme}`, { fullPage: !FOR_DOCS });
	}
	return flaws;
}
