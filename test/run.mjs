/**
 * `npm test` and `npm run test:<name>`: sets up what the chosen tests need, runs them, and ends
 * with one line, `N passed, N failed`.
 *
 *   node test/run.mjs                 everything
 *   node test/run.mjs unit            one kind; several may be named
 *   node test/run.mjs unit -- -t mail what follows `--` goes to jest
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { ensureDependencies, runTool } from '../set-up.mjs';

/** `alone`: starts whole programs, so it gets the machine to itself. `needs`: what to set up first. */
const KINDS = {
	unit: {},
	properties: {},
	sandbox: {},
	contract: {},
	nodes: {},
	faults: {},
	package: { needs: ['build'] },
	n8n: { alone: true, needs: ['build', 'n8n'] },
	oldest: { alone: true, needs: ['build', 'oldest n8n'] },
	browser: { alone: true, needs: ['build', 'n8n'] },
	queue: { alone: true, needs: ['build', 'n8n'] },
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

const total = { passed: 0, failed: 0, skipped: [] };
const together = kinds.filter((name) => !KINDS[name].alone);
const groups = [together, ...kinds.filter((name) => KINDS[name].alone).map((name) => [name])];
for (const group of groups) if (group.length > 0) add(total, runJest(group));
finish(total);

function runJest(group) {
	const folder = mkdtempSync(path.join(tmpdir(), 'entra-pbx-sync-test-'));
	const report = path.join(folder, 'report.json');
	const alone = group.some((name) => KINDS[name].alone);
	const status = runTool(
		'jest',
		[
			'--selectProjects',
			...group,
			// Jest leaves a core to the machine unless it is told otherwise: half of a small one.
			...(alone ? ['--runInBand'] : ['--maxWorkers', '100%']),
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
