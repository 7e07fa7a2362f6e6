import fc from 'fast-check';
import { planCleanup, type CleanupItem, type CleanupRules } from '../../sync/cleanup.ts';
import { allowedBy } from '../../sync/limits.ts';
import { isProtected } from '../../sync/protected.ts';
import { leaver, NOW, rules } from '../unit/cleanup/leavers.mts';

const RUNS = { numRuns: 2_000 };

const reason = fc.constantFrom('disabled', 'deleted', 'outOfScope', 'notFound' as const);
const scope = fc.constantFrom('whole', 'changes' as const);
const action = fc.constantFrom('ignore', 'report', 'disable', 'delete' as const);
const gentle = fc.constantFrom('ignore', 'report', 'disable' as const);

const item: fc.Arbitrary<CleanupItem> = fc
	.record({
		reason,
		number: fc.option(fc.integer({ min: 0, max: 60 }).map(String)),
		enabled: fc.option(fc.boolean()),
		userId: fc.option(fc.uuid()),
		usersScope: fc.option(scope),
		extensionsScope: scope,
		existing: fc.integer({ min: 0, max: 300 }),
		knownBy: fc.option(fc.constantFrom('link', 'externalId', 'email', 'number', 'phone' as const)),
		since: fc.option(fc.constantFrom('2020-01-01', '2026-11-20', '2030-01-01', 'nonsense'), {
			nil: undefined,
		}),
	})
	.map(({ usersScope, extensionsScope, existing, since, number, enabled, ...rest }) =>
		leaver(rest.reason, {
			extension: { number, enabled },
			evidence: {
				userId: rest.userId,
				knownBy: rest.knownBy,
				users: usersScope && { id: 'u', of: 'users', count: 9, scope: usersScope },
				extensions: { id: 'e', of: 'extensions', count: existing, scope: extensionsScope },
			},
			...(since === undefined ? {} : { disabledSince: since }),
		}),
	);

const anyRules: fc.Arbitrary<CleanupRules> = fc
	.record({
		ladder: fc.record({ disabled: action, deleted: action, outOfScope: gentle, notFound: gentle }),
		deleteAfterDays: fc.integer({ min: 1, max: 90 }),
		includeNeverPaired: fc.boolean(),
		protected: fc.constant({ numbers: [{ width: 1, from: 3, to: 7 }], emails: new Set<string>() }),
		canDisable: fc.boolean(),
		canDelete: fc.boolean(),
		mayDelete: fc.boolean(),
		limits: fc.record({
			disable: fc.record({ maxCount: fc.nat(30), maxPercent: fc.nat(100), floor: fc.nat(5) }),
			delete: fc.record({ maxCount: fc.nat(30), maxPercent: fc.nat(100), floor: fc.nat(5) }),
		}),
	})
	.map(rules);

const plans = fc
	.tuple(fc.array(item, { maxLength: 40 }), anyRules)
	.map(([items, chosen]) => ({ items, chosen, steps: planCleanup(items, chosen) }));

function acted({ items, steps }: { items: CleanupItem[]; steps: ReturnType<typeof planCleanup> }) {
	return items.flatMap((each, index) => {
		const act = steps[index]?.act;
		return act === 'disable' || act === 'delete' ? [{ ...each, act }] : [];
	});
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
				acted(plan).every(({ extension }) => !isProtected(extension, plan.chosen.protected)),
			),
			RUNS,
		);
	});

	it('nobody is taken for gone because of lists that were not whole', () => {
		fc.assert(
			fc.property(plans, (plan) =>
				acted(plan)
					.filter(({ evidence }) => evidence.reason === 'notFound')
					.every(
						({ evidence }) =>
							evidence.users?.scope === 'whole' && evidence.extensions.scope === 'whole',
					),
			),
			RUNS,
		);
	});

	it('of one kind all is done or nothing, and never more than its limit allows', () => {
		fc.assert(
			fc.property(plans, (plan) => {
				for (const kind of ['disable', 'delete'] as const) {
					const of = acted(plan).filter(({ act }) => act === kind);
					const held = plan.steps.filter(
						(step) => step.act === 'hold' && step.because.code === `limit.${kind}`,
					);
					expect(of.length === 0 || held.length === 0).toBe(true);
					const existing = Math.min(...of.map(({ evidence }) => evidence.extensions.count));
					if (of.length > 0)
						expect(of.length).toBeLessThanOrEqual(allowedBy(plan.chosen.limits[kind], existing));
				}
			}),
			RUNS,
		);
	});

	it('only what is disabled now, and long enough, is deleted, and never for being out of scope or not found', () => {
		fc.assert(
			fc.property(plans, (plan) =>
				acted(plan)
					.filter(({ act }) => act === 'delete')
					.every(
						({ extension, evidence, disabledSince }) =>
							extension.enabled === false &&
							(evidence.reason === 'disabled' || evidence.reason === 'deleted') &&
							Date.parse(disabledSince ?? '') + plan.chosen.deleteAfterDays * 86_400_000 <=
								Date.parse(NOW) &&
							plan.chosen.mayDelete,
					),
			),
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
