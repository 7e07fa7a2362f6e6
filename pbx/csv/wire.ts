/** An export and an import file, as far as they are used here: what makes rows, and what rows make. */
import { DiagnosedError } from '../../sync/diagnostic';
import type { FieldDefinition } from '../../sync/contact';
import type { Extension } from '../../sync/item';
import { FIELDS, isCalled, type Columns } from './fields';
import { noColumn, noHeadings, noKey, noKeyColumn, sameKey } from './refusals';

export interface Export {
	readonly extensions: readonly Extension[];
	/** Those that have a column: nothing else can be compared, or imported. */
	readonly fields: readonly FieldDefinition[];
}

/**
 * Every row of an export as an extension, or a rejection. Columns that stand for no field are left
 * out; a field without a column is absent.
 */
export function readTable(
	[headings, ...rows]: ReadonlyArray<readonly string[]>,
	columns: Columns,
): Export {
	if (headings === undefined) throw new DiagnosedError(noHeadings);
	const places = placesOf(headings, columns);
	const key = keyOf(headings, places, columns);
	const keys = new Set<string>();
	const extensions = rows.map((cells, index) => {
		const at = (place: number) => (cells[place] ?? '').trim() || null;
		const id = at(key);
		if (id === null) throw new DiagnosedError(noKey(index + 2, headings[key] ?? ''));
		if (keys.has(id)) throw new DiagnosedError(sameKey(index + 2, headings[key] ?? '', id));
		keys.add(id);
		const { number = null, ...fields } = Object.fromEntries(
			[...places].map(([name, place]) => [name, at(place)]),
		);
		return { id, number, enabled: null, externalId: null, fields };
	});
	return { extensions, fields: FIELDS.filter(({ name }) => places.has(name)) };
}

/** Field -> place of its column. */
function placesOf(headings: readonly string[], { chosen }: Columns): Map<string, number> {
	const placeOf = ({ name, ...field }: FieldDefinition): number => {
		const heading = chosen.get(name);
		if (chosen.size === 0) return headings.findIndex((each) => isCalled(each, { name, ...field }));
		return heading === undefined ? -1 : required(headings, heading);
	};
	const places = FIELDS.map((field) => [field.name, placeOf(field)] as const);
	return new Map(places.filter(([, place]) => place >= 0));
}

function keyOf(
	headings: readonly string[],
	places: ReadonlyMap<string, number>,
	{ idColumn }: Columns,
): number {
	if (idColumn !== '') return required(headings, idColumn);
	const place = places.get('number') ?? places.get('email');
	if (place === undefined) throw new DiagnosedError(noKeyColumn(headings));
	return place;
}

function required(headings: readonly string[], heading: string): number {
	const place = headings.findIndex((each) => each.trim() === heading.trim());
	if (place < 0) throw new DiagnosedError(noColumn(heading, headings));
	return place;
}
