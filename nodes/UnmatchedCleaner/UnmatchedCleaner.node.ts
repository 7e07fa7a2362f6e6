import { DateTime } from 'luxon';
import type {
	IDataObject,
	IExecuteFunctions,
	INodeExecutionData,
	INodeType,
	INodeTypeDescription,
} from 'n8n-workflow';
import { NodeConnectionTypes } from 'n8n-workflow';

import { planCleanup } from '../../sync/cleanup';
import { chosenWithCredential, systemCredentials } from '../host/phoneSystem';
import { failAll } from '../host/sift';
import { carryOut, preview } from './carryOut';
import { recall, remember } from './memory';
import { toFailure, toOutcome, type Cleaned } from './outcomes';
import { parameters } from './parameters';
import { readSettings } from './settings';
import { hintsFor } from './telling';
import { previewReason, readUnmatched } from './wire';

export class UnmatchedCleaner implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Unmatched Cleaner',
		name: 'unmatchedCleaner',
		icon: { light: 'file:unmatchedCleaner.svg', dark: 'file:unmatchedCleaner.dark.svg' },
		group: ['output'],
		version: [1],
		subtitle: '={{ $parameter["dryRun"] ? "Preview: " : "" }}{{ $parameter["system"] }}',
		description: 'Reports, disables or deletes extensions whose user is gone, behind limits',
		defaults: { name: 'Unmatched Cleaner' },
		usableAsTool: true,
		inputs: [
			{ type: NodeConnectionTypes.Main, displayName: 'Unmatched' },
			{ type: NodeConnectionTypes.Main, displayName: 'Links' },
		],
		requiredInputs: 1,
		outputs: [{ type: NodeConnectionTypes.Main, displayName: 'Results' }],
		credentials: systemCredentials,
		properties: parameters,
	};

	/** One decision for all items: a limit is about how many there are. */
	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		try {
			const definition = await chosenWithCredential(this);
			const { read, failed } = readUnmatched(this, definition);
			const items = [...read.values()];
			const now = DateTime.utc().toISO();
			const memory = recall(this, definition.name, items);
			const settings = readSettings(this, definition, now, memory);
			const onlyPreview = previewReason(items);
			const dryRun = settings.dryRun || onlyPreview !== null;
			const steps = planCleanup(items, settings.rules);
			const cleaned = dryRun
				? items.map((item, index) => preview(item, steps[index]))
				: await carryOut(this, items, steps);
			if (!dryRun) {
				remember(this, definition.name, cleaned, memory, now, settings.rules.groups ?? []);
			}
			this.addExecutionHints(...hintsFor(cleaned, dryRun, onlyPreview));
			const toJson = (each: Cleaned) =>
				each.result === 'failed' && this.continueOnFail()
					? toFailure(each)
					: toOutcome(each, { dryRun, now, row: memory.rows?.get(each.item.extension.id) });
			return [[...toItems(cleaned, [...read.keys()], toJson), ...failed.values()]];
		} catch (thrown) {
			return failAll(this, thrown);
		}
	}
}

function toItems(
	cleaned: readonly Cleaned[],
	positions: readonly number[],
	toJson: (each: Cleaned) => object,
): INodeExecutionData[] {
	return cleaned.flatMap((each, index) => {
		if (each.result === 'ignored') return [];
		// The cast is n8n's border: our items are plain JSON, which their types cannot know.
		const pairedItem = { item: positions[index] ?? 0 };
		return [{ json: toJson(each) as IDataObject, pairedItem }];
	});
}
