import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import type { Applied } from '../../pbx/apply';
import { applyChanges } from '../../pbx/apply';
import type { Before, Task } from '../../pbx/judgement';
import type { OutcomeResult } from '../../sync/item';
import type { OpenedPhoneSystem } from '../host/phoneSystem';

/** Carries out one task per input item and gives one item for each, in their order. */
export async function carryOut(
	context: IExecuteFunctions,
	{ definition, system, consents }: OpenedPhoneSystem,
	tasks: readonly Task[],
	before?: Before,
): Promise<INodeExecutionData[]> {
	const dryRun = context.getNodeParameter('dryRun', 0, true) !== false;
	const applied = await applyChanges(system, definition.capabilities, tasks, {
		dryRun,
		mayDelete: !context.isToolExecution(),
		consents,
		...(before ? { before } : {}),
	});
	tellAbout(context, applied, dryRun);
	const failuresLeave = context.getNode().onError === 'continueErrorOutput';
	return applied.map((each, index) => toItem(context, each, index, tasks[index], failuresLeave));
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
		// Only these two keys: n8n then sends the item to the error output and adds its input to it.
		return { json: { error: because.what, details: { ...because } }, pairedItem };
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
function tellAbout(context: IExecuteFunctions, applied: readonly Applied[], dryRun: boolean): void {
	const countOf = (result: OutcomeResult) =>
		applied.filter(({ outcome }) => outcome.result === result).length;
	const counts = WORDS.filter(([result]) => countOf(result) > 0)
		.map(([result, word]) => `${String(countOf(result))} ${word}`)
		.join(', ');
	context.addExecutionHints({
		message: dryRun ? `Dry run, nothing was written. It would be: ${counts}.` : `${counts}.`,
		type: 'info',
		location: 'outputPane',
	});
	const reasons = new Set(
		applied.flatMap(({ outcome: { because } }) =>
			because ? [`${because.what} ${because.fix}`] : [],
		),
	);
	for (const message of [...reasons].slice(0, MOST_REASONS)) {
		context.addExecutionHints({ message, type: 'warning', location: 'outputPane' });
	}
}

/** Every item carries its own reason; the hints only point to it. */
const MOST_REASONS = 3;
