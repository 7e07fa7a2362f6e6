/** Rows that only report: somebody's change on the phone system stays, and is told. */
import { compileMapping } from '../../../sync/mapping.ts';
import type { ContactItem } from '../../../sync/item.ts';
import type { MappingRow } from '../../../sync/mapping-row.ts';
import { plan } from '../../../sync/plan.ts';
import { extension, FIELDS, inputOf, person } from './world.mts';

const ROW = { transforms: [], onInvalid: 'leave', whenEmpty: 'leave', direction: 'toPbx' } as const;
const rows: MappingRow[] = [
	{ ...ROW, field: 'email', source: { kind: 'attribute', attribute: 'mail' }, when: 'always' },
	{ ...ROW, field: 'mobile', source: { kind: 'constant', value: '+4670' }, when: 'report' },
];

function mapped(id: string): ContactItem {
	const user = person(id);
	const compiled = compileMapping(rows, FIELDS, { defaultCountry: null });
	if (!compiled.ok) throw new Error(compiled.problems[0]?.what);
	const result = compiled.mapping.map(user.user);
	if (!result.ok) throw new Error(result.problems[0]?.what);
	const { contact, createOnly, reportOnly = [] } = result;
	return { ...user, contact, createOnly, reportOnly };
}

const like = (number: string, id: string, mobile: string | null) =>
	extension(number, { fields: { email: `${id}@example.com`, mobile } });

describe('A field whose differences are only reported', () => {
	it('is given to a new account', () => {
		const { changes } = plan(inputOf({ users: [mapped('ada')] }));
		expect(changes[0]?.change).toMatchObject({ pbx: { mobile: { from: null, to: '+4670' } } });
	});

	it('is left as somebody set it, and told with number and both values', () => {
		const users = [mapped('ada'), mapped('bob'), mapped('cy')];
		const extensions = [
			like('203', 'cy', null),
			like('202', 'bob', '+4670'),
			like('201', 'ada', '+49'),
		];
		const { changes, summary } = plan(inputOf({ users, extensions, links: null }));
		expect(changes).toEqual([]);
		const notes = summary.notes.filter(({ code }) => code === 'field.drift');
		expect(notes).toHaveLength(1);
		expect(notes[0]).toMatchObject({
			what: '2 extensions have another Mobile than the directory says.',
			field: 'Mobile',
		});
		expect(notes[0]?.why).toContain('201: "+49" instead of "+4670"; 203: "" instead of "+4670"');
	});

	it('says nothing where both agree', () => {
		const world = { users: [mapped('ada')], extensions: [like('201', 'ada', '+4670')] };
		const { summary } = plan(inputOf(world));
		expect(summary.notes.map(({ code }) => code)).not.toContain('field.drift');
	});
});
