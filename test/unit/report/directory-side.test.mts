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
