import type { INodeExecutionData, INodeParameters } from 'n8n-workflow';

import { SyncReport } from '../../nodes/SyncReport/SyncReport.node.ts';
import type { Report } from '../../sync/report.ts';
import {
	because,
	cleaned,
	conflict,
	outcome,
	rejected,
	summary,
	update,
} from '../unit/report/run.mts';
import { runNode } from './engine.mts';
import { onWire } from './leavers.mts';

type Inputs = Readonly<
	Partial<Record<'summary' | 'results' | 'cleanUp' | 'conflicts' | 'rejected', readonly object[]>>
>;

const NAMES = ['summary', 'results', 'cleanUp', 'conflicts', 'rejected'] as const;

async function tell(inputs: Inputs, parameters: INodeParameters = {}) {
	const wired = NAMES.map((name) => {
		const items = inputs[name];
		return items === undefined ? null : onWire(items);
	});
	const result = await runNode({ node: new SyncReport(), parameters, inputs: wired });
	expect(result.error).toBeUndefined();
	const [reports = [], newLinks = [], changedLinks = [], journal = []] = result.outputs;
	// The node gives exactly this shape; that is what the tests below look at.
	const report = reports[0]?.json['report'] as unknown as Report | undefined;
	return { ...result, reports, report, newLinks, changedLinks, journal };
}

const rows = (items: readonly INodeExecutionData[]) => items.map(({ json }) => json);

const link = { userId: 'user-1', extensionId: '11', number: '211', state: 'active' } as const;
const created = outcome('created', {
	outcome: { link },
	match: { situation: 'new', by: null, candidates: [] },
	change: {
		kind: 'create',
		number: '211',
		pbx: { displayName: { from: null, to: 'Åsa Berg' } },
		directory: {},
	},
});

describe('one run', () => {
	it('is one report, even when only the Summary brought an item', async () => {
		const { reports, report } = await tell({ summary: [{ summary: summary() }] });
		expect(reports).toHaveLength(1);
		expect(report?.subject).toBe('Sync Report: nothing changed');
	});

	it('is one report of everything that came in by five inputs', async () => {
		const { report, hints } = await tell({
			summary: [{ summary: summary({ system: 'yeastar', conflicts: 1 }) }],
			results: [created, outcome('failed', { outcome: { because: because('account.refused') } })],
			cleanUp: [cleaned('disabled')],
			conflicts: [conflict()],
			rejected: [rejected()],
		});
		expect(report?.counts).toMatchObject({
			created: 1,
			disabled: 1,
			failed: 1,
			conflicts: 1,
			rejected: 1,
			unchanged: 230,
		});
		expect(report?.text).toContain('phone system Yeastar P-Series');
		expect(hints[0]).toMatchObject({ message: report?.subject, type: 'warning' });
	});

	it('is told the same whichever input an item came in by', async () => {
		const items = {
			summary: { summary: summary() },
			outcome: created,
			conflict: conflict(),
			rejected: rejected(),
		};
		const { report } = await tell({
			summary: [items.conflict],
			results: [items.rejected],
			cleanUp: [items.summary],
			conflicts: [items.outcome],
		});
		expect(report?.counts).toMatchObject({ created: 1, conflicts: 1, rejected: 1, unchanged: 230 });
	});

	it('counts what left a node by its error output as not done, once', async () => {
		const lost = {
			...cleaned('held'),
			error: 'The account was refused.',
			details: because('account.refused'),
		};
		const { report } = await tell({ results: [lost] });
		expect(report?.counts).toMatchObject({ failed: 1, held: 0 });
		expect(report?.text).toContain('Fix account.refused.');
	});

	it('says so when items of another kind came in', async () => {
		const { report } = await tell({ results: [{ hello: 'world' }, { outcome: 'mine' }] });
		expect(report?.text).toContain('2 items could not be read.');
	});

	it('passes over the empty item of a node that always gives one', async () => {
		const { report } = await tell({ results: [{}] });
		expect(report?.needsAttention).toBe(false);
	});
});

describe('what to remember', () => {
	it('is a row per new pairing and per write, with the run and the system', async () => {
		const { newLinks, journal } = await tell({
			summary: [{ summary: summary({ system: 'yeastar' }) }],
			results: [created],
		});
		expect(rows(newLinks)).toEqual([{ ...link, system: 'yeastar', disabledAt: null }]);
		expect(rows(journal)).toEqual([
			{
				runId: '1',
				at: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
				system: 'yeastar',
				userId: 'user-1',
				extensionId: '11',
				number: '211',
				kind: 'create',
				changes: '{"displayName":{"from":null,"to":"Åsa Berg"}}',
				result: 'created',
			},
		]);
		expect(newLinks[0]?.pairedItem).toEqual({ item: 0, input: 1 });
	});

	it('is a changed link for another number', async () => {
		const renumbered = outcome('updated', {
			outcome: { link },
			match: { situation: 'linked', by: 'link', candidates: [] },
			change: update({ number: ['210', '211'] }),
		});
		const { newLinks, changedLinks } = await tell({ results: [renumbered] });
		expect(newLinks).toEqual([]);
		expect(rows(changedLinks)).toEqual([{ ...link, system: '', disabledAt: null }]);
	});

	it('is nothing after a preview', async () => {
		const preview = { ...created, outcome: { ...created.outcome, dryRun: true } };
		const { newLinks, changedLinks, journal, report } = await tell({ results: [preview] });
		expect([newLinks, changedLinks, journal]).toEqual([[], [], []]);
		expect(report?.dryRun).toBe(true);
	});
});

describe('a report only when', () => {
	const quiet = { summary: [{ summary: summary() }] };
	const changed = { ...quiet, results: [created] };
	const waiting = { ...quiet, conflicts: [conflict()] };

	it.each([
		['always', quiet, 1],
		['changes', quiet, 0],
		['changes', changed, 1],
		['changes', waiting, 1],
		['attention', quiet, 0],
		['attention', changed, 0],
		['attention', waiting, 1],
	])('%s', async (when, inputs: Inputs, count) => {
		expect((await tell(inputs, { when })).reports).toHaveLength(count);
	});

	it('asked for, and links and journal either way', async () => {
		const { reports, newLinks, journal } = await tell(changed, { when: 'attention' });
		expect([reports, newLinks, journal].map(({ length }) => length)).toEqual([0, 1, 1]);
	});
});
