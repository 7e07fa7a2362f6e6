import type { FieldChanges } from '../item';
import { isWrite, type ReportedOutcome } from './material';

/** One row per write that was really made: enough to say later who got what, and to take it back. */
export interface JournalRow {
	readonly runId: string;
	/** ISO time in UTC. */
	readonly at: string;
	readonly system: string;
	readonly userId: string | null;
	readonly extensionId: string | null;
	readonly number: string | null;
	readonly kind: string;
	/** JSON text: `{ "email": { "from": "a@x", "to": "b@x" } }`. */
	readonly changes: string;
	readonly result: string;
}

export interface JournalMeta {
	readonly runId: string;
	readonly at: string;
	readonly system: string;
}

/** Null for everything that wrote nothing. */
export function journalRow(item: ReportedOutcome, meta: JournalMeta): JournalRow | null {
	const { outcome, change, user, evidence, extension } = item;
	if (outcome.dryRun || !isWrite(outcome.result)) return null;
	return {
		runId: meta.runId,
		at: meta.at,
		system: evidence?.extensions.system ?? meta.system,
		userId: user?.id ?? evidence?.userId ?? outcome.link?.userId ?? null,
		extensionId: outcome.extensionId ?? extension?.id ?? null,
		number: outcome.number ?? extension?.number ?? null,
		kind: change?.kind ?? outcome.result,
		changes: JSON.stringify(changesOf(item)),
		result: outcome.result,
	};
}

function changesOf({ change, outcome, extension }: ReportedOutcome): FieldChanges {
	const switched = {
		created: null,
		updated: null,
		deleted: null,
		enabled: 'true',
		disabled: 'false',
	};
	const to = isWrite(outcome.result) ? switched[outcome.result] : null;
	// The extension on the item may be the one before or the one after; a switch says both.
	const from = extension?.enabled === null ? null : String(to === 'false');
	return {
		...(change && 'pbx' in change ? change.pbx : {}),
		...(to === null ? {} : { enabled: { from, to } }),
	};
}
