/** Runs of one workflow that overlap: what they see of each other, and that only one of them writes. */
import { DataDeduplicationService } from 'n8n-core';
import type { DeduplicationItemTypes, IDataDeduplicator, INodeExecutionData } from 'n8n-workflow';
import { PbxTarget } from '../../nodes/PbxTarget/PbxTarget.node.ts';
import type { Sandbox } from '../../sandbox/sandbox.mts';
import { startSandbox } from '../../sandbox/sandbox.mts';
import type { OutcomeItem } from '../../sync/item.ts';
import { runNode } from './engine.mts';

/** n8n's own memory, as far as one number goes: the first insert wins, later numbers have to be larger. */
const kept = new Map<string, number>();
const memory: IDataDeduplicator = {
	async checkProcessedAndRecord(items: DeduplicationItemTypes[], _scope, { node }) {
		const key = node?.id ?? '';
		const before = kept.get(key);
		const [at] = items.map(Number);
		if (at === undefined || (before !== undefined && at <= before)) {
			return { new: [], processed: items };
		}
		kept.set(key, at);
		return { new: items, processed: [] };
	},
	async removeProcessed() {},
	async clearAllProcessedItems(_scope, { node }) {
		kept.delete(node?.id ?? '');
	},
	async getProcessedDataCount() {
		return 0;
	},
};
beforeAll(async () => await DataDeduplicationService.init(memory));

let sandbox: Sandbox;
beforeEach(async () => {
	kept.clear();
	sandbox = await startSandbox();
});
afterEach(async () => await sandbox.stop());

const newcomer = (n: number): INodeExecutionData => ({
	json: {
		user: { id: `user-${String(n)}`, status: 'active', displayName: 'Ada' },
		change: {
			kind: 'create',
			number: String(700 + n),
			pbx: {
				firstName: { from: null, to: 'Ada' },
				lastName: { from: null, to: `Berg ${String(n)}` },
				email: { from: null, to: `ada.${String(n)}@example.com` },
			},
			directory: {},
		},
	},
});

async function apply(items: INodeExecutionData[], dryRun = false) {
	const { outputs } = await runNode({
		node: new PbxTarget(),
		parameters: { system: '3cx', operation: 'applyChanges', dryRun },
		credentials: { threeCxApi: { ...sandbox.systems['3cx'] } },
		inputs: [items],
	});
	return (outputs[0] ?? []).map(({ json }) => (json as unknown as OutcomeItem).outcome);
}

const writes = () => sandbox.control['3cx'].writes();
const MINUTE = 60_000;
/** As another run leaves it that was seen so long ago. */
const seen = (msAgo: number) => kept.set('Under Test', Date.now() - msAgo);

it('another run that is writing: everything is held and says so, nothing is written', async () => {
	seen(MINUTE);
	const outcomes = await apply([newcomer(1), newcomer(2)]);
	expect(outcomes.map(({ result, because }) => [result, because?.code])).toEqual([
		['held', 'run.overlaps'],
		['held', 'run.overlaps'],
	]);
	expect(writes()).toEqual([]);
	// It is the other one's turn still, and no longer than before.
	expect(Date.now() - (kept.get('Under Test') ?? 0)).toBeGreaterThanOrEqual(MINUTE);
});

it('a run that was killed a while ago does not keep the next one from writing', async () => {
	seen(4 * MINUTE);
	expect(await apply([newcomer(1)])).toMatchObject([{ result: 'created' }]);
});

it('the turn is given back, after a run that went wrong too', async () => {
	await apply([newcomer(1)]);
	expect(kept.size).toBe(0);
	sandbox.control['3cx'].fault({ times: 100, does: { kind: 'status', status: 403 } });
	expect(await apply([newcomer(2)])).toEqual([]);
	expect(kept.size).toBe(0);
});

it('a preview takes no turn and waits for nobody', async () => {
	seen(MINUTE);
	expect(await apply([newcomer(1)], true)).toMatchObject([{ result: 'created', dryRun: true }]);
});

it('of two runs at the same moment one writes', async () => {
	sandbox.control['3cx'].fault({ path: '/Users', times: 50, does: { kind: 'slow', ms: 200 } });
	const both = await Promise.all([apply([newcomer(1)]), apply([newcomer(1)])]);
	expect(
		both
			.flat()
			.map(({ result }) => result)
			.sort(),
	).toEqual(['created', 'held']);
});

it('a plan from before another run made the person is held, also with another number', async () => {
	await apply([newcomer(1)]);
	const late = newcomer(1);
	const other = { ...(late.json['change'] as object), number: '799' };
	const outcomes = await apply([{ json: { ...late.json, change: other } }, newcomer(2)]);
	expect(outcomes.map(({ result, because }) => [result, because?.code ?? null])).toEqual([
		['held', 'change.alreadyThere'],
		['created', null],
	]);
	const mails = [...sandbox.control['3cx'].state.pbx.users.values()].map(
		({ EmailAddress }) => EmailAddress,
	);
	expect(mails.filter((mail) => mail === 'ada.1@example.com')).toHaveLength(1);
});
