import { DateTime } from 'luxon';
import type {
	IDataObject,
	IExecuteFunctions,
	INodeExecutionData,
	INodeType,
	INodeTypeDescription,
} from 'n8n-workflow';
import { NodeConnectionTypes } from 'n8n-workflow';

import { SYSTEMS } from '../../pbx/systems';
import { buildReport, type Report } from '../../sync/report';
import { journalRow } from '../../sync/report/journal';
import { linkOf, linkRow } from '../../sync/report/links';
import { failAll } from '../host/sift';
import { settleReads } from './checkpoint';
import { sortItems, type Sorted } from './material';
import { parameters, readParameters, type ReportParameters } from './parameters';

const INPUTS = ['Summary', 'Results', 'Clean-Up', 'Conflicts', 'Rejected'];
const OUTPUTS = ['Report', 'New Links', 'Changed Links', 'Journal'];

export class SyncReport implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Sync Report',
		name: 'syncReport',
		icon: { light: 'file:syncReport.svg', dark: 'file:syncReport.dark.svg' },
		group: ['transform'],
		version: [1],
		subtitle:
			'={{ {always: "After every run", changes: "When something changed", attention: "When somebody has to look"}[$parameter["when"]] }}',
		description:
			'Tells what a sync did and what waits for somebody, and gives the rows to remember',
		defaults: { name: 'Sync Report' },
		usableAsTool: true,
		inputs: INPUTS.map((displayName) => ({ type: NodeConnectionTypes.Main, displayName })),
		requiredInputs: 1,
		outputs: OUTPUTS.map((displayName) => ({ type: NodeConnectionTypes.Main, displayName })),
		properties: parameters,
	};

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		try {
			const chosen = readParameters(this);
			const now = DateTime.utc();
			const sorted = sortItems(INPUTS.map((_, index) => readInput(this, index)));
			const system = systemOf(sorted);
			const report = buildReport(sorted.material, {
				workflow: this.getWorkflow().name ?? 'Phone sync',
				system: SYSTEMS.find(({ name }) => name === system)?.displayName ?? null,
				at: now.setZone(this.getTimezone()).toFormat('d MMMM yyyy, HH:mm'),
				listLength: chosen.options.listLength,
			});
			this.addExecutionHints({
				message: report.subject,
				type: report.needsAttention ? 'warning' : 'info',
				location: 'outputPane',
			});
			settleReads(this, sorted.material);
			const meta = { runId: this.getExecutionId(), at: now.toISO(), system };
			return [
				isWanted(report, chosen) ? [toItem(report)] : [],
				...links(sorted, system),
				journal(sorted, meta),
			];
		} catch (thrown) {
			return failAll(this, thrown);
		}
	}
}

/**
 * A report is about a whole run; n8n still wants to know of one item it stems from. The cast is
 * n8n's border: a report is plain JSON, which their types cannot know.
 */
function toItem(report: Report): INodeExecutionData {
	return { json: { report: { ...report } as object as IDataObject }, pairedItem: { item: 0 } };
}

/** An input nothing is connected to is as good as an empty one. */
function readInput(context: IExecuteFunctions, index: number): INodeExecutionData[] {
	try {
		return context.getInputData(index);
	} catch {
		return [];
	}
}

/** Key of the phone system, from whatever came that knows it; empty when nothing does. */
function systemOf({ material }: Sorted): string {
	const known = material.outcomes.flatMap(
		({ evidence, plan, undone }) =>
			evidence?.extensions.system ?? plan?.system ?? undone?.system ?? [],
	);
	return material.summary?.system ?? known[0] ?? '';
}

function isWanted(report: Report, { when }: ReportParameters): boolean {
	if (when === 'always' || report.needsAttention) return true;
	return when === 'changes' && report.hasChanges;
}

function links({ outcomes }: Sorted, system: string): [INodeExecutionData[], INodeExecutionData[]] {
	const fresh: INodeExecutionData[] = [];
	const changed: INodeExecutionData[] = [];
	for (const { value, input, item } of outcomes) {
		const found = linkOf(value);
		if (found === null) continue;
		const row = { json: { ...linkRow(found.link, system) }, pairedItem: { item, input } };
		if (found.state === 'new') fresh.push(row);
		else changed.push(row);
	}
	return [fresh, changed];
}

function journal(
	{ outcomes }: Sorted,
	meta: { readonly runId: string; readonly at: string; readonly system: string },
): INodeExecutionData[] {
	return outcomes.flatMap(({ value, input, item }) => {
		const row = journalRow(value, meta);
		return row === null ? [] : [{ json: { ...row }, pairedItem: { item, input } }];
	});
}
