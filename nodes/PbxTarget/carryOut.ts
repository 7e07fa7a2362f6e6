import { DateTime } from 'luxon';
import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import type { Applied } from '../../pbx/apply';
import { applyChanges } from '../../pbx/apply';
import type { Brake } from '../../pbx/brake';
import type { Before, Task } from '../../pbx/judgement';
import type { Diagnostic } from '../../sync/diagnostic';
import { toPlanned, type GroupLimit } from '../../sync/held-together';
import type { Outcome, OutcomeResult } from '../../sync/item';
import type { OpenedPhoneSystem } from '../host/phoneSystem';
import { tellProgress } from '../host/progress';
import { keepDone, type Made } from '../host/safety';
import { failedItem } from '../host/sift';

export interface Circumstances {
	/** Accounts that were read already. */
	readonly before?: Before;
	readonly brake?: Brake;
	/** With limits of their own; what was done to them is remembered. */
	readonly groups?: readonly GroupLimit[];
	/** ISO time of this run. Default: none is remembered with what is disabled. */
	readonly at?: string;
	/** Why nothing is written although Dry Run is off. */
	readonly previewOnly?: Diagnostic | null;
	/** Items that are no task, by position: what became of them was decided before. */
	readonly settled?: ReadonlyMap<number, Outcome>;
	/** Items that nobody could read, by position: they leave as they are here. */
	readonly failed?: ReadonlyMap<number, INodeExecutionData>;
	/** Called before each write. */
	readonly onWrite?: () => Promise<void>;
}

/** Carries out one task per input item that is neither settled nor failed and gives one item for each, in order. */
export async function carryOut(
	context: IExecuteFunctions,
	{ definition, system, consents }: OpenedPhoneSystem,
	tasks: readonly Task[],
	{
		before,
		brake,
		groups = [],
		at,
		onWrite,
		previewOnly = null,
		settled = new Map(),
		failed,
	}: Circumstances = {},
): Promise<INodeExecutionData[]> {
	const dryRun = previewOnly !== null || context.getNodeParameter('dryRun', 0, true) !== false;
	const applied = await applyChanges(system, definition.capabilities, tasks, {
		dryRun,
		mayDelete: !context.isToolExecution(),
		consents,
		onProgress: tellProgress(context, 'written'),
		...(before ? { before } : {}),
		...(brake ? { brake } : {}),
		...(at === undefined ? {} : { at }),
		...(onWrite ? { onWrite } : {}),
	});
	const outcomes = applied.map(({ outcome }) => outcome);
	if (!dryRun) {
		const made = madeOf(tasks, applied);
		keepDone(context, definition.name, made, at ?? DateTime.utc().toISO(), groups);
	}
	tellAbout(context, outcomes, dryRun, previewOnly);
	const failuresLeave = context.getNode().onError === 'continueErrorOutput';
	const results = applied.map((each, index) => ({ each, task: tasks[index] })).values();
	return context.getInputData().flatMap(({ json }, index) => {
		const unread = failed?.get(index);
		if (unread) return [unread];
		const earlier = settled.get(index);
		if (earlier) {
			const outcome = { ...earlier, dryRun };
			return [{ json: { ...json, outcome }, pairedItem: { item: index } }];
		}
		const next = results.next();
		if (next.done) return [];
		return [toItem(context, next.value.each, index, next.value.task, failuresLeave)];
	});
}

/** Each task and what became of it, as the limits of the next runs look at it. */
export function madeOf(tasks: readonly Task[], applied: readonly Applied[]): Made[] {
	return applied.flatMap(({ outcome, before }, index) => {
		const task = tasks[index];
		return task ? [{ outcome, planned: toPlanned(task.change, before, task.pool) }] : [];
	});
}

function toItem(
	context: IExecuteFunctions,
	{ outcome, extension }: Applied,
	index: number,
	task: Task | undefined,
	failuresLeave: boolean,
): INodeExecutionData {
	const pairedItem = { item: index };
	const { result, because } = outcome;
	if (failuresLeave && result === 'failed' && because) {
		return failedItem(because, index);
	}
	const { change } = task ?? {};
	const json = {
		decisions: [],
		...context.getInputData()[index]?.json,
		...(change ? { change: { ...change } } : {}),
		...(extension ? { extension: { ...extension } } : {}),
		outcome: { ...outcome },
	};
	return { json, pairedItem };
}

const WORDS: ReadonlyArray<readonly [OutcomeResult, string]> = [
	['created', 'created'],
	['updated', 'updated'],
	['enabled', 'enabled'],
	['disabled', 'disabled'],
	['deleted', 'deleted'],
	['unchanged', 'unchanged'],
	['held', 'held'],
	['failed', 'not done'],
];

/** One line above the output; a second one when something was not done. */
export function tellAbout(
	context: IExecuteFunctions,
	outcomes: readonly Outcome[],
	dryRun: boolean,
	previewOnly: Diagnostic | null,
): void {
	const countOf = (result: OutcomeResult) =>
		outcomes.filter((outcome) => outcome.result === result).length;
	const counts = WORDS.filter(([result]) => countOf(result) > 0)
		.map(([result, word]) => `${String(countOf(result))} ${word}`)
		.join(', ');
	context.addExecutionHints({
		message: dryRun ? `Dry run, nothing was written. It would be: ${counts}.` : `${counts}.`,
		type: 'info',
		location: 'outputPane',
	});
	const because = [previewOnly, ...outcomes.map((outcome) => outcome.because)];
	const reasons = new Set(because.flatMap((each) => (each ? [`${each.what} ${each.fix}`] : [])));
	for (const message of [...reasons].slice(0, MOST_REASONS)) {
		context.addExecutionHints({ message, type: 'warning', location: 'outputPane' });
	}
}

/** Every item carries its own reason; the hints only point to it. */
const MOST_REASONS = 3;
