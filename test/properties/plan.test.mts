import fc from 'fast-check';
import { writesNothing } from '../../sync/fingerprint.ts';
import { wholeness } from '../../sync/guard.ts';
import { MARK } from '../../sync/mark.ts';
import { plan, type Plan } from '../../sync/plan.ts';
import { apply, FIELDS } from '../unit/plan/world.mts';
import { holds } from './holds.mts';
import { worlds } from './worlds.mts';

const paired = ({ changes, unchanged }: Plan) => [...changes, ...unchanged];
const extensionIds = (planned: Plan) =>
	paired(planned).flatMap(({ extension }) => (extension ? [extension.id] : []));
const writes = ({ changes }: Plan) => changes.filter(({ change }) => !writesNothing(change));

describe('Whatever comes in and however it is set', () => {
	holds(
		"every user ends in one place, and every extension is at most one user's",
		fc.property(worlds, (input) => {
			const planned = plan(input);
			const { conflicts, unmatched, summary } = planned;
			const people = [...paired(planned), ...conflicts].map(({ user }) => user.id);
			const leavers = unmatched.flatMap(({ user }) => (user ? [user.id] : []));
			const placed = [...people, ...leavers];
			expect(new Set(placed).size).toBe(placed.length);
			expect(placed.length + summary.skipped).toBe(input.users.length);
			const taken = [...extensionIds(planned), ...unmatched.map(({ extension }) => extension.id)];
			expect(new Set(taken).size).toBe(taken.length);
		}),
	);

	holds(
		'the order of users, extensions and links does not matter, down to the byte',
		fc.property(
			worlds.chain((input) =>
				fc.tuple(
					fc.constant(input),
					fc.record({
						users: shuffled(input.users),
						extensions: shuffled(input.extensions),
						links: input.links ? shuffled(input.links) : fc.constant(null),
					}),
				),
			),
			([input, order]) => {
				expect(JSON.stringify(plan({ ...input, ...order }))).toBe(JSON.stringify(plan(input)));
			},
		),
	);

	holds(
		'the same input gives the same plan, down to the byte',
		fc.property(worlds, (input) => {
			expect(JSON.stringify(plan(structuredClone(input)))).toBe(JSON.stringify(plan(input)));
		}),
	);

	holds(
		'an item that arrives twice, as when pages overlap, changes nothing',
		fc.property(worlds, (input) => {
			const users = [...input.users, ...structuredClone(input.users.slice(0, 2))];
			const extensions = [...structuredClone(input.extensions.slice(-2)), ...input.extensions];
			expect(plan({ ...input, users, extensions })).toEqual(plan(input));
		}),
	);

	holds(
		'nothing of the input is altered',
		fc.property(worlds, (input) => {
			const before = structuredClone(input);
			plan(input);
			expect(input).toEqual(before);
		}),
	);

	holds(
		'unmatched never holds an extension that a link, a dispute or a wish to be ignored protects',
		fc.property(worlds, (input) => {
			const planned = plan(input);
			const here = new Set(input.users.map(({ user }) => user.id));
			const active = new Set(
				input.users.filter(({ user }) => user.status === 'active').map(({ user }) => user.id),
			);
			const rows = input.links ?? [];
			const ignored = rows.filter(({ state }) => state === 'ignored');
			const ignoredUsers = new Set(ignored.map(({ userId }) => userId));
			const live = rows.filter(({ userId }) => !ignoredUsers.has(userId));
			const useLinks = input.settings.matchBy.has('link');
			for (const { extension, evidence } of planned.unmatched) {
				expect(ignored.map(({ extensionId }) => extensionId)).not.toContain(extension.id);
				expect(extensionIds(planned)).not.toContain(extension.id);
				for (const { match } of planned.conflicts) {
					expect(match.candidates.map(({ id }) => id)).not.toContain(extension.id);
				}
				const owners = live.filter(({ extensionId }) => extensionId === extension.id);
				// A lone link to somebody in service protects; a pinned one outranks others.
				if (useLinks && owners.length === 1)
					expect(active.has(owners[0]?.userId ?? '')).toBe(false);
				if (evidence.reason === 'notFound') {
					expect(owners.some(({ userId }) => here.has(userId))).toBe(false);
				}
			}
		}),
	);

	holds(
		'a list that is not whole never makes anybody "not found"',
		fc.property(worlds, fc.constantFrom('users', 'extensions' as const), (input, which) => {
			const mark = { id: 'r', of: which, system: 'toy', count: 99, scope: 'whole' } as const;
			const short = wholeness({ of: which, marks: [mark], distinct: 98, broken: 0 });
			const read =
				which === 'users' ? { usersRead: short } : { extensionsRead: { ...short, mark } };
			const { unmatched, summary } = plan({ ...input, ...read });
			expect(unmatched.filter(({ evidence }) => evidence.reason === 'notFound')).toEqual([]);
			expect(summary.notes.map(({ code }) => code)).toContain(`${which}.notWhole`);
		}),
	);

	holds(
		'a list of extensions that is not whole never leads to a new one',
		fc.property(worlds, (input) => {
			const { mark } = input.extensionsRead;
			const extensionsRead = {
				...wholeness({ of: 'extensions', marks: [mark], distinct: mark.count + 1, broken: 0 }),
				mark,
			};
			expect(plan({ ...input, extensionsRead }).summary.changes.create).toBe(0);
		}),
	);

	holds(
		'only mapped fields the phone system has are written, and the mark into an empty slot for it',
		fc.property(worlds, (input) => {
			const known = new Set(FIELDS.map(({ name }) => name));
			for (const { user, contact, change, extension } of plan(input).changes) {
				if (!('pbx' in change)) continue;
				const { [MARK]: mark, ...fields } = change.pbx;
				if (mark !== undefined) {
					expect(mark).toEqual({ from: null, to: user.id });
					expect([input.facts.hasExternalId, extension?.externalId]).toEqual([true, null]);
				}
				for (const [name, { to }] of Object.entries(fields)) {
					expect(known).toContain(name);
					// What is not mapped is not cleared either.
					expect(contact).toHaveProperty([name]);
					expect(to).toBe(contact?.[name]?.trim() || null);
				}
			}
		}),
	);
});

describe('Running again', () => {
	holds(
		'comes to rest: in a few runs, nothing is left to write',
		fc.property(worlds, (input) => {
			let world = input;
			let planned = plan(world);
			// A number or an address that one user gives up can be the one another waits for.
			for (let run = 0; run <= input.users.length && writes(planned).length > 0; run++) {
				world = apply(world, planned);
				planned = plan(world);
			}
			expect(writes(planned)).toEqual([]);
		}),
	);

	holds(
		'at once has nothing to do where there were no conflicts',
		fc.property(worlds, (world) => {
			// A conflict that is passed over, or settled by another number, can open up later.
			const input = { ...world, settings: { ...world.settings, choices: {}, reactions: {} } };
			const planned = plan(input);
			fc.pre(planned.conflicts.length === 0);
			const again = plan(apply(input, planned));
			expect(again.changes).toEqual([]);
			expect(again.conflicts).toEqual([]);
		}),
	);

	holds(
		'after everybody was renamed makes no new extension where a link or the external ID exists',
		fc.property(worlds, (input) => {
			const keyed = { ...input, settings: { ...input.settings, matchBy: ALL_KEYS } };
			fc.pre(input.links !== null || input.facts.hasExternalId);
			const world = apply(keyed, plan(keyed));
			const before = created(plan(world));
			const users = world.users.map((item) => ({
				...item,
				user: { ...item.user, mail: `${item.user.id}@new.example`, userPrincipalName: null },
				contact: item.contact && { ...item.contact, email: `${item.user.id}@new.example` },
			}));
			// What a person gave to somebody by hand is no longer anybody else's.
			const pinned = new Set(
				(world.links ?? [])
					.filter(({ state }) => state === 'pinned')
					.map(({ extensionId }) => extensionId),
			);
			const free = world.extensions.filter(({ id }) => !pinned.has(id));
			const owned = new Set([
				...free.map(({ externalId }) => externalId),
				...(world.links ?? [])
					.filter(({ extensionId }) => free.some(({ id }) => id === extensionId))
					.map(({ userId }) => userId),
			]);
			const after = created(plan({ ...world, users })).filter((id) => !before.includes(id));
			for (const id of after) expect(owned).not.toContain(id);
		}),
	);
});

const ALL_KEYS = new Set(['link', 'externalId', 'email'] as const);

function created({ changes }: Plan): string[] {
	return changes.filter(({ change }) => change.kind === 'create').map(({ user }) => user.id);
}

function shuffled<T>(values: readonly T[]): fc.Arbitrary<T[]> {
	return fc.shuffledSubarray([...values], { minLength: values.length });
}
