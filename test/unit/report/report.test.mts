import {
	because,
	cleaned,
	conflict,
	outcome,
	rejected,
	report,
	summary,
	update,
	user,
} from './run.mts';

const times = <T,>(count: number, make: (index: number) => T): T[] =>
	Array.from({ length: count }, (_, index) => make(index));

describe('a run that changed nothing', () => {
	it('is told in one line', () => {
		const { subject, hasChanges, needsAttention, dryRun, text } = report();
		expect(subject).toBe('Phone sync: nothing changed');
		expect({ hasChanges, needsAttention, dryRun }).toEqual({
			hasChanges: false,
			needsAttention: false,
			dryRun: false,
		});
		expect(text).toBe(
			'Nothing changed.\n\n23 November 2026, 07:00, workflow Phone sync, phone system Yeastar P-Series\nRead 240 users and 250 extensions. 10 users left alone on purpose.',
		);
	});

	it('can be told without a summary', () => {
		expect(report({ summary: null }, { system: null }).text).toBe(
			'Nothing changed.\n\n23 November 2026, 07:00, workflow Phone sync',
		);
	});
});

describe('a run that changed something', () => {
	const run = report({
		outcomes: [
			outcome('created', { number: { value: '211', reason: 'pool', pool: 'Sales' } }),
			outcome('updated', { change: update({ email: ['old@example.com', 'new@example.com'] }) }),
			outcome('updated', { change: update({ mobile: ['+46701234567', null] }) }),
			cleaned('disabled'),
		],
	});

	it('says what, in the subject', () => {
		expect(run.subject).toBe('Phone sync: 1 created, 2 updated and 1 disabled');
		expect(run.hasChanges).toBe(true);
		expect(run.needsAttention).toBe(false);
	});

	it('says who, with the number, and from what to what', () => {
		expect(run.text).toContain("- Åsa Berg (211)\n    Number from pool 'Sales'.");
		expect(run.text).toContain('Email: old@example.com → new@example.com');
		expect(run.text).toContain('Mobile: +46701234567 → (empty)');
	});

	it('says why somebody was disabled', () => {
		expect(run.text).toContain('No active user: the user is disabled in the directory.');
	});

	it('counts what was unchanged in the summary and in the results', () => {
		expect(report({ outcomes: [cleaned('unchanged')] }).counts.unchanged).toBe(231);
	});

	it('counts a pairing that only had to be remembered once', () => {
		const remembered = outcome('unchanged', { change: update({}) });
		expect(report({ outcomes: [remembered] }).counts.unchanged).toBe(230);
	});
});

describe('a preview', () => {
	const dryRun = { outcome: { dryRun: true } };

	it('says what would be, and counts nothing as done', () => {
		const run = report({
			outcomes: [outcome('created', dryRun), cleaned('disabled', { dryRun: true })],
		});
		expect(run.subject).toBe('Phone sync: preview: 1 would be created and 1 would be disabled');
		expect(run.dryRun).toBe(true);
		expect(run.counts).toMatchObject({ created: 0, disabled: 0 });
		expect(run.preview).toMatchObject({ created: 1, disabled: 1 });
		expect(run.text).toContain('Would be created\n---');
		expect(run.text).toContain('nothing was written');
	});

	it('of one node beside another that wrote keeps the two apart', () => {
		const run = report({ outcomes: [outcome('created'), cleaned('disabled', { dryRun: true })] });
		expect(run.dryRun).toBe(false);
		expect(run.subject).toBe('Phone sync: 1 created; preview: 1 would be disabled');
		expect(run.text).not.toContain('nothing was written');
	});
});

describe('what waits for a person', () => {
	it('comes before what is done, with the way out', () => {
		const { text, subject, needsAttention } = report({
			outcomes: [
				outcome('created'),
				outcome('failed', { outcome: { because: because('pbx.refused') } }),
			],
		});
		expect(subject).toBe('Phone sync: 1 created; 1 needs a look');
		expect(needsAttention).toBe(true);
		expect(text.indexOf('Not done\n')).toBeLessThan(text.indexOf('Created\n'));
		expect(text).toContain('Fix pbx.refused.');
	});

	it('includes what left a node by its error output', () => {
		const run = report({
			failed: [
				{ message: 'Mail is in use.', because: null, user: user('Di Ros') },
				{ message: 'x', because: because('pbx.refused') },
			],
		});
		expect(run.counts.failed).toBe(2);
		expect(run.text).toContain('- Di Ros\n    Mail is in use.');
		expect(run.text).toContain('Fix pbx.refused.');
	});

	it('names forty extensions held by one limit under one reason', () => {
		const held = times(40, () => cleaned('held', { because: because('limit.disable') }));
		const { text } = report({ outcomes: held });
		expect(text.split('Why limit.disable.')).toHaveLength(2);
		expect(text).toContain('and 30 more');
	});

	it('includes conflicts with every candidate and a free number', () => {
		const { text } = report({ conflicts: [conflict()] });
		expect(text).toContain('Could be: Bo Ek (201), no name (202).');
		expect(text).toContain('Next free number: 231.');
	});

	it('includes conflicts that only the summary knows', () => {
		const run = report({ summary: summary({ conflicts: 3 }) });
		expect(run.counts.conflicts).toBe(3);
		expect(run.text).toContain('3 users could not be paired');
	});

	it('includes every reason a user was rejected for', () => {
		const { text } = report({ rejected: [rejected()] });
		expect(text).toContain('What user.noMail.');
		expect(text).toContain('What user.badPhone.');
	});

	it('includes why nobody could be called unmatched', () => {
		const run = report({ summary: summary({ notes: [because('read.short')] }) });
		expect(run.needsAttention).toBe(true);
		expect(run.text).toContain('What read.short.');
	});

	it('includes items nobody can read', () => {
		expect(report({ unknown: 2 }).text).toContain('2 items could not be read.');
	});

	it('does not include what somebody chose to leave alone', () => {
		const alone = ['cleanup.reportOnly', 'cleanup.neverPaired', 'cleanup.protected'];
		const run = report({
			outcomes: alone.map((code) => cleaned('held', { because: because(code) })),
		});
		expect(run.needsAttention).toBe(false);
		expect(run.counts.held).toBe(3);
		expect(run.text).toContain('What cleanup.protected\n');
	});
});

describe('lists and numbers', () => {
	it('are folded after the first few', () => {
		const outcomes = times(47, (index) =>
			outcome('created', { user: user(`Nr ${String(index)}`) }),
		);
		const { text } = report({ outcomes }, { listLength: 5 });
		expect(text).toContain('- Nr 4 ');
		expect(text).not.toContain('- Nr 5 ');
		expect(text).toContain('and 42 more');
	});

	it('forecast what is left in each pool', () => {
		const pools = [{ name: 'Sales', free: 1, given: 3 }];
		expect(report({ summary: summary({ pools }) }).text).toContain(
			'- Sales\n    1 number free, 3 given in this run.',
		);
	});

	it('say about when a pool runs dry, where Summary knows', () => {
		const forecast = { perDay: 0.07, runsOutOn: '2026-08-30' };
		const pools = [{ name: 'Sales', free: 6, given: 1, forecast }];
		const { text } = report({ summary: summary({ pools }) });
		expect(text).toContain('the last one is given about 2026-08-30.');
		const dry = [{ name: 'Sales', free: 0, given: 1, forecast }];
		expect(report({ summary: summary({ pools: dry }) }).text).not.toContain('2026-08-30');
	});
});

describe('hostile names', () => {
	const name = '<img src=x onerror=alert(1)> *bold* [a](http://evil) <!channel>\n# x';
	const run = report({ outcomes: [outcome('created', { user: user(name) })] });

	it('stay text on the page', () => {
		expect(run.html).not.toContain('<img');
		expect(run.html).toContain('&lt;img src=x onerror=alert(1)&gt;');
	});

	it('stay text in Slack', () => {
		expect(JSON.stringify(run.slackBlocks)).not.toContain('<!channel>');
		expect(JSON.stringify(run.slackBlocks)).toContain('&lt;!channel&gt;');
	});

	it('stay text in Markdown', () => {
		expect(run.markdown).not.toMatch(/[^\\]\[a/);
		expect(run.markdown).not.toContain('http://evil');
		expect(run.markdown).not.toMatch(/^# x/m);
	});

	it('cannot turn the reading direction around', () => {
		const turned = report({ outcomes: [outcome('created', { user: user('a\u202Eb') })] });
		expect(turned.text).toContain('- ab ');
	});
});

describe('the whole of one run', () => {
	const run = report({
		summary: summary({ pools: [{ name: 'Sales', free: 12, given: 1 }] }),
		outcomes: [
			outcome('created', { number: { value: '211', reason: 'pool', pool: 'Sales' } }),
			outcome('updated', { change: update({ email: ['old@example.com', 'new@example.com'] }) }),
			cleaned('disabled'),
			cleaned('held', { because: because('cleanup.protected') }),
			outcome('failed', { outcome: { because: because('pbx.refused') } }),
		],
		conflicts: [conflict()],
		rejected: [rejected()],
	});

	it('as text', () => expect(run.text).toMatchSnapshot());
	it('as Markdown', () => expect(run.markdown).toMatchSnapshot());
	it('as a page', () => expect(run.html).toMatchSnapshot());
	it('as Slack blocks', () => expect(run.slackBlocks).toMatchSnapshot());
});
