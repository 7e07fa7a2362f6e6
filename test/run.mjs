/**
 * `npm test` and `npm run test:<name>`: sets up what the chosen tests need, runs them, and ends
 * with one line, `N passed, N failed`.
 *
 *   node test/run.mjs                 everything
 *   node test/run.mjs unit            one kind; several may be named
 *   node test/run.mjs unit -- -t mail what follows `--` goes to jest
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { ensureDependencies, runTool } from '../set-up.mjs';

/** `with`: whom its files share the cores with. `needs`: what to set up first. */
const KINDS = {
	unit: { with: 'quick' },
	properties: { with: 'quick' },
	sandbox: { with: 'quick' },
	contract: { with: 'quick' },
	nodes: { with: 'quick' },
	faults: { with: 'quick' },
	package: { with: 'quick', needs: ['build'] },
	n8n: { with: 'programs', needs: ['build', 'n8n'] },
	oldest: { with: 'programs', needs: ['build', 'oldest n8n'] },
	browser: { with: 'programs', needs: ['build', 'n8n', 'chromium'] },
	queue: { with: 'nobody', needs: ['build', 'n8n'] },
};

/** How many files at a time. */
const AT_ONCE = {
	// Jest leaves a core to the machine unless it is told otherwise: half of a small one.
	quick: '100%',
	// Each file has an n8n of its own, some a browser too: a core and a gigabyte.
	programs: String(Math.min(2, availableParallelism())),
	// Three n8n, which must keep to the times in which they look after one another.
	nobody: '1',
};

const args = process.argv.slice(2);
const cut = args.indexOf('--');
const chosen = cut < 0 ? args : args.slice(0, cut);
const forJest = cut < 0 ? [] : args.slice(cut + 1);
const unknown = chosen.filter((name) => !(name in KINDS));
if (unknown.length > 0) {
	console.error(
		`There are no tests called ${unknown.join(', ')}. There are: ${Object.keys(KINDS).join(', ')}.`,
	);
	process.exit(2);
}
const kinds = chosen.length > 0 ? chosen : Object.keys(KINDS);
const needs = new Set(kinds.flatMap((name) => KINDS[name].needs ?? []));

ensureDependencies();
if (needs.has('build') && runTool('gulp', ['build', '--silent']) !== 0) {
	console.error('\nThe package could not be built, so nothing was tested.');
	finish({ passed: 0, failed: 1, skipped: [] });
}
if (needs.has('n8n') || needs.has('oldest n8n')) {
	const { ensureN8n } = await import('../demo/n8n/install.mjs');
	if (needs.has('n8n')) await ensureN8n('newest');
	if (needs.has('oldest n8n')) await ensureN8n('oldest');
}
if (needs.has('chromium')) {
	// Once, since two files that install it at the same time get in each other's way.
	const { register } = await import('tsx/esm/api');
	register();
	const { ensureChromium } = await import('./browser/chromium.mts');
	ensureChromium();
}

const total = { passed: 0, failed: 0, skipped: [] };
for (const [company, atOnce] of Object.entries(AT_ONCE)) {
	const group = kinds.filter((name) => KINDS[name].with === company);
	if (group.length > 0) add(total, runJest(group, atOnce));
}
finish(total);

function runJest(group, atOnce) {
	const folder = mkdtempSync(path.join(tmpdir(), 'entra-pbx-sync-test-'));
	const report = path.join(folder, 'report.json');
	const status = runTool(
		'jest',
		[
			'--selectProjects',
			...group,
			'--maxWorkers',
			atOnce,
			'--json',
			'--outputFile',
			report,
			...forJest,
		],
		{ stdio: ['ignore', 'ignore', 'inherit'] },
	);
	let result;
	try {
		result = JSON.parse(readFileSync(report, 'utf8'));
	} catch {
		return { passed: 0, failed: 1, skipped: [] };
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
	const failed = result.numFailedTests + result.numRuntimeErrorTestSuites;
	const ranNothing = result.numPassedTests + result.numFailedTests === 0 && forJest.length === 0;
	if (ranNothing) console.error(`No test ran in ${group.join(', ')}.`);
	return {
		passed: result.numPassedTests,
		failed: failed || (status !== 0 || ranNothing ? 1 : 0),
		skipped: result.testResults.flatMap((file) =>
			file.assertionResults
				.filter(({ status: s }) => s === 'pending' || s === 'todo')
				.map(({ fullName }) => fullName),
		),
	};
}

function add(sum, { passed, failed, skipped }) {
	sum.passed += passed;
	sum.failed += failed;
	sum.skipped.push(...skipped);
}

function finish({ passed, failed, skipped }) {
	for (const name of skipped) console.log(`skipped: ${name}`);
	if (kinds.length === Object.keys(KINDS).length && passed === 0) failed = failed || 1;
	console.log(
		`${passed} passed, ${failed} failed${skipped.length > 0 ? `, ${skipped.length} skipped` : ''}`,
	);
	process.exit(failed > 0 ? 1 : 0);
}
