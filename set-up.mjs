/**
 * Makes sure the project's own dependencies are installed, so that every `npm run ...` works right
 * after `git clone`. Plain JavaScript without imports from node_modules, for that reason.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

export const ROOT = path.dirname(fileURLToPath(import.meta.url));

const OLDEST_NODE = [20, 10];
const MARK = path.join(ROOT, 'node_modules', '.entra-pbx-sync-installed');

/** Installs from the lock file when that has not been done for this very lock file. */
export function ensureDependencies() {
	const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
	if (major < OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor < OLDEST_NODE[1]))
		stop(
			`This needs Node.js ${OLDEST_NODE.join('.')} or newer; this is ${process.versions.node}.`,
			'Install a current Node.js from your distribution or from nodejs.org and run the command again.',
		);
	const wanted = createHash('sha256')
		.update(readFileSync(path.join(ROOT, 'package-lock.json')))
		.digest('hex');
	if (existsSync(MARK) && readFileSync(MARK, 'utf8') === wanted) return;
	console.error(
		'Installing the dependencies of the project (about a minute, only the first time) ...',
	);
	// Not `npm ci`: the lock file may leave out optional parts that are only for other platforms and
	// that the registry it was made with did not have. `ci` refuses such a file, `install` does not.
	const quiet = ['--no-save', '--no-audit', '--no-fund', '--loglevel=error'];
	const npm = spawnSync('npm', ['install', ...quiet], {
		cwd: ROOT,
		stdio: ['ignore', 2, 2],
		shell: process.platform === 'win32',
	});
	if (npm.error)
		stop('npm was not found.', 'It comes with Node.js; on Debian: apt-get install npm.');
	if (npm.status !== 0)
		stop(
			'npm could not install the dependencies (its own words are above).',
			'Check that this machine reaches the npm registry (a proxy is set with `npm config set proxy`) and has 1 GB of free disk, then run the command again.',
		);
	writeFileSync(MARK, wanted);
}

/** Runs a program of node_modules/.bin in the project folder and gives its exit code. */
export function runTool(name, args, options = {}) {
	const { status, signal } = spawnSync(
		process.execPath,
		[...(options.nodeArgs ?? []), binary(name), ...args],
		{
			cwd: ROOT,
			stdio: 'inherit',
			...options,
			env: {
				...process.env,
				PATH: `${path.join(ROOT, 'node_modules', '.bin')}${path.delimiter}${process.env.PATH ?? ''}`,
				...options.env,
			},
		},
	);
	return signal ? 1 : (status ?? 1);
}

/** The JavaScript file behind a package's command, so that no shell is needed to start it. */
function binary(name) {
	const home = path.join(
		ROOT,
		'node_modules',
		name === 'n8n-node'
			? '@n8n/node-cli'
			: name === 'tsc'
				? 'typescript'
				: name === 'depcruise'
					? 'dependency-cruiser'
					: name,
	);
	const { bin } = JSON.parse(readFileSync(path.join(home, 'package.json'), 'utf8'));
	return path.join(home, typeof bin === 'string' ? bin : bin[name]);
}

function stop(what, fix) {
	console.error(`\n${what}\n${fix}`);
	process.exit(1);
}
