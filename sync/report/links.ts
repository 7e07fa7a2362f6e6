import type { Link } from '../item';
import { isPreviewed, type ReportedOutcome } from './material';

/** One row of the links table, flat as n8n's Data Table node wants it. */
export interface LinkRow extends Link {
	/** Key of the phone system, so that one table can serve several. */
	readonly system: string;
}

/**
 * Which pairing an outcome leaves to remember: 'new' for a user who had none, 'changed' where the
 * extension or its number is another than before, null where memory is right as it is. Only what
 * the phone system confirmed is remembered; a preview never is.
 */
export function linkOf(item: ReportedOutcome): { state: 'new' | 'changed'; link: Link } | null {
	const { outcome, match, change } = item;
	const { link } = outcome;
	if (link === null || isPreviewed(outcome) || outcome.dryRun) return null;
	if (outcome.result === 'failed' || outcome.result === 'held') return null;
	// Unmatched Cleaner gives a link only for a pairing nobody remembered yet.
	if (change?.kind === 'disable') return { state: 'new', link };
	const situation = match?.situation ?? (change?.kind === 'create' ? 'new' : 'linked');
	if (situation === 'new' || situation === 'adopted') return { state: 'new', link };
	const renumbered = change !== undefined && 'pbx' in change && 'number' in change.pbx;
	return renumbered || change?.kind === 'create' ? { state: 'changed', link } : null;
}

export function linkRow(link: Link, system: string): LinkRow {
	const { userId, extensionId, number, state } = link;
	return { userId, extensionId, number, system, state };
}
