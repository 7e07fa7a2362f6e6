/**
 * Gets a real n8n, without Docker: `node demo/n8n/install.mjs` prints where it is, as JSON;
 * `node demo/n8n/install.mjs oldest` does the same for the oldest n8n the package is tested with.
 *
 * It lives in a cache folder outside the project, one per lock file, so that the second time is
 * instant and the project's own install stays small. n8n 2.41 needs Node 24, which comes from npm
 * beside it, whatever Node this machine has.
 */
import { createHash } from 'node:crypto';
import { copyFile, mkdir, readFile, readdir, rm, statfs, writeFile } from 'node:fs/promises';
import { existsSync, realpathSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import os from 'node:os';
import path from 'node:path';
import { adviceFor, SetupStopped } from './advice.mjs';
import { withLock } from './lock.mjs';
import { runStep } from './run.mjs';

const HERE = path.dirname(fileURLToPath(import.meta.url));
/** Where `package.json` and lock file of an n8n lie. */
const PINNED = { newest: HERE, oldest: path.join(HERE, 'oldest') };
const FILES = ['package.json', 'package-lock.json'];
const NEEDED_BYTES = 4 * 1024 ** 3;
const MARKER = 'complete.json';

/**
 * The installed n8n: `folder` it lives in, `node` to run it with, `cli` to run, and `keeper`, which
 * ends n8n when whoever started it is gone.
 * @typedef {{ folder: string, node: string, cli: string, keeper: string }} Host
 */

/**
 * Gives the n8n host, installing it first when it is absent, half-finished or broken. Two
 * processes at once wait for one another. Rejects with `SetupStopped`, whose message says what is
 * missing and how to get it.
 * @param {'newest' | 'oldest'} which
 * @returns {Promise<Host>}
 */
export async function ensureN8n(which = 'newest') {
	const pinned = PINNED[which];
	if (pinned === undefined)
		throw new SetupStopped(
			`There is no n8n "${which}". There are: ${Object.keys(PINNED).join(', ')}.`,
		);
	const folder = await hostFolder(pinned);
	const host = describe(folder);
	if (await isWhole(host)) return host;
	const told = (pid) =>
		say(`Another process (${pid}) is installing n8n into ${folder}; waiting for it.`);
	await withLock(
		`${folder}.lock`,
		async () => {
			if (!(await isWhole(host))) await install(host, pinned);
		},
		told,
	);
	return host;
}

/** Where users' caches belong on this system, or where ENTRA_PBX_SYNC_CACHE says. */
export function cacheRoot(env = process.env) {
	if (env.ENTRA_PBX_SYNC_CACHE) return path.resolve(env.ENTRA_PBX_SYNC_CACHE);
	const shared =
		env.XDG_CACHE_HOME ||
		(process.platform === 'win32' && env.LOCALAPPDATA) ||
		path.join(os.homedir(), '.cache');
	return path.join(shared, 'entra-pbx-sync');
}

async function hostFolder(pinned) {
	const key = createHash('sha256');
	for (const file of FILES) key.update(await readFile(path.join(pinned, file)));
	key.update(`${process.platform} ${process.arch}`);
	return path.join(cacheRoot(), `n8n-${key.digest('hex').slice(0, 16)}`);
}

/** @returns {Host} */
function describe(folder) {
	const modules = path.join(folder, 'node_modules');
	const node = process.platform === 'win32' ? 'node.exe' : 'node';
	return {
		folder,
		node: path.join(modules, 'node', 'bin', node),
		cli: path.join(modules, 'n8n', 'bin', 'n8n'),
		keeper: path.join(HERE, 'keeper.mjs'),
	};
}

/**
 * Whether the install was finished and is still there. The marker is written last and remembers
 * how many packages there were, so a folder someone thinned out is noticed; the rest is tried.
 */
async function isWhole(host) {
	try {
		const marker = JSON.parse(await readFile(path.join(host.folder, MARKER), 'utf8'));
		return marker.packages === (await countPackages(host)) && probe(host) === null;
	} catch {
		return false;
	}
}

async function countPackages(host) {
	return (await readdir(path.join(host.folder, 'node_modules'))).length;
}

/** Null when n8n answers and its database opens; otherwise what was printed instead. */
function probe(host) {
	const database = "new (require('sqlite3').Database)(':memory:', (e) => process.exit(e ? 1 : 0))";
	for (const args of [
		[host.cli, '--version'],
		['-e', database],
	]) {
		const tried = spawnSync(host.node, args, {
			cwd: host.folder,
			env: { ...process.env, N8N_USER_FOLDER: os.tmpdir(), NODE_OPTIONS: '' },
			encoding: 'utf8',
			timeout: 60_000,
		});
		if (tried.status !== 0) return `${tried.stderr ?? ''}${tried.error ?? ''}`;
	}
	return null;
}

/** @param {Host} host */
async function install(host, pinned) {
	const { folder } = host;
	say(`Installing n8n into ${folder}. It takes some minutes and about 3 GB, once.`);
	await checkNpm();
	await rm(folder, { recursive: true, force: true });
	await mkdir(folder, { recursive: true });
	await checkSpace(folder);
	for (const file of FILES) await copyFile(path.join(pinned, file), path.join(folder, file));
	const npm = (title, args) => runNpm(folder, title, args);
	// Install scripts are skipped, since some of n8n's optional parts cannot be built everywhere;
	// only the two that are needed are run: SQLite's, and the one that fetches Node 24.
	await npm('Downloading packages', ['ci', '--ignore-scripts', '--no-audit', '--no-fund']);
	await npm('Preparing SQLite and Node 24', [
		'rebuild',
		'sqlite3',
		'node',
		'--ignore-scripts=false',
		'--foreground-scripts',
	]);
	const complaint = probe(host);
	if (complaint !== null) {
		throw new SetupStopped(`n8n was installed but does not start:\n${complaint}`);
	}
	const marker = { packages: await countPackages(host), finished: new Date().toISOString() };
	await writeFile(path.join(folder, MARKER), JSON.stringify(marker));
}

async function checkNpm() {
	const npm = spawnSync('npm', ['--version'], {
		encoding: 'utf8',
		shell: process.platform === 'win32',
	});
	if (npm.status !== 0) {
		throw new SetupStopped('npm was not found. Install Node.js 20.10 or newer, which brings it.');
	}
	if (Number.parseInt(npm.stdout, 10) < 9) {
		throw new SetupStopped(
			`npm ${npm.stdout.trim()} is too old, 9 is the least. Renew it: npm install -g npm`,
		);
	}
}

async function checkSpace(folder) {
	const disk = await statfs(folder);
	const free = disk.bavail * disk.bsize;
	if (free >= NEEDED_BYTES) return;
	const gigabytes = (free / 1024 ** 3).toFixed(1);
	throw new SetupStopped(
		`Only ${gigabytes} GB are free where ${folder} is; n8n needs about 4 GB while it installs. ` +
			'Free some, or set ENTRA_PBX_SYNC_CACHE to a folder on another disk.',
	);
}

async function runNpm(folder, title, args) {
	const log = path.join(path.dirname(folder), 'install.log');
	const { code, output } = await runStep({
		title,
		command: 'npm',
		args,
		cwd: folder,
		env: npmEnvironment(),
		log,
		watch: folder,
	});
	if (code === 0) return;
	const lastWords = output.trim().split('\n').slice(-15).join('\n');
	throw new SetupStopped(`${lastWords}\n\n${adviceFor(output, folder)}\n(Everything: ${log})`);
}

/**
 * Our own environment without what `npm run` put there about the project, and with the headers
 * of this machine's Node where it has them, so that building SQLite needs no download of its own.
 */
function npmEnvironment() {
	const inherited = Object.entries(process.env).filter(
		([name]) => !/^npm_(lifecycle|package|config_local_prefix)/i.test(name),
	);
	const env = Object.fromEntries(inherited);
	const prefix = path.dirname(path.dirname(realpathSync(process.execPath)));
	if (existsSync(path.join(prefix, 'include', 'node', 'node.h'))) env.npm_config_nodedir ??= prefix;
	return env;
}

function say(text) {
	process.stderr.write(`${text}\n`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
	try {
		console.log(JSON.stringify(await ensureN8n(process.argv[2])));
	} catch (cause) {
		if (!(cause instanceof SetupStopped)) throw cause;
		say(`\n${cause.message}`);
		process.exitCode = 1;
	}
}
