import type { Link, Situation } from '../../../sync/item.ts';
import { journalRow } from '../../../sync/report/journal.ts';
import { linkOf, linkRow } from '../../../sync/report/links.ts';
import type { ReportedOutcome } from '../../../sync/report/material.ts';
import { leaver } from '../cleanup/leavers.mts';
import { cleaned, outcome, update } from './run.mts';

const link: Link = { userId: 'user-1', extensionId: '11', number: '211', state: 'active' };
const match = (situation: Situation) => ({ situation, by: null, candidates: [] });
const stateOf = (item: ReportedOutcome) => linkOf(item)?.state ?? null;

describe('links to remember', () => {
	it('are new for a user who got an extension', () => {
		expect(stateOf(outcome('created', { match: match('new'), outcome: { link } }))).toBe('new');
	});

	it('are new for an adopted extension, even when it was right already', () => {
		const change = update({});
		const item = outcome('unchanged', { match: match('adopted'), change, outcome: { link } });
		expect(stateOf(item)).toBe('new');
	});

	it('are new for a leaver who was only known by mail, to find the way back', () => {
		const change = { kind: 'disable', extensionId: '11', basedOn: 'f' } as const;
		const item = { ...cleaned('disabled', { link }), change };
		const evidence = { ...leaver('disabled').evidence, knownBy: 'email' as const };
		expect(stateOf({ ...item, evidence })).toBe('new');
	});

	it('have changed, and keep what a person pinned, when a linked leaver is disabled', () => {
		const disabled = { ...link, disabledAt: '2026-11-23T06:00:00.000Z' };
		const remembered = { ...link, state: 'pinned' as const };
		const item = {
			...cleaned('disabled', { link: disabled }),
			match: { ...match('orphaned'), remembered },
		};
		expect(linkOf(item)).toEqual({ state: 'changed', link: { ...disabled, state: 'pinned' } });
	});

	it('have changed when a leaver is back, so that no day of absence is counted any more', () => {
		const remembered = { ...link, disabledAt: '2026-10-01T06:00:00.000Z' };
		const item = outcome('enabled', {
			match: { ...match('linked'), remembered },
			outcome: { link },
		});
		const found = linkOf(item);
		expect(found?.state).toBe('changed');
		expect(found && linkRow(found.link, 'scim').disabledAt).toBeNull();
	});

	it('have changed when a linked user got another number', () => {
		const change = update({ number: ['210', '211'] });
		const item = outcome('updated', { match: match('linked'), change, outcome: { link } });
		expect(stateOf(item)).toBe('changed');
	});

	it('have changed when the extension of a linked user had to be made again', () => {
		const change = { kind: 'create', number: '211', pbx: {}, directory: {} } as const;
		const item = outcome('created', { match: match('linked'), change, outcome: { link } });
		expect(stateOf(item)).toBe('changed');
	});

	it.each([
		[
			'an update of other fields',
			outcome('updated', {
				change: update({ email: ['a', 'b'] }),
				match: match('linked'),
				outcome: { link },
			}),
		],
		['a preview', outcome('created', { match: match('new'), outcome: { link, dryRun: true } })],
		['something held', outcome('held', { match: match('new'), outcome: { link } })],
		['something not done', outcome('failed', { match: match('new'), outcome: { link } })],
		['an outcome without a link', outcome('created', { match: match('new') })],
	])('do not come from %s', (_, item) => {
		expect(stateOf(item)).toBeNull();
	});
});

describe('the journal', () => {
	const meta = { runId: '77', at: '2026-11-23T06:00:00.000Z', system: 'scim' };

	it('holds every field a write touched, from and to', () => {
		const change = update({ email: ['a@example.com', 'b@example.com'] });
		expect(journalRow(outcome('updated', { change }), meta)).toEqual({
			...meta,
			userId: 'user-1',
			extensionId: '11',
			number: '211',
			kind: 'update',
			changes: '{"email":{"from":"a@example.com","to":"b@example.com"}}',
			result: 'updated',
		});
	});

	it('holds what disabling changed, and the system the extension was read from', () => {
		expect(journalRow(cleaned('disabled'), meta)).toMatchObject({
			system: 'yeastar',
			changes: '{"enabled":{"from":"true","to":"false"}}',
		});
	});

	it.each([
		['unchanged', outcome('unchanged')],
		['held', outcome('held')],
		['failed', outcome('failed')],
		['previewed', outcome('created', { outcome: { dryRun: true } })],
	])('holds nothing of what was %s', (_, item) => {
		expect(journalRow(item, meta)).toBeNull();
	});
});
