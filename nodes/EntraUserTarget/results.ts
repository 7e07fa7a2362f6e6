import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import type { WriteTask } from '../../entra/write';
import type { DirectoryOutcome } from '../../sync/item';
import { failedItem, type Sifted } from '../host/sift';

/** Every item as it came, with a `directory` section where there was something to write. */
export function toItems(
	context: IExecuteFunctions,
	{ read: tasks, failed }: Sifted<WriteTask | null>,
	outcomes: readonly DirectoryOutcome[],
): INodeExecutionData[] {
	const failuresLeave = context.getNode().onError === 'continueErrorOutput';
	const inTurn = outcomes.values();
	return context.getInputData().map(({ json }, index) => {
		const pairedItem = { item: index };
		const unread = failed.get(index);
		if (unread) return unread;
		const outcome = tasks.get(index) === null ? undefined : inTurn.next().value;
		if (outcome === undefined) return { json, pairedItem };
		if (failuresLeave && outcome.result === 'failed' && outcome.because) {
			return failedItem(outcome.because, index);
		}
		return { json: { ...json, directory: { ...outcome } }, pairedItem };
	});
}

const WORDS: ReadonlyArray<readonly [DirectoryOutcome['result'], string]> = [
	['updated', 'updated'],
	['unchanged', 'unchanged'],
	['held', 'held'],
	['failed', 'not done'],
];

/** Every item carries its own reason; the hints only point to it. */
const MOST_REASONS = 3;

/** One line above the output; more when something was not done. */
export function tellAbout(
	context: IExecuteFunctions,
	outcomes: readonly DirectoryOutcome[],
	dryRun: boolean,
): void {
	const countOf = (result: DirectoryOutcome['result']) =>
		outcomes.filter((outcome) => outcome.result === result).length;
	const counts = WORDS.filter(([result]) => countOf(result) > 0)
		.map(([result, word]) => `${String(countOf(result))} ${word}`)
		.join(', ');
	const message =
		outcomes.length === 0
			? 'No item has anything for the directory.'
			: dryRun
				? `Dry run, nothing was written. It would be: ${counts}.`
				: `${counts}.`;
	context.addExecutionHints({ message, type: 'info', location: 'outputPane' });
	const reasons = new Set(
		outcomes.flatMap(({ because }) => (because ? [`${because.what} ${because.fix}`] : [])),
	);
	for (const reason of [...reasons].slice(0, MOST_REASONS)) {
		context.addExecutionHints({ message: reason, type: 'warning', location: 'outputPane' });
	}
}
