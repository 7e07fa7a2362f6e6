/** What a user installs: loaded from dist/ the way n8n loads it. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import type { ICredentialType, INodeProperties, INodeType } from 'n8n-workflow';

const ROOT = process.cwd();
const manifest = JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8')) as {
	name: string;
	dependencies?: Record<string, string>;
	n8n: { nodes: string[]; credentials: string[] };
};

/** The loader takes the class name from the file name, up to the first dot. */
function load<T>(file: string): T {
	const className = path.basename(file).split('.')[0] ?? '';
	const loaded = jest.requireActual<Record<string, new () => T>>(path.join(ROOT, file));
	const Loaded = loaded[className];
	if (!Loaded) throw new Error(`${file} has no class ${className}`);
	return new Loaded();
}

function filesBelow(folder: string): string[] {
	return readdirSync(folder).flatMap((name) => {
		const file = path.join(folder, name);
		return statSync(file).isDirectory() ? filesBelow(file) : [file];
	});
}

function iconsOf({ icon }: { icon?: unknown }): string[] {
	const icons = typeof icon === 'object' && icon !== null ? Object.values(icon) : [icon];
	return icons.map((name) => String(name).replace(/^file:/, ''));
}

describe('the package', () => {
	it('lists every node and every credential type there is', () => {
		const built = (room: string, ending: string) =>
			filesBelow(path.join(ROOT, 'dist', room))
				.filter((file) => file.endsWith(ending))
				.map((file) => path.relative(ROOT, file).split(path.sep).join('/'))
				.sort();
		expect([...manifest.n8n.nodes].sort()).toEqual(built('nodes', '.node.js'));
		expect([...manifest.n8n.credentials].sort()).toEqual(built('credentials', '.credentials.js'));
	});

	it('has no run-time dependencies and imports only itself and what n8n provides', () => {
		expect(manifest.dependencies ?? {}).toEqual({});
		const ours = filesBelow(path.join(ROOT, 'dist')).filter(
			(file) => file.endsWith('.js') && !file.includes(`${path.sep}vendor${path.sep}`),
		);
		const imported = ours.flatMap((file) =>
			[...readFileSync(file, 'utf8').matchAll(/\brequire\(["']([^"']+)["']\)/g)].map(
				([, name = '']) => name,
			),
		);
		const foreign = imported.filter(
			(name) => !name.startsWith('.') && !['n8n-workflow', 'crypto', 'node:crypto'].includes(name),
		);
		expect(ours.length).toBeGreaterThan(10);
		expect(foreign).toEqual([]);
	});

	it('packs what n8n needs, with the licences of what it bundles, and nothing else', () => {
		const packed = spawnSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
			cwd: ROOT,
			encoding: 'utf8',
		});
		const parsed = JSON.parse(packed.stdout) as unknown;
		// npm 11 answers with a list, newer ones with an object by package name.
		const [{ files }] = Object.values(parsed as object) as [{ files: { path: string }[] }];
		const names = files.map((file) => file.path);
		expect(names).toContain('dist/vendor/THIRD_PARTY_LICENSES.txt');
		expect(names).toContain('dist/workflows/sync-users-to-phone-system.json');
		expect(
			names.filter((name) => /sandbox|demo|\btest|\.mts|\.map$|\.tsbuildinfo$/.test(name)),
		).toEqual([]);
	});

	it('needs little space for what it bundles', () => {
		const bytes = filesBelow(path.join(ROOT, 'dist')).reduce(
			(sum, file) => sum + statSync(file).size,
			0,
		);
		expect(bytes).toBeLessThan(3_000_000);
	});
});

describe.each(manifest.n8n.nodes)('%s', (file) => {
	const { description } = load<INodeType>(file);
	const folder = path.join(ROOT, path.dirname(file));

	it('has its icons, its search words and a preview of its output', () => {
		for (const icon of iconsOf(description)) expect(existsSync(path.join(folder, icon))).toBe(true);
		const codex = JSON.parse(readFileSync(path.join(ROOT, `${file}on`), 'utf8')) as {
			alias?: string[];
			resources?: object;
		};
		expect(codex.alias?.length).toBeGreaterThan(2);
		expect(codex.resources).toBeDefined();
		expect(existsSync(path.join(folder, '__schema__'))).toBe(true);
	});

	it('refers in its display rules only to parameters it has', () => {
		const known = new Set(description.properties.map(({ name }) => name));
		for (const property of description.properties)
			for (const name of conditionsOf(property))
				if (!name.startsWith('@') && !name.startsWith('/')) expect(known).toContain(name);
	});

	it('uses only credential types of this package', () => {
		const ours = manifest.n8n.credentials.map(
			(credential) => load<ICredentialType>(credential).name,
		);
		for (const { name } of description.credentials ?? []) expect(ours).toContain(name);
	});
});

function conditionsOf(property: INodeProperties): string[] {
	const { show = {}, hide = {} } = property.displayOptions ?? {};
	return [...Object.keys(show), ...Object.keys(hide)];
}

describe.each(manifest.n8n.credentials)('%s', (file) => {
	const credential = load<ICredentialType>(file);

	it('has its icon, a Test and hides what is secret', () => {
		for (const icon of iconsOf(credential))
			expect(existsSync(path.join(ROOT, path.dirname(file), icon))).toBe(true);
		expect(credential.test).toBeDefined();
		for (const property of credential.properties)
			if (/secret|token|password/i.test(property.name) && property.type === 'string')
				expect(property.typeOptions?.password).toBe(true);
	});
});
