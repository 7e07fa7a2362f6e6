/**
 * `npm run dev`: for whoever changes a node. A real n8n with the sandbox behind it, credentials and
 * the main template already there; every change of a source is built and n8n reloads our nodes.
 *
 *   npm run dev                  n8n on a free port
 *   npm run dev -- --port 5678   n8n on this one
 */
import { spawn } from 'node:child_process';
import path from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { ensureDependencies, ROOT, runTool } from '../set-up.mjs';
import { SetupStopped } from './n8n/advice.mjs';
import { ensureN8n } from './n8n/install.mjs';

const { values } = parseArgs({ options: { port: { type: 'string' } } });
let building;
try {
	ensureDependencies();
	if (runTool('gulp', ['build', '--silent'], { stdio: [0, 2, 2] }) !== 0)
		throw new SetupStopped('The package could not be built, see above.');
	const host = await ensureN8n();
	const gulp = path.join(ROOT, 'node_modules', 'gulp', 'bin', 'gulp.js');
	building = spawn(process.execPath, [gulp, 'follow'], { cwd: ROOT, stdio: [0, 2, 2] });
	const { register } = await import('tsx/esm/api');
	register();
	const { runWorkshop } = await import('./workshop.mts');
	await runWorkshop({ root: ROOT, host, port: values.port && Number(values.port) });
} catch (cause) {
	console.error(`\n${cause instanceof SetupStopped ? cause.message : cause.stack}`);
	process.exitCode = 1;
} finally {
	building?.kill();
}
