/**
 * A run that asked the phone system for nothing but the extensions of those who changed. It has to
 * decide what it would decide with the whole list, or say that it needs the whole list.
 */
import fc from 'fast-check';
import { wholeness } from '../../sync/guard.ts';
import type { Extension, Link, ReadMark } from '../../sync/item.ts';
import { fold } from '../../sync/keys.ts';
import { needOf, needsAll, type Asking } from '../../sync/need.ts';
import { plan, type Plan, type PlanInput } from '../../sync/plan.ts';
import { holds } from './holds.mts';
import { worlds } from './worlds.mts';

const changed = worlds.chain((all) =>
	fc.subarray([...all.users]).map((users): PlanInput => {
		const mark = { id: 'c', of: 'users', count: users.length, scope: 'changes' } as const;
		const usersRead = wholeness({ of: 'users', marks: [mark], distinct: users.length, broken: 0 });
		// Without a remembered link nothing can be asked for.
		const matchBy = new Set([...all.settings.matchBy, 'link'] as const);
		return { ...all, users, usersRead, settings: { ...all.settings, matchBy } };
	}),
);

describe('When only the needed extensions are read', () => {
	holds(
		'the same changes and the same conflicts come of it as with the whole list',
		fc.property(changed, (all) => {
			const needed = asNeeded(all);
			if (needed === null) return;
			const [whole, few] = [plan(all), plan(needed)];
			expect(few.changes).toEqual(whole.changes);
			expect(conflictsIn(few)).toEqual(conflictsIn(whole));
		}),
	);

	holds(
		'nothing is created, no number is given, and nobody is called unmatched without a link',
		fc.property(changed, (all) => {
			const needed = asNeeded(all);
			if (needed === null) return;
			const few = plan(needed);
			for (const { change } of few.changes) {
				expect(change.kind).not.toBe('create');
				if ('pbx' in change) expect(change.pbx).not.toHaveProperty('number');
			}
			const linked = new Set((all.links ?? []).map(({ extensionId }) => extensionId));
			for (const { extension, evidence } of few.unmatched) {
				expect(linked).toContain(extension.id);
				expect(evidence.userId).not.toBeNull();
			}
			const leavers = plan(all).unmatched.map(({ extension }) => extension.id);
			expect(leavers).toEqual(
				expect.arrayContaining(few.unmatched.map(({ extension }) => extension.id)),
			);
		}),
	);
});

const conflictsIn = ({ conflicts }: Plan) =>
	conflicts.map(({ user, conflict }) => [user.id, conflict.code]);

/** The same run as it gets it from 'Only Those Needed'; null where that reads the whole list. */
function asNeeded(all: PlanInput): PlanInput | null {
	const { users, usersRead, links, extensions, facts } = all;
	const own = links && rowsOf(links, (row) => users.some(({ user }) => isOf(row, user.id)));
	const asking: Asking = { users, mark: usersRead.mark, links: own };
	const need = needOf(asking);
	if (need.kind === 'all') return null;
	const byId = new Map(extensions.map((each) => [each.id, each]));
	const found = new Map(need.ids.map((id) => [id, byId.get(id) ?? null]));
	if (needsAll(asking, found, facts) !== null) return null;
	const few: Extension[] = [...found.values()].flatMap((each) => each ?? []);
	const mark: ReadMark = { ...all.extensionsRead.mark, count: few.length, scope: 'needed' };
	const read = wholeness({ of: 'extensions', marks: [mark], distinct: few.length, broken: 0 });
	const ids = new Set(few.map(({ id }) => id));
	return {
		...all,
		extensions: few,
		extensionsRead: { ...read, mark },
		// As the template brings them: those of the users, and those to the extensions, some of them twice.
		links: links && [...(own ?? []), ...rowsOf(links, (row) => ids.has(row.extensionId))],
	};
}

const rowsOf = (links: readonly Link[], isMeant: (row: Link) => boolean) =>
	links.filter((row) => isMeant(row));
const isOf = (row: Link, userId: string) => fold(row.userId) === fold(userId);
