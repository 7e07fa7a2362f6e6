/** Get Extensions and Apply Changes for a phone system that is reached through files. */
import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { z } from 'zod';

import type { SystemDefinition } from '../../pbx/adapter';
import { abilitiesOf } from '../../pbx/csv/adapter';
import type { Columns } from '../../pbx/csv/fields';
import type { FileTask, ImportFile } from '../../pbx/csv/importFile';
import { makeImportFile } from '../../pbx/csv/importFile';
import { notAsked } from '../../pbx/csv/refusals';
import { decode, formatCsv, parseCsv } from '../../pbx/csv/text';
import { readTable } from '../../pbx/csv/wire';
import { DiagnosedError } from '../../sync/diagnostic';
import { extension, user } from '../host/sections';
import { sift } from '../host/sift';
import { taskOf } from './applyPlan';
import { toItems } from './getExtensions';

/** One list of items per output: 'Apply Changes' has a second one, with the file. */
export async function workWithFiles(
	context: IExecuteFunctions,
	definition: SystemDefinition,
): Promise<INodeExecutionData[][]> {
	const operation: unknown = context.getNodeParameter('operation', 0);
	if (operation === 'getExtensions') {
		const { extensions, fields } = readTable(await tableFor(context), columnsFor(context));
		// The next node plans by what the file has columns for.
		return [toItems(context, { ...definition, ...abilitiesOf(fields) }, extensions)];
	}
	if (operation !== 'applyChanges') throw new DiagnosedError(notAsked);
	const { read, failed } = sift(context, fileTask);
	const file = makeImportFile([...read.values()], columnsFor(context));
	const positions = [...read.keys()];
	return [
		[...results(context, read, file), ...failed.values()],
		await files(context, file, positions),
	];
}

const columnRows = z
	.object({
		column: z.array(z.object({ field: z.string(), heading: z.string().trim() })).catch([]),
	})
	.catch({ column: [] });

function columnsFor(context: IExecuteFunctions): Columns {
	const { column } = columnRows.parse(context.getNodeParameter('columns', 0, {}));
	const chosen = column.filter(({ heading }) => heading !== '');
	return {
		chosen: new Map(chosen.map(({ field, heading }) => [field, heading])),
		idColumn: String(context.getNodeParameter('idColumn', 0, '')).trim(),
	};
}

/** The export as rows of cells, the headings first. */
async function tableFor(context: IExecuteFunctions): Promise<string[][]> {
	const rowsFrom: unknown = context.getNodeParameter('rowsFrom', 0);
	if (rowsFrom === 'items') return tableOfItems(context.getInputData());
	if (rowsFrom === 'text') return parseCsv(String(context.getNodeParameter('csvText', 0, '')));
	const field = String(context.getNodeParameter('binaryField', 0));
	if (!context.getInputData()[0]?.binary?.[field]) throw new DiagnosedError(noFile(field));
	return parseCsv(decode(await context.helpers.getBinaryDataBuffer(0, field)));
}

/** What nodes that read spreadsheets make of a row; numbers come as numbers there. */
const cell = z
	.union([z.string(), z.number().transform(String), z.boolean().transform(String)])
	.catch('');

function tableOfItems(items: readonly INodeExecutionData[]): string[][] {
	// A node that found no rows gives none, or one item without anything in it.
	const rows = items.map(({ json }) => json).filter((json) => Object.keys(json).length > 0);
	const headings = [...new Set(rows.flatMap((row) => Object.keys(row)))];
	if (headings.length === 0) return [];
	return [headings, ...rows.map((row) => headings.map((heading) => cell.parse(row[heading])))];
}

const about = z.object({ extension: extension.optional(), user: user.optional() });

function fileTask(json: unknown, index: number): FileTask {
	const { change, userId } = taskOf(json, index);
	return { change, userId, extension: about.parse(json).extension ?? null };
}

function results(
	context: IExecuteFunctions,
	tasks: ReadonlyMap<number, FileTask>,
	{ outcomes, table, toDo }: ImportFile,
): INodeExecutionData[] {
	const rows = Math.max(0, table.length - 1);
	context.addExecutionHints({
		message: `${String(toDo.length)} things to do, ${String(rows)} of them by importing the file. Nothing was written to the phone system.`,
		type: 'info',
		location: 'outputPane',
	});
	return [...tasks].map(([item, { change }], index) => ({
		json: {
			decisions: [],
			...context.getInputData()[item]?.json,
			change: { ...change },
			outcome: { ...outcomes[index] },
		},
		pairedItem: { item },
	}));
}

const settings = z.object({
	delimiter: z.enum([',', ';', '\t']).catch(','),
	guard: z.boolean().catch(true),
	byteOrderMark: z.boolean().catch(true),
	fileName: z.string().trim().min(1).catch('import.csv'),
});

/** One item with the import file and the list of things to do; none when there is nothing to do. */
async function files(
	context: IExecuteFunctions,
	{ table, toDo }: ImportFile,
	positions: readonly number[],
): Promise<INodeExecutionData[]> {
	if (toDo.length === 0) return [];
	const { fileName, byteOrderMark, ...format } = settings.parse(
		context.getNodeParameter('importFile', 0, {}),
	);
	const bytes = (text: string) => Buffer.from((byteOrderMark ? '\uFEFF' : '') + text, 'utf8');
	const file = async (text: string, name: string, type: string) =>
		await context.helpers.prepareBinaryData(bytes(text), name, type);
	const [headings = [], ...rows] = table;
	const list = toDo.map((sentence) => `[ ] ${sentence}\r\n`).join('');
	return [
		{
			json: {
				importFile: {
					fileName,
					count: rows.length,
					rows: rows.map((cells) =>
						Object.fromEntries(headings.map((heading, at) => [heading, cells[at] ?? ''])),
					),
				},
				toDo: [...toDo],
			},
			binary: {
				...(rows.length > 0
					? { data: await file(formatCsv(table, format), fileName, 'text/csv') }
					: {}),
				toDo: await file(list, 'to-do.txt', 'text/plain'),
			},
			pairedItem: positions.map((item) => ({ item })),
		},
	];
}

function noFile(field: string) {
	return {
		code: 'file.missing',
		what: `The input item carries no file in "${field}".`,
		why: 'The node before gave none, or under another name.',
		fix: "Connect a node that reads the export, and put the name of its binary field into 'Input Binary Field'.",
		field: 'Input Binary Field',
	};
}
