/**
 * What the package adds to the start of n8n: milliseconds of processor time (which other work on the
 * machine does not lengthen as it does the clock's) and memory for loading every node and
 * credential of `dist`, in a fresh process that has n8n's own library loaded already, as n8n has.
 * Wants a built package (`npm run build`).
 */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { z } from 'zod';
import { atMost, median, type Row } from './row.mts';

const RUNS = 9;
const manifest = z.object({
	n8n: z.object({ nodes: z.array(z.string()), credentials: z.array(z.string()) }),
});
const measured = z.object({ ms: z.number(), mb: z.number() });

/** Run in the fresh process. */
const LOAD = `
	require('n8n-workflow');
	gc();
	const before = process.memoryUsage().rss;
	const began = process.cpuUsage();
	for (const file of process.argv.slice(1)) for (const Type of Object.values(require(file))) new Type();
	const { user, system } = process.cpuUsage(began);
	const ms = (user + system) / 1000;
	gc();
	console.log(JSON.stringify({ ms, mb: (process.memoryUsage().rss - before) / 2 ** 20 }));
`;

export function measure({ root }: { root: string }): Row[] {
	const text = readFileSync(join(root, 'package.json'), 'utf8');
	const { nodes, credentials } = manifest.parse(JSON.parse(text)).n8n;
	const files = [...credentials, ...nodes].map((file) => join(root, file));
	const loads = Array.from({ length: RUNS }, () => {
		const args = ['--expose-gc', '-e', LOAD, ...files];
		const printed = execFileSync(process.execPath, args, { cwd: root, encoding: 'utf8' });
		return measured.parse(JSON.parse(printed));
	});
	const ms = Math.round(median(loads.map((load) => load.ms)));
	const mb = Math.round(median(loads.map((load) => load.mb)) * 10) / 10;
	return [
		atMost('start.ms', ms, 'ms of processor time to load all nodes', 100),
		atMost('start.memory', mb, 'MB with all nodes loaded', 20),
	];
}
