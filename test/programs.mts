/** Programs of the system that some tests need: found in the path, or installed where that is possible. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Where a program is. */
export function which(program: string): string | undefined {
	const folders = (process.env['PATH'] ?? '').split(delimiter);
	return folders.map((folder) => join(folder, program)).find((path) => existsSync(path));
}

/** Installs a Debian package as root, which takes minutes and is said on stderr; elsewhere nothing. */
export function aptInstall(name: string): void {
	if (process.getuid?.() !== 0 || which('apt-get') === undefined) return;
	process.stderr.write(`Installing ${name} with apt-get (a minute or two, only once) ...\n`);
	const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
	for (const args of [['update'], ['install', '--yes', '--no-install-recommends', name]]) {
		spawnSync('apt-get', ['--quiet', ...args], { env, stdio: ['ignore', 2, 2] });
	}
}
