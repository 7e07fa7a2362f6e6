/**
 * n8n's own scanner of community packages (`@n8n/scan-community-package`), which n8n runs on what is
 * published. Both of its legs, before publishing: the repository, and the packed tarball.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { ROOT } from '../../set-up.mjs';
import { EXCEPTIONS } from './scanner-exceptions.mjs';

const PUBLISHED = ['**/*.js', 'package.json'];

/** Gives 0 when the repository passes. Without exceptions: these are files of ours. */
export async function scanSource() {
	const { analyzePackage, SOURCE_FILE_PATTERNS } = await scanner();
	return judge(findingsIn(await analyzePackage(ROOT, SOURCE_FILE_PATTERNS), ROOT), []);
}

/** Gives 0 when what `npm pack` packs passes, but for the exceptions. `dist` must have been built. */
export async function scanPackage() {
	const folder = mkdtempSync(path.join(tmpdir(), 'entra-pbx-sync-scan-'));
	try {
		const home = unpacked(folder);
		const { analyzePackage } = await scanner();
		const findings = findingsIn(await analyzePackage(home, PUBLISHED), home);
		return judge(findings, EXCEPTIONS);
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
}

/** Only there once the project's dependencies are. */
const scanner = () => import('@n8n/scan-community-package/scanner/scanner.mjs');

function unpacked(folder) {
	const npm = spawnSync(
		'npm',
		['pack', '--silent', '--ignore-scripts', '--pack-destination', folder],
		{ cwd: ROOT, encoding: 'utf8', shell: process.platform === 'win32' },
	);
	const tarball = path.join(folder, npm.stdout.trim().split('\n').at(-1) ?? '');
	const tar = spawnSync('tar', ['-xzf', tarball, '-C', folder], { stdio: 'inherit' });
	const home = path.join(folder, 'package');
	if (npm.status !== 0 || tar.status !== 0 || !existsSync(path.join(home, 'dist')))
		throw new Error(`The package could not be packed. Is it built?\n${npm.stderr}`);
	return home;
}

/** The scanner answers with a text for people: a file's path, then its findings, rule last. */
function findingsIn({ passed, message, details = '' }, home) {
	const findings = [];
	let file = '';
	for (const line of stripVTControlCharacters(details).split('\n')) {
		if (line.startsWith(home)) file = path.relative(home, line).split(path.sep).join('/');
		const [, where, said, rule] = /^\s+(\d+:\d+)\s+error\s+(.*?)\s{2,}(\S+)$/.exec(line) ?? [];
		if (rule !== undefined) findings.push({ file, rule, said: `${file}:${where} ${said}` });
	}
	if (!passed && findings.length === 0) throw new Error(`The scanner stopped: ${message}`);
	return findings;
}

function judge(findings, exceptions) {
	const covers = (exception) => (finding) =>
		exception.file === finding.file && exception.rule === finding.rule;
	const fresh = findings.filter((finding) => !exceptions.some((each) => covers(each)(finding)));
	const idle = exceptions.filter((exception) => !findings.some(covers(exception)));
	for (const { said, rule } of fresh) console.log(`${said} (${rule})`);
	for (const { file, rule } of idle)
		console.log(`${file} no longer breaks ${rule}: remove it from scanner-exceptions.mjs.`);
	return fresh.length + idle.length;
}
