import { planCleanup } from '../../../sync/cleanup.ts';
import type { CleanupRules, CleanupStep } from '../../../sync/cleanup.ts';
import type { MatchedBy, UnmatchedItem } from '../../../sync/item.ts';
import { readExtensionList } from '../../../sync/extension-list.ts';
import { leaver, leavers, NOW, readOf, rules } from './leavers.mts';

function decide(item: UnmatchedItem, changed: Partial<CleanupRules> = {}): CleanupStep | undefined {
	return planCleanup([item], rules(changed))[0];
}

function codeOf(step: CleanupStep | undefined): string | undefined {
	return step?.act === 'hold' ? step.because.code : undefined;
}

const DISABLE_ALL: CleanupRules['ladder'] = {
	disabled: 'disable',
	deleted: 'disable',
	outOfScope: 'disable',
	notFound: 'disable',
};

describe('an extension without an active user, usual rules', () => {
	it.each(['disabled', 'deleted'] as const)('is disabled when the user is %s', (reason) => {
		expect(decide(leaver(reason))?.act).toBe('disable');
	});

	it.each(['outOfScope', 'notFound'] as const)('is only reported when the user is %s', (reason) => {
		expect(codeOf(decide(leaver(reason)))).toBe('cleanup.reportOnly');
	});

	it('is left as it is when it is disabled already', () => {
		expect(decide(leaver('disabled', { extension: { enabled: false } }))?.act).toBe('none');
	});
});

describe('an extension this sync never paired', () => {
	const byHand = (knownBy: MatchedBy | null) =>
		leaver('notFound', { evidence: { knownBy, userId: null } });
	const ladder = DISABLE_ALL;

	it.each([null, 'email', 'number', 'phone'] as const)(
		'is left alone when known by %s',
		(knownBy) => {
			expect(codeOf(decide(byHand(knownBy), { ladder }))).toBe('cleanup.neverPaired');
		},
	);

	it('is cleaned up when somebody asks for it', () => {
		expect(decide(byHand(null), { ladder, includeNeverPaired: true })?.act).toBe('disable');
	});

	it.each([
		['disabled', 'disable'],
		['deleted', 'disable'],
		['outOfScope', 'hold'],
	] as const)('but found by the mail of a user who is %s: %s', (reason, act) => {
		expect(decide(leaver(reason, { evidence: { knownBy: 'email' } }), { ladder })?.act).toBe(act);
	});

	it('is never taken for ours because of its number, which may have had another owner', () => {
		const item = leaver('disabled', { evidence: { knownBy: 'number' } });
		expect(codeOf(decide(item))).toBe('cleanup.neverPaired');
	});
});

describe('evidence', () => {
	const ladder = DISABLE_ALL;
	it.each([
		['the users were read as changes only', { users: { ...readOf('users', 9), scope: 'changes' } }],
		['there is no read of users', { users: null }],
		[
			'the extensions were not read whole',
			{ extensions: { ...readOf('extensions', 9), scope: 'changes' } },
		],
	] as const)('nobody is called not found when %s', (_, evidence) => {
		expect(codeOf(decide(leaver('notFound', { evidence }), { ladder }))).toBe('cleanup.notProven');
	});

	it('a statement of the directory needs a user it is about', () => {
		const item = leaver('disabled', { evidence: { userId: null } });
		expect(codeOf(decide(item))).toBe('cleanup.notProven');
	});
});

describe('protected extensions', () => {
	it.each(['211', '200-299', 'ASA@example.com', '1, 2; 211\n3'])('%s protects 211', (text) => {
		const step = decide(leaver('deleted'), {
			protected: readExtensionList(text, 'Protected Extensions'),
		});
		expect(codeOf(step)).toBe('cleanup.protected');
	});

	it.each(['', '0211', '2110', '100-199', 'other@example.com'])('%s does not', (text) => {
		expect(
			decide(leaver('deleted'), { protected: readExtensionList(text, 'Protected Extensions') })
				?.act,
		).toBe('disable');
	});

	it('an entry nobody can read is refused instead of passed over', () => {
		expect(() => readExtensionList('100, reception', 'Protected Extensions')).toThrow(/reception/);
	});
});

describe('a phone system that cannot disable', () => {
	it('gets a list of what to do by hand', () => {
		const step = decide(leaver('disabled'), { canDisable: false });
		expect(step).toMatchObject({
			act: 'hold',
			because: { code: 'cleanup.cannotDisable', what: expect.stringContaining('by hand') },
		});
	});
});

describe('a wave of leavers', () => {
	it('within the limit is disabled', () => {
		expect(planCleanup(leavers(10), rules()).every(({ act }) => act === 'disable')).toBe(true);
	});

	it('over the limit is held to the last one, and told how many, the limit and the way out', () => {
		const steps = planCleanup(leavers(11), rules());
		expect(steps.map(codeOf)).toEqual(Array(11).fill('limit.disable'));
		const because = steps[0]?.act === 'hold' ? steps[0].because : undefined;
		expect(because?.what).toContain('11 extensions');
		expect(because?.what).toContain('limit is 10');
		expect(because?.fix).toContain('at least 11');
	});

	it('does not take along those who are only reported', () => {
		const steps = planCleanup([...leavers(11), leaver('notFound')], rules());
		expect(codeOf(steps.at(-1))).toBe('cleanup.reportOnly');
	});

	it('is not made of those who are disabled already', () => {
		const done = leavers(50).map((item) => ({
			...item,
			extension: { ...item.extension, enabled: false },
		}));
		expect(planCleanup([...done, leaver('disabled')], rules()).at(-1)?.act).toBe('disable');
	});

	it('goes through once somebody names the number and a day', () => {
		const overrides = [{ kind: 'disable' as const, count: 11, until: '2026-11-23' }];
		expect(
			planCleanup(leavers(11), rules({ overrides })).every(({ act }) => act === 'disable'),
		).toBe(true);
	});
});

describe('a limit for a group', () => {
	const group = (members: string, maxCount: number, kind: 'disable' | 'delete' = 'disable') => ({
		name: members,
		members: readExtensionList(members, 'Limits per Group'),
		kind,
		maxCount,
	});
	const acts = (groups: ReturnType<typeof group>[], more: Parameters<typeof rules>[0] = {}) =>
		planCleanup(leavers(10), rules({ groups, ...more })).map(({ act }) => act);
	const three = (first: string, then: string) => [...Array(3).fill(first), ...Array(7).fill(then)];

	it('holds all of the group when there is one too many, and nobody else', () => {
		expect(acts([group('200-202', 2)])).toEqual(three('hold', 'disable'));
	});

	it('lets as many through as it names', () => {
		expect(acts([group('200-202', 3)])).toEqual(Array(10).fill('disable'));
	});

	it('names the group in its reason, and the way out', () => {
		const [step] = planCleanup(leavers(10), rules({ groups: [group('200-202', 2)] }));
		const because = step?.act === 'hold' ? step.because : undefined;
		expect(because?.what).toBe(
			"3 extensions of '200-202' would be disabled, the limit is 2, so none is disabled.",
		);
		expect(because?.fix).toContain('at least 3');
	});

	it('allows nothing the limit for all does not', () => {
		const limits = {
			...rules().limits,
			disable: { maxCount: 5, maxPercent: 100, floor: 3 },
		};
		expect(acts([group('200-202', 50)], { limits })).toEqual(Array(10).fill('hold'));
	});

	it('counts what earlier runs did to the group, and not what they did to others', () => {
		const at = '2026-11-23T08:00:00.000Z';
		const kind = 'disable' as const;
		const own = [{ at, kind, count: 1, group: '200-202' }];
		const others = [{ at, kind, count: 1, group: '300-399' }];
		const limits = { ...rules().limits, disable: { maxCount: 50, maxPercent: 100, floor: 3 } };
		expect(acts([group('200-202', 3)], { done: own, limits })).toEqual(three('hold', 'disable'));
		expect(acts([group('200-202', 3)], { done: others, limits })).not.toContain('hold');
	});

	it('has nothing to do with the other kind of change', () => {
		expect(acts([group('200-202', 0, 'delete')])).toEqual(Array(10).fill('disable'));
	});

	it('yields to an override with a number and a day', () => {
		const overrides = [{ kind: 'disable' as const, count: 3, until: '2026-11-23' }];
		expect(acts([group('200-202', 2)], { overrides })).toEqual(Array(10).fill('disable'));
	});
});

describe('the last rung', () => {
	const ladder = { ...DISABLE_ALL, disabled: 'delete' } as const;
	const off = (changed: Parameters<typeof leaver>[1] = {}) =>
		leaver('disabled', { ...changed, extension: { enabled: false, ...changed.extension } });
	const since = (days: number) =>
		new Map([['11', new Date(Date.parse(NOW) - days * 86_400_000).toISOString()]]);

	it('disables first', () => {
		expect(decide(leaver('disabled'), { ladder, since: since(99) })?.act).toBe('disable');
	});

	it('begins to count with what it finds disabled, and says when it will delete', () => {
		expect(decide(off(), { ladder })).toEqual({
			act: 'none',
			counting: true,
			decision: expect.stringContaining('To be deleted on 2026-12-23.'),
		});
	});

	it.each([
		[29, 'none'],
		[30, 'delete'],
	])('after %i of 30 days: %s', (days, act) => {
		expect(decide(off(), { ladder, since: since(days) })?.act).toBe(act);
	});

	it('never deletes by a date it cannot read', () => {
		expect(decide(off(), { ladder, since: new Map([['11', 'soon']]) })?.act).toBe('none');
	});

	it('never deletes what this sync neither made nor adopted, whatever is asked', () => {
		const item = off({ evidence: { knownBy: 'number' } });
		const changed = { ladder, since: since(99), includeNeverPaired: true };
		expect(decide(item, changed)?.act).toBe('none');
	});

	it('lists what this phone system cannot delete', () => {
		expect(codeOf(decide(off(), { ladder, since: since(99), canDelete: false }))).toBe(
			'cleanup.cannotDelete',
		);
	});

	it('is behind a limit of its own', () => {
		const items = Array.from({ length: 6 }, (_, index) =>
			leaver('disabled', { extension: { id: String(index), enabled: false } }),
		);
		const long = new Map(items.map(({ extension: { id } }) => [id, '2026-01-01T00:00:00Z']));
		const steps = planCleanup(items, rules({ ladder, since: long }));
		expect(steps.map(codeOf)).toEqual(Array(6).fill('limit.delete'));
	});
});

describe('the share a limit allows', () => {
	const plan = {
		by: 'allocator',
		system: 'yeastar',
		base: 30,
		settings: { code: '', scope: '', mapping: {}, numbering: '' },
		previewOnly: null,
	};

	it('is taken of the fewest extensions lately, so that new ones let nobody be disabled', () => {
		const ten = leavers(5, 'disabled', 225);
		expect(planCleanup(ten, rules()).map(({ act }) => act)).toEqual(Array(5).fill('disable'));
		const grown = ten.map((item) => ({ ...item, plan }));
		expect(planCleanup(grown, rules()).map(codeOf)).toEqual(Array(5).fill('limit.disable'));
	});
});

describe('a mark that protects', () => {
	it('is any field that holds the value, in any case', () => {
		const item = leaver('disabled', { extension: { fields: { department: 'Reception' } } });
		const list = readExtensionList('100-199, department = reception', 'Protected Extensions');
		expect(codeOf(decide(item, { protected: list }))).toBe('cleanup.protected');
		expect(decide(leaver('disabled'), { protected: list })?.act).toBe('disable');
	});
});
