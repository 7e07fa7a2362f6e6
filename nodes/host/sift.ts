import type { IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import type { Diagnostic } from '../../sync/diagnostic';
import { DiagnosedError } from '../../sync/diagnostic';
import { toNodeError } from './errors';

/** Items of the first input, read: what each is, by its position, and those that nobody can read. */
export interface Sifted<T> {
	readonly read: ReadonlyMap<number, T>;
	/** Ready to be handed on; empty unless the node is set to go on after an error. */
	readonly failed: ReadonlyMap<number, INodeExecutionData>;
}

/**
 * Reads item by item. One that cannot be read stops the node, as its setting "On Error" says; where
 * that says to go on, the item leaves as failed and the others are read all the same.
 */
export function sift<T>(
	context: IExecuteFunctions,
	readItem: (json: IDataObject, index: number) => T,
): Sifted<T> {
	const read = new Map<number, T>();
	const failed = new Map<number, INodeExecutionData>();
	const goesOn = context.continueOnFail();
	context.getInputData().forEach(({ json }, index) => {
		try {
			read.set(index, readItem(json, index));
		} catch (thrown) {
			if (!goesOn) giveUp(thrown);
			failed.set(index, failedItem(becauseOf(context, thrown), index));
		}
	});
	return { read, failed };
}

/**
 * What becomes of a node that could not do its work at all: it stops with an error, or, where it is
 * set to go on, every item of its first input leaves as failed. Thrown errors n8n would otherwise
 * swallow, and hand the items on as if all were well.
 */
export function failAll(context: IExecuteFunctions, thrown: unknown): INodeExecutionData[][] {
	const isCancelled = context.getExecutionCancelSignal()?.aborted === true;
	if (!context.continueOnFail() || isCancelled) throw toNodeError(context.getNode(), thrown);
	const because = becauseOf(context, thrown);
	return [context.getInputData().map((_, index) => failedItem(because, index))];
}

function giveUp(thrown: unknown): never {
	throw thrown;
}

function becauseOf(context: IExecuteFunctions, thrown: unknown): Diagnostic {
	if (thrown instanceof DiagnosedError) return thrown.diagnostic;
	const { message, description } = toNodeError(context.getNode(), thrown);
	return { code: 'node.failed', what: message, why: description ?? '', fix: '' };
}

/**
 * What n8n moves to the error output, together with the input item it stems from. Only these two
 * keys: with any other n8n takes it for a result.
 */
export function failedItem(because: Diagnostic, item: number): INodeExecutionData {
	return { json: { error: because.what, details: { ...because } }, pairedItem: { item } };
}
