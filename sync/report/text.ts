import type { ReportDocument, Row } from './document';

/** Plain text, for a log, a terminal or the text part of a mail. */
export function toText({ headline, sections, footer }: ReportDocument): string {
	const parts = sections.map(({ title, intro, rows, more }) =>
		[
			title,
			'-'.repeat(title.length),
			...intro,
			...rows.map(line),
			...(more > 0 ? [`- and ${String(more)} more`] : []),
		].join('\n'),
	);
	return [headline, ...parts, footer.join('\n')].join('\n\n');
}

function line({ name, number, notes }: Row): string {
	const who = number === null ? name : `${name} (${number})`;
	return ['- ' + who, ...notes.map((note) => `    ${note}`)].join('\n');
}
