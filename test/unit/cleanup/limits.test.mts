import {
	allowedBy,
	heldByLimit,
	withDone,
	type Done,
	type LimitQuestion,
} from '../../../sync/limits.ts';

const limit = { maxCount: 20, maxPercent: 10, floor: 3 };

function ask(changed: Partial<LimitQuestion>): ReturnType<typeof heldByLimit> {
	return heldByLimit({
		kind: 'disable',
		planned: 50,
		existing: 1000,
		limit,
		overrides: [],
		now: '2026-11-23T22:30:00.000Z',
		zone: 'UTC',
		...changed,
	});
}

const override = (until: string, count = 50) => [{ kind: 'disable' as const, count, until }];

describe('how many changes a run may make', () => {
	it.each([
		['the percentage of a middle-sized system', 100, limit, 10],
		['the count of a large one', 8000, limit, 20],
		['the floor of a small one', 8, limit, 3],
		['never more than the count, whatever the floor', 8, { ...limit, maxCount: 2 }, 2],
		['none when the count is 0', 100, { ...limit, maxCount: 0 }, 0],
		['none when the percentage is 0', 100, { ...limit, maxPercent: 0 }, 0],
		['a percentage rounded down', 39, limit, 3],
	])('%s', (_, existing, given, allowed) => {
		expect(allowedBy(given, existing)).toBe(allowed);
	});

	it('is reached without being passed', () => {
		expect(ask({ planned: 20 })).toBeNull();
		expect(ask({ planned: 21 })?.code).toBe('limit.disable');
	});
});

describe('the window', () => {
	const earlier = (hoursAgo: number, count: number, kind: Done['kind'] = 'disable'): Done => ({
		at: new Date(Date.parse('2026-11-23T22:30:00.000Z') - hoursAgo * 3_600_000).toISOString(),
		kind,
		count,
	});

	it('adds what earlier runs did, so that many small waves are one large one', () => {
		expect(ask({ planned: 5, done: [earlier(23, 8), earlier(1, 7)] })).toBeNull();
		const held = ask({ planned: 6, done: [earlier(23, 8), earlier(1, 7)] });
		expect(held?.what).toContain('after 15 in the last 24 hours');
		expect(held?.fix).toContain('at least 21');
	});

	it('forgets what is longer ago, and other kinds', () => {
		expect(ask({ planned: 20, done: [earlier(25, 20), earlier(1, 20, 'create')] })).toBeNull();
		expect(ask({ planned: 1, done: [earlier(25, 20)], windowHours: 48 })?.code).toBe(
			'limit.disable',
		);
	});

	it('counts against an override too', () => {
		const overrides = override('2026-11-24', 30);
		expect(ask({ planned: 21, done: [earlier(1, 9)], overrides })).toBeNull();
		expect(ask({ planned: 22, done: [earlier(1, 9)], overrides })?.why).toContain('allows only 30');
	});

	it('never holds a run that has nothing of the kind to do', () => {
		expect(ask({ planned: 0, done: [earlier(1, 99)] })).toBeNull();
	});

	it('stays small however often a workflow runs', () => {
		let done: Done[] = [];
		for (let minute = 0; minute < 3 * 24 * 60; minute++) {
			const now = new Date(Date.parse('2026-11-20T00:00:00Z') + minute * 60_000).toISOString();
			done = withDone(done, new Map([['update', 1]]), now);
		}
		expect(done).toHaveLength(72);
		expect(done.reduce((sum, { count }) => sum + count, 0)).toBe(3 * 24 * 60);
	});
});

describe('an override', () => {
	it.each([
		['for the rest of the day it names', '2026-11-23'],
		['as n8n picks a day', '2026-11-23T00:00:00'],
		['until a moment to come', '2026-11-23T22:31:00Z'],
	])('holds %s', (_, until) => {
		expect(ask({ overrides: override(until) })).toBeNull();
	});

	it.each([
		['when its day is over', '2026-11-22', /ended on 2026-11-22/],
		['when its moment is over', '2026-11-23T22:00:00Z', /ended/],
		['when it would last for ever', '2099-01-01', /31 days at most/],
		['when its date cannot be read', 'soon', /no readable end date/],
		['when it has no date', '', /no readable end date/],
	])('does nothing %s, and says so', (_, until, why) => {
		expect(ask({ overrides: override(until) })?.why).toMatch(why);
	});

	it('ends with the day in the zone of the workflow', () => {
		const overrides = override('2026-11-23');
		expect(ask({ overrides, zone: 'Europe/Helsinki' })?.why).toMatch(/ended/);
		expect(ask({ overrides, zone: 'America/New_York' })).toBeNull();
	});

	it('covers the number it names and not one more', () => {
		expect(ask({ overrides: override('2026-11-24', 49) })?.why).toContain('allows only 49');
	});

	it('covers only its own kind', () => {
		expect(ask({ kind: 'delete', overrides: override('2026-11-24') })?.code).toBe('limit.delete');
	});
});
