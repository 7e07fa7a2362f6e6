/**
 * A run that got only the users who changed. Most of the tenant is absent from its list, and still
 * nobody's number, mail address or extension may go to somebody else.
 */
import fc from 'fast-check';
import { wholeness } from '../../sync/guard.ts';
import type { ContactItem, Extension } from '../../sync/item.ts';
import { fold } from '../../sync/keys.ts';
import { plan, type PlanInput } from '../../sync/plan.ts';
import { apply } from '../unit/plan/world.mts';
import { holds } from './holds.mts';
import { worlds } from './worlds.mts';

/** A tenant, and what a read of changes gave of it. */
const partial = worlds.chain((all) =>
	fc.record({
		all: fc.constant(all),
		some: fc
			.subarray([...all.users], { maxLength: Math.max(0, all.users.length - 1) })
			.map((users) => changesOnly(all, users)),
	}),
);

function changesOnly(all: PlanInput, users: readonly ContactItem[]): PlanInput {
	const mark = { id: 'changes', of: 'users', count: users.length, scope: 'changes' } as const;
	const usersRead = wholeness({ of: 'users', marks: [mark], distinct: users.length, broken: 0 });
	return { ...all, users, usersRead };
}

describe('When only those who changed are read', () => {
	holds(
		'no number and no mail address is given to somebody while another extension has it',
		fc.property(partial, ({ some }) => {
			const planned = plan(some);
			for (const { change } of planned.changes) {
				if (!('pbx' in change)) continue;
				const own = change.kind === 'create' ? null : change.extensionId;
				const others = some.extensions.filter(({ id }) => id !== own);
				const number = change.pbx['number']?.to;
				if (number) expect(others.map((each) => each.number)).not.toContain(number);
				const email = fold(change.pbx['email']?.to);
				if (email !== '' && !some.facts.sharedEmail) {
					expect(others.map(emailOf)).not.toContain(email);
				}
			}
			const after = apply(some, planned).extensions;
			expect(doubled(after.map(({ number }) => number ?? ''))).toEqual(
				doubled(some.extensions.map(({ number }) => number ?? '')),
			);
		}),
	);

	holds(
		'no extension goes to somebody when a link or its external ID names an absent user',
		fc.property(partial, ({ some }) => {
			const present = new Set(some.users.map(({ user }) => user.id));
			for (const { user, change } of plan(some).changes) {
				if (!('extensionId' in change)) continue;
				const owners = ownersOf(some, change.extensionId);
				if (owners.has(user.id)) continue;
				expect([...owners].filter((owner) => !present.has(owner))).toEqual([]);
			}
		}),
	);

	holds(
		'nobody gets a new extension whom a whole run would give one that exists',
		fc.property(partial, ({ all, some }) => {
			const { changes, unchanged } = plan(all);
			const paired = [...changes, ...unchanged].filter(({ extension }) => extension);
			const ids = paired.map(({ user }) => user.id);
			for (const { change, user } of plan(some).changes) {
				if (change.kind === 'create') expect(ids).not.toContain(user.id);
			}
		}),
	);

	holds(
		'nobody is missed: an extension is without a user only where the directory says so',
		fc.property(partial, ({ some }) => {
			for (const { evidence } of plan(some).unmatched) {
				expect(evidence.reason).not.toBe('notFound');
				expect(some.users.map(({ user }) => user.id)).toContain(evidence.userId);
			}
		}),
	);

	holds(
		'a whole run afterwards ends where whole runs alone end',
		fc.property(partial, ({ all, some }) => {
			// Of somebody named by nothing but an old entry, a read of changes cannot know that they left.
			const here = new Set(all.users.map(({ user }) => user.id));
			const named = all.extensions.flatMap(({ id }) => [...ownersOf(all, id)]);
			fc.pre(named.every((id) => here.has(id)));
			// Everybody has what they need, and then a few people get another name.
			const settings = { ...all.settings, choices: {}, reactions: {} };
			const settled = toRest({ ...all, settings });
			fc.pre(settled !== null && plan(settled).conflicts.length === 0);
			if (settled === null) return;
			const changed = new Set(some.users.map(({ user }) => user.id));
			const edited = settled.users.map((item) =>
				changed.has(item.user.id) && item.contact
					? { ...item, contact: { ...item.contact, firstName: 'Changed' } }
					: item,
			);
			const whole = { ...settled, users: edited };
			const first = edited.filter(({ user }) => changed.has(user.id));
			const between = changesOnly(whole, first);
			const { extensions, links } = apply(between, plan(between));
			const { extensionsRead } = apply(between, plan(between));
			const after = toRest({ ...whole, extensions, links, extensionsRead });
			const alone = toRest(whole);
			expect(after?.extensions).toEqual(alone?.extensions);
			expect(after?.links).toEqual(alone?.links);
		}),
	);
});

/** Runs until nothing is left to do; null when that takes too long. */
function toRest(input: PlanInput): PlanInput | null {
	let world = input;
	for (let run = 0; run <= input.users.length + 1; run++) {
		const planned = plan(world);
		if (planned.changes.length === 0) return world;
		world = apply(world, planned);
	}
	return null;
}

/** Whom links and the external ID name as the user of an extension. */
function ownersOf({ links, extensions }: PlanInput, extensionId: string): ReadonlySet<string> {
	const linked = (links ?? []).filter(
		(each) => each.extensionId === extensionId && each.state !== 'ignored',
	);
	const marked = extensions.filter(({ id }) => id === extensionId);
	return new Set([
		...linked.map(({ userId }) => userId),
		...marked.flatMap(({ externalId }) => externalId ?? []),
	]);
}

const emailOf = ({ fields }: Extension) => fold(fields['email']);

function doubled(values: readonly string[]): string[] {
	return [...new Set(values.filter((value, index) => value && values.indexOf(value) < index))];
}
