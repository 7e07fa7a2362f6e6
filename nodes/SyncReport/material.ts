import type { INodeExecutionData } from 'n8n-workflow';
import type { z } from 'zod';

import type { FailedItem, Material, ReportedOutcome } from '../../sync/report/material';
import type { ConflictItem, RejectedItem, Summary } from '../../sync/item';
import {
	conflictItem,
	diagnostic,
	failedAbout,
	failedItem,
	outcomeItem,
	rejectedItem,
	summaryItem,
} from '../host/sections';

/** An item and where it came from, so that what is made of it stays paired with it. */
export interface Traced<T> {
	readonly value: T;
	readonly input: number;
	readonly item: number;
}

export interface Sorted {
	readonly material: Material;
	readonly outcomes: ReadonlyArray<Traced<ReportedOutcome>>;
}

/**
 * Sorts items by the sections they hold, whichever input they came in by: wiring two outputs the
 * wrong way round must not make a report wrong. An item of an error output counts as not done even
 * though n8n merged it with what it was before.
 */
export function sortItems(inputs: ReadonlyArray<readonly INodeExecutionData[]>): Sorted {
	const summaries: Summary[] = [];
	const outcomes: Array<Traced<ReportedOutcome>> = [];
	const failed: FailedItem[] = [];
	const conflicts: ConflictItem[] = [];
	const rejected: RejectedItem[] = [];
	let unknown = 0;
	const sort = ({ json }: INodeExecutionData, input: number, item: number): boolean => {
		if ('error' in json)
			return take(failedItem.safeParse(json), (lost) => failed.push(toFailed(lost)));
		if ('outcome' in json)
			return take(outcomeItem.safeParse(json), (value) => outcomes.push({ value, input, item }));
		if ('summary' in json)
			return take(summaryItem.safeParse(json), ({ summary }) => summaries.push(summary));
		if ('conflict' in json)
			return take(conflictItem.safeParse(json), (each) => conflicts.push(each));
		if ('problems' in json)
			return take(rejectedItem.safeParse(json), (each) => rejected.push(each));
		// Nodes set to always give an output give an empty item when there is nothing.
		return Object.keys(json).length === 0;
	};
	inputs.forEach((items, input) => {
		items.forEach((each, item) => {
			if (!sort(each, input, item)) unknown++;
		});
	});
	return {
		material: {
			// One plan, one report: of a second Summary only the fact that it came is told.
			summary: summaries[0] ?? null,
			outcomes: outcomes.map(({ value }) => value),
			failed,
			conflicts,
			rejected,
			unknown: unknown + Math.max(0, summaries.length - 1),
		},
		outcomes,
	};
}

function take<T>(parsed: z.SafeParseReturnType<unknown, T>, keep: (value: T) => void): boolean {
	if (parsed.success) keep(parsed.data);
	return parsed.success;
}

function toFailed(item: z.output<typeof failedItem>): FailedItem {
	const because = diagnostic.safeParse(item.details);
	const about = failedAbout.safeParse(item.details);
	return {
		message: item.error,
		because: because.success ? because.data : null,
		user: item.user ?? about.data?.user,
		extension: item.extension ?? about.data?.extension,
	};
}
