/**
 * `npm run test:promises`: breaks each promise of the README once and looks whether its test notices.
 * A test that goes on passing proves nothing.
 *
 * Nothing in the work tree is touched: each of the lanes has a copy of it in the system's folder for
 * temporary files. That the tests pass when nothing is broken is what `npm test` is for.
 *
 *   npm run test:promises             all
 *   npm run test:promises -- undo     those with the word in file, promise or test
 */
import { spawn } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { ensureDependencies, ROOT } from '../../set-up.mjs';
import { SABOTAGES } from './sabotages.mjs';

const LEFT_OUT = new Set(['node_modules', '.git', 'dist', '.cache']);
const MOST_LANES = 4;

ensureDependencies();
const word = (process.argv[2] ?? '').toLowerCase();
const isMeant = (sabotage) => JSON.stringify(sabotage).toLowerCase().includes(word);
const chosen = SABOTAGES.filter(isMeant);
let failed = 0;

if (word === '') for (const promise of unbroken()) fail(`NO SABOTAGE  ${promise}`);

const copies = [];
process.once('exit', () => {
	for (const copy of copies) rmSync(copy, { recursive: true, force: true });
});
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(1));

const jobs = [...chosen];
await Promise.all(
	Array.from({ length: Math.min(MOST_LANES, availableParallelism(), jobs.length) }, async () => {
		const copy = copyOfAll();
		for (let next = jobs.shift(); next; next = jobs.shift()) await breakOnce(copy, next);
	}),
);
console.log(`${chosen.length - Math.min(failed, chosen.length)} passed, ${failed} failed`);
process.exit(failed > 0 || chosen.length === 0 ? 1 : 0);

async function breakOnce(copy, sabotage) {
	const { promise, file, text, instead, test, name } = sabotage;
	const place = path.join(copy, file);
	const source = readFileSync(place, 'utf8');
	if (source.split(text).length !== 2) {
		fail(`SAY IT ANEW  ${file} has no longer this, once:\n  ${text}`);
		return;
	}
	writeFileSync(
		place,
		source.replace(text, () => instead),
	);
	try {
		const { passed, failures, broken } = await runTest(copy, sabotage);
		if (failures.length > 0)
			console.log(`noticed      ${promise}\n             ${file}: "${name}"`);
		else if (broken) fail(`DOES NOT LOAD  ${file}: ${instead}`);
		else
			fail(`NOT NOTICED  ${promise}\n  ${file}: ${text}\n  ${test} "${name}" (${passed} passed)`);
	} finally {
		writeFileSync(place, source);
	}
}

/** Runs the one test, and says which of that name passed or did not. */
async function runTest(copy, { test, name, env = {} }) {
	const report = path.join(copy, 'report.json');
	rmSync(report, { force: true });
	const [, kind] = test.split('/');
	const args = [
		path.join(ROOT, 'node_modules/jest/bin/jest.js'),
		...['--runInBand', '--selectProjects', kind, '--runTestsByPath', test],
		...['--testNamePattern', name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')],
		...['--cacheDirectory', path.join(copy, '.cache'), '--json', '--outputFile', report],
	];
	const jest = spawn(process.execPath, args, {
		cwd: copy,
		stdio: 'ignore',
		env: { ...process.env, ...env },
	});
	await new Promise((resolve) => jest.once('close', resolve));
	try {
		const result = JSON.parse(readFileSync(report, 'utf8'));
		const all = result.testResults.flatMap(({ assertionResults }) => assertionResults);
		return {
			passed: all.filter(({ status }) => status === 'passed').length,
			failures: all.filter(({ status }) => status === 'failed'),
			broken: result.numRuntimeErrorTestSuites > 0,
		};
	} catch {
		return { passed: 0, failures: [], broken: true };
	}
}

function copyOfAll() {
	const copy = mkdtempSync(path.join(tmpdir(), 'entra-pbx-sync-promises-'));
	copies.push(copy);
	cpSync(ROOT, copy, {
		recursive: true,
		filter: (from) => !LEFT_OUT.has(path.relative(ROOT, from).split(path.sep)[0] ?? ''),
	});
	symlinkSync(path.join(ROOT, 'node_modules'), path.join(copy, 'node_modules'), 'junction');
	return copy;
}

/** Promises of the README nobody breaks here. */
function unbroken() {
	const readme = readFileSync(path.join(ROOT, 'README.md'), 'utf8');
	const [, table = ''] = readme.split('## What is promised, and which test tries to break it');
	const [rows = ''] = table.split('\n## ');
	const promises = [...rows.matchAll(/^\| ([A-Z].*?) +\| /gm)].map(([, promise]) => promise);
	if (promises.length === 0) return ['The README has no promises any more.'];
	const broken = new Set(SABOTAGES.map(({ promise }) => promise));
	return [
		...promises.filter((promise) => !broken.has(promise)),
		...[...broken].filter((promise) => !promises.includes(promise)),
	];
}

function fail(line) {
	failed++;
	console.log(line);
}
