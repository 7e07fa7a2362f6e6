import type { IExecuteFunctions } from 'n8n-workflow';

/** The chosen extension, whether picked from the list or named by its ID. */
export function extensionIdFor(context: IExecuteFunctions, itemIndex: number): string {
	const id: unknown = context.getNodeParameter('extension', itemIndex, '', { extractValue: true });
	return String(id ?? '').trim();
}
