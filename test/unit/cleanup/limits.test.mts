import { allowedBy, heldByLimit, type LimitQuestion } from '../../../sync/limits.ts';

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
