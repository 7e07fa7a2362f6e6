/** What the pages for users promise names its tests, and those tests are there. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(__dirname, '..', '..');
const PAGES = ['README.md', 'docs/safety.md', 'docs/security.md'];

/** Of the table rows of a page: every path into `test/`, with the names in quotes after it. */
function namedIn(page: string): ReadonlyArray<{ readonly path: string; readonly names: string[] }> {
	const rows = readFileSync(join(ROOT, page), 'utf8')
		.split('\n')
		.filter((line) => line.startsWith('|'));
	const named: Array<{ path: string; names: string[] }> = [];
	for (const row of rows) {
		for (const [, path, name] of row.matchAll(/`(test\/[^`]+)`|"([^"|]+)"/g)) {
			if (path !== undefined) named.push({ path, names: [] });
			else if (row.includes('`test/')) named.at(-1)?.names.push(name ?? '');
		}
	}
	return named;
}

it.each(PAGES)('every test %s names exists, under the name it says', (page) => {
	const named = namedIn(page);
	expect(named.length).toBeGreaterThan(5);
	for (const { path, names } of named) {
		expect({ path, exists: existsSync(join(ROOT, path)) }).toEqual({ path, exists: true });
		const text = names.length > 0 ? readFileSync(join(ROOT, path), 'utf8') : '';
		for (const name of names) {
			expect({ path, name, isThere: text.includes(name) }).toEqual({ path, name, isThere: true });
		}
	}
});

it('the README names a test for every promise it makes', () => {
	const readme = readFileSync(join(ROOT, 'README.md'), 'utf8');
	const [, table = ''] = readme.split('## What is promised, and which test tries to break it');
	const promises = (table.split('\n## ')[0] ?? '')
		.split('\n')
		.filter((line) => /^\| [A-Z]/.test(line));
	expect(promises.length).toBeGreaterThanOrEqual(11);
	for (const promise of promises) expect(promise).toMatch(/`test\/[^`]+` "[^"]+"/);
});
