import type { Diagnostic } from '../../sync/diagnostic';
import { fingerprint } from '../../sync/fingerprint';
import type {
	Change,
	Link,
	Match,
	OutcomeItem,
	OutcomeResult,
	UnmatchedItem,
} from '../../sync/item';

/** What became of one item; 'ignored' ones go no further. */
export interface Cleaned {
	readonly item: UnmatchedItem;
	readonly kind: 'disable' | 'delete';
	readonly result: OutcomeResult | 'ignored';
	readonly because: Diagnostic | null;
	/** For the story the item tells. */
	readonly decision: string;
	/** The days until it is deleted are counted. */
	readonly counting?: boolean;
}

interface Circumstances {
	readonly dryRun: boolean;
	/** ISO time. */
	readonly now: string;
	/** Its row of the links table, where that is wired here. */
	readonly row: Link | undefined;
}

export function removal(kind: 'disable' | 'delete', { extension }: UnmatchedItem): Change {
	return { kind, extensionId: extension.id, basedOn: fingerprint(extension) };
}

export function toOutcome(cleaned: Cleaned, circumstances: Circumstances): object {
	const { item, kind, result, because, decision } = cleaned;
	const { extension, evidence, user, plan, decisions } = item;
	const { dryRun, row } = circumstances;
	if (result === 'ignored') return {};
	const match: Match = {
		situation: 'orphaned',
		by: evidence.knownBy,
		candidates: [],
		...(row === undefined ? {} : { remembered: row }),
	};
	const outcome: OutcomeItem & { readonly match: Match } = {
		...(user === undefined ? {} : { user }),
		...(plan === undefined ? {} : { plan }),
		match,
		extension,
		evidence,
		change: removal(kind, item),
		outcome: {
			result,
			extensionId: extension.id,
			number: extension.number,
			because,
			dryRun,
			link: dryRun ? null : linkToRemember(cleaned, circumstances),
		},
		decisions: [...decisions, decision],
	};
	return outcome;
}

/**
 * A pairing so far only known by mail, kept so that the person gets the extension back on return;
 * and, in a table that is wired here, since when the extension is disabled. A row that is
 * remembered elsewhere stays as it is. A deleted extension keeps its row: it holds the number.
 */
function linkToRemember(
	{ item, result, counting }: Cleaned,
	{ now, row }: Circumstances,
): Link | null {
	const { extension, evidence } = item;
	const begins = result === 'disabled' || (counting === true && !row?.disabledAt);
	if (!begins) return null;
	if (row) return { ...row, disabledAt: now };
	const { userId, knownBy } = evidence;
	if (userId === null || knownBy === 'link') return null;
	const { id: extensionId, number } = extension;
	return { userId, extensionId, number, state: 'active', disabledAt: now };
}

/** n8n moves an item that looks like this, and has nothing else, to the error output. */
export function toFailure({ item, kind, because }: Cleaned): object {
	const { extension, user } = item;
	return {
		error: because?.what ?? 'The extension was left as it was.',
		details: { ...because, kind, extension, ...(user === undefined ? {} : { user }) },
	};
}
