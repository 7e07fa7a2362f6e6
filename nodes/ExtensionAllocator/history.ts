import type { IDataObject, INodeExecutionData } from 'n8n-workflow';
import { z } from 'zod';
import type { NumberEvent } from '../../sync/history';
import { fold } from '../../sync/keys';

const cell = z
	.union([z.string(), z.number(), z.date(), z.null(), z.undefined()])
	.transform((value) =>
		(value instanceof Date ? value.toISOString() : (value ?? '')).toString().trim(),
	);

const row = z.object({
	at: cell,
	system: cell,
	userId: cell,
	number: cell,
	result: cell,
	changes: cell,
});

const renumbering = z.object({ number: z.object({ from: z.string().nullable() }) });

/** Rows of Sync Report's journal may come by the Links input beside those of the links table. */
export function isJournalRow(json: IDataObject): boolean {
	return 'runId' in json && 'result' in json;
}

/**
 * Which numbers the journal says were given and released on this phone system. A row that cannot be
 * read says nothing: the journal only ever makes a number wait longer.
 */
export function readHistory(items: readonly INodeExecutionData[], system: string): NumberEvent[] {
	return items.flatMap(({ json }): NumberEvent[] => {
		const parsed = isJournalRow(json) ? row.safeParse(json) : null;
		if (!parsed?.success) return [];
		const { at: time, system: of, userId, number, result, changes } = parsed.data;
		if (of !== '' && of !== system) return [];
		const at = Number.isNaN(Date.parse(time)) ? null : time;
		const event = (kind: NumberEvent['kind'], which: string): NumberEvent[] =>
			which === '' ? [] : [{ kind, number: which, userId: fold(userId) || null, at }];
		if (result === 'created') return event('given', number);
		if (result === 'deleted') return event('released', number);
		const before = numberBefore(changes);
		return before === null ? [] : [...event('released', before), ...event('given', number)];
	});
}

function numberBefore(changes: string): string | null {
	try {
		return renumbering.parse(JSON.parse(changes)).number.from;
	} catch {
		return null;
	}
}
