/**
 * `npm run bench` measures; `npm run bench -- engine` measures one part, and its rows alone.
 *
 *   npm run bench -- n8n --users 100000           instead of 10,000
 *   npm run bench -- n8n --users 100000 --stock   beside n8n's stock nodes too: less than half an hour
 *   npm run bench -- n8n --no-stock               without them
 *
 * Every part is a file beside this one. It exports `measure()`, which gives rows
 * `{ name, value, unit, goal, holds }`, all at once or as they come, and runs in a process of its
 * own. Rows are kept in `results.json` as they come; those of other parts, and of a part that ends
 * in the middle, stay as they are. Code runs as it ships: taken to ES2022, types gone, nothing added.
 */
import { fork } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { ensureDependencies, ROOT } from '../../set-up.mjs';
import { writePage } from './page.mjs';

const HERE = path.join(ROOT, 'test', 'bench');
const RESULTS = path.join(HERE, 'results.json');

/** In this order; the quick ones come first. `flags` are those of Node.js. */
const PARTS = {
	engine: {},
	memory: { flags: ['--max-old-space-size=10000'] },
	directory: {},
	writes: {},
	start: { needs: 'build' },
	trigger: { needs: 'build' },
	n8n: { needs: 'build' },
};

const { values, positionals } = parseArgs({
	allowPositionals: true,
	options: {
		users: { type: 'string', default: '10000' },
		stock: { type: 'boolean' },
		'no-stock': { type: 'boolean' },
	},
});
const chosen = positionals.length > 0 ? positionals : Object.keys(PARTS);
const unknown = chosen.filter((name) => !(name in PARTS));
if (unknown.length > 0) {
	console.error(
		`There are no benches called ${unknown.join(', ')}. There are: ${Object.keys(PARTS).join(', ')}.`,
	);
	process.exit(2);
}
const users = Number(values.users);
const options = {
	root: ROOT,
	users,
	stock: values['no-stock'] ? false : (values.stock ?? users <= 10_000),
};

ensureDependencies();
const broken = [];
const measured = [];
for (const name of chosen) {
	process.stderr.write(`${name} ...\n`);
	const ended = await run(name, (rows) => {
		measured.push(...rows);
		keep(rows);
		rows.forEach(show);
	});
	if (!ended) broken.push(name);
}
await writePage();
if (broken.length > 0) console.error(`Not measured to the end: ${broken.join(', ')}.`);
process.exitCode = broken.length > 0 || measured.some(({ holds }) => holds === false) ? 1 : 0;

/** Gives whether the part came to its end. */
async function run(name, onRows) {
	const { build } = await import('esbuild');
	const { flags = [], needs } = PARTS[name];
	if (needs === 'build') {
		const { runTool } = await import('../../set-up.mjs');
		if (runTool('gulp', ['build', '--silent']) !== 0) return false;
	}
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
	const child = fork(
		path.join(HERE, 'part.mjs'),
		[pathToFileURL(outfile).href, JSON.stringify(options)],
		{
			execArgv: ['--expose-gc', ...flags],
			cwd: ROOT,
		},
	);
	child.on('message', onRows);
	const code = await new Promise((resolve) => child.once('exit', resolve));
	return code === 0;
}

function show({ name, value, unit, goal, holds }) {
	const verdict = goal === null ? '' : `   goal: ${goal} ${holds ? '(met)' : '(NOT met)'}`;
	console.log(`${name.padEnd(30)} ${String(value).padStart(10)} ${unit}${verdict}`);
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
