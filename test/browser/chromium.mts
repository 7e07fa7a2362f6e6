/** The system's own Chromium; installed by itself where that is possible, asked for elsewhere. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

export type Browser = { readonly path: string } | { readonly missing: string };

/** Where Chromium is, or one sentence on how to get it. May take minutes, and says so on stderr. */
export function ensureChromium(): Browser {
	const there = find();
	if (there !== undefined) return { path: there };
	const canInstall = process.getuid?.() === 0 && which('apt-get') !== undefined;
	if (canInstall) {
		process.stderr.write('Installing Chromium with apt-get (a minute or two, only once) ...\n');
		apt('update');
		apt('install', '--yes', '--no-install-recommends', 'chromium');
	}
	const installed = find();
	if (installed !== undefined) return { path: installed };
	const how = 'apt-get install chromium (Debian), apt-get install chromium-browser (Ubuntu)';
	return { missing: `Chromium was not found. Install it first: ${how}` };
}

function find(): string | undefined {
	return NAMES.map(which).find((path) => path !== undefined);
}

function which(program: string): string | undefined {
	const folders = (process.env['PATH'] ?? '').split(delimiter);
	return folders.map((folder) => join(folder, program)).find((path) => existsSync(path));
}

function apt(...args: string[]): void {
	spawnSync('apt-get', ['--quiet', ...args], {
		env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
		stdio: ['ignore', 2, 2],
	});
}
