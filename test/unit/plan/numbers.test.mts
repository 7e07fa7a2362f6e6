import { inRanges, NumberPool, parseRanges, subtract } from '../../../sync/numbers.ts';
import { plan } from '../../../sync/plan.ts';
import { extension, inputOf, person, type World } from './world.mts';

const range = (text: string) => parseRanges(text, 'Ranges');
const pool = (text: string, blocked = '') => new NumberPool('Test', range(text), range(blocked), 7);

function given(text: string, blocked = '', inUse: string[] = []): string[] {
	const supply = pool(text, blocked);
	const taken = new Set(inUse);
	const numbers: string[] = [];
	for (let next = supply.next(taken); next !== null; next = supply.next(taken)) {
		numbers.push(next);
		taken.add(next);
	}
	return numbers;
}

describe('Ranges of numbers', () => {
	it('are given in the order they are written', () => {
		expect(given('400-401, 200 ; 300–301')).toEqual(['400', '401', '200', '300', '301']);
	});

	it('keep leading zeros and tell 0200 from 200', () => {
		expect(given('0200-0202')).toEqual(['0200', '0201', '0202']);
		expect(inRanges(range('0200-0299'), '200')).toBe(false);
	});

	it('go on with more digits where they run out', () => {
		expect(given('98-101')).toEqual(['98', '99', '100', '101']);
	});

	it('give each number once where they overlap', () => {
		expect(given('200-202, 201-203')).toEqual(['200', '201', '202', '203']);
	});

	it('leave out what is reserved, in use or dialled for help', () => {
		expect(given('200-205', '201, 203-204', ['200'])).toEqual(['202', '205']);
		expect(given('910-913')).toEqual(['910', '912', '913']);
	});

	it('leave out what is too long for the phone system', () => {
		expect(new NumberPool('Test', range('99999999'), [], 7).next(new Set())).toBeNull();
	});

	it('know how many are left', () => {
		const supply = pool('200-299', '250-259');
		expect(supply.free(new Set())).toBe(90);
		expect(supply.free(new Set(['200', '255', '700']))).toBe(89);
	});

	it.each(['2oo', '300-200', '-5', '0200-02001', '200--300', '1234567890123456'])(
		'cannot be %s, and say so with the name of the setting',
		(text) => {
			expect(() => parseRanges(text, 'Reserved Numbers')).toThrow(
				expect.objectContaining({
					diagnostic: expect.objectContaining({
						code: 'numbers.unreadable',
						field: 'Reserved Numbers',
					}),
				}),
			);
		},
	);

	it('can be cut into pieces', () => {
		expect(subtract(range('200-209'), range('203-204, 209, 0205'))).toEqual([
			{ width: 3, from: 200, to: 202 },
			{ width: 3, from: 205, to: 208 },
		]);
	});
});

describe('A new extension', () => {
	const numbers = (world: World) =>
		plan(inputOf(world)).changes.map(({ user, number }) => `${user.id}: ${number.value ?? '-'}`);
	const refusals = (world: World) =>
		plan(inputOf(world)).conflicts.map(
			({ user, conflict }) => `${user.id}: ${conflict.code} ${conflict.suggestion ?? '-'}`,
		);
	const wants = (id: string, number: string) =>
		person(id, { contact: { number, email: `${id}@example.com` } });
	const mapped = { method: 'property' } as const;

	it('gets the next free number of its pool', () => {
		const users = [person('ada'), person('bob')];
		expect(numbers({ users, extensions: [extension('200')] })).toEqual(['ada: 201', 'bob: 202']);
	});

	it('gets it from the first pool that is meant for the user', () => {
		const users = [person('ada', { department: 'Sales' }), person('bob', { department: 'IT' })];
		const pools = [
			{ name: 'Sales', ranges: '300-399', when: { attribute: 'department', values: ['sales'] } },
			{ name: 'Everyone', ranges: '200-299' },
		];
		expect(numbers({ users, numbering: { pools } })).toEqual(['ada: 300', 'bob: 200']);
	});

	it('is a conflict when the pool is empty, and a number of another pool is suggested', () => {
		const users = [person('ada', { department: 'Sales' }), person('bob', { department: 'Sales' })];
		const pools = [
			{ name: 'Sales', ranges: '300', when: { attribute: 'department', values: ['Sales'] } },
			{ name: 'Everyone', ranges: '200-299' },
		];
		expect(numbers({ users, numbering: { pools } })).toEqual(['ada: 300']);
		expect(refusals({ users, numbering: { pools } })).toEqual(['bob: number.poolEmpty 200']);
	});

	it('is a conflict when no pool is meant for the user', () => {
		const pools = [
			{ name: 'S', ranges: '300', when: { attribute: 'department', values: ['Sales'] } },
		];
		expect(refusals({ users: [person('ada')], numbering: { pools } })).toEqual([
			'ada: number.noPool -',
		]);
	});

	it('gets the mapped number', () => {
		expect(numbers({ users: [wants('ada', '0815')], numbering: mapped })).toEqual(['ada: 0815']);
	});

	it.each([
		['*72', 'number.bad'],
		['12345678', 'number.bad'],
		['112', 'number.reserved'],
		['290', 'number.reserved'],
		['200', 'number.inUse'],
	])('does not get the mapped number %s', (wish, code) => {
		const world = {
			users: [wants('ada', wish)],
			extensions: [extension('200')],
			numbering: { ...mapped, reserved: '290-299' },
		};
		expect(refusals(world)).toEqual([`ada: ${code} 201`]);
	});

	it('does not get a number that somebody else wants too, and both are told different ones', () => {
		const users = [wants('ada', '205'), wants('bob', '205'), person('cy')];
		const world = { users, numbering: { method: 'propertyElseNextFree' } as const };
		expect(refusals(world)).toEqual(['ada: number.wantedTwice 201', 'bob: number.wantedTwice 202']);
		expect(numbers(world)).toEqual(['cy: 200']);
	});

	it('needs a mapped number when there is no other way', () => {
		expect(refusals({ users: [person('ada')], numbering: mapped })).toEqual([
			'ada: number.missing 200',
		]);
	});

	it('has no number on a system without numbers', () => {
		expect(numbers({ users: [person('ada')], facts: { numbers: 'none' } })).toEqual(['ada: -']);
	});
});

describe('An extension that exists', () => {
	const users = [person('ada', { contact: { number: '205' } })];
	const extensions = [extension('700', { fields: { email: 'ada@example.com' } })];
	const numbering = { method: 'property' } as const;

	it('keeps its number, in or out of the pools', () => {
		const { unchanged } = plan(inputOf({ users, extensions }));
		expect(unchanged).toMatchObject([{ number: { value: '700', reason: 'kept' } }]);
	});

	it('moves to the mapped number where the system can do that', () => {
		const { changes } = plan(inputOf({ users, extensions, numbering }));
		expect(changes).toMatchObject([{ change: { pbx: { number: { from: '700', to: '205' } } } }]);
	});

	it('keeps its number where the system cannot, and the summary says so', () => {
		const facts = { canChangeNumber: false };
		const { changes, summary } = plan(inputOf({ users, extensions, numbering, facts }));
		expect(changes).toEqual([]);
		expect(summary.notes.map(({ code }) => code)).toEqual(['number.cannotChange']);
	});
});
