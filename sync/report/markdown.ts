import type { ReportDocument, Row, Section } from './document';

/** CommonMark with headings and lists only, which Teams, Slack canvases, wikis and tickets all take. */
export function toMarkdown({ headline, sections, footer }: ReportDocument): string {
	const parts = sections.map(part);
	return [
		`**${escapeMarkdown(headline)}**`,
		...parts,
		footer.map((text) => `_${escapeMarkdown(text)}_`).join('  \n'),
	].join('\n\n');
}

/** Every character that could start markup, HTML or a link, made harmless. */
function escapeMarkdown(text: string): string {
	return text
		.replace(/[\\`*_{}[\]()#|~!]/g, '\\$&')
		.replace(/&/g, '&amp;')
		.replace(/</g, '&lt;')
		.replace(/>/g, '&gt;')
		.replace(/:\/\//g, '&#58;//');
}

function part({ title, intro, rows, more }: Section): string {
	const items = [...rows.map(item), ...(more > 0 ? [`- and ${String(more)} more`] : [])];
	return [`### ${escapeMarkdown(title)}`, ...intro.map(escapeMarkdown), items.join('\n')]
		.filter((text) => text !== '')
		.join('\n\n');
}

function item({ name, number, notes }: Row): string {
	const who = `- **${escapeMarkdown(name)}**`;
	return [
		number === null ? who : `${who} (${escapeMarkdown(number)})`,
		...notes.map((note) => `  - ${escapeMarkdown(note)}`),
	].join('\n');
}
