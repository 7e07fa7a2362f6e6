/** Writes `docs/performance.md` and its picture from `results.json`; `npm run bench` does it last. */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = path.join(path.dirname(fileURLToPath(import.meta.url)), '..', '..');

/** By the first word of a row's name: which bench made it, and what it is about. */
const PARTS = {
	engine: ['engine memory', 'Planning'],
	writes: ['writes', 'Writing to a phone system'],
	n8n: ['n8n', 'The whole sync in a real n8n, with nothing to change'],
	start: ['start', 'Loading the package when n8n starts'],
	read: ['directory', 'Reading a directory'],
	delta: ['directory', 'Reading changes only'],
	trigger: ['trigger', 'From a change in Entra to the phone'],
};

export async function writePage() {
	const rows = JSON.parse(readFileSync(path.join(ROOT, 'test', 'bench', 'results.json'), 'utf8'));
	writeFileSync(path.join(ROOT, 'docs', 'pictures', 'performance.svg'), picture(rows));
	const target = path.join(ROOT, 'docs', 'performance.md');
	// Not at the top: this runs right after `git clone` too, before there are dependencies.
	const { format, resolveConfig } = await import('prettier');
	const style = await resolveConfig(target);
	writeFileSync(target, await format(page(rows), { ...style, filepath: target }));
}

function page(rows) {
	const parts = Object.entries(PARTS).flatMap(([first, [bench, title]]) => {
		const own = rows.filter(({ name }) => name.split(/[.:]/)[0] === first);
		if (own.length === 0) return [];
		const lines = own.map(
			({ name, value, unit, goal, holds }) =>
				`| \`${name}\` | ${value ?? 'not measured'} ${unit} | ${goal ?? ''} | ${verdict(holds)} |`,
		);
		return [
			`## ${title}\n\n\`npm run bench -- ${bench}\`\n\n| | measured | goal | met |\n|---|---|---|---|\n${lines.join('\n')}\n`,
		];
	});
	return `# Performance

Made by \`npm run bench\` from \`test/bench/results.json\`; run it to see your own figures. Ratios were
measured side by side in one go, as medians. Seconds and megabytes say something about one machine
only (${rows.at(-1)?.on ?? 'unknown'}); those kept in the repository come from two cores.

![What was measured, as a part of its goal](pictures/performance.svg)

${parts.join('\n')}
${missing(rows)}
${EXPLAINED}`;
}

/** What a row of that name would show; said as long as there is none. */
const WANTED = {
	'n8n.vsStock.10k':
		"Against n8n's stock nodes (`test/bench/workflows/stock.json`), 10,000 users: `npm run bench -- n8n`.",
	'n8n.vsStock.100k':
		"Against n8n's stock nodes, 100,000 users: `npm run bench -- n8n --users 100000 --stock`.",
	'n8n.vsBare.100k': '100,000 users in n8n: `npm run bench -- n8n --users 100000`.',
	'trigger.medianSeconds':
		'From a change in Entra to the changed account, with the trigger on: `npm run bench -- trigger`.',
	'engine.growth1M': '1,000,000 people beside 100,000: `npm run bench -- memory`.',
};

/** What the figures mean, where a number alone does not say it. */
const EXPLAINED = `## What takes the time

- **The stock nodes** run twenty expressions for each user, ten for each side, in Edit Fields; that is
  nearly all of their time (at 1,000 users 97 of 100 seconds). Code nodes would be faster, and are programming.
  At 100,000 users they had not ended after 2,390 seconds, when they were stopped by hand; the bench gives them up
  once the goal is met, and then says so.
- **The bare script** fetches, parses and compares, and nothing else. Beside it our nodes read every
  phone number by its country's rules, prove that both lists are whole, check what other nodes may have
  put on the wire, and make items n8n keeps; n8n itself makes a connection for every page. Another part goes to
  collecting what is no longer needed from a memory in which n8n holds both lists.
- **Memory**: n8n takes 760 MB before anything runs, with us or without. It is in both figures that are compared.
- **A first run** adopts everybody: each user is a change with a fingerprint of the extension it was
  decided from. From the second run on there is nothing to write down.
- **A million at once** is more than ten times a hundred thousand: gigabytes of people, extensions and links are
  in memory meanwhile, looking somebody up leaves the processor's caches, and collecting garbage takes longer.
  Shards, below, are the better way.
- **Loading the nodes** makes what panels show, with the fields of all ten phone systems; whatever only a run needs
  is loaded by the first run ([why](decisions/0014-loaded-when-used.md)).
- **Writes**: no phone system here publishes requests per second. What each takes is so many requests at
  once, and the bench measures how much of that is used.

## A million users

Not in one run: n8n keeps the items of a run in memory until it ends. One sub-workflow for each tenant,
group or phone system, of up to 100,000 users each, costs what is measured above times their number.

| for 1,000,000 users                     | one after another                                        |
| --------------------------------------- | -------------------------------------------------------- |
| requests to Graph, whole read           | 1,002 pages of 999 users, and one for each recycle bin   |
| requests to Graph, nothing changed      | one for each shard                                       |
| requests to the phone system            | users divided by its page size: 10,000 pages of 100      |
| memory                                  | that of one shard, when its items end with it |
| time                                    | ten times that of 100,000 users                          |
| numbers                                 | one pool for each shard, so that none is given twice     |

A whole read is only needed now and then; in between, a shard in which nobody changed is one request.
`;

function missing(rows) {
	const open = Object.entries(WANTED).filter(([name]) => rows.every((row) => row.name !== name));
	if (open.length === 0) return '';
	return `## Not measured yet\n\n${open.map(([name, text]) => `- \`${name}\`: ${text}`).join('\n')}\n`;
}

function verdict(holds) {
	return holds === null ? '' : holds ? 'yes' : '**no**';
}

/** One bar for each row with a bound: how much of what the goal allows was taken, or is lacking. */
function picture(rows) {
	const bars = rows.flatMap(({ name, value, goal }) => {
		const [, bound, limit] = /^at (most|least) ([\d.]+)$/.exec(goal ?? '') ?? [];
		if (limit === undefined || !value) return [];
		return [{ name, part: bound === 'most' ? value / Number(limit) : Number(limit) / value }];
	});
	const full = 300;
	const drawn = bars.map(({ name, part }, index) => {
		const y = 34 + index * 28;
		const colour = part <= 1 ? '#0F8A7E' : '#C4501B';
		const width = Math.round(Math.min(part, 1.6) * full);
		return `<text x="200" y="${y + 13}" text-anchor="end">${name}</text><rect x="210" y="${y}" width="${width}" height="18" rx="3" fill="${colour}"/><text x="${218 + width}" y="${y + 13}">${Math.round(part * 100)} %</text>`;
	});
	const height = 44 + bars.length * 28;
	return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 760 ${height}" font-family="sans-serif" font-size="13" fill="#444" role="img" aria-label="Each measurement as a part of what its goal allows"><rect width="760" height="${height}" fill="#fff"/><text x="${210 + full}" y="20" text-anchor="middle">goal</text>${drawn.join('')}<path d="M${210 + full} 26V${height - 8}" stroke="#444" stroke-dasharray="4 3"/></svg>
`;
}
