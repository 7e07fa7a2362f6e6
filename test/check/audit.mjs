/**
 * `npm audit`: what is known about the packages in the lock file. Said, and counted only where it
 * concerns what is shipped: a registry may not offer audits, and tools are run on our machines alone.
 */
import { spawnSync } from 'node:child_process';
import { ROOT } from '../../set-up.mjs';

/** Bundled into the package (docs/decisions/0002-dependencies.md). */
const SHIPPED = new Set([
	...['@azure/msal-node', '@azure/msal-common', '@microsoft/microsoft-graph-client'],
	...['csv-parse', 'csv-stringify', 'libphonenumber-js', 'luxon', 'zod'],
]);

/** Gives the number of known weaknesses in what is shipped. */
export function audit() {
	const { stdout } = spawnSync('npm', ['audit', '--json', '--fetch-retries=0'], {
		cwd: ROOT,
		encoding: 'utf8',
		maxBuffer: 100_000_000,
		shell: process.platform === 'win32',
		timeout: 60_000,
	});
	const { vulnerabilities, message } = parsed(stdout);
	if (vulnerabilities === undefined) {
		console.log(
			`     npm audit was not answered (${message.split(' - ')[0]}), so it says nothing here.`,
		);
		return 0;
	}
	const names = Object.keys(vulnerabilities);
	const shipped = names.filter((name) => SHIPPED.has(name));
	const tools = names.filter((name) => !SHIPPED.has(name));
	if (tools.length > 0)
		console.log(`     npm audit, of tools only we run: ${tools.sort().join(', ')}`);
	for (const name of shipped)
		console.error(`${name} is shipped, and npm audit says: ${vulnerabilities[name].severity}`);
	return shipped.length;
}

function parsed(text) {
	try {
		return { message: 'no reason given', ...JSON.parse(text) };
	} catch {
		return { message: 'no answer' };
	}
}
