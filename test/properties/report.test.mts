import fc from 'fast-check';
import type { Outcome } from '../../sync/item.ts';
import { countOutcomes, WRITES, type Material } from '../../sync/report/material.ts';
import { escapeHtml } from '../../sync/report/html.ts';
import {
	because,
	cleaned,
	conflict,
	material,
	outcome,
	rejected,
	report,
	user,
} from '../unit/report/run.mts';

const RUNS = { numRuns: 150 };

const result = fc.constantFrom<Outcome['result'][]>(...WRITES, 'unchanged', 'held', 'failed');
const text = fc.oneof(
	fc.string({ maxLength: 60 }),
	fc.string({ unit: 'binary', maxLength: 200 }),
	fc.constantFrom(
		'<script>alert(1)</script>',
		'"><img src=x>',
		'<!here>',
		'&amp;',
		'*_`[a](b)',
		"'",
	),
	fc.string({ minLength: 3_000, maxLength: 5_000 }),
);

const reason = text.map((what) => ({ ...because('x'), what, why: what, fix: what }));
const anyOutcome = fc
	.record({
		result,
		name: text,
		dryRun: fc.boolean(),
		reason: fc.option(reason),
		left: fc.boolean(),
	})
	.map(({ name, left, reason: given, ...rest }) =>
		left
			? cleaned(rest.result, { dryRun: rest.dryRun, because: given })
			: outcome(rest.result, {
					user: user(name),
					outcome: { dryRun: rest.dryRun, because: given, number: name },
				}),
	);

const run: fc.Arbitrary<Material> = fc
	.record({
		outcomes: fc.array(anyOutcome, { maxLength: 80 }),
		failed: fc.array(
			text.map((message) => ({ message, because: null })),
			{ maxLength: 5 },
		),
		conflicts: fc.array(text.map(conflict), { maxLength: 5 }),
		rejected: fc.array(text.map(rejected), { maxLength: 5 }),
	})
	.map((parts) => material({ ...parts, summary: null }));

const sum = (numbers: Readonly<Record<string, number>>) =>
	Object.values(numbers).reduce((total, number) => total + number, 0);

describe('a report of any run', () => {
	it('counts every item exactly once', () => {
		fc.assert(
			fc.property(run, (items) => {
				const { counts, preview } = countOutcomes(items);
				const { unmatched, ...told } = counts;
				expect(sum(told) + sum(preview)).toBe(
					items.outcomes.length +
						items.failed.length +
						items.conflicts.length +
						items.rejected.length,
				);
				expect(unmatched).toBe(items.outcomes.filter(({ evidence }) => evidence).length);
			}),
			RUNS,
		);
	});

	it('has a page whose markup is ours alone', () => {
		const ours = new Set(
			'!doctype html head meta title style body main h1 h2 p section table tr th td span div svg rect footer'.split(
				' ',
			),
		);
		fc.assert(
			fc.property(run, (items) => {
				const { html } = report(items);
				for (const [tag, name = ''] of html.matchAll(/<\/?([^\s/>]*)[^>]*>?/g)) {
					expect(ours).toContain(name.toLowerCase());
					expect(tag).not.toMatch(/\son\w+=|href|src=/i);
				}
			}),
			RUNS,
		);
	});

	it('fits into one Slack message, with room for the block n8n adds', () => {
		fc.assert(
			fc.property(run, (items) => {
				const { slackBlocks } = report(items, { listLength: 1_000 });
				expect(slackBlocks.length).toBeLessThanOrEqual(49);
				for (const block of slackBlocks) {
					const texts = block.type === 'context' ? block.elements : [block.text];
					for (const { type, text: said } of texts) {
						expect(said.length).toBeGreaterThan(0);
						expect(said.length).toBeLessThanOrEqual(block.type === 'header' ? 150 : 3_000);
						expect(() => encodeURIComponent(said)).not.toThrow();
						if (type === 'mrkdwn') expect(said).not.toMatch(/[<>]|&(?!amp;|lt;|gt;)/);
					}
				}
			}),
			RUNS,
		);
	});

	it('gives no name a way to start a line of its own', () => {
		fc.assert(
			fc.property(text, (name) => {
				const told = report({ outcomes: [outcome('created', { user: user(name) })] });
				const usual = report({ outcomes: [outcome('created')] });
				expect(told.text.split(/\r\n|[\n\r\u2028\u2029\v\f]/)).toHaveLength(
					usual.text.split('\n').length,
				);
				expect(told.markdown.split('\n')).toHaveLength(usual.markdown.split('\n').length);
			}),
			RUNS,
		);
	});

	it('is the same every time it is made of the same run', () => {
		fc.assert(
			fc.property(run, (items) => {
				expect(report(items)).toEqual(report(items));
			}),
			{ numRuns: 50 },
		);
	});
});

describe('escaping', () => {
	it('leaves no character that could end a text or an attribute', () => {
		fc.assert(fc.property(fc.string({ unit: 'binary' }), (any) => !/[<>"']/.test(escapeHtml(any))));
	});
});
