import fc from 'fast-check';
import { planCleanup, type CleanupRules, type CleanupStep } from '../../sync/cleanup.ts';
import type { UnmatchedItem } from '../../sync/item.ts';
import { allowedBy } from '../../sync/limits.ts';
import { isProtected } from '../../sync/protected.ts';
import { leaver, rules } from '../unit/cleanup/leavers.mts';

const RUNS = { numRuns: 2_000 };

const reason = fc.constantFrom('disabled', 'deleted', 'outOfScope', 'notFound' as const);
const scope = fc.constantFrom('whole', 'changes' as const);
const action = fc.constantFrom('ignore', 'report', 'disable' as const);

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

const anyRules: fc.Arbitrary<CleanupRules> = fc
	.record({
		ladder: fc.record({ disabled: action, deleted: action, outOfScope: action, notFound: action }),
		includeNeverPaired: fc.boolean(),
		protected: fc.constant({ numbers: [{ width: 1, from: 3, to: 7 }], emails: new Set<string>() }),
		canDisable: fc.boolean(),
		limit: fc.record({ maxCount: fc.nat(30), maxPercent: fc.nat(100), floor: fc.nat(5) }),
	})
	.map(rules);

const plans = fc
	.tuple(fc.array(item, { maxLength: 40 }), anyRules)
	.map(([items, chosen]) => ({ items, chosen, steps: planCleanup(items, chosen) }));

function touched({ items, steps }: { items: UnmatchedItem[]; steps: CleanupStep[] }) {
	return items.filter((_, index) => steps[index]?.act === 'disable');
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
				touched(plan).every(({ extension }) => !isProtected(extension, plan.chosen.protected)),
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

	it('all are disabled or none, and never more than the limit allows', () => {
		fc.assert(
			fc.property(plans, (plan) => {
				const disabled = touched(plan);
				const held = plan.steps.filter(
					(step) => step.act === 'hold' && step.because.code === 'limit.disable',
				);
				expect(disabled.length === 0 || held.length === 0).toBe(true);
				const existing = Math.min(...disabled.map(({ evidence }) => evidence.extensions.count));
				if (disabled.length > 0)
					expect(disabled.length).toBeLessThanOrEqual(allowedBy(plan.chosen.limit, existing));
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
