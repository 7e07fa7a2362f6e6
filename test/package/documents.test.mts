/** What the documents say about the project is so. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import { SYSTEMS } from '../../pbx/systems.ts';

const ROOT = process.cwd();
const text = (file: string) => readFileSync(path.join(ROOT, file), 'utf8');
const manifest = JSON.parse(text('package.json')) as {
	scripts: Record<string, string>;
	devDependencies: Record<string, string>;
};

/** Every page for people, but for the changelog, which tells of what was. */
const PAGES = [
	...['README.md', 'CONTRIBUTING.md', 'SECURITY.md', 'docs/decisions', 'docs', 'workflows'],
	...['demo/README.md', 'sandbox/README.md'],
].flatMap((name) =>
	name.endsWith('.md')
		? [name]
		: readdirSync(path.join(ROOT, name))
				.filter((file) => file.endsWith('.md'))
				.map((file) => `${name}/${file}`),
);

describe('the picture of the rooms in docs/architecture.md', () => {
	const picture = /```mermaid\n([^]*?)```/.exec(text('docs/architecture.md'))?.[1] ?? '';

	it('has exactly the arrows that the check allows', () => {
		const drawn = [...picture.matchAll(/^\s*([\w-]+) --> (.+)$/gm)].flatMap(
			([, from = '', to = '']) => to.split(' & ').map((room) => `${from} -> ${room.trim()}`),
		);
		expect(drawn.filter((arrow) => !arrow.startsWith('test ')).sort()).toEqual(allowed().sort());
		expect(drawn).toContain('test -> everything[everything]');
	});

	it('has every room of the repository that holds code', () => {
		const rooms = readdirSync(ROOT, { withFileTypes: true })
			.filter((entry) => entry.isDirectory() && holdsCode(entry.name))
			.map(({ name }) => name);
		expect(rooms.length).toBeGreaterThan(7);
		for (const room of rooms) expect(picture).toMatch(new RegExp(`\\b${room}\\b`));
	});

	/** From the rules dependency-cruiser goes by. */
	function allowed(): string[] {
		const { forbidden } = jest.requireActual<{
			forbidden: { name: string; comment?: string; from: { path?: string } }[];
		}>(path.join(ROOT, '.dependency-cruiser.cjs'));
		return forbidden.flatMap(({ name, comment = '' }) => {
			const [, room = '', rooms = ''] = /^(\w+)\/ may use ([\w, ]+);/.exec(comment) ?? [];
			if (!name.includes('-uses-only-') || rooms === 'no other room') return [];
			return rooms.split(', ').map((other) => `${room} -> ${other}`);
		});
	}

	function holdsCode(folder: string): boolean {
		if (['node_modules', 'dist'].includes(folder) || folder.startsWith('.')) return false;
		return readdirSync(path.join(ROOT, folder), { recursive: true, encoding: 'utf8' }).some(
			(file) => /\.m?ts$/.test(file),
		);
	}
});

describe.each(PAGES)('%s', (page) => {
	const said = text(page);

	it('names only files that are there', () => {
		const named = [
			...said.matchAll(
				/`((?:test|nodes|credentials|entra|sync|pbx|http|demo|sandbox|workflows)\/[\w./-]+)`/g,
			),
		].map(([, file = '']) => file.replace(/\/$/, ''));
		const wanted = named.filter((file) => !file.includes('X.Y.Z'));
		expect(wanted.filter((file) => !existsSync(path.join(ROOT, file)))).toEqual([]);
	});

	it('leads only to pages that are there', () => {
		const links = [...said.matchAll(/\]\((?!https?:|mailto:|#)([^)\s#]+)/g)].map(
			([, to = '']) => to,
		);
		const from = path.dirname(path.join(ROOT, page));
		expect(links.filter((to) => !existsSync(path.resolve(from, to)))).toEqual([]);
	});

	it('names only commands that are there', () => {
		const named = [...said.matchAll(/npm run ([\w:]+)/g)].map(([, script = '']) => script);
		expect(named.filter((script) => !(script in manifest.scripts))).toEqual([]);
	});
});

describe('docs/security.md', () => {
	it('has a test for every threat', () => {
		const [, table = ''] = text('docs/security.md').split('| threat ');
		const rows = table
			.split('\n')
			.slice(2)
			.filter((line) => line.startsWith('|'));
		expect(rows.length).toBeGreaterThan(8);
		for (const row of rows) expect(row).toMatch(/`(test\/|npm run check|\.ci)/);
	});
});

describe('docs/decisions/0002-dependencies.md', () => {
	it('tells of every dependency and its version', () => {
		const said = text('docs/decisions/0002-dependencies.md');
		const missing = Object.entries(manifest.devDependencies)
			.filter(([name, version]) => !said.includes(`| \`${name}\``) || !said.includes(version))
			.map(([name, version]) => `${name} ${version}`);
		expect(missing).toEqual([]);
	});
});

describe('what is pinned', () => {
	it('is pinned to one version each', () => {
		for (const version of Object.values(manifest.devDependencies)) {
			expect(version).toMatch(/^\d+\.\d+\.\d+$/);
		}
	});
});

describe('the form for something unexpected', () => {
	it('offers every phone system there is', () => {
		const form = parse(text('.github/ISSUE_TEMPLATE/not-as-expected.yml')) as {
			body: { id?: string; attributes: { options?: string[] } }[];
		};
		const offered = form.body.find(({ id }) => id === 'system')?.attributes.options ?? [];
		const missing = SYSTEMS.filter(
			({ displayName }) => !offered.some((each) => displayName.startsWith(each)),
		).map(({ displayName }) => displayName);
		expect(missing).toEqual([]);
	});
});
