import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import { readBefore } from '../../pbx/apply';
import { DiagnosedError } from '../../sync/diagnostic';
import { toNodeError } from '../host/errors';
import type { OpenedPhoneSystem } from '../host/phoneSystem';
import { extensionIdFor } from './extensionIdFor';

/** Reads the extension each item names. One that is not there is that item's trouble. */
export async function getExtension(
	context: IExecuteFunctions,
	{ definition, system }: OpenedPhoneSystem,
): Promise<INodeExecutionData[]> {
	const ids = context.getInputData().map((_, index) => extensionIdFor(context, index));
	const found = await readBefore(system, definition.capabilities, ids);
	return ids.map((id, index) => {
		const extension = found.get(id);
		const pairedItem = { item: index };
		if (extension) return { json: { extension: { ...extension } }, pairedItem };
		const missing = new DiagnosedError(notFound(id, definition.displayName));
		if (!context.continueOnFail()) throw toNodeError(context.getNode(), missing, index);
		return { json: { error: missing.message, details: { ...missing.diagnostic } }, pairedItem };
	});
}

function notFound(id: string, displayName: string) {
	return {
		code: 'account.gone',
		what: `There is no extension with the ID "${id}".`,
		why: `${displayName} does not know it.`,
		fix: "Pick the extension from the list, or take the ID as 'Get Extensions' gives it.",
		field: 'Extension',
	};
}
