/**
 * The licence of every package in the lock file. What is bundled is looked at more closely by the
 * build (gulpfile.js); these are tools that are run and not handed on, so copyleft-free is not asked,
 * only that somebody has looked at it.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { ROOT } from '../../set-up.mjs';

const GOOD = new Set([
	...['MIT', 'ISC', '0BSD', 'BSD-2-Clause', 'BSD-3-Clause', 'Apache-2.0', 'BlueOak-1.0.0'],
	...['Unlicense', 'CC0-1.0', 'Python-2.0', 'CC-BY-4.0'],
]);

/** Looked at, with what was found. A pattern is matched against the package's name. */
const LOOKED_AT = [
	[/^(n8n-|@n8n\/|@n8n_io\/)/, 'n8n itself, under its Sustainable Use License: run in tests only'],
	[/^(ssh2|cpu-features|buildcheck)$/, 'MIT by their LICENSE files, the manifests do not say so'],
];

/** Gives 0 when each is known. */
export function checkLicences() {
	const lock = JSON.parse(readFileSync(path.join(ROOT, 'package-lock.json'), 'utf8'));
	const unknown = Object.entries(lock.packages)
		.map(([folder, { name, license }]) => [name ?? folder.split('node_modules/').at(-1), license])
		.filter(([name]) => name !== lock.name && name !== '')
		.filter(([, license]) => !isGood(license))
		.filter(([name]) => !LOOKED_AT.some(([pattern]) => pattern.test(name)));
	for (const [name, license = 'none named'] of unknown)
		console.error(`${name}: ${license}. Look at it, then name it in test/check/licences.mjs.`);
	const unused = LOOKED_AT.filter(
		([pattern]) =>
			!Object.keys(lock.packages).some((folder) =>
				pattern.test(folder.split('node_modules/').at(-1)),
			),
	);
	for (const [pattern] of unused) console.error(`No package fits ${pattern} any more.`);
	return unknown.length + unused.length;
}

/** `MIT OR CC0-1.0` is good when one is, `MIT AND Apache-2.0` when both are. */
function isGood(license = '') {
	const bare = license.replace(/[()]/g, '');
	return bare
		.split(' OR ')
		.some((choice) => choice.split(' AND ').every((each) => GOOD.has(each.trim())));
}
