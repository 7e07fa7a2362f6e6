import { DateTime } from 'luxon';
import type { IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { z } from 'zod';

import { applyChanges, type Applied, type ApplyOptions } from '../../pbx/apply';
import type { Before } from '../../pbx/judgement';
import { DiagnosedError } from '../../sync/diagnostic';
import { fingerprint } from '../../sync/fingerprint';
import type { Change, ChangeKind, Outcome } from '../../sync/item';
import type { Limit } from '../../sync/limits';
import { planUndo, type UndoStep, type Written } from '../../sync/undo';
import type { OpenedPhoneSystem } from '../host/phoneSystem';
import { tellProgress } from '../host/progress';
import { keepDone, recallDone } from '../host/safety';
import { brakeOf, readBrakeSettings } from './brake';
import { tellAbout } from './carryOut';

/** Nobody set a limit, and an undo that takes twenty phones out of use is looked at first. */
const USUAL: Limit = { maxCount: 20, maxPercent: 20, floor: 3 };

/**
 * Takes back what one run wrote: reads its journal rows and all extensions, and gives one item per
 * change, or per extension where nothing is to be changed. A plan like any other: each change is held
 * when its extension changes meanwhile, limits count, and Dry Run shows it.
 */
export async function undo(
	context: IExecuteFunctions,
	{ definition, system, consents }: OpenedPhoneSystem,
): Promise<INodeExecutionData[]> {
	const rows = readRows(context, definition.name);
	const settings = readBrakeSettings(context);
	const current = new Map((await system.list()).map((each) => [each.id, each]));
	const { capabilities, fields } = definition;
	const steps = planUndo({
		rows,
		current,
		fields,
		can: {
			disable: capabilities.disable !== 'none',
			delete: capabilities.canDelete,
			changeNumber: capabilities.canChangeNumber,
		},
		deleteCreated: settings.deleteCreated,
	});

	const now = DateTime.utc().toISO();
	const dryRun = context.getNodeParameter('dryRun', 0, true) !== false;
	const usual: Array<[ChangeKind, Limit]> = [
		['disable', USUAL],
		['delete', USUAL],
	];
	const limits = new Map([...usual, ...settings.limits]);
	const brake = brakeOf(
		{ ...settings, limits, approvedPlan: null },
		{
			existing: current.size,
			done: recallDone(context, definition.name),
			now,
			zone: context.getTimezone(),
			digest: '',
		},
	);
	const held = brake(countKinds(steps));
	const options: ApplyOptions = {
		dryRun,
		mayDelete: !context.isToolExecution(),
		consents,
		onProgress: tellProgress(context),
		before: current,
		brake: () => held,
	};
	const apply = async (changes: readonly Change[], before: Before) =>
		await applyChanges(
			system,
			capabilities,
			changes.map((change) => ({ change, userId: null })),
			{ ...options, before },
		);

	const first = await apply(
		steps.flatMap(({ changes }) => changes.slice(0, 1)),
		current,
	);
	// Values first, then out of use; judged by how the account is after the values.
	const after = new Map(current);
	for (const { extension } of first) if (extension) after.set(extension.id, extension);
	const second = await apply(secondChanges(steps, after), after);
	const results = pairUp(steps, first, second);
	const outcomes = results.map(({ outcome }) => outcome);
	if (!dryRun) keepDone(context, definition.name, outcomes, now);
	tellAbout(context, outcomes, dryRun, null);
	return results.map(({ position, ...json }) => ({
		// The border to n8n's own type for JSON: all of it is plain.
		json: json as object as IDataObject,
		pairedItem: { item: firstRow(rows, position) },
	}));
}

function secondChanges(steps: readonly UndoStep[], after: Before): Change[] {
	return steps.flatMap(({ changes: [, change], extensionId }): Change[] => {
		const extension = after.get(extensionId);
		if (change?.kind !== 'disable' || !extension) return [];
		return [{ ...change, basedOn: fingerprint(extension) }];
	});
}

function countKinds(steps: readonly UndoStep[]): ReadonlyMap<ChangeKind, number> {
	const counts = new Map<ChangeKind, number>();
	for (const { kind } of steps.flatMap(({ changes }) => changes))
		counts.set(kind, (counts.get(kind) ?? 0) + 1);
	return counts;
}

function pairUp(steps: readonly UndoStep[], first: readonly Applied[], second: readonly Applied[]) {
	const firsts = first.values();
	const seconds = second.values();
	return steps.flatMap((step) => {
		const { changes, kept, extensionId } = step;
		const decisions = kept.map(({ what, why }) => `${what} ${why}`);
		if (changes.length === 0) {
			return [
				{ position: extensionId, extension: step.extension, outcome: settled(step), decisions },
			];
		}
		return changes.flatMap((change, index) => {
			const applied = (index === 0 ? firsts : seconds).next();
			if (applied.done) return [];
			const { outcome, extension } = applied.value;
			// What is left alone is told with the change that was made beside it.
			const because = outcome.because ?? (index === 0 ? (kept[0] ?? null) : null);
			return [
				{
					position: extensionId,
					extension,
					change,
					outcome: { ...outcome, because },
					decisions,
				},
			];
		});
	});
}

function settled({ extensionId, extension, kept }: UndoStep): Outcome {
	const because = kept[0] ?? null;
	return {
		result: because === null ? 'unchanged' : 'held',
		extensionId,
		number: extension?.number ?? null,
		because,
		dryRun: false,
		link: null,
	};
}

function firstRow(rows: ReadonlyArray<Written & { readonly item: number }>, id: string): number {
	return rows.find(({ extensionId }) => extensionId === id)?.item ?? 0;
}

const fieldChange = z.object({ from: z.string().nullable(), to: z.string().nullable() });

const journalRow = z.object({
	runId: z.coerce.string().min(1),
	system: z.string(),
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

/** Rows of Sync Report's Journal. Other columns, such as a table's own id, are left alone. */
function readRows(
	context: IExecuteFunctions,
	system: string,
): Array<Written & { readonly item: number }> {
	return context.getInputData().flatMap(({ json }, item) => {
		if (Object.keys(json).length === 0) return [];
		const row = journalRow.safeParse(json);
		if (!row.success) {
			const [issue] = row.error.issues;
			return refuse(item, `'${issue?.path.join('.') ?? ''}': ${issue?.message ?? ''}.`);
		}
		if (row.data.system !== system) {
			return refuse(item, `It is of ${row.data.system}, and 'Phone System' is set to ${system}.`);
		}
		return [{ ...row.data, item }];
	});
}

function refuse(item: number, why: string): never {
	throw new DiagnosedError({
		code: 'undo.row',
		what: `Item ${String(item + 1)} is not a row of this phone system's journal.`,
		why,
		fix: "Give this node the rows of Sync Report's output 'Journal', those of one run. Nothing was written.",
	});
}
