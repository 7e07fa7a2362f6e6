import { DateTime } from 'luxon';
import type { IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import { applyChanges, type Applied, type ApplyOptions } from '../../pbx/apply';
import type { Before, Task } from '../../pbx/judgement';
import type { Diagnostic } from '../../sync/diagnostic';
import { fingerprint } from '../../sync/fingerprint';
import { toPlanned } from '../../sync/held-together';
import type { Change, Outcome } from '../../sync/item';
import type { Limit } from '../../sync/limits';
import { planUndo, type UndoStep } from '../../sync/undo';
import type { OpenedPhoneSystem } from '../host/phoneSystem';
import { tellProgress } from '../host/progress';
import { keepDone, recallDone } from '../host/safety';
import { failedItem } from '../host/sift';
import { brakeOf, readBrakeSettings } from './brake';
import { madeOf, tellAbout } from './carryOut';
import { readJournal, unreadable, type JournalRow } from './undo-rows';

/** Nobody set a limit, and an undo that takes twenty phones out of use is looked at first. */
const USUAL: Limit = { maxCount: 20, maxPercent: 20, floor: 3 };

/**
 * Takes back what one run wrote: reads its journal rows and all extensions, and gives one item per
 * change, or per extension where nothing is to be changed. A plan like any other: each change is held
 * when its extension changes meanwhile, limits count, and Dry Run shows it.
 *
 * A row nobody can read stops it before anything is written, unless the node is set to go on.
 */
export async function undo(
	context: IExecuteFunctions,
	{ definition, system, consents }: OpenedPhoneSystem,
): Promise<INodeExecutionData[]> {
	const journal = readJournal(context, definition.name);
	const rows = [...journal.read.values()].filter((row) => row !== null);
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
		unread: unreadable(context, journal),
	});

	const now = DateTime.utc().toISO();
	const dryRun = context.getNodeParameter('dryRun', 0, true) !== false;
	const limits = { disable: USUAL, delete: USUAL, ...settings.limits };
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
	const all = steps.flatMap(({ changes, extension }) =>
		changes.map((change) => ({ change, planned: toPlanned(change, extension) })),
	);
	const reasons = brake(all.map(({ planned }) => planned));
	const held = new Map(all.map(({ change }, index) => [change, reasons[index] ?? null]));
	const options: ApplyOptions = {
		dryRun,
		mayDelete: !context.isToolExecution(),
		consents,
		onProgress: tellProgress(context, 'written'),
	};
	const apply = async (wave: readonly Wave[], before: Before) => {
		const tasks = wave.map(({ change }): Task => ({ change, userId: null }));
		const brakeAll = () => wave.map(({ because }) => because);
		const asked = { ...options, before, brake: brakeAll };
		const applied = await applyChanges(system, capabilities, tasks, asked);
		return { applied, made: madeOf(tasks, applied) };
	};

	const first = await apply(
		steps.flatMap(({ changes: [change] }) =>
			change ? [{ change, because: held.get(change) ?? null }] : [],
		),
		current,
	);
	// Values first, then out of use; judged by how the account is after the values.
	const after = new Map(current);
	for (const { extension } of first.applied) if (extension) after.set(extension.id, extension);
	const second = await apply(secondWave(steps, after, held), after);
	const results = pairUp(steps, first.applied, second.applied);
	const outcomes = results.map(({ outcome }) => outcome);
	if (!dryRun) {
		const made = [...first.made, ...second.made];
		keepDone(context, definition.name, made, now, settings.groups);
	}
	tellAbout(context, outcomes, dryRun, null);
	const failuresLeave = context.getNode().onError === 'continueErrorOutput';
	const items = results.map(({ position, ...json }) => {
		const of = rowsOf(journal.read, position);
		const { result, because } = json.outcome;
		if (failuresLeave && result === 'failed' && because) return failedItem(because, of.first);
		return {
			// The border to n8n's own type for JSON: all of it is plain.
			json: { ...json, undone: of.undone } as object as IDataObject,
			pairedItem: { item: of.first },
		};
	});
	return [...items, ...journal.failed.values()];
}

interface Wave {
	readonly change: Change;
	readonly because: Diagnostic | null;
}

function secondWave(
	steps: readonly UndoStep[],
	after: Before,
	held: ReadonlyMap<Change, Diagnostic | null>,
): Wave[] {
	return steps.flatMap(({ changes: [, change], extensionId }) => {
		const extension = after.get(extensionId);
		if (change?.kind !== 'disable' || !extension) return [];
		const because = held.get(change) ?? null;
		return [{ change: { ...change, basedOn: fingerprint(extension) }, because }];
	});
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

/** The first of the rows about an extension, by position, and what an undo says of its run. */
function rowsOf(rows: ReadonlyMap<number, JournalRow | null>, id: string) {
	const own = [...rows].flatMap(([position, row]) =>
		row?.extensionId === id ? [{ position, row }] : [],
	);
	const { runId = '', system = '' } = own[0]?.row ?? {};
	const userId = own.map(({ row }) => row.userId).findLast((known) => known !== null) ?? null;
	return { first: own[0]?.position ?? 0, undone: { runId, system, userId } };
}
