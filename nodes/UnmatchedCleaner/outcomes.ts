import type { Diagnostic } from '../../sync/diagnostic';
import { fingerprint } from '../../sync/fingerprint';
import type { Link, OutcomeItem, OutcomeResult, UnmatchedItem } from '../../sync/item';

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
			link: result === 'disabled' && !dryRun ? linkToRemember(item) : null,
		},
		decisions: [...decisions, decision],
	};
	return outcome;
}

/**
 * A pairing so far only known by mail, kept so that the person gets the extension back on return.
 * One that is remembered already stays as it is.
 */
function linkToRemember({ extension, evidence }: UnmatchedItem): Link | null {
	const { userId, knownBy } = evidence;
	if (userId === null || knownBy === 'link') return null;
	return { userId, extensionId: extension.id, number: extension.number, state: 'active' };
}

/** n8n moves an item that looks like this, and has nothing else, to the error output. */
export function toFailure({ item, because }: Cleaned): object {
	const { extension, user } = item;
	return {
		error: because?.what ?? 'The extension was not disabled.',
		details: { ...because, kind: 'disable', extension, ...(user === undefined ? {} : { user }) },
	};
}
