import { merge } from '../../../sync/merge.ts';

describe('A field of several values', () => {
	const fields = [
		{ name: 'lists', displayName: 'Lists', type: 'text', unordered: true },
		{ name: 'tags', displayName: 'Tags', type: 'text' },
	] as const;
	const changed = (lists: string | null, current: string | null) =>
		merge({ contact: { lists }, current: { lists: current }, fields, createOnly: [] });

	it('is the same in any order, and however it is spaced', () => {
		expect(changed('Sales;Support ;Sales', 'Sales; Support')).toEqual({});
		expect(changed(' ; ', null)).toEqual({});
	});

	it('is written in one order', () => {
		expect(changed('Support; Sales', 'Sales')).toEqual({
			lists: { from: 'Sales', to: 'Sales; Support' },
		});
		expect(changed(null, 'Sales')).toEqual({ lists: { from: 'Sales', to: null } });
	});

	it('is not what other fields are', () => {
		const contact = { tags: 'b; a' };
		expect(merge({ contact, current: null, fields, createOnly: [] })).toEqual({
			tags: { from: null, to: 'b; a' },
		});
	});
});
