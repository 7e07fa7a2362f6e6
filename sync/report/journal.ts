import type { DirectoryOutcome, FieldChanges } from '../item';
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
	const { outcome, change, user, evidence, extension, undone } = item;
	const onPhone = !outcome.dryRun && isWrite(outcome.result);
	const inDirectory = isWritten(item.directory);
	if (!onPhone && !inDirectory) return null;
	return {
		runId: meta.runId,
		at: meta.at,
		system: undone?.system ?? evidence?.extensions.system ?? meta.system,
		userId: user?.id ?? evidence?.userId ?? outcome.link?.userId ?? undone?.userId ?? null,
		extensionId: outcome.extensionId ?? extension?.id ?? null,
		number: outcome.number ?? extension?.number ?? null,
		kind: change?.kind ?? outcome.result,
		changes: JSON.stringify(changesOf(item)),
		result: onPhone ? outcome.result : 'updated',
	};
}

/** Attributes of the directory stand beside the fields as `directory.jobTitle`. */
function changesOf(item: ReportedOutcome): FieldChanges {
	const { change, directory, outcome } = item;
	const planned = change && 'directory' in change && isWritten(directory) ? change.directory : {};
	const written = Object.entries(planned).filter(([name]) => directory?.written.includes(name));
	return {
		...(outcome.dryRun ? {} : phoneSideOf(item)),
		...Object.fromEntries(written.map(([name, each]) => [`directory.${name}`, each])),
	};
}

function isWritten(directory: DirectoryOutcome | undefined): boolean {
	return directory?.dryRun === false && directory.result === 'updated';
}

function phoneSideOf({ change, outcome, extension }: ReportedOutcome): FieldChanges {
	if (!isWrite(outcome.result)) return {};
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
