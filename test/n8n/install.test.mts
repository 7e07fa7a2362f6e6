/** How the real n8n gets into its cache folder, with an npm that only pretends. */
import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

const INSTALL = join(__dirname, '..', '..', 'demo', 'n8n', 'install.mjs');

/** Answers `--version`, lays out what a real install would leave, and notes every call. */
const PRETENDED_NPM = `#!/usr/bin/env node
const fs = require('node:fs');
const step = process.argv[2];
if (step === '--version') return console.log(process.env.NPM_VERSION ?? '11.0.0');
fs.appendFileSync(process.env.NPM_CALLS, step + '\\n');
if (process.env.NPM_SAYS && step === (process.env.NPM_STOPS_AT ?? 'ci')) {
	console.error(process.env.NPM_SAYS);
	process.exit(1);
}
const put = (file, text) => {
	fs.mkdirSync(require('node:path').dirname(file), { recursive: true });
	fs.writeFileSync(file, text);
};
if (step === 'ci') {
	Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, Number(process.env.NPM_TAKES ?? 0));
	put('node_modules/n8n/bin/n8n', 'console.log("2.41.1")');
	put('node_modules/express/index.js', '');
} else {
	put('node_modules/sqlite3/index.js', 'exports.Database = class { constructor(_, done) { setImmediate(done); } }');
	fs.mkdirSync('node_modules/node/bin', { recursive: true });
	fs.symlinkSync(process.execPath, 'node_modules/node/bin/node');
}
`;

let folder: string;
let cache: string;

beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), 'entra-pbx-sync-install-'));
	cache = join(folder, 'cache');
	mkdirSync(join(folder, 'bin'));
	writeFileSync(join(folder, 'bin', 'npm'), PRETENDED_NPM);
	chmodSync(join(folder, 'bin', 'npm'), 0o755);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function environment(extra: Record<string, string> = {}) {
	return {
		...process.env,
		PATH: `${join(folder, 'bin')}${delimiter}${process.env['PATH'] ?? ''}`,
		ENTRA_PBX_SYNC_CACHE: cache,
		NPM_CALLS: join(folder, 'calls'),
		...extra,
	};
}

function install(extra?: Record<string, string>) {
	const env = environment(extra);
	const { status, stdout, stderr } = spawnSync(process.execPath, [INSTALL], {
		env,
		encoding: 'utf8',
	});
	return { status, stdout, stderr };
}

function startInstall(extra?: Record<string, string>) {
	const child = spawn(process.execPath, [INSTALL], { env: environment(extra) });
	let stderr = '';
	child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
	return new Promise<{ status: number | null; stderr: string }>((resolve) =>
		child.once('close', (status) => resolve({ status, stderr })),
	);
}

function npmCalls(): string[] {
	const file = join(folder, 'calls');
	return existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : [];
}

/** Where the install landed. */
function hostFolder(): string {
	const name = readdirSync(cache).find((each) => /^n8n-[0-9a-f]{16}$/.test(each));
	if (name === undefined) throw new Error('Nothing was installed.');
	return join(cache, name);
}

const ONE_INSTALL = ['ci', 'rebuild'];

describe('installing a real n8n', () => {
	it('says where it is, and the second time does nothing', () => {
		const first = install();
		expect(first).toMatchObject({ status: 0 });
		expect(JSON.parse(first.stdout)).toMatchObject({
			folder: hostFolder(),
			cli: join(hostFolder(), 'node_modules', 'n8n', 'bin', 'n8n'),
		});
		expect(npmCalls()).toEqual(ONE_INSTALL);

		const second = install();
		expect(second).toEqual({ status: 0, stdout: first.stdout, stderr: '' });
		expect(npmCalls()).toEqual(ONE_INSTALL);
	});

	it.each([
		['an install that was cut off', 'complete.json'],
		['a package that someone removed', 'node_modules/express'],
		['a database binding that is gone', 'node_modules/sqlite3/index.js'],
		['a Node that is gone', 'node_modules/node/bin/node'],
	])('notices %s and does it again', (_, missing) => {
		install();
		rmSync(join(hostFolder(), missing), { recursive: true });
		expect(install()).toMatchObject({ status: 0 });
		expect(npmCalls()).toEqual([...ONE_INSTALL, ...ONE_INSTALL]);
		expect(existsSync(join(hostFolder(), missing))).toBe(true);
	});

	it('lets one of two processes install while the other waits', async () => {
		const ends = await Promise.all([
			startInstall({ NPM_TAKES: '1500' }),
			startInstall({ NPM_TAKES: '1500' }),
		]);
		expect(ends.map(({ status }) => status)).toEqual([0, 0]);
		expect(npmCalls()).toEqual(ONE_INSTALL);
		expect(ends.filter(({ stderr }) => stderr.includes('waiting for it'))).toHaveLength(1);
	});

	it('takes over the lock of a process that died', () => {
		const dead = spawnSync(process.execPath, ['-e', '0']).pid;
		install();
		const lock = `${hostFolder()}.lock`;
		rmSync(join(hostFolder(), 'complete.json'));
		mkdirSync(lock);
		writeFileSync(join(lock, 'owner'), String(dead));
		expect(install()).toMatchObject({ status: 0 });
		expect(readdirSync(cache).filter((name) => name.includes('.lock'))).toEqual([]);
	});

	it.each([
		['no network', 'npm error code ENOTFOUND', 'cannot be reached'],
		['a full disk', 'npm error code ENOSPC', 'disk is full'],
		['a registry that wants a sign-in', 'npm error code E401', 'refused'],
		['a registry without a package', 'npm error code E404', 'does not have'],
		['no right to write', 'npm error code EACCES', 'no right to write'],
	])('says what to do about %s', (_, words, advice) => {
		const { status, stdout, stderr } = install({ NPM_SAYS: words });
		expect(status).toBe(1);
		expect(stdout).toBe('');
		expect(stderr).toContain(words);
		expect(stderr).toContain(advice);
		expect(stderr).not.toContain('    at ');
	});

	it('names the packages to install when SQLite cannot be built', () => {
		const { stderr } = install({ NPM_SAYS: 'gyp ERR! find Python', NPM_STOPS_AT: 'rebuild' });
		expect(stderr).toContain('apt-get install python3 make g++');
	});

	it('asks for a newer npm when this one cannot read the lock file', () => {
		const { status, stderr } = install({ NPM_VERSION: '6.14.18' });
		expect(status).toBe(1);
		expect(stderr).toContain('npm 6.14.18 is too old');
		expect(npmCalls()).toEqual([]);
	});

	it('starts over after an install that did not finish', () => {
		expect(install({ NPM_SAYS: 'npm error code ENOTFOUND' }).status).toBe(1);
		expect(install().status).toBe(0);
		expect(npmCalls()).toEqual(['ci', ...ONE_INSTALL]);
	});
});
