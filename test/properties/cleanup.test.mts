import fc from 'fast-check';
import { DateTime } from 'luxon';
import { planCleanup, type CleanupRules, type CleanupStep } from '../../sync/cleanup.ts';
import type { UnmatchedItem } from '../../sync/item.ts';
import { allowedBy } from '../../sync/limits.ts';
import { isListed } from '../../sync/extension-list.ts';
import { leaver, NOW, rules } from '../unit/cleanup/leavers.mts';

const RUNS = { numRuns: 10_000 };

const reason = fc.constantFrom('disabled', 'deleted', 'outOfScope', 'notFound' as const);
const scope = fc.constantFrom('whole', 'changes' as const);
const action = fc.constantFrom('ignore', 'report', 'disable', 'delete' as const);

const item: fc.Arbitrary<UnmatchedItem> = fc
	.record({
		reason,
		number: fc.option(fc.integer({ min: 0, max: 60 }).map(String)),
		enabled: fc.option(fc.boolean()),
		userId: fc.option(fc.uuid()),
		usersScope: fc.option(scope),
		extensionsScope: scope,
		existing: fc.integer({ min: 0, max: 300 }),
		knownBy: fc.option(fc.constantFrom('link', 'externalId', 'email', 'number', 'phone' as const)),
	})
	.map(({ usersScope, extensionsScope, existing, number, enabled, ...rest }) =>
		leaver(rest.reason, {
			extension: { number, enabled },
			evidence: {
				userId: rest.userId,
				knownBy: rest.knownBy,
				users: usersScope && { id: 'u', of: 'users', count: 9, scope: usersScope },
				extensions: { id: 'e', of: 'extensions', count: existing, scope: extensionsScope },
			},
		}),
	);

const limit = fc.record({ maxCount: fc.nat(30), maxPercent: fc.nat(100), floor: fc.nat(5) });
const daysAgo = fc
	.integer({ min: 0, max: 90 })
	.map((days) => DateTime.fromISO(NOW).minus({ days }).toUTC().toISO() ?? NOW);
const earlier = fc.record({
	at: daysAgo,
	kind: fc.constantFrom('disable', 'delete' as const),
	count: fc.nat(10),
});

const anyRules: fc.Arbitrary<CleanupRules> = fc
	.record({
		ladder: fc.record({ disabled: action, deleted: action, outOfScope: action, notFound: action }),
		includeNeverPaired: fc.boolean(),
		protected: fc.constant({
			numbers: [{ width: 1, from: 3, to: 7 }],
			emails: new Set<string>(),
			marks: [],
		}),
		canDisable: fc.boolean(),
		limits: fc.record({ disable: limit, delete: limit }),
		deleteAfterDays: fc.integer({ min: 1, max: 60 }),
		canDelete: fc.boolean(),
		done: fc.array(earlier, { maxLength: 3 }),
		since: fc
			.array(fc.tuple(fc.nat(40).map(String), daysAgo), { maxLength: 40 })
			.map((known) => new Map(known)),
	})
	.map(rules);

const plans = fc.tuple(fc.array(item, { maxLength: 40 }), anyRules).map(([found, chosen]) => {
	const items = found.map((each, index) => ({
		...each,
		extension: { ...each.extension, id: String(index) },
	}));
	return { items, chosen, steps: planCleanup(items, chosen) };
});

type Planned = { items: UnmatchedItem[]; steps: CleanupStep[] };

function doneTo({ items, steps }: Planned, ...kinds: Array<'disable' | 'delete'>) {
	return items.filter((_, index) => kinds.some((kind) => steps[index]?.act === kind));
}

function touched(planned: Planned) {
	return doneTo(planned, 'disable', 'delete');
}

describe('whatever comes in and however it is set', () => {
	it('every item gets exactly one step', () => {
		fc.assert(
			fc.property(plans, ({ items, steps }) => steps.length === items.length),
			RUNS,
		);
	});

	it('no protected extension is touched', () => {
		fc.assert(
			fc.property(plans, (plan) =>
				touched(plan).every(({ extension }) => !isListed(extension, plan.chosen.protected)),
			),
			RUNS,
		);
	});

	it('nobody is taken for gone because of lists that were not whole', () => {
		fc.assert(
			fc.property(plans, (plan) =>
				touched(plan)
					.filter(({ evidence }) => evidence.reason === 'notFound')
					.every(
						({ evidence }) =>
							evidence.users?.scope === 'whole' && evidence.extensions.scope === 'whole',
					),
			),
			RUNS,
		);
	});

	it.each(['disable', 'delete'] as const)(
		'to all or none is done what is planned (%s), and never more than the limit allows in its window',
		(kind) => {
			fc.assert(
				fc.property(plans, (plan) => {
					const { limits, done, now } = plan.chosen;
					const acted = doneTo(plan, kind);
					const held = plan.steps.filter(
						(step) => step.act === 'hold' && step.because.code === `limit.${kind}`,
					);
					expect(acted.length === 0 || held.length === 0).toBe(true);
					if (acted.length === 0) return;
					const existing = Math.min(...acted.map(({ evidence }) => evidence.extensions.count));
					const today = done.filter((each) => each.kind === kind && each.at === now);
					const together = today.reduce((sum, { count }) => sum + count, acted.length);
					expect(together).toBeLessThanOrEqual(allowedBy(limits[kind], existing));
				}),
				RUNS,
			);
		},
	);

	it('nothing is deleted that was not disabled for as long as set, by our own record, and ours', () => {
		fc.assert(
			fc.property(plans, (plan) => {
				for (const { extension, evidence } of doneTo(plan, 'delete')) {
					const { since, deleteAfterDays, now, ladder, canDelete } = plan.chosen;
					expect(canDelete).toBe(true);
					expect(extension.enabled).toBe(false);
					expect(ladder[evidence.reason]).toBe('delete');
					expect(['link', 'externalId', 'email']).toContain(evidence.knownBy);
					const from = DateTime.fromISO(since.get(extension.id) ?? 'never');
					const days = DateTime.fromISO(now).diff(from, 'days').days;
					expect(days).toBeGreaterThanOrEqual(deleteAfterDays);
				}
			}),
			RUNS,
		);
	});

	it('once disabled, the next run disables nobody', () => {
		fc.assert(
			fc.property(plans, (plan) => {
				const after = plan.items.map((each, index) =>
					plan.steps[index]?.act === 'disable'
						? { ...each, extension: { ...each.extension, enabled: false } }
						: each,
				);
				const wasActed = plan.steps.some(({ act }) => act === 'disable');
				const again = planCleanup(after, plan.chosen).filter(({ act }) => act === 'disable');
				return !wasActed || again.length === 0;
			}),
			RUNS,
		);
	});

	it('the order of the items does not matter', () => {
		fc.assert(
			fc.property(plans, ({ items, steps, chosen }) => {
				expect(planCleanup([...items].reverse(), chosen)).toEqual([...steps].reverse());
			}),
			RUNS,
		);
	});
});
