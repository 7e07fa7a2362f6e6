/** `npm run check`: types, lint, format and the arrows between the rooms. Nothing is run, all is read. */
import process from 'node:process';
import { ensureDependencies, runTool } from '../set-up.mjs';

ensureDependencies();

const ROOMS = ['credentials', 'nodes', 'entra', 'sync', 'pbx', 'http'];
const checks = {
	'types of what ships': () => runTool('tsc', ['-p', 'tsconfig.json', '--noEmit']),
	'types of sandbox, demo and tests': () => runTool('tsc', ['-p', 'tsconfig.workshop.json']),
	"n8n's own lint": () => runTool('n8n-node', ['lint']),
	'lint of sandbox, demo and tests': () =>
		runTool('eslint', [
			'--no-config-lookup',
			'-c',
			'eslint.workshop.mjs',
			'--max-warnings',
			'0',
			'.',
		]),
	format: () => runTool('prettier', ['--check', '--log-level', 'warn', '.']),
	'arrows between the rooms': () =>
		runTool('depcruise', [
			'--config',
			'.dependency-cruiser.cjs',
			...ROOMS,
			'sandbox',
			'demo',
			'test',
		]),
};

let failed = 0;
for (const [name, check] of Object.entries(checks)) {
	const good = check() === 0;
	console.log(`${good ? 'ok  ' : 'BAD '} ${name}`);
	if (!good) failed += 1;
}
console.log(`${Object.keys(checks).length - failed} passed, ${failed} failed`);
process.exit(failed > 0 ? 1 : 0);
