/**
 * `npm run check`: types, lint, format, the arrows between the rooms, what nobody uses, what is there
 * twice, the workflows for GitHub, licences, and n8n's scanner of community packages on the repository
 * and on what is packed. Nothing of ours is run, all is read; it is built, since the packed package is
 * read too.
 */
import process from 'node:process';
import { ensureDependencies, runTool } from '../set-up.mjs';
import { audit } from './check/audit.mjs';
import { checkLicences } from './check/licences.mjs';
import { scanPackage, scanSource } from './check/scanner.mjs';
import { lintWorkflows } from './check/workflows.mjs';

ensureDependencies();

/** What did not change since the last check is not looked at again. */
const CACHE = 'node_modules/.cache/check';
const ROOMS = ['credentials', 'nodes', 'entra', 'sync', 'pbx', 'http'];
const checks = {
	'types of what ships': () => types('tsconfig.json'),
	'types of sandbox, demo and tests': () => types('tsconfig.workshop.json'),
	"n8n's own lint": () => runTool('n8n-node', ['lint']),
	'lint of sandbox, demo and tests': () =>
		runTool('eslint', [
			'--no-config-lookup',
			'-c',
			'eslint.workshop.mjs',
			...['--max-warnings', '0'],
			...['--cache', '--cache-strategy', 'content', '--cache-location', `${CACHE}/eslint/`],
			'.',
		]),
	format: () =>
		runTool('prettier', [
			...['--check', '--log-level', 'warn'],
			...['--cache', '--cache-strategy', 'content', '--cache-location', `${CACHE}/prettier`],
			'.',
		]),
	'arrows between the rooms': () =>
		runTool('depcruise', [
			'--config',
			'.dependency-cruiser.cjs',
			...ROOMS,
			'sandbox',
			'demo',
			'test',
		]),
	'nothing that nobody uses': () =>
		runTool('knip', ['--config', 'test/check/knip.json', '--no-progress']),
	'nothing that is there twice': () =>
		runTool('jscpd', [
			...['--pattern', `{${[...ROOMS, 'sandbox', 'demo', 'test'].join(',')}}/**/*`],
			...['--format', 'typescript,javascript'],
			...['--formats-exts', 'typescript:ts,mts;javascript:mjs'],
			// About a dozen full lines. The folders of the phone systems are alike on purpose, in less.
			...['--min-tokens', '120', '--threshold', '0', '--exitCode', '1'],
			...['--reporters', 'consoleFull', '--silent', '--noSymlinks', '.'],
		]),
	'GitHub workflows': lintWorkflows,
	'licences of all dependencies': checkLicences,
	'known weaknesses of dependencies': audit,
	"n8n's scanner, repository": scanSource,
	build: () => runTool('gulp', ['build', '--silent']),
	"n8n's scanner, packed package": scanPackage,
};

function types(config) {
	const known = ['--incremental', '--tsBuildInfoFile', `${CACHE}/${config}.tsbuildinfo`];
	return runTool('tsc', ['-p', config, '--noEmit', ...known]);
}

let failed = 0;
for (const [name, check] of Object.entries(checks)) {
	const good = (await check()) === 0;
	console.log(`${good ? 'ok  ' : 'BAD '} ${name}`);
	if (!good) failed += 1;
}
console.log(`${Object.keys(checks).length - failed} passed, ${failed} failed`);
process.exit(failed > 0 ? 1 : 0);
