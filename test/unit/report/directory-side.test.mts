import type { DirectoryOutcome } from '../../../sync/item.ts';
import { because, outcome, report } from './run.mts';

const side = (directory: Partial<DirectoryOutcome>) =>
	({
		...outcome('unchanged'),
		directory: { result: 'updated', written: [], because: null, dryRun: false, ...directory },
	}) as const;

const EVIL = '<img src=x onerror=alert(1)>';

describe('what became of the directory side', () => {
	it('is counted and listed, with the attributes', () => {
		const { text } = report({
			outcomes: [side({ written: ['jobTitle'] }), side({ written: ['mobilePhone'] })],
		});
		expect(text).toContain('Written to the directory (2)');
		expect(text).toContain('jobTitle');
	});

	it('of a preview is told as a preview', () => {
		const { text } = report({ outcomes: [side({ written: ['jobTitle'], dryRun: true })] });
		expect(text).toContain('Would be written to the directory');
		expect(text).not.toMatch(/^Written to the directory/m);
	});

	it('is a change, though nothing was written to the phone system', () => {
		const back = report({ outcomes: [side({ written: ['jobTitle'] })] });
		expect(back.subject).toBe('Phone sync: 1 written to the directory');
		expect(back.text).not.toContain('nothing changed');
		expect(back).toMatchObject({ hasChanges: true, dryRun: false });

		const both = report({
			outcomes: [
				side({ written: ['jobTitle'] }),
				side({ result: 'unchanged' }),
				outcome('created', { directory: side({}).directory }),
			],
		});
		expect(both.subject).toBe('Phone sync: 1 created and 2 written to the directory');
	});

	it('of a preview is a change that would be', () => {
		const back = report({ outcomes: [side({ written: ['jobTitle'], dryRun: true })] });
		expect(back.subject).toBe('Phone sync: preview: 1 would be written to the directory');
		expect(back).toMatchObject({ hasChanges: true, dryRun: true });
	});

	it('that was written makes the run none where nothing was written', () => {
		const phones = outcome('created', { outcome: { dryRun: true } });
		const mixed = report({ outcomes: [side({ written: ['jobTitle'] }), phones] });
		expect(mixed.subject).toBe(
			'Phone sync: 1 written to the directory; preview: 1 would be created',
		);
		expect(mixed.dryRun).toBe(false);
		expect(mixed.text).not.toContain('nothing was written');
	});

	it.each(['unchanged', 'held', 'failed'] as const)('that was %s is no change', (result) => {
		const same = report({ outcomes: [side({ result })] });
		expect(same.subject).toContain('nothing changed');
		expect(same.hasChanges).toBe(false);
	});

	it.each(['held', 'failed'] as const)('that was %s needs a look, and says why', (result) => {
		const reason = because('directory.onPremises');
		const { needsAttention, text } = report({ outcomes: [side({ result, because: reason })] });
		expect(needsAttention).toBe(true);
		expect(text).toContain(reason.why);
	});

	it('can bring no markup into any format', () => {
		const { html, markdown, slackBlocks } = report({ outcomes: [side({ written: [EVIL] })] });
		expect(html).toContain('&lt;img');
		for (const made of [html, markdown, JSON.stringify(slackBlocks)]) {
			expect(made).not.toContain('<img');
		}
	});
});
