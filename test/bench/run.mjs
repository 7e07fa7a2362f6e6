/**
 * `npm run bench` measures; `npm run bench -- engine` measures one thing. Every file beside this one
 * is a bench: it exports `measure()`, which gives rows `{ name, value, unit, goal, holds }`.
 *
 * The rows are printed and kept in `results.json`, where those of other benches stay as they are.
 * Code runs as it ships: taken to ES2022, with the types gone and nothing added.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { pathToFileURL } from 'node:url';
import { ensureDependencies, ROOT } from '../../set-up.mjs';
import { writePage } from './page.mjs';

const HERE = path.join(ROOT, 'test', 'bench');
const RESULTS = path.join(HERE, 'results.json');

const benches = readdirSync(HERE)
	.filter((file) => file.endsWith('.mts'))
	.map((file) => path.basename(file, '.mts'));
const chosen = process.argv.length > 2 ? process.argv.slice(2) : benches;
const unknown = chosen.filter((name) => !benches.includes(name));
if (unknown.length > 0) {
	console.error(
		`There are no benches called ${unknown.join(', ')}. There are: ${benches.join(', ')}.`,
	);
	process.exit(2);
}

ensureDependencies();
const measured = [];
for (const name of chosen) measured.push(...(await run(name)));
keep(measured);
await writePage();
for (const { name, value, unit, goal, holds } of measured) {
	const verdict = goal === null ? '' : `   goal: ${goal} ${holds ? '(met)' : '(NOT met)'}`;
	console.log(`${name.padEnd(28)} ${String(value).padStart(10)} ${unit}${verdict}`);
}
process.exitCode = measured.some(({ holds }) => holds === false) ? 1 : 0;

async function run(name) {
	const { build } = await import('esbuild');
	// Beside the dependencies, so that those left out of the bundle are found.
	const outfile = path.join(ROOT, 'node_modules', '.cache', 'entra-pbx-sync-bench', `${name}.mjs`);
	await build({
		entryPoints: [path.join(HERE, `${name}.mts`)],
		outfile,
		bundle: true,
		packages: 'external',
		platform: 'node',
		format: 'esm',
		target: 'es2022',
		logLevel: 'error',
	});
	const { measure } = await import(pathToFileURL(outfile).href);
	return measure({ root: ROOT });
}

function keep(rows) {
	const [{ model }] = os.cpus();
	const on = `${model.trim()}, Node.js ${process.versions.node}`;
	const before = readResults().filter((old) => !rows.some(({ name }) => name === old.name));
	const all = [...before, ...rows.map((row) => ({ ...row, on }))];
	all.sort((a, b) => (a.name < b.name ? -1 : 1));
	writeFileSync(RESULTS, `${JSON.stringify(all, null, '\t')}\n`);
}

function readResults() {
	try {
		return JSON.parse(readFileSync(RESULTS, 'utf8'));
	} catch (error) {
		if (error.code === 'ENOENT') return [];
		throw error;
	}
}
