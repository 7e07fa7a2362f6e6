/** Reads examples out of the pages in docs/, so that what they promise is run. */

/** Rows of the first table below a second-level heading, without backticks, by column name. */
export function tableBelow(page: string, heading: string): Record<string, string>[] {
	const section = page.split(`## ${heading}\n`)[1]?.split('\n## ')[0] ?? '';
	const [head = [], , ...rows] = section
		.split('\n')
		.filter((line) => line.startsWith('|'))
		.map((line) =>
			line
				.slice(1, -1)
				.split('|')
				.map((cell) => cell.trim().replace(/^`(.*)`$/, '$1')),
		);
	return rows.map((cells) => Object.fromEntries(head.map((name, i) => [name, cells[i] ?? ''])));
}
