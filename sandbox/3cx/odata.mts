/** As much of OData as a client of the user list needs, and the errors in OData's shape. */

/** An error as the interface sends it: per property, in capitals. */
export class XapiRefusal extends Error {
	constructor(
		readonly status: number,
		readonly what: string,
		readonly target: string | null = null,
	) {
		super(what);
	}

	toJSON() {
		const { what, target } = this;
		const message = target === null ? what : `${target}:\n${what}`;
		const details = target === null ? [] : [{ code: '', message: what, target }];
		return { error: { code: '', message, details } };
	}
}

const LARGEST_PAGE = 100;

type Query = Readonly<Record<string, string>>;

/** A page of rows, with the count when it is asked for. Without `$top` it is a page, too. */
export function page(rows: readonly object[], query: Query, context: string): object {
	const top = wholeNumber(query, '$top', LARGEST_PAGE);
	if (top > LARGEST_PAGE) {
		throw new XapiRefusal(
			400,
			`The query specified in the URI is not valid. The limit of '${LARGEST_PAGE}' for Top query has been exceeded.`,
		);
	}
	const skip = wholeNumber(query, '$skip', 0);
	const found = filtered(rows, query['$filter']);
	const sorted = ordered(found, query['$orderby']);
	return {
		'@odata.context': context,
		...(query['$count'] === 'true' ? { '@odata.count': found.length } : {}),
		value: sorted.slice(skip, skip + top).map((row) => shaped(row, query)),
	};
}

/** Only the properties asked for; what belongs to other entities only when it is asked for. */
export function shaped(row: object, query: Query): object {
	const select = query['$select']?.split(',');
	const expand = query['$expand']?.split(',') ?? [];
	const known = Object.entries(row);
	for (const name of [...(select ?? []), ...expand]) {
		if (!known.some(([key]) => key === name)) {
			throw new XapiRefusal(400, `Could not find a property named '${name}' on type 'Pbx.User'.`);
		}
	}
	return Object.fromEntries(
		known.filter(([name]) =>
			name === 'Groups' ? expand.includes(name) : (select?.includes(name) ?? true),
		),
	);
}

function filtered(rows: readonly object[], filter: string | undefined): readonly object[] {
	if (filter === undefined) return rows;
	const match = /^(\w+) eq '((?:[^']|'')*)'$/.exec(filter);
	if (match === null) throw new XapiRefusal(400, 'The filter is not understood.');
	const [, name = '', text = ''] = match;
	return rows.filter(
		(row) => new Map(Object.entries(row)).get(name) === text.replaceAll("''", "'"),
	);
}

function ordered(rows: readonly object[], by: string | undefined): readonly object[] {
	if (by === undefined) return rows;
	const key = (row: object): string | number => new Map(Object.entries(row)).get(by) ?? '';
	return [...rows].sort((a, b) => (key(a) < key(b) ? -1 : 1));
}

function wholeNumber(query: Query, name: string, absent: number): number {
	const text = query[name];
	if (text === undefined) return absent;
	if (!/^\d+$/.test(text)) throw new XapiRefusal(400, `${name} is not a number.`);
	return Number(text);
}
