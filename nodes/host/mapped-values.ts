/** What a person put into a list of fields of a node (n8n's resource mapper), item by item. */
import type { IExecuteFunctions } from 'n8n-workflow';
import { z } from 'zod';

import { DiagnosedError } from '../../sync/diagnostic';

const text = z.union([z.string(), z.number(), z.boolean()]).nullable();
const mapped = z.record(text).nullable();

/**
 * By field, as text; null where nothing was put in. `parameter`: its name in the node, `displayName`
 * as people know it. Throws a `DiagnosedError` that names the field for what is no text.
 */
export function mappedValues(
	context: IExecuteFunctions,
	itemIndex: number,
	{ parameter, displayName }: { readonly parameter: string; readonly displayName: string },
): Record<string, string | null> {
	const given: unknown = context.getNodeParameter(`${parameter}.value`, itemIndex, null);
	const read = mapped.safeParse(given);
	if (!read.success) {
		const [field = ''] = read.error.issues[0]?.path ?? [];
		throw new DiagnosedError({
			code: 'fields.noText',
			what: `The value of '${field || displayName}' is not a text.`,
			why: 'A list or an object was given, or an expression gave one.',
			fix: `Open the node and correct '${displayName}'. If it is an expression, look at what it gives.`,
			field: displayName,
		});
	}
	return Object.fromEntries(
		Object.entries(read.data ?? {}).map(([name, value]) => [
			name,
			value === null ? null : String(value),
		]),
	);
}
