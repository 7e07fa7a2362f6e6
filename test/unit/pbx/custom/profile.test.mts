import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { customRest } from '../../../../pbx/custom/adapter.ts';
import { linkIn } from '../../../../pbx/custom/paging.ts';
import { parsePath, readPath, writePath } from '../../../../pbx/custom/path.ts';
import { parseProfile } from '../../../../pbx/custom/profile.ts';
import { fillPath, fillValue } from '../../../../pbx/custom/template.ts';
import { laidOver } from '../../../../pbx/custom/wire.ts';

const SMALLEST = {
	list: { path: '/people' },
	update: { path: '/people/{id}' },
	account: { id: 'id' },
	fields: { email: 'mail' },
};
const faultsOf = (changes: object) => {
	const parsed = parseProfile(laidOver(SMALLEST, changes));
	return parsed.ok ? [] : parsed.faults;
};

describe('a profile', () => {
	it('needs a list, an update, an id and fields, and nothing else', () => {
		expect(faultsOf({})).toEqual([]);
		for (const part of Object.keys(SMALLEST)) {
			expect(faultsOf({ [part]: null })).toEqual([expect.stringContaining(`${part}: `)]);
		}
	});

	it.each([
		[{ list: { paging: { kind: 'pages' } } }, 'list.paging.kind: '],
		[{ list: { path: 'https://elsewhere.example/people' } }, 'list.path: '],
		[{ list: { path: '//elsewhere.example' } }, 'list.path: '],
		[{ list: { path: '/people/../admin' } }, 'list.path: '],
		[{ account: { id: 'a..b' } }, 'account.id: '],
		[{ account: { id: '__proto__.x' } }, 'account.id: '],
		[{ fields: { shoeSize: 'shoe' } }, 'fields.shoeSize: There is no such field.'],
		[{ fields: { number: 'ext' } }, 'fields.number: The extension number belongs'],
		[{ list: { complete: false } }, "get: It is needed, because 'list.complete' is false."],
		[{ disable: { path: '/off' } }, "enable: 'enable' and 'disable' belong together."],
		[{ answers: { retry: [{}] } }, 'answers.retry.0: It needs one of'],
		[{ answers: { retry: [{ matches: '(' }] } }, 'answers.retry.0.matches: It is no regular'],
		[{ answers: { success: [{ equals: [0] }] } }, "answers.success.0: 'equals' needs a 'path'"],
		[{ lists: {} }, "The profile: Unrecognized key(s) in object: 'lists'"],
	])('says where %j is not usable', (changes, begin) => {
		expect(faultsOf(changes)).toContainEqual(expect.stringContaining(begin));
	});

	it('comes with the package in files that are all usable', () => {
		const folder = 'pbx/custom/profiles';
		const files = readdirSync(folder);
		expect(files.length).toBeGreaterThan(1);
		for (const file of [...files.map((name) => `${folder}/${name}`), 'sandbox/rest/profile.json']) {
			const parsed = parseProfile(JSON.parse(readFileSync(file, 'utf8')));
			expect(parsed.ok ? [] : parsed.faults).toEqual([]);
		}
	});

	it('decides what the phone system can do', () => {
		const abilities = (profile: object) =>
			customRest.forCredential?.({ baseUrl: 'https://pbx.example', profile })?.capabilities;
		expect(abilities(SMALLEST)).toMatchObject({
			numbers: 'none',
			disable: 'none',
			canCreate: false,
			canDelete: false,
			hasExternalId: false,
		});
		const more = {
			create: { path: '/people' },
			delete: { path: '/people/{id}' },
			account: {
				number: { path: 'ext', required: false },
				enabled: { path: 'on', kind: 'lockOut' },
			},
		};
		expect(abilities(laidOver(SMALLEST, more) as object)).toMatchObject({
			numbers: 'optional',
			disable: 'emulated',
			canCreate: true,
			canDelete: true,
		});
	});
});

describe('a path into JSON', () => {
	const segment = fc.oneof(
		fc.constantFrom('a', 'b', 'list', 'x-y').map((name) => ({ text: `.${name}` })),
		fc.constantFrom('urn:x:2.0', 'with space', 'a.b[c]').map((name) => ({ text: `["${name}"]` })),
		fc.constantFrom('work', 'mobile').map((type) => ({ text: `.many[type=${type}].value` })),
	);
	const path = fc.array(segment, { minLength: 1, maxLength: 4 }).map((all) =>
		all
			.map(({ text }) => text)
			.join('')
			.replace(/^\./, ''),
	);
	const value = fc.oneof(fc.string({ minLength: 1 }), fc.integer(), fc.boolean());

	it('reads what it wrote, and leaves what it was given as it was', () => {
		fc.assert(
			fc.property(path, fc.object(), value, (text, before, written) => {
				const steps = parsePath(text) ?? [];
				const kept = structuredClone(before);
				const after = writePath(before, steps, written);
				expect(readPath(after, steps)).toEqual(written);
				expect(before).toEqual(kept);
				expect(readPath(writePath(after, steps, undefined), steps)).toBeUndefined();
			}),
		);
	});

	it('keeps the other entries of a list, and what else an entry says', () => {
		const before = {
			emails: [
				{ type: 'home', value: 'h' },
				{ type: 'Work', value: 'old', primary: true },
			],
		};
		const steps = parsePath('emails[type=work].value') ?? [];
		expect(writePath(before, steps, 'new')).toEqual({
			emails: [
				{ type: 'home', value: 'h' },
				{ type: 'work', value: 'new', primary: true },
			].map((entry, index) => (index === 1 ? { ...entry, type: 'Work' } : entry)),
		});
		expect(writePath({}, steps, 'new')).toEqual({ emails: [{ type: 'work', value: 'new' }] });
	});

	it.each(['.a', 'a.', 'a..b', 'a[', 'a[]', 'a["', 'constructor', 'a.prototype.b'])(
		'is not %s',
		(text) => {
			expect(parsePath(text)).toBeNull();
		},
	);
});

describe('a template', () => {
	it('leaves out what has no value, and makes a number only when asked to', () => {
		const template = { id: '{id|number}', text: '{id}', none: '{email}', both: 'x-{id}-{email}' };
		expect(fillValue(template, { id: '42' })).toEqual({ id: 42, text: '42', both: 'x-42-' });
	});

	it('does not let a value lead to another place', () => {
		const encode = (value: string) => encodeURIComponent(value);
		expect(fillPath('/people/{id}', { id: 'a/b?c#d' }, encode)).toBe('/people/a%2Fb%3Fc%23d');
	});
});

describe('the Link header', () => {
	it.each([
		['<https://x.example/p?page=2>; rel="next"', 'https://x.example/p?page=2'],
		['</p?a=1,2>; rel=prev, </p?a=3,4>; title="x"; rel="last next"', '/p?a=3,4'],
		['</p>; rel="nextish"', null],
		[undefined, null],
	])('%s', (header, next) => {
		expect(linkIn(header)).toBe(next);
	});
});

describe('docs/custom-rest.md and docs/connect-lynes.md', () => {
	const blocks = (file: string) =>
		[...readFileSync(file, 'utf8').matchAll(/```json\n([^]*?)```/g)].map(([, text = '']) =>
			JSON.parse(text.trim().startsWith('{') ? text : `{${text}}`),
		);

	it('show profiles and parts of profiles that are usable', () => {
		const [smallest, ...parts] = blocks('docs/custom-rest.md');
		expect(parts.length).toBeGreaterThan(1);
		for (const part of [{}, ...parts]) {
			const parsed = parseProfile(laidOver(smallest, part));
			expect(parsed.ok ? [] : parsed.faults).toEqual([]);
		}
		const [changes] = blocks('docs/connect-lynes.md');
		const lynes = JSON.parse(readFileSync('pbx/custom/profiles/lynes.json', 'utf8'));
		const parsed = parseProfile(laidOver(lynes, changes));
		expect(parsed.ok ? [] : parsed.faults).toEqual([]);
	});
});
