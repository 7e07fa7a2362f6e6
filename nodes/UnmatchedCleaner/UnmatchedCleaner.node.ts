import { DateTime } from 'luxon';
import type {
	IDataObject,
	IExecuteFunctions,
	INodeExecutionData,
	INodeType,
	INodeTypeDescription,
} from 'n8n-workflow';
import { NodeConnectionTypes } from 'n8n-workflow';

import { planCleanup, type CleanupStep } from '../../sync/cleanup';
import type { UnmatchedItem } from '../../sync/item';
import { toNodeError } from '../host/errors';
import { chosenWithCredential, openPhoneSystem, systemCredentials } from '../host/phoneSystem';
import { disableAll, type Disabling } from './disabling';
import { toFailure, toOutcome, type Cleaned } from './outcomes';
import { parameters } from './parameters';
import { readSettings } from './settings';
import { hintFor } from './telling';
import { readUnmatched } from './wire';

export class UnmatchedCleaner implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Unmatched Cleaner',
		name: 'unmatchedCleaner',
		icon: { light: 'file:unmatchedCleaner.svg', dark: 'file:unmatchedCleaner.dark.svg' },
		group: ['output'],
		version: [1],
		subtitle: '={{ $parameter["dryRun"] ? "Preview: " : "" }}{{ $parameter["system"] }}',
		description: 'Disables or reports extensions whose user is gone, behind limits',
		defaults: { name: 'Unmatched Cleaner' },
		usableAsTool: true,
		inputs: [{ type: NodeConnectionTypes.Main, displayName: 'Unmatched' }],
		outputs: [{ type: NodeConnectionTypes.Main, displayName: 'Results' }],
		credentials: systemCredentials,
		properties: parameters,
	};

	/** One decision for all items: a limit is about how many there are. */
	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		try {
			const definition = await chosenWithCredential(this);
			const items = readUnmatched(this, definition);
			const now = DateTime.utc().toISO();
			const { rules, dryRun } = readSettings(this, definition, now);
			const steps = planCleanup(items, rules);
			const cleaned = dryRun
				? items.map((item, index) => preview(item, steps[index]))
				: await carryOut(this, items, steps);
			this.addExecutionHints(hintFor(cleaned, dryRun));
			return [toItems(cleaned, dryRun, this.continueOnFail())];
		} catch (thrown) {
			throw toNodeError(this.getNode(), thrown);
		}
	}
}

function preview(item: UnmatchedItem, step: CleanupStep | undefined): Cleaned {
	if (step?.act !== 'disable') return settle(item, step);
	return { item, result: 'disabled', because: null, decision: step.decision };
}

/** The phone system is only opened when there is something to do on it. */
async function carryOut(
	context: IExecuteFunctions,
	items: readonly UnmatchedItem[],
	steps: readonly CleanupStep[],
): Promise<Cleaned[]> {
	const todo = items.filter((_, index) => steps[index]?.act === 'disable');
	const done = new Map<UnmatchedItem, Disabling>();
	if (todo.length > 0) {
		const { system } = await openPhoneSystem(context);
		try {
			const disablings = await disableAll(
				todo.map(({ extension }) => extension),
				system,
			);
			disablings.forEach((disabling, index) => {
				const item = todo[index];
				if (item) done.set(item, disabling);
			});
		} finally {
			await system.close();
		}
	}
	return items.map((item, index) => {
		const disabling = done.get(item);
		if (disabling === undefined) return settle(item, steps[index]);
		return {
			item,
			result: disabling.result,
			because: 'because' in disabling ? disabling.because : null,
			decision: 'because' in disabling ? disabling.because.what : disabling.decision,
		};
	});
}

/** Everything that needs no word with the phone system. */
function settle(item: UnmatchedItem, step: CleanupStep | undefined): Cleaned {
	if (step?.act === 'hold')
		return { item, result: 'held', because: step.because, decision: step.because.what };
	if (step?.act === 'none')
		return { item, result: 'unchanged', because: null, decision: step.decision };
	return { item, result: 'ignored', because: null, decision: '' };
}

function toItems(
	cleaned: readonly Cleaned[],
	dryRun: boolean,
	continueOnFail: boolean,
): INodeExecutionData[] {
	return cleaned.flatMap((each, item) => {
		if (each.result === 'ignored') return [];
		const json =
			each.result === 'failed' && continueOnFail ? toFailure(each) : toOutcome(each, dryRun);
		// The cast is n8n's border: our items are plain JSON, which their types cannot know.
		return [{ json: json as IDataObject, pairedItem: { item } }];
	});
}
