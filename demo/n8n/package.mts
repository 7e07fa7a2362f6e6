/** The package as its users get it: packed by npm, unpacked where n8n looks for community nodes. */
import { execFile } from 'node:child_process';
import { chmod, mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';

const run = promisify(execFile);
const packed = z.array(z.object({ filename: z.string() })).length(1);
const manifest = z.object({ name: z.string(), version: z.string() });

/** Packs the project at `root` into `folder` and gives the path of the tarball. `dist` must exist. */
export async function packProject(root: string, folder: string): Promise<string> {
	const { stdout } = await run(
		'npm',
		['pack', '--json', '--ignore-scripts', '--pack-destination', folder],
		{ cwd: root, shell: process.platform === 'win32' },
	);
	const [file] = packed.parse(JSON.parse(stdout));
	return join(folder, file?.filename ?? '');
}

/**
 * Unpacks `tarball` below `nodesFolder` (`<user folder>/.n8n/nodes`), as n8n's own installer does.
 * Only there do node types carry the package's name, which is what templates refer to.
 */
export async function installPackage(tarball: string, nodesFolder: string): Promise<void> {
	const { stdout } = await run('tar', ['-xzOf', tarball, 'package/package.json']);
	const { name, version } = manifest.parse(JSON.parse(stdout));
	const folder = join(nodesFolder, 'node_modules', name);
	await mkdir(folder, { recursive: true });
	await run('tar', ['-xzf', tarball, '-C', folder, '--strip-components=1']);
	await list(nodesFolder, name, version);
}

/** Puts a link to the project at `root` in the same place, for whoever works on it. */
export async function linkProject(root: string, nodesFolder: string): Promise<void> {
	const text = await readFile(join(root, 'package.json'), 'utf8');
	const { name, version } = manifest.parse(JSON.parse(text));
	await mkdir(join(nodesFolder, 'node_modules'), { recursive: true });
	await symlink(root, join(nodesFolder, 'node_modules', name), 'junction');
	await list(nodesFolder, name, version);
}

async function list(nodesFolder: string, name: string, version: string): Promise<void> {
	const installed = { name: 'installed-nodes', private: true, dependencies: { [name]: version } };
	await writeFile(join(nodesFolder, 'package.json'), JSON.stringify(installed));
}

/**
 * Makes an `npm` in `folder` that knows one published package, `tarball`, and leaves everything else
 * to the real npm. With it first in the path, n8n's own Community Nodes page installs what nobody
 * has published yet. Gives what to type there, `name@version`. Not for Windows.
 */
export async function pretendPublished(tarball: string, folder: string): Promise<string> {
	const { stdout } = await run('tar', ['-xzOf', tarball, 'package/package.json']);
	const { name, version } = manifest.parse(JSON.parse(stdout));
	const real = (await run('which', ['npm'])).stdout.trim();
	const script = `#!/bin/sh
case "$1 $2" in
"view ${name}@"*) echo '"${version}"' ;;
"pack ${name}@"*) cp '${tarball}' . && echo '${basename(tarball)}' ;;
*) exec '${real}' "$@" ;;
esac
`;
	await mkdir(folder, { recursive: true });
	await writeFile(join(folder, 'npm'), script);
	await chmod(join(folder, 'npm'), 0o755);
	return `${name}@${version}`;
}
