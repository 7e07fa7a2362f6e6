/**
 * `npm run demo`: does all its own set-up, right after `git clone`, and then runs `main.mts`.
 *
 *   npm run demo                     two phone systems, twice, then the editor stays open
 *   npm run demo -- --exit           the same, but ends; code 0 only when both runs were right
 *   npm run demo -- --system vodia   another one; `all` for every one there is
 *   npm run demo -- --port 5678      n8n on this port instead of a free one
 *   npm run demo -- --no-build       takes dist/ as it is
 *   npm run demo -- --debug          shows where in the code it stopped, when it did
 */
import process from 'node:process';
import { parseArgs } from 'node:util';
import { ensureDependencies, ROOT, runTool } from '../set-up.mjs';
import { SetupStopped } from './n8n/advice.mjs';
import { ensureN8n } from './n8n/install.mjs';

const options = readOptions();
try {
	ensureDependencies();
	if (!options['no-build'] && runTool('gulp', ['build', '--silent'], { stdio: [0, 2, 2] }) !== 0)
		throw new SetupStopped('The package could not be built, see above.');
	const host = await ensureN8n();
	// From here on dependencies are there: TypeScript can be run as it is.
	const { register } = await import('tsx/esm/api');
	register();
	const { runDemo } = await import('./main.mts');
	process.exitCode = await runDemo({
		root: ROOT,
		host,
		exit: options.exit,
		system: options.system,
		port: options.port,
	});
} catch (cause) {
	const known = cause instanceof SetupStopped || options.debug !== true;
	console.error(`\n${known ? cause.message : cause.stack}`);
	process.exitCode = 1;
}

function readOptions() {
	try {
		const { values } = parseArgs({
			options: {
				exit: { type: 'boolean', default: false },
				system: { type: 'string' },
				port: { type: 'string' },
				'no-build': { type: 'boolean', default: false },
				debug: { type: 'boolean', default: false },
			},
		});
		return { ...values, port: readPort(values.port) };
	} catch (cause) {
		console.error(`${cause.message}\nUsage: npm run demo -- [--exit] [--system NAME] [--port N]`);
		process.exit(2);
	}
}

function readPort(text) {
	if (text === undefined) return undefined;
	const port = Number(text);
	if (Number.isInteger(port) && port > 0 && port < 65536) return port;
	throw new Error(`--port takes a number between 1 and 65535, not "${text}".`);
}
