import type { INodeParameters } from 'n8n-workflow';

import { UnmatchedCleaner } from '../../nodes/UnmatchedCleaner/UnmatchedCleaner.node.ts';
import type { Sandbox } from '../../sandbox/sandbox.mts';
import { startSandbox } from '../../sandbox/sandbox.mts';
import type { Extension, OutcomeItem } from '../../sync/item.ts';
import type { NodeRun } from './engine.mts';
import { runNode } from './engine.mts';
import { credentialsFor, onWire, readEnabled, unmatched, type SystemName } from './leavers.mts';

let sandbox: Sandbox;

beforeEach(async () => {
	sandbox = await startSandbox();
});

afterEach(async () => {
	await sandbox.stop();
});

async function clean(
	items: readonly object[],
	parameters: INodeParameters = {},
	how: Partial<NodeRun> = {},
	name: SystemName = 'scim',
) {
	const result = await runNode({
		node: new UnmatchedCleaner(),
		parameters: { system: name, ...parameters },
		inputs: [onWire(items)],
		credentials: credentialsFor(sandbox, name),
		...how,
	});
	// The items of this node have this shape; that is what the tests below look at.
	const outcomes = (result.outputs[0] ?? []).map(({ json }) => json as unknown as OutcomeItem);
	return { ...result, outcomes, results: outcomes.map(({ outcome }) => outcome?.result) };
}

async function someone(name: SystemName = 'scim'): Promise<Extension> {
	const [first] = await readEnabled(sandbox, name);
	if (!first) throw new Error('The sandbox has no extension that is in use');
	sandbox.control[name].clearRequests();
	return first;
}

async function several(count: number): Promise<Extension[]> {
	const found = (await readEnabled(sandbox, 'scim')).slice(0, count);
	expect(found).toHaveLength(count);
	sandbox.control.scim.clearRequests();
	return found;
}

const REAL: INodeParameters = { dryRun: false };

describe('untouched settings', () => {
	it('only show what would be done, and send nothing at all', async () => {
		const extension = await someone();
		const { outcomes, hints } = await clean([unmatched(extension, 'scim')]);
		expect(outcomes[0]?.outcome).toMatchObject({ result: 'disabled', dryRun: true });
		expect(sandbox.control.scim.requests()).toEqual([]);
		expect(hints[0]?.message).toBe('Extensions: 1 would be disabled.');
	});

	it.each([
		['disabled', 'disabled'],
		['deleted', 'disabled'],
		['outOfScope', 'held'],
		['notFound', 'held'],
	] as const)('a user who is %s has the extension %s', async (reason, result) => {
		const { results } = await clean([unmatched(await someone(), 'scim', reason)], REAL);
		expect(results).toEqual([result]);
	});

	it.each([
		[20, 1000, 'disabled'],
		[21, 1000, 'held'],
		[10, 50, 'disabled'],
		[11, 50, 'held'],
		[3, 4, 'disabled'],
	])('%i leavers of %i extensions are %s', async (count, existing, result) => {
		const items = (await several(count)).map((each) =>
			unmatched(each, 'scim', 'disabled', existing),
		);
		const { results } = await clean(items);
		expect(results).toEqual(Array(count).fill(result));
	});
});

describe.each(['scim', 'yeastar'] as const)('on %s', (name) => {
	it('disables the extension of a leaver, and only that one', async () => {
		const extension = await someone(name);
		const before = await readEnabled(sandbox, name);
		const { outcomes, error } = await clean([unmatched(extension, name)], REAL, {}, name);
		expect(error).toBeUndefined();
		expect(outcomes[0]?.outcome).toMatchObject({ result: 'disabled', dryRun: false });
		expect(outcomes[0]?.change).toMatchObject({ kind: 'disable', extensionId: extension.id });
		expect(await readEnabled(sandbox, name)).toEqual(
			before.filter(({ id }) => id !== extension.id),
		);
	});

	it('writes nothing the second time', async () => {
		const items = [unmatched(await someone(name), name)];
		await clean(items, REAL, {}, name);
		sandbox.control[name].clearRequests();
		expect((await clean(items, REAL, {}, name)).results).toEqual(['unchanged']);
		expect(sandbox.control[name].writes()).toEqual([]);
	});
});

describe('the pairing of a leaver', () => {
	it.each([
		['email', true],
		['externalId', true],
		['link', false],
	] as const)('known by %s is given to be remembered: %s', async (knownBy, given) => {
		const extension = await someone();
		const item = unmatched(extension, 'scim');
		const items = [{ ...item, evidence: { ...item.evidence, knownBy } }];
		const link = {
			userId: item.evidence.userId,
			extensionId: extension.id,
			number: extension.number,
			state: 'active',
			disabledAt: expect.any(String),
		};
		expect((await clean(items)).outcomes[0]?.outcome.link).toBeNull();
		expect((await clean(items, REAL)).outcomes[0]?.outcome.link).toEqual(given ? link : null);
	});
});

describe('what it does not touch', () => {
	it('an extension somebody changed after it was read', async () => {
		const extension = await someone();
		const account = sandbox.control.scim.state.require(extension.id);
		account.displayName = 'Somebody Else';
		const { outcomes } = await clean([unmatched(extension, 'scim')], REAL);
		expect(outcomes[0]?.outcome).toMatchObject({
			result: 'held',
			because: { code: 'change.stale' },
		});
		expect(sandbox.control.scim.writes()).toEqual([]);
	});

	it('an extension that is gone', async () => {
		const extension = await someone();
		sandbox.control.scim.state.accounts.delete(extension.id);
		expect((await clean([unmatched(extension, 'scim')], REAL)).results).toEqual(['unchanged']);
	});

	it('anybody, over the limit', async () => {
		const items = (await several(4)).map((each) => unmatched(each, 'scim'));
		const { outcomes, hints } = await clean(items, { ...REAL, maxCount: 3 });
		expect(outcomes.map(({ outcome }) => outcome.because?.code)).toEqual(
			Array(4).fill('limit.disable'),
		);
		expect(hints[0]).toMatchObject({ message: 'Extensions: 4 held.', type: 'warning' });
		expect(sandbox.control.scim.requests()).toEqual([]);
	});

	it('a protected extension', async () => {
		const extension = await someone('yeastar');
		const protectedExtensions = `1, ${extension.number ?? ''}`;
		const items = [unmatched(extension, 'yeastar')];
		const { outcomes } = await clean(items, { ...REAL, protectedExtensions }, {}, 'yeastar');
		expect(outcomes[0]?.outcome.because?.code).toBe('cleanup.protected');
	});

	it('anything with action Ignore, which goes no further', async () => {
		const items = [unmatched(await someone(), 'scim')];
		const { outputs, hints } = await clean(items, { ...REAL, onDisabled: 'ignore' });
		expect(outputs).toEqual([[]]);
		expect(hints[0]?.message).toBe('Extensions: 1 ignored.');
	});
});

describe('an override with a number and a day', () => {
	it('lets a larger wave through', async () => {
		const items = (await several(4)).map((each) => unmatched(each, 'scim'));
		const until = new Date(Date.now() + 86_400_000).toISOString();
		const options = { override: { allow: { count: 4, until } } };
		const { results } = await clean(items, { ...REAL, maxCount: 3, options });
		expect(results).toEqual(Array(4).fill('disabled'));
	});
});

describe('when something goes wrong', () => {
	it('with one account, the others are done all the same', async () => {
		const [bad, good] = await several(2);
		if (!bad || !good) throw new Error('There are two');
		sandbox.control.scim.fault({
			method: 'PATCH',
			path: bad.id,
			does: { kind: 'status', status: 400 },
		});
		const { outcomes, error } = await clean(
			[bad, good].map((each) => unmatched(each, 'scim')),
			REAL,
		);
		expect(error).toBeUndefined();
		expect(outcomes.map(({ outcome }) => outcome.result)).toEqual(['failed', 'disabled']);
		expect(outcomes[0]?.outcome.because?.fix).toBeTruthy();
	});

	it('leaves by the error output with its data, when there is one', async () => {
		const [bad, good] = await several(2);
		if (!bad || !good) throw new Error('There are two');
		sandbox.control.scim.fault({
			method: 'PATCH',
			path: bad.id,
			does: { kind: 'status', status: 400 },
		});
		const { outputs } = await clean(
			[bad, good].map((each) => unmatched(each, 'scim')),
			REAL,
			{ onError: 'continueErrorOutput' },
		);
		expect(outputs[0]?.map(({ json }) => json['outcome'])).toMatchObject([{ result: 'disabled' }]);
		expect(outputs[1]?.[0]?.json).toMatchObject({
			error: expect.any(String),
			details: { kind: 'disable', code: expect.stringMatching(/^account\./) },
			extension: { id: bad.id },
		});
	});

	it('with the sign-in, it stops before anything is written and says what to do', async () => {
		const items = [unmatched(await someone(), 'scim')];
		const credentials = { scimApi: { ...sandbox.systems.scim, token: 'wrong' } };
		const { error } = await clean(items, REAL, { credentials });
		expect(error?.message).toMatch(/sign-in/i);
		expect(error?.description).toBeTruthy();
		expect(sandbox.control.scim.writes()).toEqual([]);
	});

	it('with the sign-in half-way, nothing that was done is forgotten', async () => {
		const items = (await several(3)).map((each) => unmatched(each, 'scim'));
		sandbox.control.scim.fault({
			method: 'PATCH',
			after: 1,
			times: 9,
			does: { kind: 'status', status: 401 },
		});
		const { results, error } = await clean(items, REAL);
		expect(error).toBeUndefined();
		expect(results[0]).toBe('disabled');
		expect(results.slice(1)).not.toContain('disabled');
		expect(sandbox.control.scim.writes().length).toBeLessThanOrEqual(3);
	});

	it.each([
		['items of another kind', () => [{ user: { id: '1' } }], /not an extension without a user/],
		[
			'extensions of another phone system',
			async () => [unmatched(await someone('yeastar'), 'yeastar')],
			/read from yeastar/,
		],
	])('with %s, it stops and says what to connect', async (_, make, message) => {
		const { error } = await clean(await make(), REAL);
		expect(error?.message).toMatch(message);
		expect(sandbox.control.scim.requests()).toEqual([]);
	});

	it('with a list of protected extensions, nobody is taken for unprotected', async () => {
		const items = [unmatched(await someone(), 'scim')];
		const { error } = await clean(items, { ...REAL, protectedExtensions: '100 to 200' });
		expect(error?.message).toContain('100 to 200');
	});

	it('with a missing credential, it says so', async () => {
		const items = [unmatched(await someone(), 'scim')];
		const { error } = await clean(items, REAL, { credentials: {} });
		expect(error?.message).toMatch(/no credential/);
	});
});

describe('deleting after a time', () => {
	const DELETE: INodeParameters = {
		...REAL,
		onDisabled: 'delete',
		options: { deleteAfterDays: 30 },
	};
	const daysAgo = (days: number) => new Date(Date.now() - days * 86_400_000).toISOString();
	const disabled = async () => ({ ...(await someone()), enabled: false });
	const row = (extension: Extension, disabledAt: string | null) => ({
		userId: `user of ${extension.id}`,
		extensionId: extension.id,
		number: null,
		system: 'scim',
		state: 'pinned',
		disabledAt,
	});
	const cleanWith = async (extension: Extension, rows: object[] | null, how = {}) =>
		await clean([unmatched(extension, 'scim')], DELETE, {
			inputs: [onWire([unmatched(extension, 'scim')]), rows && onWire(rows)],
			...how,
		});

	/** Disabled on the phone system too, so that it still looks as read. */
	async function reallyDisabled(): Promise<Extension> {
		const extension = await disabled();
		sandbox.control.scim.state.require(extension.id).active = false;
		return extension;
	}

	it('begins with disabling, and remembers the day in the row of the links table', async () => {
		const extension = await someone();
		const { outcomes } = await cleanWith(extension, [row(extension, null)]);
		expect(outcomes[0]?.outcome).toMatchObject({
			result: 'disabled',
			link: { state: 'pinned', disabledAt: expect.stringMatching(/^\d{4}-/) },
		});
	});

	it('deletes what the table says was disabled for long enough, and keeps its row', async () => {
		const extension = await reallyDisabled();
		const { outcomes } = await cleanWith(extension, [row(extension, daysAgo(31))]);
		expect(outcomes[0]?.outcome).toMatchObject({ result: 'deleted', link: null });
		expect(sandbox.control.scim.state.accounts.has(extension.id)).toBe(false);
	});

	it('waits for the day, without a table too', async () => {
		const extension = await reallyDisabled();
		const first = await cleanWith(extension, null);
		expect(first.results).toEqual(['unchanged']);
		const since = (days: number) => ({
			global: { safety: { since: { scim: { [extension.id]: daysAgo(days) } } } },
		});
		const next = { staticData: since(29) };
		expect((await cleanWith(extension, null, next)).results).toEqual(['unchanged']);
		expect(sandbox.control.scim.writes()).toEqual([]);
		const due = await cleanWith(extension, null, { staticData: since(31) });
		expect(due.results).toEqual(['deleted']);
		expect(due.staticData).toMatchObject({ global: { safety: { since: { scim: {} } } } });
		expect(JSON.stringify(due.staticData)).not.toContain(extension.id);
	});

	it('counts from the first run that saw it disabled', async () => {
		const { staticData } = await cleanWith(await reallyDisabled(), null);
		expect(JSON.stringify(staticData)).toMatch(/"since":\{"scim":\{"[^"]+":"\d{4}-/);
	});

	it('does not delete an account that is in use again', async () => {
		const extension = await disabled();
		const { outcomes } = await cleanWith(extension, [row(extension, daysAgo(99))]);
		expect(outcomes[0]?.outcome).toMatchObject({
			result: 'held',
			because: { code: 'change.stale' },
		});
		expect(sandbox.control.scim.writes()).toEqual([]);
	});
});

describe('what earlier runs did', () => {
	it('counts too: two small waves on one day are one large one', async () => {
		const people = await several(4);
		const wave = (from: number) =>
			people.slice(from, from + 2).map((each) => unmatched(each, 'scim'));
		const limit = { ...REAL, maxCount: 3 };
		const first = await clean(wave(0), limit);
		expect(first.results).toEqual(['disabled', 'disabled']);
		const second = await clean(wave(2), limit, { staticData: first.staticData });
		expect(second.outcomes.map(({ outcome }) => outcome.because?.code)).toEqual(
			Array(2).fill('limit.disable'),
		);
		expect((await clean(wave(2), limit)).results).toEqual(['disabled', 'disabled']);
	});

	it('counts for a group with a limit of its own, too', async () => {
		const [first, second, third] = await several(3);
		if (!first || !second || !third) throw new Error('There are three');
		const mail = (extension: Extension) => extension.fields['email'] ?? '';
		const members = `${mail(first)}, ${mail(second)}`;
		const options = { groupLimits: { group: [{ members, kind: 'disable', maxCount: 1 }] } };
		const run = (extension: Extension, staticData: NodeRun['staticData'] = {}) =>
			clean([unmatched(extension, 'scim')], { ...REAL, options }, { staticData });
		const { staticData, outcomes } = await run(first);
		expect(outcomes[0]?.outcome.result).toBe('disabled');
		const next = await run(second, staticData);
		expect(next.outcomes[0]?.outcome).toMatchObject({
			result: 'held',
			because: { code: 'limit.disable', what: expect.stringContaining(members) },
		});
		expect((await run(third, staticData)).outcomes[0]?.outcome.result).toBe('disabled');
	});

	it('does not count when it was a preview', async () => {
		const items = (await several(2)).map((each) => unmatched(each, 'scim'));
		expect((await clean(items)).staticData ?? null).toBeNull();
	});
});
