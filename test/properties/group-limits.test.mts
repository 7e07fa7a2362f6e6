/**
 * Limits for groups, by what is really written: invented phone systems, plans, groups, and one run
 * after the other, each remembering what the ones before it did.
 */
import fc from 'fast-check';
import { applyChanges } from '../../pbx/apply.ts';
import type { Task } from '../../pbx/judgement.ts';
import { readExtensionList } from '../../sync/extension-list.ts';
import { fingerprint } from '../../sync/fingerprint.ts';
import {
	CHANGE_KINDS,
	heldTogether,
	isIn,
	toPlanned,
	type GroupLimit,
	type Planned,
} from '../../sync/held-together.ts';
import type { ChangeKind, Extension } from '../../sync/item.ts';
import { allowedBy, withDone, type Done, type Limit } from '../../sync/limits.ts';
import { CAPABILITIES, inMemory } from '../unit/pbx/phone-system.mts';

const RUNS = { numRuns: 300 };
const NOW = '2026-11-23T09:00:00.000Z';
const DEPARTMENTS = ['Sales', 'Support', 'Legal'] as const;
const POOLS = ['Sales', 'Visitors'] as const;

const department = fc.constantFrom(...DEPARTMENTS);

/** What a plan would like to do to the extension of that number; a new one where there is none. */
const wish = fc.record({
	number: fc.integer({ min: 200, max: 219 }),
	kind: fc.constantFrom(...CHANGE_KINDS),
	department,
	pool: fc.option(fc.constantFrom(...POOLS)),
});
type Of<A> = A extends fc.Arbitrary<infer T> ? T : never;
type Wish = Of<typeof wish>;

const group: fc.Arbitrary<GroupLimit> = fc
	.record({
		members: fc.oneof(
			fc.constantFrom('200-209', '205-214', 'department=Sales', 'department=Legal, 219'),
			fc.constantFrom(...POOLS).map((pool) => `pool=${pool}`),
		),
		kind: fc.constantFrom(...CHANGE_KINDS),
		maxCount: fc.nat(4),
	})
	.map(({ members, ...rest }) => ({
		name: members,
		members: readExtensionList(members, 'Limits per Group'),
		...rest,
	}));

const limits: fc.Arbitrary<Partial<Record<ChangeKind, Limit>>> = fc.dictionary(
	fc.constantFrom<ChangeKind>(...CHANGE_KINDS),
	fc.record({ maxCount: fc.nat(12), maxPercent: fc.nat(100), floor: fc.nat(3) }),
);

const worlds = fc.record({
	people: fc.array(fc.record({ department, enabled: fc.boolean() }), {
		minLength: 6,
		maxLength: 16,
	}),
	waves: fc.array(fc.uniqueArray(wish, { selector: ({ number }) => number, maxLength: 16 }), {
		minLength: 1,
		maxLength: 3,
	}),
	groups: fc.array(group, { minLength: 1, maxLength: 4 }),
	limits,
});
type World = Of<typeof worlds>;

function accountsOf({ people }: World): Extension[] {
	return people.map(({ department: held, enabled }, index) => ({
		id: String(index),
		number: String(200 + index),
		enabled,
		externalId: null,
		fields: { department: held, jobTitle: null },
	}));
}

function taskFor({ number, kind, department: to, pool }: Wish, accounts: Extension[]): Task {
	const there = accounts.find((each) => each.number === String(number));
	const pbx = { department: { from: there?.fields['department'] ?? null, to } };
	if (!there) {
		const change = { kind: 'create', number: String(number), pbx, directory: {} } as const;
		return { change, userId: `user ${String(number)}`, pool };
	}
	const base = { extensionId: there.id, basedOn: fingerprint(there) };
	if (kind === 'disable' || kind === 'delete') return { change: { kind, ...base }, userId: null };
	const of = kind === 'create' ? 'update' : kind;
	return { change: { kind: of, ...base, pbx, directory: {} }, userId: null };
}

interface Ran {
	readonly tasks: readonly Task[];
	readonly planned: ReadonlyArray<Planned | null>;
	readonly applied: Awaited<ReturnType<typeof applyChanges>>;
}

/** All waves one after the other on one phone system, within one window. */
async function runAll(world: World): Promise<{ runs: Ran[]; writes: readonly string[] }> {
	const phones = inMemory(accountsOf(world));
	let done: Done[] = [];
	const runs: Ran[] = [];
	for (const wave of world.waves) {
		const tasks = wave.map((each) => taskFor(each, [...phones.accounts.values()]));
		let planned: ReadonlyArray<Planned | null> = [];
		const applied = await applyChanges(phones.system, CAPABILITIES, tasks, {
			dryRun: false,
			mayDelete: true,
			brake: (asked) => {
				planned = asked;
				return hold(asked, world, done);
			},
		});
		const made = applied.flatMap(({ outcome }, index) => {
			const isMade = !['held', 'failed', 'unchanged'].includes(outcome.result);
			return isMade ? (planned[index] ?? []) : [];
		});
		for (const kind of CHANGE_KINDS) {
			const own = made.filter((each) => each.kind === kind);
			done = withDone(done, new Map([[kind, own.length]]), NOW);
			const distinct = new Map(world.groups.map((each) => [each.name, each]));
			for (const each of distinct.values()) {
				const inside = own.filter((one) => isIn({ ...each, kind }, one)).length;
				done = withDone(done, new Map([[kind, inside]]), NOW, each.name);
			}
		}
		runs.push({ tasks, planned, applied });
	}
	return { runs, writes: phones.writes };
}

function hold(planned: ReadonlyArray<Planned | null>, world: World, done: readonly Done[]) {
	return heldTogether(planned, {
		limits: world.limits,
		groups: world.groups,
		overrides: [],
		done,
		windowHours: 24,
		existing: () => world.people.length,
		now: NOW,
		zone: 'UTC',
	});
}

const isWritten = ({ outcome: { result } }: Ran['applied'][number]) =>
	!['held', 'failed', 'unchanged'].includes(result);

it('never more of a group is written than is allowed, in all runs of the window together', async () => {
	await fc.assert(
		fc.asyncProperty(worlds, async (world) => {
			const { runs } = await runAll(world);
			const written = runs.flatMap(({ applied, tasks }) =>
				applied.flatMap((each, index) => {
					const task = tasks[index];
					if (!task || !isWritten(each)) return [];
					return [toPlanned(task.change, each.before, task.pool)];
				}),
			);
			for (const each of world.groups) {
				const own = written.filter((one) => isIn(each, one));
				expect(own.length).toBeLessThanOrEqual(each.maxCount);
			}
			for (const kind of CHANGE_KINDS) {
				const limit = world.limits[kind];
				if (limit === undefined) continue;
				const own = written.filter((one) => one.kind === kind);
				expect(own.length).toBeLessThanOrEqual(allowedBy(limit, world.people.length));
			}
		}),
		RUNS,
	);
});

it('nothing gets lost: every change is written, right already, or held with its reason', async () => {
	await fc.assert(
		fc.asyncProperty(worlds, async (world) => {
			const { runs, writes } = await runAll(world);
			for (const { tasks, applied } of runs) {
				expect(applied).toHaveLength(tasks.length);
				for (const { outcome } of applied) {
					if (outcome.result === 'held') expect(outcome.because?.fix).toMatch(/\S/);
				}
			}
			const changed = runs.flatMap(({ applied }) => applied.filter(isWritten));
			const writing = (kind: string) => writes.filter((call) => call.startsWith(`${kind} `)).length;
			const results = (result: string) =>
				changed.filter(({ outcome }) => outcome.result === result).length;
			expect(writing('create')).toBe(results('created'));
			expect(writing('disable')).toBe(results('disabled'));
			expect(writing('delete')).toBe(results('deleted'));
		}),
		RUNS,
	);
});

it('of a group all is made, or nothing', async () => {
	await fc.assert(
		fc.asyncProperty(worlds, async (world) => {
			const { runs } = await runAll({ ...world, limits: {}, groups: world.groups.slice(0, 1) });
			for (const { planned, applied } of runs) {
				const [only] = world.groups;
				const asked = planned.flatMap((each, index) =>
					only && each && isIn(only, each) ? [applied[index]] : [],
				);
				const limited = asked.filter((each) => each?.outcome.because?.code.startsWith('limit.'));
				expect([0, asked.length]).toContain(limited.length);
			}
		}),
		RUNS,
	);
});

it('who is in no group with a limit is not held up by one', async () => {
	await fc.assert(
		fc.asyncProperty(worlds, async (world) => {
			const { runs } = await runAll({ ...world, limits: {} });
			for (const { planned, applied } of runs) {
				applied.forEach(({ outcome }, index) => {
					const each = planned[index];
					if (!each || world.groups.some((one) => isIn(one, each))) return;
					expect(outcome.because?.code ?? '').not.toMatch(/^limit\./);
				});
			}
		}),
		RUNS,
	);
});

it('the order of the changes does not matter', () => {
	fc.assert(
		fc.property(worlds, (world) => {
			const accounts = accountsOf(world);
			const planned = (world.waves[0] ?? []).map((each) => {
				const { change, pool } = taskFor(each, accounts);
				const known = accounts.find(
					(one) => 'extensionId' in change && one.id === change.extensionId,
				);
				return toPlanned(change, known ?? null, pool);
			});
			const held = hold(planned, world, []);
			expect(hold([...planned].reverse(), world, []).reverse()).toEqual(held);
		}),
		RUNS,
	);
});
