/**
 * Where reads of changes only go on from, kept in the workflow's static data, which n8n saves at the
 * end of every run that was not started by hand.
 *
 * Two phases: a read leaves its checkpoint as pending, and Sync Report confirms it when the run has
 * carried everything out. A run that breaks off confirms nothing, so its changes come again.
 */
import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';
import { z } from 'zod';

import type { Checkpoint } from '../../entra/checkpoint';
import { checkpoint } from '../../entra/checkpoint';

const SLOT = 'entraChanges';

const memory = z.object({
	confirmed: checkpoint.nullable().catch(null),
	pending: z.object({ run: z.string(), checkpoint }).nullable().catch(null),
});

/** By ID of the node, which stays when it is renamed. What cannot be read counts as nothing. */
const memories = z.record(memory).catch({});

type Memories = z.output<typeof memories>;

export interface Remembered {
	readonly confirmed: Checkpoint | null;
	/** An earlier read was never confirmed: its run broke off, or no Sync Report follows. */
	readonly wasUnconfirmed: boolean;
}

export function recall(context: IExecuteFunctions): Remembered {
	const mine = read(context)[context.getNode().id];
	const pending = mine?.pending ?? null;
	return {
		confirmed: mine?.confirmed ?? null,
		wasUnconfirmed: pending !== null && pending.run !== context.getExecutionId(),
	};
}

/** First phase. What was pending before is forgotten: its changes are part of this read. */
export function keepPending(context: IExecuteFunctions, next: Checkpoint): void {
	const all = read(context);
	const { id } = context.getNode();
	const pending = { run: context.getExecutionId(), checkpoint: next };
	write(context, { ...all, [id]: { confirmed: all[id]?.confirmed ?? null, pending } });
}

/**
 * Second phase, for every read of this run. Gives how many there were; with `done` false they stay
 * as they are, so that the next run begins where this one did.
 */
export function settlePending(context: IExecuteFunctions, done: boolean): number {
	const all = read(context);
	const run = context.getExecutionId();
	const mine = Object.entries(all).filter(([, { pending }]) => pending?.run === run);
	if (done && mine.length > 0) {
		const confirmed = mine.map(([id, { pending }]) => [
			id,
			{ confirmed: pending?.checkpoint ?? null, pending: null },
		]);
		write(context, { ...all, ...Object.fromEntries(confirmed) });
	}
	return mine.length;
}

function read(context: IExecuteFunctions): Memories {
	return memories.parse(context.getWorkflowStaticData('global')[SLOT] ?? {});
}

/** Assigned as a whole: n8n notices a change only where it is assigned. */
function write(context: IExecuteFunctions, all: Memories): void {
	// The border to n8n's own type for JSON; what is written is what the schema above says.
	context.getWorkflowStaticData('global')[SLOT] = all as object as IDataObject;
}
