import type { IDataObject, INodeParameters, WorkflowExecuteMode } from 'n8n-workflow';

import { EntraUserSource } from '../../nodes/EntraUserSource/EntraUserSource.node.ts';
import { SyncReport } from '../../nodes/SyncReport/SyncReport.node.ts';
import type { DirectoryUser } from '../../sandbox/directory/user.mts';
import type { Sandbox } from '../../sandbox/sandbox.mts';
import { startSandbox } from '../../sandbox/sandbox.mts';
import type { OutcomeResult, Summary, UserItem } from '../../sync/item.ts';
import { runNode } from './engine.mts';

const DAY = 86_400_000;

let sandbox: Sandbox;
let now: number;
let memory: IDataObject;

beforeEach(async () => {
	now = Date.now();
	memory = {};
	jest.spyOn(Date, 'now').mockImplementation(() => now);
	sandbox = await startSandbox({ clock: () => now });
});

afterEach(async () => {
	await sandbox.stop();
	jest.restoreAllMocks();
});

interface Options {
	readonly parameters?: INodeParameters;
	readonly mode?: WorkflowExecuteMode;
}

/** One run of the source. As in n8n, a run started by hand leaves nothing behind. */
async function read({ parameters = {}, mode = 'trigger' }: Options = {}) {
	const { authority, graph, tenantId, clientId, clientSecret } = sandbox.entra;
	const result = await runNode({
		node: new EntraUserSource(),
		parameters: { mode: 'changes', ...parameters },
		credentials: {
			entraOAuth2Api: {
				cloud: 'custom',
				authorityUrl: authority,
				graphUrl: graph,
				tenantId,
				clientId,
				clientSecret,
			},
		},
		staticData: memory,
		mode,
	});
	if (mode !== 'manual') memory = { ...memory, ...result.staticData };
	// The items of this node have this shape; that is what the tests below look at.
	const items = (result.outputs[0] ?? []).map(({ json }) => json as unknown as UserItem);
	return { ...result, items, scope: items[0]?.read.scope };
}

const SUMMARY: Summary = {
	users: { read: 1, whole: false },
	extensions: { read: 1, whole: true },
	situations: { linked: 0, adopted: 0, new: 0, disputed: 0, orphaned: 0 },
	changes: { create: 0, update: 1, enable: 0, disable: 0, delete: 0 },
	unchanged: 0,
	conflicts: 0,
	unmatched: { disabled: 0, deleted: 0, outOfScope: 0, notFound: 0 },
	skipped: 0,
	pools: [],
	planDigest: 'd',
	notes: [],
};

/** Sync Report at the end of the same run; one change was planned, these are what became of it. */
async function report(...results: readonly (OutcomeResult | 'previewed')[]) {
	const { staticData, error, hints } = await runNode({
		node: new SyncReport(),
		inputs: [
			[{ json: { summary: { ...SUMMARY } as object as IDataObject } }],
			results.map((result) => ({
				json: {
					outcome: {
						result: result === 'previewed' ? 'updated' : result,
						extensionId: 'x',
						number: '200',
						because: null,
						dryRun: result === 'previewed',
						link: null,
					},
					decisions: [],
				},
			})),
			null,
			null,
			null,
		],
		staticData: memory,
	});
	expect(error).toBeUndefined();
	memory = { ...memory, ...staticData };
	return hints.map(({ message }) => message).join(' ');
}

async function confirmedRead(options?: Options) {
	const result = await read(options);
	expect(result.error).toBeUndefined();
	await report('updated');
	return result;
}

const tenant = () => sandbox.control.entra.state;
function someone(fits: (user: DirectoryUser) => boolean = () => true): DirectoryUser {
	const found = [...tenant().users.values()].find(
		(user) => user.accountEnabled && user.userType === 'Member' && user.mail && fits(user),
	);
	if (!found) throw new Error('nobody fits');
	return found;
}
function putIntoBin(user: DirectoryUser) {
	tenant().users.delete(user.id);
	tenant().deletedUsers.set(user.id, user);
}
const told = ({ items }: { items: readonly UserItem[] }) =>
	items.filter((item) => 'user' in item).map(({ user }) => [user.id, user.status]);

describe('reading changes only', () => {
	it('begins with everybody, and then tells who changed, as complete as before', async () => {
		const first = await confirmedRead();
		expect(first.scope).toBe('whole');
		expect(first.items.length).toBeGreaterThan(200);
		const user = someone();
		user.jobTitle = 'Captain';
		const second = await confirmedRead();
		expect(second.scope).toBe('changes');
		expect(told(second)).toEqual([[user.id, 'active']]);
		const before = first.items.find((item) => item.user.id === user.id)?.user;
		expect(second.items[0]?.user).toEqual({ ...before, jobTitle: 'Captain' });
	});

	it('gives one item that says so when nobody changed', async () => {
		await confirmedRead();
		const { outputs, hints } = await confirmedRead();
		expect(outputs[0]?.map(({ json }) => json)).toEqual([
			{
				read: {
					id: expect.any(String),
					of: 'users',
					count: 0,
					scope: 'changes',
					account: expect.objectContaining({ kind: 'app' }),
				},
			},
		]);
		expect(hints[0]?.message).toContain('Nobody changed since the last confirmed run.');
	});

	it('says who was disabled, deleted, deleted for good, and who left the scope', async () => {
		const parameters = {
			conditions: {
				condition: [{ attribute: 'department', operator: 'equals', value: 'Sales' }],
			},
		};
		const inSales = ({ department }: DirectoryUser) => department === 'Sales';
		await confirmedRead({ parameters });
		const disabled = someone(inSales);
		disabled.accountEnabled = false;
		const binned = someone(inSales);
		putIntoBin(binned);
		const purged = someone(inSales);
		tenant().users.delete(purged.id);
		const moved = someone(inSales);
		moved.department = 'Finance';
		const { items } = await confirmedRead({ parameters });
		expect(new Map(told({ items }) as [string, string][])).toEqual(
			new Map([
				[disabled.id, 'disabled'],
				[binned.id, 'deleted'],
				[purged.id, 'deleted'],
				[moved.id, 'outOfScope'],
			]),
		);
		const sentences = items.find(({ user }) => user.id === moved.id)?.decisions;
		expect(sentences).toEqual(['Not in scope: not true that Department is "Sales"']);
		// Nothing was read of somebody who is gone for good, so nothing is said to be empty.
		expect(items.find(({ user }) => user.id === purged.id)?.user).toEqual({
			id: purged.id,
			status: 'deleted',
		});
	});

	it('tells a cleared value as empty, and one that was not mentioned as it is', async () => {
		await confirmedRead();
		const user = someone(({ mobilePhone, department }) => !!mobilePhone?.trim() && !!department);
		user.mobilePhone = null;
		const { items } = await confirmedRead();
		expect(items[0]?.user).toMatchObject({ mobilePhone: null, department: user.department });
	});

	it.each([
		['told twice, in the wrong order', { deltaDuplicates: true }],
		['told once more', { deltaReplays: 50 }],
		['in pages of one', { deltaPageSize: 1 }],
		['after empty pages', { emptyPages: true }],
	])('gives each of those who changed once, as they are, when they are %s', async (_how, knobs) => {
		await confirmedRead();
		Object.assign(sandbox.control.entra.settings, knobs);
		const one = someone();
		one.jobTitle = 'First';
		await confirmedRead();
		one.jobTitle = 'Second';
		const two = someone(({ id }) => id !== one.id);
		two.jobTitle = 'Other';
		const { items } = await confirmedRead();
		expect(items.map(({ user }) => [user.id, user['jobTitle']]).sort()).toEqual(
			[
				[one.id, 'Second'],
				[two.id, 'Other'],
			].sort(),
		);
	});

	it('notices a new manager', async () => {
		const parameters = { attributes: ['manager'] };
		await confirmedRead({ parameters });
		const [user, boss] = [someone(), [...tenant().users.values()].at(-1)];
		tenant().managers.set(user.id, boss?.id ?? '');
		const { items } = await confirmedRead({ parameters });
		expect(items[0]?.user).toMatchObject({ id: user.id, manager: { id: boss?.id } });
	});

	it('has Graph judge those who changed by the OData filter', async () => {
		const parameters = { attributes: ['jobTitle'], options: { filter: "city eq 'Oslo'" } };
		await confirmedRead({ parameters });
		const [stays, leaves] = [...tenant().users.values()].filter(
			({ city, accountEnabled }) => city === 'Oslo' && accountEnabled,
		);
		if (!stays || !leaves) throw new Error('too few in Oslo');
		stays.jobTitle = 'Captain';
		leaves.city = 'Bergen';
		const result = await confirmedRead({ parameters });
		expect(new Map(told(result) as [string, string][])).toEqual(
			new Map([
				[stays.id, 'active'],
				[leaves.id, 'outOfScope'],
			]),
		);
	});

	it('does not believe a list that lags behind what it was told', async () => {
		await confirmedRead();
		tenant().lagging = structuredClone(tenant().users);
		const user = someone();
		user.jobTitle = 'Newest';
		const { items } = await confirmedRead();
		expect(items.map(({ user: told }) => told['jobTitle'])).toEqual(['Newest']);
	});

	it('looks again for somebody it was told of and could not find', async () => {
		await confirmedRead();
		const user = someone();
		user.jobTitle = 'Late';
		tenant().lagging = new Map();
		sandbox.control.entra.fault({
			path: `/v1.0/users/${user.id}`,
			times: 1,
			does: {
				kind: 'status',
				status: 404,
				body: { error: { code: 'Request_ResourceNotFound', message: 'not there yet' } },
			},
		});
		expect(told(await confirmedRead())).toEqual([]);
		tenant().lagging = null;
		expect(told(await confirmedRead())).toEqual([[user.id, 'active']]);
		expect(told(await confirmedRead())).toEqual([]);
	});
});

describe('what was read counts as done', () => {
	const change = async () => {
		await confirmedRead();
		const user = someone();
		user.jobTitle = 'Captain';
		return user;
	};

	it.each(['failed', 'held'] as const)(
		'not when a change is %s: it comes again',
		async (result) => {
			const user = await change();
			await read();
			expect(await report(result)).toContain('reads the same changes again');
			expect(told(await read())).toEqual([[user.id, 'active']]);
		},
	);

	it('not when a planned change never arrived at the report', async () => {
		const user = await change();
		await read();
		expect(await report()).toContain('1 of 1 planned changes did not arrive here.');
		expect(told(await read())).toEqual([[user.id, 'active']]);
	});

	it('not when the run broke off before the report, and it says so', async () => {
		const user = await change();
		await read();
		memory = JSON.parse(JSON.stringify(memory).replace('"run":"1"', '"run":"0"')) as IDataObject;
		const { hints, items } = await read();
		expect(told({ items })).toEqual([[user.id, 'active']]);
		expect(hints[0]?.message).toContain('The last run was not confirmed');
	});

	it('not in a run started by hand, which says so', async () => {
		const user = await change();
		const byHand = await read({ mode: 'manual' });
		expect(told(byHand)).toEqual([[user.id, 'active']]);
		expect(byHand.hints[0]?.message).toContain('n8n remembers nothing of a run started by hand');
		expect(told(await read())).toEqual([[user.id, 'active']]);
	});

	it('when everything planned was carried out: nothing comes twice', async () => {
		await change();
		await confirmedRead();
		expect(told(await confirmedRead())).toEqual([]);
	});
});

describe('everybody is read anew by itself', () => {
	const why = async (options?: Options) => {
		const result = await confirmedRead(options);
		expect(result.items.length).toBeGreaterThan(100);
		expect(result.scope).toBe('whole');
		return result.hints.find(({ message }) => message.startsWith('Everybody was read'))?.message;
	};

	it.each(['syncStateNotFound', 'SyncStateNotFound', 'resyncRequired', 'gone'] as const)(
		'when Graph answers %s',
		async (lost) => {
			await confirmedRead();
			sandbox.control.entra.settings.deltaLost = lost;
			expect(await why()).toContain('no longer knows where the last read ended');
			sandbox.control.entra.settings.deltaLost = null;
			expect((await confirmedRead()).scope).toBe('changes');
		},
	);

	it('after a day, or as many days as were chosen', async () => {
		await confirmedRead();
		now += DAY;
		expect(await why()).toContain('The last whole read is a day ago.');
		now += 2 * DAY;
		const patient = { parameters: { options: { wholeEveryDays: 3 } } };
		expect((await confirmedRead(patient)).scope).toBe('changes');
	});

	it('before the link dies, however many days were chosen', async () => {
		const patient = { parameters: { options: { wholeEveryDays: 30 } } };
		await confirmedRead(patient);
		now += 6.5 * DAY;
		expect(await why(patient)).toContain('The last read is too long ago.');
	});

	it('after as many runs as were chosen', async () => {
		const parameters = { options: { wholeEveryRounds: 2 } };
		await confirmedRead({ parameters });
		expect((await confirmedRead({ parameters })).scope).toBe('changes');
		expect((await confirmedRead({ parameters })).scope).toBe('changes');
		expect(await why({ parameters })).toContain('Changes only were read 2 times');
	});

	it('when the attributes or the scope of the node changed', async () => {
		await confirmedRead();
		expect(await why({ parameters: { attributes: ['department'] } })).toContain(
			'The settings of the node changed',
		);
		expect(await why({ parameters: { userType: 'all' } })).toContain('The settings of the node');
	});

	it('when somebody joined or left a group of the scope, and says who left', async () => {
		const group = [...tenant().groups.values()].find(
			({ displayName }) => displayName === 'Nordics',
		);
		const parameters = {
			scope: 'groups',
			groups: { group: [{ id: { __rl: true, mode: 'id', value: group?.id ?? '' } }] },
		};
		await confirmedRead({ parameters });
		expect((await confirmedRead({ parameters })).scope).toBe('changes');
		const leaver = someone(({ id }) => group?.members.includes(id) ?? false);
		group?.members.splice(group.members.indexOf(leaver.id), 1);
		const { items, hints } = await confirmedRead({ parameters });
		expect(hints.map(({ message }) => message).join()).toContain('The members of a group changed.');
		expect(items.find(({ user }) => user.id === leaver.id)).toMatchObject({
			user: { status: 'outOfScope' },
			decisions: ['Not in scope: in none of the chosen groups'],
		});
	});

	it('so that a restored user is found, whom changes do not tell', async () => {
		const user = someone();
		putIntoBin(user);
		await confirmedRead();
		tenant().deletedUsers.delete(user.id);
		tenant().users.set(user.id, user);
		expect(told(await confirmedRead())).toEqual([]);
		now += DAY;
		expect(told(await confirmedRead())).toContainEqual([user.id, 'active']);
	});
});
