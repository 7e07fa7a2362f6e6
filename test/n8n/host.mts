/** The real n8n for tests: the one the demo uses, installed by the same command. */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { z } from 'zod';
import type { Host } from '../../demo/n8n/process.mts';

export const ROOT = join(__dirname, '..', '..');

const host = z.object({
	folder: z.string(),
	node: z.string(),
	cli: z.string(),
	keeper: z.string(),
});

export function findHost(which: 'newest' | 'oldest' = 'newest'): Host {
	const install = join(ROOT, 'demo', 'n8n', 'install.mjs');
	const printed = execFileSync(process.execPath, [install, which], {
		encoding: 'utf8',
		stdio: ['ignore', 'pipe', 'inherit'],
	});
	return host.parse(JSON.parse(printed));
}
