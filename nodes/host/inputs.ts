import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

/**
 * Items of an input; none where nothing is connected or nothing came. n8n throws for an input
 * beyond the last one that is connected.
 */
export function itemsOf(context: IExecuteFunctions, input: number): INodeExecutionData[] {
	return isConnected(context, input) || input === 0 ? context.getInputData(input) : [];
}

/** n8n says null for an input whose branch brought nothing, and undefined where there is no wire. */
export function isConnected(context: IExecuteFunctions, input: number): boolean {
	const source: unknown = context.getInputSourceData(input);
	return source !== undefined;
}
