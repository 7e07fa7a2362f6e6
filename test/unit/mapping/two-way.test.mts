/** Which rows may flow back, and what Field Mapper says of those that do. */
import type { FieldDefinition } from '../../../sync/contact.ts';
import { compileMapping } from '../../../sync/mapping.ts';
import type { MappingRow, MappingSettings } from '../../../sync/mapping-row.ts';
import { activeUser, mapWith, rowFrom, textField } from './users.mts';

const mobile: FieldDefinition = { name: 'mobile', displayName: 'Mobile', type: 'phone' };
const email: FieldDefinition = { ...textField('email'), type: 'email', ignoreCase: true };
const fields = [
	textField('number', { required: true }),
	textField('jobTitle'),
	textField('login', { createOnly: true }),
	mobile,
	email,
];
const settings: MappingSettings = {
	defaultCountry: 'DE',
	writable: new Map(
		['jobTitle', 'mobilePhone', 'businessPhones', 'extensionAttribute1'].map((name) => [
			name,
			{ required: false },
		]),
	),
};

const both = (attribute: string, more: Parameters<typeof rowFrom>[1] = {}) =>
	rowFrom(attribute, { direction: 'both', ...more });

function refusals(...rows: MappingRow[]): string[] {
	const compiled = compileMapping(rows, fields, settings);
	return compiled.ok ? [] : compiled.problems.map(({ code }) => code);
}

describe('a row in both directions', () => {
	it('is a plain copy, a phone number in any form, or text whose capitals do not matter', () => {
		const lower = { transforms: [{ kind: 'toLower' }] } as const;
		expect(refusals(both('jobTitle'))).toEqual([]);
		for (const format of ['e164', 'national', 'digits'] as const) {
			const row = both('mobilePhone', { field: 'mobile', transforms: [{ kind: 'phone', format }] });
			expect(refusals(row)).toEqual([]);
		}
		expect(refusals(both('extensionAttribute1', { field: 'email', ...lower }))).toEqual([]);
		expect(refusals(both('jobTitle', lower))).toEqual(['mapping.backSteps']);
	});

	it.each<[string, MappingRow, string]>([
		[
			'put together from several attributes',
			both('jobTitle', { source: { kind: 'template', template: '{jobTitle} ({city})' } }),
			'mapping.backSource',
		],
		['for an attribute nobody writes', both('mail', { field: 'email' }), 'mapping.backAttribute'],
		[
			'cut short on its way',
			both('jobTitle', { transforms: [{ kind: 'left', length: 5 }] }),
			'mapping.backSteps',
		],
		['only for new accounts', both('jobTitle', { when: 'create' }), 'mapping.backCreateOnly'],
		['for a field that is fixed', both('jobTitle', { field: 'login' }), 'mapping.backCreateOnly'],
		['for the number', both('extensionAttribute1', { field: 'number' }), 'mapping.backNumber'],
		['that rejects who is empty', both('jobTitle', { whenEmpty: 'reject' }), 'mapping.backEmpty'],
	])('is refused when it is %s', (_, row, code) => {
		expect(refusals(row)).toEqual([code]);
	});

	it('may not share its attribute with another row that writes', () => {
		const other = rowFrom('jobTitle', { field: 'mobile', direction: 'toDirectory' });
		expect(refusals(both('jobTitle'), other)).toEqual(['mapping.attributeTwice']);
	});

	it('says what the directory has, in its own form and in that of the phone system', () => {
		const row = both('mobilePhone', {
			field: 'mobile',
			transforms: [{ kind: 'phone', format: 'e164' }],
			wins: 'hold',
		});
		const user = activeUser({ mobilePhone: '0171 1234567', usageLocation: 'DE' });
		expect(mapWith([row], fields, user, settings)).toMatchObject({
			contact: { mobile: '+491711234567' },
			twoWay: {
				mobile: {
					direction: 'both',
					attribute: 'mobilePhone',
					wins: 'hold',
					directory: '0171 1234567',
					wish: '+491711234567',
					back: { kind: 'phone', country: 'DE' },
				},
			},
		});
	});

	it('stays out of it where the value was not read or cannot be read', () => {
		const row = both('mobilePhone', {
			field: 'mobile',
			transforms: [{ kind: 'phone', format: 'e164' }],
		});
		for (const attributes of [{}, { mobilePhone: '12' }]) {
			expect(mapWith([row], fields, activeUser(attributes), settings)).toMatchObject({
				contact: {},
				twoWay: {},
			});
		}
	});

	it.each([
		['comes from an on-premises directory', { onPremisesSyncEnabled: true, jobTitle: 'Boss' }],
		['has several values where one can be written', { jobTitle: ['Boss', 'Clerk'] }],
	])('flows to the phone system only, and says so, for a user who %s', (_, attributes) => {
		const mapped = mapWith([both('jobTitle')], fields, activeUser(attributes), settings);
		expect(mapped).toMatchObject({
			twoWay: { jobTitle: { fixed: expect.any(String) } },
			decisions: [expect.stringContaining('JobTitle does not flow to the directory')],
		});
	});
});

describe('a row to the directory', () => {
	it('may write the number a user got, in a form of its own', () => {
		const row = rowFrom('businessPhones', {
			field: 'number',
			direction: 'toDirectory',
			writeAs: '+49 30 1234{value}',
		});
		const user = activeUser({ businessPhones: [] });
		expect(mapWith([row], fields, user, settings)).toMatchObject({
			contact: {},
			twoWay: { number: { direction: 'toDirectory', writeAs: '+49 30 1234{value}' } },
		});
	});

	it('may not run in a circle with the row that fills the same field', () => {
		const row = rowFrom('jobTitle', { direction: 'toDirectory' });
		expect(refusals(rowFrom('jobTitle'), row)).toEqual(['mapping.circle']);
	});
});
