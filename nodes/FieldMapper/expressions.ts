/** Rows whose value is worked out by n8n itself, anew for each user. */
import type { IExecuteFunctions } from 'n8n-workflow';

import type { MappingRow } from '../../sync/mapping-row';
import type { Computed } from '../../sync/source';
import { toText } from '../../sync/source';
import type { Unfit } from '../../sync/unfit';

/** What the expressions of the mapping give for an item; null where there are none. */
export type Expressions = (item: number) => Computed;

export function expressionsOf(
	context: IExecuteFunctions,
	rows: readonly MappingRow[],
): Expressions | null {
	if (!rows.some(({ source }) => source.kind === 'computed')) return null;
	return (item) => (row) => evaluate(context, row, item);
}

function evaluate(context: IExecuteFunctions, row: number, item: number) {
	let value: unknown;
	try {
		value = context.getNodeParameter(`rows.row[${String(row)}].expression`, item, null);
	} catch (thrown) {
		return unfit(`The expression stopped: ${thrown instanceof Error ? thrown.message : 'unknown'}`);
	}
	const isText = typeof value !== 'object' || value === null || Array.isArray(value);
	return isText ? toText(value) : unfit('The expression gave an object instead of a text.');
}

function unfit(why: string): Unfit {
	return {
		code: 'expression',
		why: /[.!?]$/.test(why) ? why : `${why}.`,
		fix: "Open the row in Field Mapper and correct 'Expression'.",
	};
}
