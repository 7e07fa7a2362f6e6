import { STANDARD_FIELDS } from '../../../sync/contact.ts';
import type { FieldDefinition } from '../../../sync/contact.ts';
import { compileMapping } from '../../../sync/mapping.ts';
import { missingForNewAccounts } from '../../../sync/mapping-review.ts';
import { recommendedMapping } from '../../../sync/recommended.ts';
import { activeUser, compile, mapWith, rowFrom, textField } from './users.mts';

const department = textField('department');
const mail: FieldDefinition = { name: 'email', displayName: 'Email Address', type: 'email' };
const mailRow = rowFrom('mail', { field: 'email', whenEmpty: 'reject', onInvalid: 'reject' });

describe('a mapping', () => {
	it('says nothing about a field without a row', () => {
		const result = mapWith(
			[rowFrom('department')],
			[department, mail],
			activeUser({ mail: 'a@b.c' }),
		);
		expect(result).toEqual({ ok: true, contact: {}, createOnly: [], decisions: [] });
	});

	it('says nothing about an attribute that was not read, even where empty ones are cleared', () => {
		const rows = [rowFrom('department', { whenEmpty: 'clear' })];
		const cleared = mapWith(rows, [department], activeUser({ department: null }));
		const unknown = mapWith(rows, [department], activeUser());
		expect(cleared).toMatchObject({ contact: { department: null } });
		expect(unknown).toMatchObject({
			contact: {},
			decisions: [expect.stringContaining('department was not read')],
		});
	});

	it('takes blank text for empty', () => {
		const rows = [rowFrom('department', { whenEmpty: 'clear' })];
		expect(mapWith(rows, [department], activeUser({ department: ' \t ' }))).toMatchObject({
			contact: { department: null },
		});
	});

	it('lets no line break, control character or outer space through', () => {
		const result = mapWith(
			[rowFrom('department')],
			[department],
			activeUser({ department: ' Sales\r\nNorth\u0000 ' }),
		);
		expect(result).toMatchObject({ contact: { department: 'Sales North' } });
	});

	it('keeps digits as text, zeros in front included', () => {
		const number: FieldDefinition = { name: 'number', displayName: 'Number', type: 'digits' };
		const rows = [rowFrom('employeeId', { field: 'number' })];
		expect(mapWith(rows, [number], activeUser({ employeeId: '0042' }))).toMatchObject({
			contact: { number: '0042' },
		});
	});

	it('leaves a value alone that the field does not take, and says why', () => {
		const short = textField('department', { maxLength: 5 });
		const result = mapWith([rowFrom('department')], [short], activeUser({ department: 'Support' }));
		expect(result).toMatchObject({
			ok: true,
			contact: {},
			decisions: [
				expect.stringMatching(/^Department left as it is: "Support" has 7 characters, 5/),
			],
		});
	});

	it('counts characters as people do', () => {
		const short = textField('department', { maxLength: 3 });
		expect(
			mapWith([rowFrom('department')], [short], activeUser({ department: '😀😀😀' })),
		).toMatchObject({ contact: { department: '😀😀😀' } });
	});

	it('gives all reasons at once when it rejects', () => {
		const last = textField('lastName', { required: true, displayName: 'Last Name' });
		const rows = [mailRow, rowFrom('surname', { field: 'lastName' })];
		const user = activeUser({ mail: 'anna at contoso', surname: null });
		expect(mapWith(rows, [mail, last], user)).toMatchObject({
			ok: false,
			problems: [
				{
					code: 'mapping.notMail',
					field: 'Email Address',
					why: expect.stringContaining('anna at'),
				},
				{ code: 'mapping.empty', field: 'Last Name', fix: expect.stringContaining('surname') },
			],
		});
	});

	it('rejects nobody for want of a number: the Allocator finds one', () => {
		const number = textField('number', { type: 'digits', required: true });
		const rows = [rowFrom('employeeId', { field: 'number' })];
		expect(mapWith(rows, [number], activeUser({ employeeId: null }))).toMatchObject({ ok: true });
	});

	it("never takes a guest's made-up address for mail", () => {
		const guest = activeUser({
			mail: null,
			userPrincipalName: 'anna_fabrikam.com#EXT#@contoso.onmicrosoft.com',
		});
		const row = {
			...mailRow,
			source: { kind: 'firstOf', attributes: ['mail', 'userPrincipalName'] },
		};
		expect(mapWith([row as typeof mailRow], [mail], guest)).toMatchObject({
			ok: false,
			problems: [{ code: 'mapping.empty' }],
		});
	});

	it('names the fields that are for new accounts only', () => {
		const rows = [rowFrom('department', { when: 'create' })];
		expect(mapWith(rows, [department], activeUser({ department: 'Sales' }))).toMatchObject({
			contact: { department: 'Sales' },
			createOnly: ['department'],
		});
	});

	it('takes no notice of rows that only flow to the directory', () => {
		const rows = [rowFrom('department', { direction: 'toDirectory' })];
		expect(mapWith(rows, [department], activeUser({ department: 'Sales' }))).toMatchObject({
			contact: {},
		});
	});

	it('reads phone numbers in the country of the user, else in the default country', () => {
		const phone: FieldDefinition = { name: 'mobile', displayName: 'Mobile', type: 'phone' };
		const rows = [
			rowFrom('mobilePhone', { field: 'mobile', transforms: [{ kind: 'phone', format: 'e164' }] }),
		];
		const settings = { defaultCountry: 'DE' };
		const read = (usageLocation: string | null) =>
			mapWith(rows, [phone], activeUser({ mobilePhone: '0791 234 567', usageLocation }), settings);
		expect(read('CH')).toMatchObject({ contact: {} });
		expect(read(null)).toMatchObject({ contact: { mobile: '+49791234567' } });
		expect(read('Atlantis')).toMatchObject({ contact: {} });
	});

	it('shows every step of a row', () => {
		const mapping = compile(
			[rowFrom('department', { transforms: [{ kind: 'trim' }, { kind: 'toUpper' }] })],
			[department],
		);
		expect(mapping.trace(activeUser({ department: ' it  ops ' }))).toEqual([
			{
				row: 'Department ← department · trim · upper case',
				from: ' it  ops ',
				through: [
					{ step: 'trim', value: 'it ops' },
					{ step: 'upper case', value: 'IT OPS' },
				],
				to: 'IT OPS',
			},
		]);
	});
});

describe('the rows themselves', () => {
	const codes = (...args: Parameters<typeof compileMapping>) => {
		const compiled = compileMapping(...args);
		return compiled.ok ? [] : compiled.problems.map(({ code }) => code);
	};
	const with_ = (more: Parameters<typeof rowFrom>[1]) =>
		codes([rowFrom('department', more)], [department], { defaultCountry: null });

	it.each([
		['an unknown field', { field: 'shoeSize' }, 'mapping.unknownField'],
		['no attribute', { source: { kind: 'attribute', attribute: '' } }, 'mapping.attribute'],
		['an empty list', { source: { kind: 'firstOf', attributes: [] } }, 'mapping.noAttribute'],
		[
			'a template without braces',
			{ source: { kind: 'template', template: 'x' } },
			'mapping.noAttribute',
		],
		[
			'half a brace',
			{ source: { kind: 'template', template: '{city} {surname' } },
			'mapping.braces',
		],
		['an empty text', { source: { kind: 'constant', value: ' ' } }, 'mapping.noText'],
		['an empty table', { transforms: [{ kind: 'switch', cases: [] }] }, 'mapping.switch'],
		['no characters', { transforms: [{ kind: 'left', length: 0 }] }, 'mapping.left'],
		[
			'nothing to find',
			{ transforms: [{ kind: 'replace', find: '', with: 'x' }] },
			'mapping.replace',
		],
		['no date format', { transforms: [{ kind: 'formatDate', format: '' }] }, 'mapping.formatDate'],
	] as [string, Parameters<typeof rowFrom>[1], string][])(
		'are refused with %s',
		(_, more, code) => {
			expect(with_(more)).toEqual([code]);
		},
	);

	it('are refused when two fill one field, when there are none, and when the country is none', () => {
		const row = rowFrom('department');
		expect(codes([row, row], [department], { defaultCountry: null })).toEqual(['mapping.twice']);
		expect(codes([], [department], { defaultCountry: 'Germany' })).toEqual([
			'mapping.noRows',
			'mapping.country',
		]);
	});

	it('tell which fields new accounts lack, the number apart', () => {
		const fields = [
			textField('number', { required: true }),
			textField('lastName', { required: true }),
			department,
		];
		expect(missingForNewAccounts([rowFrom('department')], fields)).toEqual([fields[1]]);
	});
});

describe('the recommended mapping', () => {
	it('can be used untouched with any of the standard fields', () => {
		const fields = Object.entries(STANDARD_FIELDS).map(([name, displayName]) =>
			textField(name, { displayName }),
		);
		for (const field of fields.filter(({ name }) => name !== 'number')) {
			const rows = recommendedMapping([field]);
			expect(rows).toHaveLength(1);
			expect(compileMapping(rows, [field], { defaultCountry: null }).ok).toBe(true);
		}
		expect(recommendedMapping([textField('number'), textField('shoeSize')])).toEqual([]);
	});
});
