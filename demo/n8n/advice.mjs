/** Turns what npm printed into what to do about it. */
import { spawnSync } from 'node:child_process';

/** An end with a reason a person can act on; its message is shown as it is, without a stack. */
export class SetupStopped extends Error {
	name = 'SetupStopped';
}

const KNOWN = [
	{
		sign: /ENOSPC|no space left on device/i,
		advice: (folder) =>
			`The disk is full. Free about 4 GB where ${folder} is, or set ENTRA_PBX_SYNC_CACHE to a folder on another disk.`,
	},
	{
		sign: /E40[13]\b|EINVALIDAUTH|ENEEDAUTH/,
		advice: () =>
			'The npm registry refused the request. Look at the registry and its sign-in in your .npmrc: npm config get registry',
	},
	{
		sign: /E404\b|ETARGET|EINTEGRITY/,
		advice: () =>
			'The npm registry does not have one of the packages, or has another one under its name. Back to the public registry: npm config delete registry',
	},
	{
		sign: /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ERR_SOCKET_TIMEOUT|EIDLETIMEOUT|ENETUNREACH|UNABLE_TO_GET_ISSUER|SELF_SIGNED/,
		advice: () =>
			'The npm registry cannot be reached. Check the network and, behind a proxy, "npm config set proxy http://..." ("npm ping" tells whether it works), then run this again.',
	},
	{
		sign: /EACCES|EPERM/,
		advice: (folder) =>
			`There is no right to write. Make ${folder} writable, or set ENTRA_PBX_SYNC_CACHE to a folder of your own.`,
	},
];

/** One sentence of advice for what npm printed while filling `folder`. */
export function adviceFor(output, folder) {
	const known = KNOWN.find(({ sign }) => sign.test(output));
	if (known !== undefined) return known.advice(folder);
	if (/gyp ERR|node-gyp/.test(output)) return compilerAdvice();
	return 'npm did not finish, see its words above.';
}

/** n8n keeps its data in SQLite, whose binding is built here when no ready-made one can be had. */
function compilerAdvice() {
	const missing = ['python3', 'make', 'g++'].filter(
		(tool) => spawnSync(tool, ['--version'], { stdio: 'ignore' }).error !== undefined,
	);
	const need =
		missing.length > 0 ? `${missing.join(', ')} not found` : 'the compiler gave up, see above';
	return `SQLite for n8n could not be built (${need}). On Debian or Ubuntu: apt-get install python3 make g++`;
}
