/** Every example in docs/numbering.md and docs/items.md, run. */
import { readFileSync } from 'node:fs';
import { parameters } from '../../../nodes/ExtensionAllocator/parameters.ts';
import { judge } from '../../../pbx/judgement.ts';
import { systemNamed } from '../../../pbx/systems.ts';
import type {
	ChangeItem,
	ConflictItem,
	ContactItem,
	ExtensionItem,
	EmptyReadItem,
	OutcomeItem,
	RejectedItem,
	SummaryItem,
	UnmatchedItem,
	UserItem,
	Link,
	MatchedBy,
	UserStatus,
} from '../../../sync/item.ts';
import { recommendedMapping } from '../../../sync/recommended.ts';
import { mapWith } from '../mapping/users.mts';
import { EMERGENCY_NUMBERS, NumberPool, parseRanges } from '../../../sync/numbers.ts';
import type { Numbering } from '../../../sync/allocate.ts';
import { plan, type PlanInput } from '../../../sync/plan.ts';
import { tableBelow } from '../page.mts';
import { extension, inputOf, link, person, type World } from './world.mts';

const page = readFileSync('docs/numbering.md', 'utf8');

/** A pipe inside a cell is written with a backslash there. */
const examples = (heading: string) =>
	tableBelow(page, heading).map((row) =>
		Object.fromEntries(Object.entries(row).map(([name, cell]) => [name, cell.replace('\\', '')])),
	);

function numberFor(method: Numbering['method'], mapped: string): string {
	const contact = { email: 'ada@example.com', ...(mapped ? { number: mapped } : {}) };
	const planned = plan(inputOf({ users: [person('ada', { contact })], numbering: { method } }));
	const [refused] = planned.conflicts;
	if (refused) {
		return `${refused.conflict.code}, ${String(refused.conflict.suggestion)} suggested`;
	}
	const { value, reason, pool } = planned.changes[0]?.number ?? {};
	return `${String(value)} ${reason === 'property' ? 'as mapped' : `from pool ${String(pool)}`}`;
}

function given(ranges: string, reserved: string, inUse: string): string {
	const pool = new NumberPool('', parseRanges(ranges, ''), parseRanges(reserved, ''), 7);
	const taken = new Set([inUse]);
	const numbers: string[] = [];
	for (let next = pool.next(taken); next !== null; next = pool.next(taken)) {
		numbers.push(next);
		taken.add(next);
	}
	return numbers.join(', ') || 'none';
}

describe('docs/numbering.md', () => {
	it.each(examples('Where a number comes from'))(
		'says "$becomes" for $numbering and "$mapped number"',
		({ numbering, 'mapped number': mapped = '', becomes }) => {
			expect(numberFor(numbering as Numbering['method'], mapped)).toBe(becomes);
		},
	);

	it.each(examples('Ranges'))(
		'gives $given from $ranges',
		({ ranges = '', reserved = '', 'in use': inUse = '', given: expected }) => {
			expect(given(ranges, reserved, inUse)).toBe(expected);
		},
	);

	describe('shows pools by group, department, office or any attribute, and', () => {
		const rows = tableBelow(page, 'Pools');
		const pools = rows.map(({ 'pool meant for': meant = '', gets = '' }) => {
			const [, attribute, values = ''] = /^`(\w+)` is (.+)$/.exec(meant) ?? [];
			const when = attribute ? { attribute, values: values.split(' or ') } : undefined;
			return { name: gets, ranges: gets, ...(when && { when }) };
		});
		it.each(rows)('gives $gets to $user', ({ user = '', gets }) => {
			const users = [person('ada', JSON.parse(user) as Record<string, unknown>)];
			const { changes } = plan(inputOf({ users, numbering: { pools } }));
			expect(changes.map(({ number }) => number.value)).toEqual([gets]);
		});
	});

	it.each(examples('Numbers from the end of the phone number'))(
		'takes from $phone number: $number',
		({ 'phone number': phone = '', number: expected }) => {
			const pool = { name: 'Office', ranges: '200-299', method: 'phoneDigits' } as const;
			const contact = { email: 'ada@example.com', phone };
			const users = [person('ada', { contact })];
			const planned = plan(inputOf({ users, numbering: { method: 'nextFree', pools: [pool] } }));
			const [refused] = planned.conflicts;
			const [made] = planned.changes;
			expect(
				refused
					? `${refused.conflict.code}, ${String(refused.conflict.suggestion)} suggested`
					: `${String(made?.number.value)} as the phone number ends`,
			).toBe(expected);
		},
	);

	it.each(examples('Direct numbers that go with an extension'))(
		'gives $gets by $direct number where $another extension holds',
		({ 'direct number': template = '', 'another extension holds': held = '', mapped, gets }) => {
			const direct = { field: 'phone', template };
			const contact = { email: 'ada@example.com', ...(mapped && { phone: mapped }) };
			const input = inputOf({
				users: [person('ada', { contact })],
				extensions: [extension('200', { fields: { phone: held || null } })],
				links: [],
				numbering: { pools: [{ name: 'Office', ranges: '200-202', direct }] },
			});
			const fields: PlanInput['fields'] = [
				...input.fields,
				{ name: 'phone', displayName: 'Business Phone', type: 'phone' },
			];
			const { changes, summary } = plan({ ...input, fields });
			const [made] = changes;
			const phone = made && 'pbx' in made.change ? made.change.pbx['phone']?.to : null;
			expect(`${String(made?.number.value)} and ${String(phone)}`).toBe(gets);
			expect(summary.notes).toEqual([]);
			// A phone system without such a field gets none, and the summary says so.
			const without = plan(input);
			expect(without.summary.notes.map(({ code }) => code)).toEqual(['number.noDirect']);
		},
	);

	it('names the numbers that are dialled for help', () => {
		const [, list = ''] = /dial for help: ([^.]+)\./.exec(page.replace(/\s+/g, ' ')) ?? [];
		expect(list.match(/\d+/g)).toEqual([...EMERGENCY_NUMBERS]);
	});

	it('lists the kinds of evidence under the names of the panel', () => {
		const option = parameters.find(({ name }) => name === 'matchBy');
		const names = option?.options?.map(({ name }) => name).sort();
		expect(
			examples('Whose extension it is')
				.map(({ evidence }) => evidence)
				.sort(),
		).toEqual(names);
	});

	describe('shows every reaction, and', () => {
		const rows = examples('Doing less than usual');
		const reactions = parameters.find(({ name }) => name === 'reactions');
		const offered = (reactions?.options ?? []).flatMap((option) =>
			'type' in option ? [option] : [],
		);

		it('offers just these', () => {
			const table = rows.map(({ reaction = '', situation = '', choices = '' }) => [
				reaction,
				situation,
				choices.split(', ').sort(),
			]);
			const panel = offered.map(({ displayName, name, options = [] }) => [
				displayName,
				name,
				options.flatMap((choice) => ('value' in choice ? [choice.value] : [])).sort(),
			]);
			expect(table.sort()).toEqual(panel.sort());
			for (const { situation, choices = '' } of rows) {
				const { default: untouched } = offered.find(({ name }) => name === situation) ?? {};
				expect(untouched).toBe(choices.split(', ')[0]);
			}
		});

		const withMail = (number: string, email: string) => extension(number, { fields: { email } });
		const situations: Record<string, World> = {
			linked: { users: [person('ada')], extensions: [extension('201', { externalId: 'ada' })] },
			adopted: { users: [person('ada')], extensions: [withMail('201', 'ada@example.com')] },
			new: { users: [person('ada')] },
			disputed: {
				users: [person('ada'), person('bob', { userPrincipalName: 'ada@example.com' })],
				extensions: [withMail('201', 'ada@example.com')],
			},
			orphaned: { users: [person('ada', { contact: null })], extensions: [extension('209')] },
		};
		const cases = rows.flatMap(({ situation = '', choices = '' }) =>
			choices.split(', ').map((choice) => ({ situation, choice })),
		);
		it.each(cases)('does $choice when $situation', ({ situation, choice }) => {
			const world = situations[situation];
			if (!world) throw new Error(`No example of ${situation}`);
			const reactions = { [situation]: choice };
			const { changes, conflicts, unmatched } = plan(
				inputOf({ ...world, settings: { reactions } }),
			);
			expect([changes.length, conflicts.length + unmatched.length]).toEqual(
				{
					update: [1, 0],
					create: [1, 0],
					report: [0, situation === 'disputed' ? 2 : 1],
					ignore: [0, 0],
				}[choice],
			);
		});
	});

	const ada = person('ada', { contact: { number: '201', mobile: '+41791234567' } });
	const evidence: Record<string, World> = {
		'Remembered Link': { extensions: [extension('201')], links: [link('ada', 'e201')] },
		'External ID': { extensions: [extension('201', { externalId: 'ada' })] },
		'Email Address': { extensions: [extension('201', { fields: { email: 'ada@example.com' } })] },
		'Extension Number': { extensions: [extension('201')] },
		'Phone Number': { extensions: [extension('209', { fields: { mobile: '+41 79 123 45 67' } })] },
	};
	it.each(examples('Whose extension it is'))(
		'pairs by $evidence, where that is switched on',
		({ evidence: name = '' }) => {
			const world = evidence[name];
			const option = parameters.find((each) => each.name === 'matchBy');
			const kind = option?.options?.find((each) => each.name === name);
			if (!world || !kind || !('value' in kind)) throw new Error(`No example of ${name}`);
			const by = kind.value as MatchedBy; // the panel's own values
			const matchBy = new Set([by]);
			const { changes, unchanged } = plan(
				inputOf({ ...world, users: [ada], settings: { matchBy } }),
			);
			const [paired] = [...changes, ...unchanged];
			expect(paired).toMatchObject({ match: { by }, extension: world.extensions?.[0] });
		},
	);

	it.each(examples('The links table'))('follows a row that is $state', ({ state = '' }) => {
		const rows = [
			link('ada', 'e201', { state: state as Link['state'] }), // the page's own words
			link('bob', 'e201'),
		];
		const users = [person('ada'), person('bob', { contact: null })];
		const input = inputOf({ users, extensions: [extension('201')], links: rows });
		const { changes, conflicts, unmatched } = plan(input);
		const whose = changes.map(({ user, change }) => `${user.id} ${change.kind}`);
		expect([whose, conflicts.map(({ conflict }) => conflict.code), unmatched]).toEqual(
			{
				// Two rows for one extension: nobody can say whose it is, until somebody pins it.
				active: [[], ['match.disputed'], []],
				pinned: [['ada update'], [], []],
				ignored: [[], [], []],
			}[state],
		);
	});

	it.each(examples('Unmatched'))('says $reason where the page says so', ({ reason = '' }) => {
		const status = reason as UserStatus; // the page's own words
		const gone = reason === 'notFound' ? [] : [person('bob', { status, contact: null })];
		const world: World = {
			users: [person('ada'), ...gone],
			extensions: [extension('209', { externalId: 'bob' })],
		};
		const reasons = (of: World) => plan(inputOf(of)).unmatched.map((item) => item.evidence.reason);
		expect(reasons(world)).toEqual([reason]);
		// Of a list that did not arrive whole, only the directory's own word counts.
		const short = { ...world, extensionsRead: 2 };
		expect(reasons(short)).toEqual(reason === 'notFound' ? [] : [reason]);
	});

	it('lists every conflict there is', () => {
		const source = readFileSync('sync/conflict.ts', 'utf8');
		const codes = source.match(/(?<=')(match|system|user|number)\.\w+(?=')/g);
		expect(examples('Conflicts').map(({ code }) => code)).toEqual(codes);
	});
});

describe('docs/items.md', () => {
	const items = readFileSync('docs/items.md', 'utf8');
	/** The JSON blocks below a heading, as the types they are examples of. */
	const blocks = <T extends unknown[]>(heading: string): T => {
		const section = items.split(`## ${heading}\n`)[1]?.split('\n## ')[0] ?? '';
		return [...section.matchAll(/```json\n([^`]+)```/g)].map(
			([, json = '']) => JSON.parse(json) as unknown,
		) as T;
	};
	const [read, empty] = blocks<[UserItem, EmptyReadItem]>('Entra User Source');
	const [mapped, rejected] = blocks<[ContactItem, RejectedItem]>('Field Mapper');
	const [existing] = blocks<[ExtensionItem]>('PBX Target, Get Extensions');
	const [create, update] = blocks<[ChangeItem, ChangeItem]>('Extension Allocator, Changes');
	const [conflict] = blocks<[ConflictItem]>('Extension Allocator, Conflicts');
	const [unmatched] = blocks<[UnmatchedItem]>('Extension Allocator, Unmatched');
	const [summary] = blocks<[SummaryItem]>('Extension Allocator, Summary');
	const [created] = blocks<[OutcomeItem]>('PBX Target, Apply Changes');
	const [held] = blocks<[OutcomeItem]>('Unmatched Cleaner');
	const [row] = blocks<[Link]>('A row of the links table');

	const yeastar = systemNamed('yeastar');

	it('shows items as they grow from node to node', () => {
		expect(mapped).toEqual({ ...read, contact: mapped.contact });
		expect(empty.read).toEqual({ ...read.read, count: 0 });
	});

	it('shows the mapping as it is, and the reasons for refusing', () => {
		const rows = recommendedMapping(yeastar.fields);
		const settings = { defaultCountry: 'DE' } as const;
		const unfit = mapWith(rows, yeastar.fields, rejected.user, settings);
		expect(unfit).toMatchObject({ ok: false, problems: rejected.problems });
	});

	it('shows a plan as it is made of its own users and extensions', () => {
		const asRead = ({ user, read: mark, contact }: ContactItem): ContactItem => ({
			user,
			read: mark,
			contact,
			decisions: read.decisions,
		});
		const { user: left = read.user } = unmatched;
		const leaver = { ...asRead(mapped), user: left, contact: null };
		const { extension } = existing;
		const alike = conflict.match.candidates.map(({ id, number }) => ({
			...extension,
			id,
			number,
			fields: { ...extension.fields, ...conflict.contact },
		}));
		const planned = plan({
			...inputOf({}),
			users: [asRead(create), mapped, leaver, asRead(conflict)],
			extensions: [...alike, extension, unmatched.extension],
			usersRead: { whole: true, mark: read.read },
			extensionsRead: { whole: true, mark: existing.read },
			facts: yeastar.capabilities,
			fields: yeastar.fields,
		});
		expect(planned.changes).toEqual([create, update]);
		expect(planned.conflicts).toEqual([conflict]);
		expect(planned.unmatched).toEqual([unmatched]);
		expect(planned.summary).toEqual(summary.summary);
	});

	it('shows what became of it', () => {
		const { outcome, ...planned } = created;
		expect(planned).toEqual(create);
		expect(outcome.link).toEqual(row);
		const { change, extension } = held;
		if (!change || !extension) throw new Error('The example has a change and an extension.');
		const now = new Map([[extension.id, { ...extension, number: '299' }]]);
		const [verdict] = judge([{ change, userId: null }], now, yeastar.capabilities, false);
		expect(verdict).toMatchObject({ kind: 'hold', because: held.outcome.because });
	});
});
