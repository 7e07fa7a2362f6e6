/** Whatever is in the directory and whatever the rows say. */
import fc from 'fast-check';
import type { FieldDefinition } from '../../sync/contact.ts';
import type { User } from '../../sync/item.ts';
import type { MappingRow } from '../../sync/mapping-row.ts';
import { compileMapping } from '../../sync/mapping.ts';
import type { Source } from '../../sync/source.ts';
import type { Transform } from '../../sync/transform.ts';
import { holds } from './holds.mts';

const FIELDS: readonly FieldDefinition[] = [
	{ name: 'number', displayName: 'Extension Number', type: 'digits', maxLength: 7 },
	{ name: 'lastName', displayName: 'Last Name', type: 'text', required: true, maxLength: 20 },
	{ name: 'email', displayName: 'Email', type: 'email' },
	{ name: 'mobile', displayName: 'Mobile', type: 'phone' },
];
const ATTRIBUTES = ['surname', 'mail', 'mobilePhone', 'businessPhones', 'extensionAttribute1'];

const attribute = fc.constantFrom(...ATTRIBUTES);
const value = fc.oneof(
	fc.string({ unit: 'binary' }),
	fc.constantFrom(
		'',
		' ',
		'anna@contoso.com',
		'030 1234567',
		'+49 (0)30 1234567',
		'105',
		'2026-01-31',
	),
	fc.constantFrom(null, 42, true),
	fc.array(fc.string(), { maxLength: 2 }),
);
const user: fc.Arbitrary<User> = fc.record(
	{
		id: fc.constant('1'),
		status: fc.constant('active' as const),
		usageLocation: fc.constantFrom('DE', 'US', null),
		...Object.fromEntries(ATTRIBUTES.map((name) => [name, value])),
	},
	{ requiredKeys: ['id', 'status'] },
);
const source: fc.Arbitrary<Source> = fc.oneof(
	attribute.map((name) => ({ kind: 'attribute' as const, attribute: name })),
	fc
		.array(attribute, { minLength: 1, maxLength: 3 })
		.map((attributes) => ({ kind: 'firstOf' as const, attributes })),
	fc
		.tuple(attribute, attribute, fc.constantFrom(' ', ', ', ' - ', ' ('))
		.map(([a, b, between]) => ({ kind: 'template' as const, template: `{${a}}${between}{${b}}` })),
);
const transform = fc.constantFrom<Transform>(
	{ kind: 'trim' },
	{ kind: 'toLower' },
	{ kind: 'pCase' },
	{ kind: 'normalizeDiacritics' },
	{ kind: 'replace', find: '0', with: '$&' },
	{ kind: 'left', length: 5 },
	{ kind: 'phone', format: 'e164' },
	{ kind: 'phone', format: 'national' },
	{ kind: 'extension', lastDigits: 3 },
	{ kind: 'switch', cases: [{ from: '105', to: '205' }] },
	{ kind: 'formatDate', format: 'dd.MM.yyyy' },
);
const row = (field: string): fc.Arbitrary<MappingRow> =>
	fc.record({
		field: fc.constant(field),
		source,
		transforms: fc.array(transform, { maxLength: 3 }),
		whenEmpty: fc.constantFrom('leave', 'clear', 'reject'),
		onInvalid: fc.constantFrom('leave', 'reject', 'raw'),
		when: fc.constantFrom('always', 'create'),
		direction: fc.constant('toPbx'),
	});
const rows = fc
	.subarray(
		FIELDS.map(({ name }) => name),
		{ minLength: 1 },
	)
	.chain((names) => fc.tuple(...names.map(row)));

function compiled(from: readonly MappingRow[]) {
	const result = compileMapping(from, FIELDS, { defaultCountry: 'DE' });
	if (!result.ok) throw new Error(result.problems.map(({ why }) => why).join(' '));
	return result.mapping;
}

describe('a contact', () => {
	holds(
		'holds only mapped fields, and only values these fields take',
		fc.property(rows, user, (mapping, person) => {
			const result = compiled(mapping).map(person);
			if (!result.ok) return expect(result.problems.length).toBeGreaterThan(0);
			for (const [name, held] of Object.entries(result.contact)) {
				const field = FIELDS.find((known) => known.name === name);
				expect(mapping.map((each) => each.field)).toContain(name);
				if (held === null) continue;
				expect(held).toBe(held.trim());
				expect(held).not.toMatch(/[\p{Cc}]/u);
				expect([...held].length).toBeLessThanOrEqual(field?.maxLength ?? Infinity);
				if (field?.type === 'digits') expect(held).toMatch(/^\d+$/);
				if (field?.type === 'email') expect(held).toMatch(/^[^@\s]+@[^@\s]+\.[^@\s]+$/);
			}
		}),
	);

	holds(
		'never goes without a field the phone system needs, once that field is mapped',
		fc.property(row('lastName'), user, (mapping, person) => {
			const result = compiled([mapping]).map(person);
			if (result.ok) expect(result.contact['lastName']).toBeTruthy();
		}),
	);

	holds(
		'never clears a field because of attributes that were not read',
		fc.property(rows, (mapping) => {
			const result = compiled(mapping).map({ id: '1', status: 'active' });
			if (result.ok) expect(result.contact).toEqual({});
		}),
	);

	holds(
		'is the same whatever the order of the rows',
		fc.property(rows, user, (mapping, person) => {
			const [there, back] = [compiled(mapping), compiled([...mapping].reverse())];
			const [one, other] = [there.map(person), back.map(person)];
			expect(other.ok).toBe(one.ok);
			if (one.ok && other.ok) expect(other.contact).toEqual(one.contact);
		}),
	);

	holds(
		'is what the shown steps end in',
		fc.property(rows, user, (mapping, person) => {
			const result = compiled(mapping).map(person);
			if (!result.ok) return;
			const shown = compiled(mapping).trace(person);
			expect(shown.map(({ to }) => to)).toEqual(mapping.map(({ field }) => result.contact[field]));
		}),
	);
});
