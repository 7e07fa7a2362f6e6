import { baseCell, confirmedBase } from '../base';
import type { Link } from '../item';
import { isPreviewed, type ReportedOutcome } from './material';

/** One row of the links table, flat as n8n's Data Table node wants it. */
export interface LinkRow extends Omit<Link, 'base'> {
	/** Key of the phone system, so that one table can serve several. */
	readonly system: string;
	/** Always there, because a table wants the same columns in every row. */
	readonly disabledAt: string | null;
	/** Only where fields flow both ways, so that other tables need no such column. */
	readonly base?: string;
}

/**
 * Which pairing an outcome leaves to remember: 'new' for a user who had none, 'changed' where the
 * extension, its number, its being disabled or what both sides agree on is another than before, null where memory is right. Only what
 * the phone system confirmed is remembered; a preview never is.
 */
export function linkOf(item: ReportedOutcome): { state: 'new' | 'changed'; link: Link } | null {
	const { outcome, match, change, evidence } = item;
	if (outcome.link === null || isPreviewed(outcome) || outcome.dryRun) return null;
	if (outcome.result === 'failed' || outcome.result === 'held') return null;
	const row = match?.remembered;
	const base = item.base ? confirmedBase(item.base, outcome, item.directory) : undefined;
	const link = {
		...outcome.link,
		state: row?.state ?? outcome.link.state,
		...(base ? { base } : {}),
	};
	if (evidence !== undefined || change?.kind === 'disable') {
		return { state: row || evidence?.knownBy === 'link' ? 'changed' : 'new', link };
	}
	const situation = match?.situation ?? (change?.kind === 'create' ? 'new' : 'linked');
	if (situation === 'new' || situation === 'adopted') return { state: 'new', link };
	const renumbered = change !== undefined && 'pbx' in change && 'number' in change.pbx;
	const isBack = Boolean(row?.disabledAt);
	const agreed = base !== undefined && baseCell(base) !== baseCell(item.base?.before ?? {});
	return renumbered || isBack || agreed || change?.kind === 'create'
		? { state: 'changed', link }
		: null;
}

export function linkRow(link: Link, system: string): LinkRow {
	const { userId, extensionId, number, state, disabledAt = null, base } = link;
	const row = { userId, extensionId, number, system, state, disabledAt };
	return base === undefined ? row : { ...row, base: baseCell(base) };
}
