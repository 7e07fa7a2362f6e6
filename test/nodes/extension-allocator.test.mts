/** Extension Allocator in n8n's own engine. */
import type { IDataObject, INodeExecutionData, INodeParameters } from 'n8n-workflow';
import { ExtensionAllocator } from '../../nodes/ExtensionAllocator/ExtensionAllocator.node.ts';
import type { PlanMark } from '../../sync/item.ts';
import { runNode } from './engine.mts';

const item = (json: object): INodeExecutionData => ({ json: json as IDataObject });

const user = (id: string, more: object = {}) => ({
	user: { id, status: 'active', mail: `${id}@example.com` },
	contact: { firstName: id, email: `${id}@example.com` },
	decisions: ['In scope.'],
	...more,
});

const account = (number: string, email: string | null = null, more: object = {}) => ({
	extension: {
		id: `id${number}`,
		number,
		enabled: true,
		externalId: null,
		fields: { firstName: null, email },
		...more,
	},
});

function wire(
	of: 'users' | 'extensions',
	items: object[],
	more: object = {},
): INodeExecutionData[] {
	const system = of === 'extensions' ? { system: 'yeastar' } : {};
	const read = { id: `read of ${of}`, of, count: items.length, scope: 'whole', ...system, ...more };
	if (items.length === 0) return [item({ read })];
	return items.map((each) => item({ read, ...each }));
}

/** As after a node that makes new items of what it gets: nothing is shared between them any more. */
const copied = (items: INodeExecutionData[]) =>
	items.map(({ json }) => item(structuredClone(json)));

async function allocate(
	inputs: Array<INodeExecutionData[] | null>,
	parameters: INodeParameters = {},
) {
	const result = await runNode({ node: new ExtensionAllocator(), parameters, inputs });
	const [changes = [], conflicts = [], unmatched = [], summary = []] = result.outputs;
	return { ...result, changes, conflicts, unmatched, summary };
}

const message = ({ error }: { error?: Error & { description?: string | null } }) =>
	`${error?.message ?? 'nothing'} ${error?.description ?? ''}`;

describe('Extension Allocator', () => {
	it('makes a plan of two lists, untouched', async () => {
		const result = await allocate([
			wire('users', [user('bob'), user('ada')]),
			wire('extensions', [account('300'), account('200', 'ada@example.com')]),
			null,
		]);
		expect(result.error).toBeUndefined();
		expect(result.changes).toMatchObject([
			{
				json: {
					user: { id: 'ada' },
					match: { situation: 'adopted', by: 'email' },
					extension: { id: 'id200' },
					number: { value: '200', reason: 'kept' },
					change: {
						kind: 'update',
						extensionId: 'id200',
						pbx: { firstName: { from: null, to: 'ada' } },
					},
				},
				pairedItem: { item: 1, input: 0 },
			},
			{
				json: {
					user: { id: 'bob' },
					contact: { firstName: 'bob' },
					match: { situation: 'new' },
					number: { value: '201', reason: 'pool', pool: 'Everyone' },
					change: { kind: 'create', number: '201' },
					decisions: [
						'In scope.',
						'No extension matches, so a new one is made.',
						"Number 201 is the next free one of pool 'Everyone'.",
					],
				},
				pairedItem: { item: 0, input: 0 },
			},
		]);
		expect(result.unmatched).toMatchObject([
			{
				json: { extension: { id: 'id300' }, evidence: { reason: 'notFound', knownBy: null } },
				pairedItem: { item: 0, input: 1 },
			},
		]);
		expect(result.summary).toMatchObject([
			{ json: { summary: { system: 'yeastar', changes: { create: 1, update: 1 }, unchanged: 0 } } },
		]);
		expect(result.hints).toMatchObject([
			{ message: '2 users, 2 extensions: 1 to create, 1 to update, 1 unmatched.' },
		]);
	});

	it('makes the same plan when a node in between copied the items', async () => {
		const users = wire('users', [user('bob'), user('ada')]);
		const extensions = wire('extensions', [account('300'), account('200', 'ada@example.com')]);
		const asTheyCame = await allocate([users, extensions, null]);
		const result = await allocate([copied(users), copied(extensions), null]);
		expect(result.error).toBeUndefined();
		for (const output of ['changes', 'conflicts', 'unmatched', 'summary'] as const) {
			expect(result[output]).toEqual(asTheyCame[output]);
		}
	});

	it('takes an item of a step that failed for a hole in the list, whatever else it carries', async () => {
		const { error, unmatched, summary } = await allocate([
			wire('users', [user('ada'), user('bob', { error: 'The step before failed.' })]),
			wire('extensions', [account('300')]),
			null,
		]);
		expect(error).toBeUndefined();
		expect(unmatched).toEqual([]);
		expect(summary).toMatchObject([{ json: { summary: { users: { whole: false } } } }]);
	});

	it('keeps what earlier nodes put on an item', async () => {
		const { changes } = await allocate([
			wire('users', [user('ada', { ticket: { id: 'T-7' } })]),
			wire('extensions', []),
			null,
		]);
		expect(changes[0]?.json).toMatchObject({
			ticket: { id: 'T-7' },
			change: { kind: 'create' },
		});
	});

	it('counts users who need nothing, and shows them when asked to', async () => {
		const inputs = [
			wire('users', [user('ada')]),
			wire('extensions', [
				account('200', 'ada@example.com', {
					fields: { firstName: 'ada', email: 'ada@example.com' },
				}),
			]),
			null,
		];
		const quiet = await allocate(inputs);
		expect(quiet.changes).toEqual([]);
		expect(quiet.summary[0]?.json).toMatchObject({ summary: { unchanged: 1 } });
		expect(quiet.hints[0]?.message).toBe('1 user, 1 extension: nothing to do.');
		const shown = await allocate(inputs, { options: { includeUnchanged: true } });
		expect(shown.changes).toMatchObject([{ json: { change: { kind: 'update', pbx: {} } } }]);
	});

	it('numbers by the pools it is given, and leaves reserved numbers out', async () => {
		const { changes, conflicts } = await allocate(
			[
				wire('users', [
					user('ada', { user: { id: 'ada', status: 'active', department: 'Sales' } }),
					user('bob', { user: { id: 'bob', status: 'active', department: 'IT' } }),
					user('cy', { user: { id: 'cy', status: 'active', department: 'IT' } }),
				]),
				wire('extensions', []),
				null,
			],
			{
				pools: {
					pool: [
						{
							name: 'Sales',
							ranges: '0400-0409',
							attribute: 'department',
							values: 'sales, marketing',
						},
						{ name: 'Rest', ranges: '300-301' },
					],
				},
				reserved: '300',
			},
		);
		expect(changes.map(({ json }) => json['number'])).toEqual([
			{ value: '0400', reason: 'pool', pool: 'Sales' },
			{ value: '301', reason: 'pool', pool: 'Rest' },
		]);
		expect(conflicts).toMatchObject([
			{ json: { user: { id: 'cy' }, conflict: { code: 'number.poolEmpty', suggestion: null } } },
		]);
	});

	it('gives no numbers when told so, and then asks for no pools', async () => {
		const inputs = [wire('users', [user('ada')]), wire('extensions', [account('300')]), null];
		const { error, conflicts } = await allocate(inputs, { numbering: 'none' });
		expect(error).toBeUndefined();
		expect(conflicts).toMatchObject([{ json: { conflict: { code: 'number.methodNone' } } }]);
	});

	it('sends nobody to clean-up when an item is missing, and says why', async () => {
		const users = wire('users', [user('ada'), user('bob')]).slice(1);
		const { unmatched, summary, hints } = await allocate([
			users,
			wire('extensions', [account('200', 'ada@example.com')]),
			null,
		]);
		expect(unmatched).toEqual([]);
		expect(summary[0]?.json).toMatchObject({
			summary: { users: { read: 1, whole: false }, notes: [{ code: 'users.notWhole' }] },
		});
		expect(hints[1]).toMatchObject({
			type: 'warning',
			message: /^1 of 2 users arrived\./ as unknown,
		});
	});

	it('takes an item that reports a fault for a hole in the list', async () => {
		const users = [...wire('users', [user('ada')]), item({ error: 'timed out' })];
		const { unmatched, summary } = await allocate([
			users,
			wire('extensions', [account('200')]),
			null,
		]);
		expect(unmatched).toEqual([]);
		expect(summary[0]?.json).toMatchObject({ summary: { notes: [{ code: 'users.broken' }] } });
	});

	it('changes and removes nothing when the directory is empty or sends nothing', async () => {
		for (const users of [wire('users', []), []]) {
			const result = await allocate([users, wire('extensions', [account('200')]), null]);
			expect(result.error).toBeUndefined();
			expect([result.changes, result.unmatched]).toEqual([[], []]);
			expect(result.summary[0]?.json['summary']).toMatchObject({
				notes: [{ code: expect.stringMatching(/^users\.(none|nothing)$/) as unknown }],
			});
		}
	});
});

describe('Rows on the Links input', () => {
	const inputs = (rows: object[]) => [
		wire('users', [user('ada')]),
		wire('extensions', [account('200', 'ada@example.com'), account('300')]),
		rows.map(item),
	];

	it.each([
		['numbers for text', { userId: ' ada ', extensionId: 73, number: 300, state: null }],
		[
			'capitals',
			{ userId: 'ada', extensionId: '73', number: '', state: 'Pinned', system: 'yeastar' },
		],
	])('are followed, with %s', async (_what, row) => {
		const { changes } = await allocate([
			wire('users', [user('ada')]),
			wire('extensions', [account('300', null, { id: '73' })]),
			[item({ id: 1, createdAt: 'today', ...row })],
		]);
		expect(changes).toMatchObject([
			{ json: { match: { situation: 'linked', by: 'link' }, change: { extensionId: '73' } } },
		]);
	});

	it('of another phone system and empty items are passed over', async () => {
		const { changes } = await allocate(
			inputs([{}, { userId: 'ada', extensionId: 'id300', state: 'active', system: 'scim' }]),
		);
		expect(changes).toMatchObject([
			{ json: { match: { by: 'email' }, extension: { id: 'id200' } } },
		]);
	});

	it('make an adoption something to remember, even while there are none', async () => {
		const right = account('200', 'ada@example.com', {
			fields: { firstName: 'ada', email: 'ada@example.com' },
		});
		const both = [wire('users', [user('ada')]), wire('extensions', [right])];
		expect((await allocate([...both, []])).changes).toHaveLength(1);
		expect((await allocate([...both, null])).changes).toHaveLength(0);
	});

	it.each([
		[{ userId: 'ada', extensionId: 'id200', state: 'igored' }, 'igored'],
		[{ userId: 'ada', extensionId: '', state: 'pinned' }, "'extensionId'"],
		[{ userId: { odd: true }, extensionId: 'id200', state: 'active' }, "'userId'"],
	])('that cannot be understood stop the run: %j', async (row, words) => {
		const result = await allocate(inputs([{}, row]));
		expect(message(result)).toContain('Row 2 of the links table cannot be understood.');
		expect(message(result)).toContain(words);
	});
});

describe('What is wired wrongly is said clearly', () => {
	const users = wire('users', [user('ada')]);
	const extensions = wire('extensions', [account('200')]);

	it.each([
		['Extensions not connected', [users, null, null], 'The Extensions input is not connected.'],
		['Extensions brought nothing', [users, [], null], 'sent nothing'],
		['Extensions brought only a fault', [users, [item({ error: 'x' })], null], 'did not succeed'],
		['wires swapped', [extensions, users, null], "It has no 'user' section."],
		[
			'Field Mapper left out',
			[wire('users', [{ user: { id: 'a', status: 'active' } }]), extensions, null],
			"'contact' is not as expected",
		],
		[
			'two phone systems at once',
			[
				users,
				[...extensions, ...wire('extensions', [account('201')], { id: 'b', system: 'scim' })],
				null,
			],
			'two phone systems, yeastar and scim',
		],
		[
			'a system nobody knows',
			[users, wire('extensions', [account('1')], { system: 'pigeon' }), null],
			'pigeon',
		],
	])('%s', async (_what, inputs, words) => {
		const result = await allocate(inputs);
		expect(message(result)).toContain(words);
		expect(result.changes).toEqual([]);
	});

	it.each([
		[
			'a range that is none',
			{ pools: { pool: [{ name: 'Sales', ranges: '2oo-299' }] } },
			'"2oo-299" in \'Number Pools: Sales\'',
		],
		[
			'a pool without ranges',
			{ pools: { pool: [{ name: 'Sales', ranges: ' ' }] } },
			'The pool has no ranges.',
		],
		[
			'a condition without values',
			{ pools: { pool: [{ name: 'S', ranges: '1', attribute: 'city' }] } },
			"No values are given for 'city'.",
		],
		['reserved numbers', { reserved: '300-200' }, "'Reserved Numbers'"],
	])('and so is %s', async (_what, parameters, words) => {
		expect(message(await allocate([users, extensions, null], parameters))).toContain(words);
	});

	it('while two reads of one system can still be planned with, but are no evidence', async () => {
		const two = [...extensions, ...wire('extensions', [account('201')], { id: 'another read' })];
		const { summary, unmatched, error } = await allocate([users, two, null]);
		expect(error).toBeUndefined();
		expect(unmatched).toEqual([]);
		expect(summary[0]?.json).toMatchObject({ summary: { notes: [{ code: 'extensions.mixed' }] } });
	});
});

describe('what earlier runs saw', () => {
	const many = (count: number) => Array.from({ length: count }, (_, n) => user(`u${String(n)}`));
	const lonely = () => wire('extensions', [account('300')]);
	const run = async (
		users: object[],
		{ options = {}, staticData = {} }: { options?: INodeParameters; staticData?: IDataObject } = {},
		parameters: INodeParameters = {},
	) => {
		const result = await runNode({
			node: new ExtensionAllocator(),
			parameters: { ...parameters, options },
			inputs: [wire('users', users), lonely(), null],
			staticData,
		});
		const [changes = [], , unmatched = [], [summary] = []] = result.outputs;
		const notes = (summary?.json['summary'] as { notes?: Array<{ code: string }> } | undefined)
			?.notes;
		return { ...result, changes, unmatched, codes: (notes ?? []).map(({ code }) => code) };
	};
	const tomorrow = () => new Date(Date.now() + 86_400_000).toISOString();

	it('keeps anybody from being called unmatched when the directory lost a third', async () => {
		const { staticData } = await run(many(30));
		const fewer = await run(many(20), { staticData });
		expect(fewer.unmatched).toEqual([]);
		expect(fewer.codes).toContain('users.shrunk');
		expect(fewer.changes).toHaveLength(20);
		const again = await run(many(20), { staticData: fewer.staticData });
		expect(again.unmatched).toEqual([]);
	});

	it('notices a directory that shrinks a little every run', async () => {
		let { staticData } = await run(many(30));
		for (const count of [27, 25, 23]) ({ staticData } = await run(many(count), { staticData }));
		expect((await run(many(20), { staticData })).unmatched).toEqual([]);
	});

	it('believes a person who names the number and a day, and then measures by that', async () => {
		const { staticData } = await run(many(30));
		const accept = (count: number) => ({
			acceptSmaller: { allow: { count, until: tomorrow() } },
		});
		const short = await run(many(20), { staticData, options: accept(21) });
		expect(short.unmatched).toEqual([]);
		const right = await run(many(20), { staticData, options: accept(20) });
		expect(right.unmatched).toHaveLength(1);
		const next = await run(many(20), { staticData: right.staticData });
		expect(next.unmatched).toHaveLength(1);
	});

	it('has no quarrel with a small team that loses three', async () => {
		const { staticData } = await run(many(6));
		expect((await run(many(3), { staticData })).unmatched).toHaveLength(1);
	});

	it.each([
		['u0@example.com, U1@EXAMPLE.COM', []],
		['u0, director@example.com', ['users.canary']],
	])('asks for the users who must be there: %s', async (mustBeThere, codes) => {
		const result = await run(many(3), { options: { mustBeThere } });
		expect(result.codes).toEqual(codes);
		expect(result.unmatched).toHaveLength(codes.length === 0 ? 1 : 0);
	});

	describe('when the settings are not as in the last run that wrote', () => {
		const planOf = ({ changes }: { changes: INodeExecutionData[] }) =>
			changes[0]?.json['plan'] as PlanMark | undefined;
		const after = async (): Promise<IDataObject> => {
			const settings = planOf(await run(many(2)))?.settings;
			return { global: { safety: { plans: { 'Under Test': { settings } } } } } as IDataObject;
		};
		const edited = { reserved: '200' };

		it('the plan may only be previewed, says so and says where each change comes from', async () => {
			const result = await run(many(2), { staticData: await after() }, edited);
			expect(planOf(result)?.previewOnly?.code).toBe('settings.changed');
			expect(result.codes).toContain('settings.changed');
			expect(result.changes[0]?.json['decisions']).toContain(
				'May come from the edited settings or from the directory.',
			);
		});

		it('a person says yes by the code of exactly those settings', async () => {
			const staticData = await after();
			const code = planOf(await run(many(2), { staticData }, edited))?.settings.code ?? '';
			const accepted = { staticData, options: { acceptedSettings: code } };
			expect(planOf(await run(many(2), accepted, edited))?.previewOnly).toBeNull();
			const other = await run(many(2), accepted, { reserved: '201' });
			expect(planOf(other)?.previewOnly?.code).toBe('settings.changed');
		});

		it('nothing is asked when told to apply at once', async () => {
			const how = { staticData: await after(), options: { afterSettingsChange: 'apply' } };
			expect(planOf(await run(many(2), how, edited))?.previewOnly).toBeNull();
		});

		it('nothing is asked before the first run that wrote, which Dry Run guards', async () => {
			const first = await run(many(2));
			const second = await run(many(2), { staticData: first.staticData }, edited);
			expect(planOf(second)?.previewOnly).toBeNull();
		});

		it.each([
			['nothing was edited', {}],
			['only what is shown was', { includeUnchanged: true }],
		])('nothing is asked when %s', async (_, options) => {
			const result = await run(many(2), { staticData: await after(), options });
			expect(planOf(result)?.previewOnly).toBeNull();
		});
	});

	it('limits take their share of the fewest extensions there were', async () => {
		const { staticData } = await run(many(1));
		const grown = await runNode({
			node: new ExtensionAllocator(),
			inputs: [
				wire('users', many(1)),
				wire('extensions', [account('300'), account('301'), account('302')]),
				null,
			],
			staticData,
		});
		expect(grown.outputs[2]?.map(({ json }) => json['plan'])).toMatchObject(
			Array(3).fill({ base: 1, system: 'yeastar' }),
		);
	});
});

describe('extensions that are disabled already', () => {
	const inputs = () => [
		wire('users', [user('ada')]),
		wire('extensions', [account('300', null, { enabled: false })]),
		null,
	];

	it('are not mentioned, unless asked for', async () => {
		expect((await allocate(inputs())).unmatched).toEqual([]);
		const asked = await allocate(inputs(), { options: { includeDisabled: true } });
		expect(asked.unmatched).toMatchObject([{ json: { extension: { id: 'id300' } } }]);
	});
});
