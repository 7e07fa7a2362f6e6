/** Every example in docs/mapping.md, run as the panel would run it. */
import { readFileSync } from 'node:fs';
import { rowsParameter } from '../../../nodes/FieldMapper/rows.ts';
import { stepParameters } from '../../../nodes/FieldMapper/step-parameters.ts';
import { STANDARD_FIELDS } from '../../../sync/contact.ts';
import type { FieldDefinition } from '../../../sync/contact.ts';
import { compileMapping } from '../../../sync/mapping.ts';
import { describeRow } from '../../../sync/mapping-row.ts';
import { recommendedMapping } from '../../../sync/recommended.ts';
import { tableBelow } from '../page.mts';
import { activeUser, mapWith, textField } from './users.mts';

const page = readFileSync('docs/mapping.md', 'utf8');
const field = textField('anything');

const examples = (heading: string) => tableBelow(page, heading);

function outcomeOf(row: object, user: object, onInvalid = 'reject'): string {
	const rows = rowsParameter.parse([
		{ field: 'anything', options: { onInvalid, whenEmpty: 'clear' }, ...row },
	]);
	const result = mapWith(rows, [field], activeUser(user));
	if (!result.ok) return `refused: ${result.problems[0]?.code.replace('mapping.', '') ?? ''}`;
	const value = result.contact['anything'];
	return value === null ? 'empty' : String(value);
}

const kindNamed = new Map(
	(stepParameters.options ?? [])
		.flatMap((option) => ('values' in option ? option.values : []))
		.filter(({ name }) => name === 'kind')
		.flatMap(({ options = [] }) => options)
		.flatMap((option) => ('value' in option ? [[option.name, option.value] as const] : [])),
);

describe('docs/mapping.md', () => {
	it('shows the recommended mapping as it is', () => {
		const fields = Object.entries(STANDARD_FIELDS).map(
			([name, displayName]): FieldDefinition => ({ name, displayName, type: 'text' }),
		);
		expect(examples('The recommended mapping')).toEqual(
			recommendedMapping(fields).map((row) => ({
				field: row.field,
				row: describeRow(row, fields),
			})),
		);
	});

	const sources = { Attribute: 'attribute', 'First Non-Empty Of': 'firstOf', Template: 'template' };
	it.each(examples('Where a value comes from'))(
		'takes $becomes from $setting and $user',
		({ 'value from': from = '', setting = '', user = '', becomes }) => {
			const source = new Map(Object.entries(sources)).get(from) ?? 'constant';
			const row = { source, ...(JSON.parse(setting) as object) };
			expect(outcomeOf(row, JSON.parse(user) as object)).toBe(becomes);
		},
	);

	it('has an example of every step there is', () => {
		const shown = new Set(examples('Steps').map(({ step }) => step));
		expect([...shown].sort()).toEqual([...kindNamed.keys()].sort());
	});

	it.each(examples('Steps'))(
		'$step with $setting makes $becomes of $value',
		({ step = '', setting, value = '', becomes }) => {
			const parameters = { kind: kindNamed.get(step), ...(JSON.parse(setting || '{}') as object) };
			const row = { attribute: 'city', steps: { step: [parameters] } };
			expect(outcomeOf(row, { city: value, usageLocation: 'DE' })).toBe(becomes);
		},
	);

	it.each(examples('Phone numbers'))(
		'reads $in the directory of a user in $country as $becomes',
		({ 'in the directory': typed, country, becomes }) => {
			const steps = { step: [{ kind: 'phone', format: 'e164' }] };
			const user = { mobilePhone: typed, usageLocation: country || null };
			expect(outcomeOf({ attribute: 'mobilePhone', steps }, user)).toBe(becomes);
		},
	);

	it.each(examples('When there is nothing, or nothing that fits'))(
		'with $row option, $value of `mobilePhone` means: $field',
		({ 'row option': option = '', 'value of `mobilePhone`': value = '', field: expected }) => {
			const [row] = rowsParameter.parse([
				{
					field: 'mobile',
					attribute: 'mobilePhone',
					steps: { step: [{ kind: 'phone' }] },
					options: JSON.parse(option) as object,
				},
			]);
			const user = value === 'not read' ? {} : { mobilePhone: value === 'empty' ? null : value };
			const compiled = compileMapping(
				row ? [row] : [],
				[{ name: 'mobile', displayName: 'Mobile', type: 'phone' }],
				{ defaultCountry: null },
			);
			if (!compiled.ok) throw new Error('The row of the page cannot be used');
			const result = compiled.mapping.map(activeUser(user));
			const outcome = !result.ok
				? 'user rejected'
				: result.contact['mobile'] === null
					? 'cleared'
					: (result.contact['mobile'] ?? 'left as it is');
			expect(outcome).toBe(expected);
		},
	);
});
