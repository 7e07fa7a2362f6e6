import type { INode } from 'n8n-workflow';
import { NodeApiError, NodeOperationError } from 'n8n-workflow';
import { DiagnosedError } from '../../sync/diagnostic';

/**
 * Turns whatever was thrown into the error n8n shows: message = what happened, description = why
 * and the way out. n8n's own errors pass unchanged.
 */
export function toNodeError(
	node: INode,
	thrown: unknown,
	itemIndex?: number,
): NodeOperationError | NodeApiError {
	if (thrown instanceof NodeOperationError || thrown instanceof NodeApiError) return thrown;
	if (thrown instanceof DiagnosedError) {
		const { what, why, fix } = thrown.diagnostic;
		return new NodeOperationError(node, what, { description: `${why} ${fix}`, itemIndex });
	}
	return new NodeOperationError(
		node,
		thrown instanceof Error ? thrown : new Error(String(thrown)),
		{
			itemIndex,
		},
	);
}
