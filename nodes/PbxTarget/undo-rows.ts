/** The rows an undo is made from: those of Sync Report's output Journal. */
import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';
import { z } from 'zod';

import { DiagnosedError } from '../../sync/diagnostic';
import type { Written } from '../../sync/undo';
import { sift, type Sifted } from '../host/sift';

export interface JournalRow extends Written {
	readonly system: string;
	/** Whose extension it was; null where the row does not say. */
	readonly userId: string | null;
}

const fieldChange = z.object({ from: z.string().nullable(), to: z.string().nullable() });

const journalRow = z.object({
	runId: z.coerce.string().min(1),
	system: z.string(),
	userId: z
		.string()
		.nullish()
		.transform((id) => id || null),
	extensionId: z.coerce.string().min(1),
	kind: z.enum(['create', 'update', 'enable', 'disable', 'delete']),
	changes: z
		.union([z.string().transform((text, context) => parseJson(text, context)), z.unknown()])
		.pipe(z.record(fieldChange)),
});

function parseJson(text: string, context: z.RefinementCtx): unknown {
	try {
		return JSON.parse(text) as unknown;
	} catch {
		context.addIssue({ code: 'custom', message: 'It is not JSON' });
		return z.NEVER;
	}
}

/**
 * Other columns, such as a table's own id, are left alone; an item without anything, as tables
 * without rows give, is read as null. Throws a `DiagnosedError` that names the first row it cannot
 * read, unless the node is set to go on.
 */
export function readJournal(context: IExecuteFunctions, system: string): Sifted<JournalRow | null> {
	return sift(context, (json, item) => {
		if (Object.keys(json).length === 0) return null;
		const row = journalRow.safeParse(json);
		if (!row.success) {
			const [issue] = row.error.issues;
			return refuse(context, item, `'${issue?.path.join('.') ?? ''}': ${issue?.message ?? ''}.`);
		}
		if (row.data.system !== system) {
			const why = `It is of ${row.data.system}, and 'Phone System' is set to ${system}.`;
			return refuse(context, item, why);
		}
		return row.data;
	});
}

/** Extensions of which a row could not be read, by id: what the run did to them is known in part only. */
export function unreadable(
	context: IExecuteFunctions,
	{ failed }: Sifted<JournalRow | null>,
): ReadonlySet<string> {
	const items = context.getInputData();
	return new Set([...failed.keys()].flatMap((position) => idIn(items[position]?.json)));
}

function idIn(json: IDataObject | undefined): string[] {
	const id = journalRow.shape.extensionId.safeParse(json?.['extensionId']);
	return id.success ? [id.data] : [];
}

function refuse(context: IExecuteFunctions, item: number, why: string): never {
	const rest = context.continueOnFail() ? 'The others are taken back.' : 'Nothing was written.';
	throw new DiagnosedError({
		code: 'undo.row',
		what: `Item ${String(item + 1)} is not a row of this phone system's journal.`,
		why,
		fix: `Give this node the rows of Sync Report's output 'Journal', those of one run. ${rest}`,
	});
}
