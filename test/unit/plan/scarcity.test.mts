/** What happens where there is not enough for everybody, or where somebody was there before. */
import type { NumberEvent } from '../../../sync/history.ts';
import { forecast } from '../../../sync/history.ts';
import { plan } from '../../../sync/plan.ts';
import { extension, inputOf, link, person, type World } from './world.mts';

const NOW = '2026-06-01T08:00:00Z';

function outcome(world: World): string[] {
	const { changes, conflicts } = plan(inputOf(world));
	return [
		...changes.map(({ user, number }) => `${user.id}: ${number.value ?? '-'} ${number.reason}`),
		...conflicts.map(({ user, conflict }) => `${user.id}: ${conflict.code}`),
	].sort();
}

const released = (number: string, userId: string | null, at: string | null): NumberEvent => ({
	kind: 'released',
	number,
	userId,
	at,
});
const given = (number: string, at: string): NumberEvent => ({
	kind: 'given',
	number,
	userId: null,
	at,
});

describe('A number that was released', () => {
	const numbering = { coolingDays: 30 };
	const lately = [released('200', 'old', '2026-05-20T00:00:00Z')];

	it('is passed over while it cools', () => {
		const users = [person('ada')];
		expect(outcome({ users, numbering, history: lately })).toEqual(['ada: 201 pool']);
	});

	it('is given again when the days are over', () => {
		const history = [released('200', 'old', '2026-04-20T00:00:00Z')];
		expect(outcome({ users: [person('ada')], numbering, history })).toEqual(['ada: 200 pool']);
	});

	it('goes back to its old owner at once, whoever else comes first', () => {
		const users = [person('ada'), person('old')];
		expect(outcome({ users, numbering, history: lately })).toEqual([
			'ada: 201 pool',
			'old: 200 sticky',
		]);
	});

	it('goes on cooling when nobody knows since when', () => {
		const links = [link('gone', 'e200', { number: '200' })];
		expect(outcome({ users: [person('ada')], numbering, links })).toEqual(['ada: 201 pool']);
	});

	it('cools from the day its row in the links table says', () => {
		const at = (releasedAt: string) => [link('gone', 'e200', { number: '200', releasedAt })];
		const users = [person('ada')];
		expect(outcome({ users, numbering, links: at('2026-05-20') })).toEqual(['ada: 201 pool']);
		expect(outcome({ users, numbering, links: at('2026-01-20') })).toEqual(['ada: 200 pool']);
	});

	it('is refused to whoever is mapped to it, unless it was theirs', () => {
		const contact = { number: '200', email: 'x@example.com' };
		const mapped = { ...numbering, method: 'property' } as const;
		const world = { numbering: mapped, history: lately };
		expect(outcome({ ...world, users: [person('ada', { contact })] })).toEqual([
			'ada: number.cooling',
		]);
		expect(outcome({ ...world, users: [person('old', { contact })] })).toEqual([
			'old: 200 property',
		]);
	});
});

describe('Seats', () => {
	const users = ['ada', 'bob', 'cy'].map((id) => person(id));

	it('go to who has been in the directory longest, and the others wait', () => {
		const created = { ada: '2026-01-01', bob: '2020-01-01', cy: '2023-01-01' };
		const people = Object.entries(created).map(([id, createdDateTime]) =>
			person(id, { createdDateTime }),
		);
		const world = { users: people, extensions: [extension('205')], numbering: { seats: 3 } };
		expect(outcome(world)).toEqual(['ada: system.noSeat', 'bob: 200 pool', 'cy: 201 pool']);
	});

	it('are not used up by users who cannot get an extension anyway', () => {
		const none = { contact: { email: 'ada@example.com' } };
		const mapped = (id: string, number: string) =>
			person(id, { contact: { email: `${id}@example.com`, number } });
		const numbering = { method: 'property', seats: 1 } as const;
		const world = { users: [person('ada', none), mapped('bob', '250'), mapped('cy', '251')] };
		expect(outcome({ ...world, numbering })).toEqual([
			'ada: number.missing',
			'bob: 250 property',
			'cy: system.noSeat',
		]);
	});

	it('are no limit for extensions that exist', () => {
		const extensions = [extension('205', { fields: { email: 'ada@example.com' } })];
		expect(outcome({ users: users.slice(0, 1), extensions, numbering: { seats: 0 } })).toEqual([
			'ada: 205 kept',
		]);
	});
});

describe('Where no number may begin another', () => {
	const pools = [{ name: 'All', ranges: '20-21, 200-219' }];
	const numbering = { pools, noBeginnings: true };

	it('neither the shorter nor the longer one is given beside the other', () => {
		const users = [person('ada'), person('bob')];
		expect(outcome({ users, extensions: [extension('201')], numbering })).toEqual([
			'ada: 21 pool',
			'bob: 200 pool',
		]);
	});

	it('emergency numbers and reserved numbers count too', () => {
		const world = { users: [person('ada')], numbering: { ...numbering, reserved: '2' } };
		expect(outcome(world)).toEqual(['ada: number.poolEmpty']);
		const near = { pools: [{ name: 'All', ranges: '11, 1120, 1130-1135, 20' }] };
		expect(outcome({ users: [person('ada')], numbering: { ...near, noBeginnings: true } })).toEqual(
			['ada: 20 pool'],
		);
	});

	it('a mapped one that does is refused', () => {
		const users = [person('ada', { contact: { email: 'ada@example.com', number: '2011' } })];
		const mapped = { ...numbering, method: 'property' } as const;
		expect(outcome({ users, extensions: [extension('201')], numbering: mapped })).toEqual([
			'ada: number.beginning',
		]);
	});
});

describe('A pool that takes the end of the phone number', () => {
	const pools = [
		{
			name: 'Office',
			ranges: '200-299',
			method: 'phoneDigits',
			digits: { of: 'phone', count: 3 },
		} as const,
	];
	const withPhone = (id: string, phone: string) =>
		person(id, { contact: { email: `${id}@example.com`, phone } });

	it.each([
		['+4930123245', '245 phone'],
		['+4930123945', 'number.outsidePool'],
		['245', 'number.noPhone'],
	])('makes of %s: %s', (phone, becomes) => {
		expect(outcome({ users: [withPhone('ada', phone)], numbering: { pools } })).toEqual([
			`ada: ${becomes}`,
		]);
	});

	it('gives nobody a number whose phone ends like another one', () => {
		const users = [withPhone('ada', '+4930111245'), withPhone('bob', '+4930222245')];
		expect(outcome({ users, numbering: { pools } })).toEqual([
			'ada: number.wantedTwice',
			'bob: number.wantedTwice',
		]);
	});

	it('moves nobody who has a number', () => {
		const extensions = [extension('210', { fields: { email: 'ada@example.com' } })];
		const { changes } = plan(
			inputOf({ users: [withPhone('ada', '+4930123245')], extensions, numbering: { pools } }),
		);
		expect(changes).toEqual([]);
	});

	it('falls back to the next free one where that is set', () => {
		const falling = pools.map((pool) => ({ ...pool, method: 'phoneDigitsElseNextFree' as const }));
		expect(outcome({ users: [person('ada')], numbering: { pools: falling } })).toEqual([
			'ada: 200 pool',
		]);
	});
});

describe('A conflict', () => {
	const wish = (id: string, number: string) =>
		person(id, { contact: { email: `${id}@example.com`, number } });
	const numbering = { method: 'property' } as const;
	const extensions = [extension('250')];

	it('about a number can be settled by the next free one, and says so', () => {
		const settings = { choices: { numberInUse: 'nextFree' } } as const;
		const planned = plan(inputOf({ users: [wish('ada', '250')], extensions, numbering, settings }));
		expect(planned.changes).toMatchObject([{ number: { value: '200', reason: 'pool' } }]);
		expect(planned.changes[0]?.decisions.join(' ')).toContain('250 is in use by extension 250.');
	});

	it('of a user who has an extension leaves its number as it is', () => {
		const settings = { choices: { numberInUse: 'nextFree' } } as const;
		const hers = extension('260', { fields: { email: 'ada@example.com' } });
		const world = { users: [wish('ada', '250')], extensions: [...extensions, hers] };
		expect(plan(inputOf({ ...world, numbering, settings })).changes).toEqual([]);
	});

	it('can be passed over, and the user is only counted', () => {
		const settings = { choices: { numberInUse: 'skip' } } as const;
		const planned = plan(inputOf({ users: [wish('ada', '250')], extensions, numbering, settings }));
		expect(planned).toMatchObject({ changes: [], conflicts: [], summary: { skipped: 1 } });
	});

	it('about an empty pool can be settled by another pool for the user', () => {
		const pools = [
			{ name: 'Sales', ranges: '300', when: { attribute: 'department', values: ['Sales'] } },
			{ name: 'Everyone', ranges: '200-299' },
		];
		const settings = { choices: { poolEmpty: 'nextFree' } } as const;
		const users = ['ada', 'bob'].map((id) => person(id, { department: 'Sales' }));
		expect(
			outcome({
				users,
				settings: { ...settings, numbering: { method: 'nextFree', pools, reserved: '' } },
			}),
		).toEqual(['ada: 300 pool', 'bob: 200 pool']);
	});
});

describe('A reaction', () => {
	const linked = {
		users: [person('ada')],
		extensions: [extension('201')],
		links: [link('ada', 'e201')],
	};

	it.each([
		['update', ['ada: 201 kept'], 0],
		['report', ['ada: match.linkedReported'], 0],
		['ignore', [], 1],
	] as const)('%s to users with an extension', (reaction, expected, skipped) => {
		const world = { ...linked, settings: { reactions: { linked: reaction } } };
		expect(outcome(world)).toEqual(expected);
		expect(plan(inputOf(world))).toMatchObject({ unmatched: [], summary: { skipped } });
	});

	it.each([
		['create', ['ada: 200 pool']],
		['report', ['ada: match.newReported']],
		['ignore', []],
	] as const)('%s to users without an extension', (reaction, expected) => {
		const settings = { reactions: { new: reaction } };
		expect(outcome({ users: [person('ada')], settings })).toEqual(expected);
	});

	it('ignore to extensions without a user', () => {
		const world = { users: [person('ada')], extensions: [extension('201')] };
		expect(plan(inputOf(world)).unmatched).toHaveLength(1);
		const settings = { reactions: { orphaned: 'ignore' } } as const;
		expect(plan(inputOf({ ...world, settings })).unmatched).toEqual([]);
	});
});

describe('When a pool runs out', () => {
	const own = (number: string) => number.startsWith('2');
	const monthly = ['03', '04', '05'].flatMap((month) => [
		given('200', `2026-${month}-03T08:00:00Z`),
		given('201', `2026-${month}-04T08:00:00Z`),
		given('900', `2026-${month}-05T08:00:00Z`),
	]);

	it('is told from what was given lately, of its own numbers', () => {
		expect(forecast(6, monthly, own, NOW)).toEqual({ perDay: 0.07, runsOutOn: '2026-08-30' });
	});

	it('is not told where as many come back, or too little is known', () => {
		const back = monthly.map((event) => ({ ...event, kind: 'released' as const }));
		expect(forecast(6, [...monthly, ...back], own, NOW)).toBeNull();
		expect(forecast(6, [given('200', '2026-05-31T08:00:00Z')], own, NOW)).toBeNull();
		expect(forecast(6, [], own, NOW)).toBeNull();
	});

	it('stands in the summary', () => {
		const { summary } = plan(inputOf({ users: [], history: monthly }));
		expect(summary.pools[0]).toMatchObject({ free: 100, forecast: { perDay: 0.07 } });
	});
});

it('Thousands who share one phone number are told of a few candidates, and quickly', () => {
	const size = 3_000;
	const ids = Array.from({ length: size }, (_, index) => String(10_000 + index));
	const shared = { phone: '+41441234567' };
	const { conflicts } = plan(
		inputOf({
			users: ids.map((id) => person(`u${id}`, { contact: { ...shared, mobile: `+4179${id}00` } })),
			extensions: ids.map((id) => extension(id, { fields: { ...shared, mobile: `+4178${id}00` } })),
			settings: { matchBy: new Set(['phone'] as const) },
		}),
	);
	expect(conflicts).toHaveLength(size);
	expect(conflicts[0]?.match.candidates).toHaveLength(20);
});
