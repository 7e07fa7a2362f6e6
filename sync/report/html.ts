import type { ReportDocument, Row, Section, Tally } from './document';

/**
 * One page that needs nothing but itself: no scripts, no pictures from elsewhere, readable in a
 * mail program, on a phone, in light and dark. Where styles or SVG are stripped it stays readable.
 */
export function toHtml({ subject, headline, tallies, sections, footer }: ReportDocument): string {
	return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escapeHtml(subject)}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<h1>${escapeHtml(headline)}</h1>
${bar(tallies)}${tallyTable(tallies)}${sections.map(part).join('')}<footer>
${footer.map((text) => `<p>${escapeHtml(text)}</p>`).join('\n')}
</footer>
</main>
</body>
</html>
`;
}

const ENTITIES: Readonly<Record<string, string>> = {
	'&': '&amp;',
	'<': '&lt;',
	'>': '&gt;',
	'"': '&quot;',
	"'": '&#39;',
};

export function escapeHtml(text: string): string {
	return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '');
}

const BAR_WIDTH = 600;
/** So that one held extension among thousands is still seen. */
const NARROWEST = 6;

/** All outcomes side by side. The table below says the same in numbers. */
function bar(tallies: readonly Tally[]): string {
	const total = tallies.reduce((sum, { count }) => sum + count, 0);
	if (total === 0) return '';
	const widths = tallies.map(({ count }) => Math.max(NARROWEST, (count / total) * BAR_WIDTH));
	const scale = BAR_WIDTH / widths.reduce((sum, width) => sum + width, 0);
	let x = 0;
	const parts = tallies.map(({ label, count, tone }, index) => {
		const width = (widths[index] ?? 0) * scale;
		const at = x;
		x += width;
		return `<rect class="${tone}" x="${at.toFixed(1)}" y="0" width="${Math.max(1, width - 1).toFixed(1)}" height="16"><title>${escapeHtml(label)}: ${String(count)}</title></rect>`;
	});
	return `<svg viewBox="0 0 ${String(BAR_WIDTH)} 16" width="100%" height="16" preserveAspectRatio="none" role="img" aria-label="Share of each outcome">${parts.join('')}</svg>
`;
}

function tallyTable(tallies: readonly Tally[]): string {
	if (tallies.length === 0) return '';
	const rows = tallies.map(
		({ label, count, tone }) =>
			`<tr><th scope="row"><span class="dot ${tone}"></span>${escapeHtml(label)}</th><td>${String(count)}</td></tr>`,
	);
	return `<table class="tallies">
${rows.join('\n')}
</table>
`;
}

function part({ title, tone, intro, rows, more }: Section): string {
	const table =
		rows.length === 0
			? ''
			: `<table>
${rows.map(row).join('\n')}
</table>
`;
	return `<section class="${tone}">
<h2>${escapeHtml(title)}</h2>
${intro.map((text) => `<p>${escapeHtml(text)}</p>\n`).join('')}${table}${more > 0 ? `<p class="more">and ${String(more)} more</p>\n` : ''}</section>
`;
}

function row({ name, number, notes }: Row): string {
	const lines = notes.map((note) => `<div>${escapeHtml(note)}</div>`).join('');
	return `<tr><th scope="row">${escapeHtml(name)}</th><td class="number">${escapeHtml(number ?? '')}</td><td>${lines}</td></tr>`;
}

const STYLE = `
:root{color-scheme:light dark;--ink:#1b1b1b;--soft:#616161;--page:#fff;--line:#e3e3e3;--good:#0e7a3e;--quiet:#8a8a8a;--warn:#b35900;--bad:#b10e1c}
@media (prefers-color-scheme:dark){:root{--ink:#ececec;--soft:#b0b0b0;--page:#1c1c1c;--line:#3a3a3a;--good:#5bc98a;--quiet:#9a9a9a;--warn:#f0a04b;--bad:#ff7b86}}
body{margin:0;padding:16px;background:var(--page);color:var(--ink);font:15px/1.45 "Segoe UI",system-ui,sans-serif}
main{max-width:720px;margin:0 auto;overflow-wrap:anywhere}
h1{font-size:19px;line-height:1.3;margin:0 0 12px}
h2{font-size:16px;margin:0 0 4px}
p{margin:0 0 6px;color:var(--soft)}
section{border-left:4px solid var(--line);padding:2px 0 2px 12px;margin:20px 0}
section.good{border-color:var(--good)}section.quiet{border-color:var(--quiet)}section.warn{border-color:var(--warn)}section.bad{border-color:var(--bad)}
table{border-collapse:collapse;width:100%}
th,td{text-align:left;vertical-align:top;padding:5px 10px 5px 0;border-top:1px solid var(--line)}
th{font-weight:600;width:34%}
td.number{width:12%;font-variant-numeric:tabular-nums}
.tallies{width:auto;margin:8px 0}
.tallies th,.tallies td{border:0;padding:1px 16px 1px 0;width:auto;font-weight:400}
.tallies td{text-align:right;font-variant-numeric:tabular-nums}
.dot{display:inline-block;width:9px;height:9px;border-radius:50%;margin-right:8px}
.dot.good{background:var(--good)}.dot.quiet{background:var(--quiet)}.dot.warn{background:var(--warn)}.dot.bad{background:var(--bad)}
rect.good{fill:var(--good)}rect.quiet{fill:var(--quiet)}rect.warn{fill:var(--warn)}rect.bad{fill:var(--bad)}
svg{display:block;border-radius:4px}
footer{margin-top:24px;font-size:13px}
@media (max-width:480px){section th,section td{display:block;width:auto;padding:2px 0;border:0}section tr{display:block;padding:6px 0;border-top:1px solid var(--line)}td:empty{display:none}}
`;
