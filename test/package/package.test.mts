/** What a user installs: loaded from dist/ the way n8n loads it. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import examples from 'libphonenumber-js/examples.mobile.json';
import type { CountryCode } from 'libphonenumber-js/max';
import { getCountries, getExampleNumber } from 'libphonenumber-js/max';
import type { ICredentialType, INodeProperties, INodeType } from 'n8n-workflow';
import { formatPhone, readPhone } from '../../sync/phone.ts';

const ROOT = process.cwd();
const manifest = JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8')) as {
	name: string;
	dependencies?: Record<string, string>;
	n8n: { nodes: string[]; credentials: string[] };
};

const LICENCES = 'THIRD_PARTY_LICENSES.txt';

/** Everything that may be in the package, by kind. */
const PACKED = [
	/^(package\.json|README\.md|LICENSE\.md)$/,
	/^dist\/(credentials|nodes|entra|sync|pbx|http)\/([\w-]+\/)*[\w.-]+\.js$/,
	/^dist\/(credentials|nodes|icons)\/([\w-]+\/)*[\w.-]+\.svg$/,
	/^dist\/nodes\/\w+\/\w+\.node\.json$/,
	/^dist\/nodes\/\w+\/__schema__\/v[\d.]+\/(\w+\/)*\w+\.json$/,
	/^dist\/nodes\/\w+\/__schema__\/v[\d.]+\.json$/,
	/^dist\/vendor\/([\w-]+\.js|THIRD_PARTY_LICENSES\.txt)$/,
	/^dist\/pbx\/custom\/profiles\/[\w-]+\.json$/,
	/^dist\/workflows\/[\w-]+\.json$/,
];

const is = (name: string) => (file: string) => file === `vendor/${name}`;
const isOtherLibrary = (file: string) =>
	file.startsWith('vendor') && !is('libphonenumber.js')(file) && !is('msal-node.js')(file);

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

	it('costs n8n little when it starts: no library but zod is loaded before something runs', () => {
		const loadAll = `
			for (const file of process.argv.slice(1))
				for (const Type of Object.values(require(file))) new Type();
			console.log(JSON.stringify(Object.keys(require.cache)));
		`;
		const files = [...manifest.n8n.nodes, ...manifest.n8n.credentials].map((file) =>
			path.join(ROOT, file),
		);
		const { stdout, stderr } = spawnSync(process.execPath, ['-e', loadAll, ...files], {
			cwd: ROOT,
			encoding: 'utf8',
		});
		expect(stderr).toBe('');
		const dist = path.join(ROOT, 'dist');
		const loaded = (JSON.parse(stdout) as string[])
			.filter((file) => file.startsWith(dist))
			.map((file) => path.relative(dist, file).split(path.sep).join('/'));
		expect(loaded.filter((file) => file.startsWith('vendor/'))).toEqual(['vendor/zod.js']);
		for (const file of ['sync/plan.js', 'sync/phone.js', 'entra/graph.js', 'nodes/host/http.js'])
			expect(loaded).not.toContain(file);
	});

	it('takes what it makes from the module, not from the function that loads it', () => {
		const texts = filesBelow(path.join(ROOT, 'dist'))
			.filter((file) => file.endsWith('.js') && !file.includes(`${path.sep}vendor${path.sep}`))
			.map((file) => readFileSync(file, 'utf8'));
		expect(texts.filter((text) => /\bnew \(\w+_\d+\(\)\.\w+\)/.test(text)).length).toBeGreaterThan(
			5,
		);
		expect(texts.filter((text) => /\bnew \w+_\d+\(/.test(text))).toEqual([]);
	});

	it('names an existing file wherever it loads one of its own', () => {
		for (const file of filesBelow(path.join(ROOT, 'dist')).filter((each) => each.endsWith('.js')))
			for (const [, name = ''] of readFileSync(file, 'utf8').matchAll(/\brequire\("(\.[^"]+)"\)/g))
				expect([
					file,
					name,
					existsSync(require.resolve(path.join(path.dirname(file), name))),
				]).toEqual([file, name, true]);
	});

	it('reads the numbers of every country as its sources do, though it bundles another build', () => {
		const file = path.join(ROOT, 'dist', 'sync', 'phone.js');
		const shipped = jest.requireActual<{ readPhone: typeof readPhone }>(file).readPhone;
		const written = (country: CountryCode) => {
			const example = getExampleNumber(country, examples);
			return [
				example?.number ?? '',
				example?.formatNational() ?? '',
				example?.number.slice(0, -2) ?? '',
			];
		};
		const seen = (read: typeof readPhone) =>
			getCountries().flatMap((country) =>
				written(country).map((text) => {
					const reading = read(text, country);
					return reading.kind === 'number'
						? [reading.number.number, formatPhone(reading.number, 'national', country)]
						: reading;
				}),
			);
		expect(seen(shipped)).toEqual(seen(readPhone));
		expect(seen(shipped).filter(Array.isArray).length).toBeGreaterThan(400);
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
		expect(names.filter((name) => !PACKED.some((kind) => kind.test(name)))).toEqual([]);
	});

	it('names the licence of every library it bundles, by its text', () => {
		const texts = readFileSync(path.join(ROOT, 'dist', 'vendor', LICENCES), 'utf8').split(
			`\n\n${'-'.repeat(80)}\n\n`,
		);
		for (const text of texts) expect(text).toMatch(/^\S+ \d+\.\d+\.\d+ \([A-Z0-9.-]+\)\n\n/i);
		const named = texts.map((text) => text.split(' ')[0]);
		expect(named).toEqual(
			expect.arrayContaining([
				'@azure/msal-node',
				'@microsoft/microsoft-graph-client',
				'libphonenumber-js',
				'luxon',
				'zod',
			]),
		);
	});

	it.each([
		['what we wrote', (file: string) => !file.startsWith('vendor'), 1_500_000],
		['the telephone numbers of the world', is('libphonenumber.js'), 600_000],
		['managed identities', is('msal-node.js'), 750_000],
		['the other libraries', isOtherLibrary, 1_000_000],
	])('needs little space for %s', (_, counts, budget) => {
		const dist = path.join(ROOT, 'dist');
		const bytes = filesBelow(dist)
			.filter((file) => counts(path.relative(dist, file).split(path.sep).join('/')))
			.reduce((sum, file) => sum + statSync(file).size, 0);
		expect(bytes).toBeGreaterThan(0);
		expect(bytes).toBeLessThan(budget);
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
