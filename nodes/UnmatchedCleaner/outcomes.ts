import type { Diagnostic } from '../../sync/diagnostic';
import { fingerprint } from '../../sync/fingerprint';
import type { OutcomeItem, OutcomeResult, UnmatchedItem } from '../../sync/item';

/** What became of one item; 'ignored' ones go no further. */
export interface Cleaned {
	readonly item: UnmatchedItem;
	readonly result: OutcomeResult | 'ignored';
	readonly because: Diagnostic | null;
	/** For the story the item tells. */
	readonly decision: string;
}

export function toOutcome({ item, result, because, decision }: Cleaned, dryRun: boolean): object {
	const { extension, evidence, user, decisions } = item;
	if (result === 'ignored') return {};
	const outcome: OutcomeItem = {
		...(user === undefined ? {} : { user }),
		extension,
		evidence,
		change: { kind: 'disable', extensionId: extension.id, basedOn: fingerprint(extension) },
		outcome: {
			result,
			extensionId: extension.id,
			number: extension.number,
			because,
			dryRun,
			// The pairing stays as it was, so that the person gets the extension back on return.
			link: null,
		},
		decisions: [...decisions, decision],
	};
	return outcome;
}

/** n8n moves an item that looks like this, and has nothing else, to the error output. */
export function toFailure({ item, because }: Cleaned): object {
	const { extension, user } = item;
	return {
		error: because?.what ?? 'The extension was not disabled.',
		details: { ...because, kind: 'disable', extension, ...(user === undefined ? {} : { user }) },
	};
}
