// Starts the sandbox from a fresh clone: plain JavaScript, because nothing may be installed yet.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 10)) {
	console.error(`Node 20.10 or newer is needed; this is ${process.versions.node}.`);
	process.exit(1);
}

const needed = ['tsx', 'express', 'scimmy-routers', 'libphonenumber-js', 'zod'];
if (!needed.every((name) => existsSync(join(root, 'node_modules', name, 'package.json')))) {
	console.error('Installing what the sandbox needs (npm install), once ...');
	// Everything npm says goes to stderr: stdout belongs to --json. Not `npm ci`: it refuses a lock
	// file that leaves out optional parts for other platforms.
	const { status } = spawnSync('npm', ['install', '--no-save', '--loglevel=error'], {
		cwd: root,
		stdio: ['ignore', 2, 2],
		shell: process.platform === 'win32',
	});
	if (status !== 0) {
		console.error('npm could not install it; its own words are above. Then run this again.');
		process.exit(1);
	}
}

// tsx in this very process: there is no second one to forward signals to or to leave behind.
const { register } = await import('tsx/esm/api');
register();
const { main } = await import('./main.mts');
process.exitCode = await main(process.argv.slice(2));
