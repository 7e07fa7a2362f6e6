/** The system's own Chromium; installed by itself where that is possible, asked for elsewhere. */
import { aptInstall, which } from '../programs.mts';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

export type Browser = { readonly path: string } | { readonly missing: string };

/** Where Chromium is, or one sentence on how to get it. May take minutes, and says so on stderr. */
export function ensureChromium(): Browser {
	const there = find();
	if (there !== undefined) return { path: there };
	aptInstall('chromium');
	const installed = find();
	if (installed !== undefined) return { path: installed };
	const how = 'apt-get install chromium (Debian), apt-get install chromium-browser (Ubuntu)';
	return { missing: `Chromium was not found. Install it first: ${how}` };
}

function find(): string | undefined {
	return NAMES.map(which).find((path) => path !== undefined);
}
