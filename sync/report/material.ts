/** What a report is made of, and what it counts. */
import type { Diagnostic } from '../diagnostic';
import { writesNothing } from '../fingerprint';
import type {
	ConflictItem,
	Match,
	OutcomeItem,
	OutcomeResult,
	RejectedItem,
	Summary,
} from '../item';

/** An outcome as it arrives: PBX Target leaves the pairing on the item it got. */
export interface ReportedOutcome extends OutcomeItem {
	readonly match?: Match;
}

/** An item that left a node by n8n's own error output. */
export interface FailedItem {
	readonly message: string;
	/** The diagnostic, where it survived the way. */
	readonly because: Diagnostic | null;
	readonly user?: OutcomeItem['user'];
	readonly extension?: OutcomeItem['extension'];
}

export interface Material {
	/** Null when Extension Allocator's Summary is not wired. */
	readonly summary: Summary | null;
	readonly outcomes: readonly ReportedOutcome[];
	readonly failed: readonly FailedItem[];
	readonly conflicts: readonly ConflictItem[];
	readonly rejected: readonly RejectedItem[];
	/** Items of no known kind; more than none means that something unexpected is wired in. */
	readonly unknown: number;
}

/** Kinds of writes. */
export const WRITES = ['created', 'updated', 'enabled', 'disabled', 'deleted'] as const;
export type Write = (typeof WRITES)[number];

/** What really happened. Previewed writes are counted apart, so that no number claims too much. */
export type Counts = Readonly<
	Record<OutcomeResult | 'conflicts' | 'rejected' | 'unmatched', number>
>;

/** Users whose directory side was written, and would be. Not in `Counts`, which are of the phone side. */
export interface WrittenBack {
	readonly done: number;
	readonly preview: number;
}

export function countWrittenBack({ outcomes }: Material): WrittenBack {
	const updated = (dryRun: boolean) =>
		outcomes.filter(
			({ directory }) => directory?.result === 'updated' && directory.dryRun === dryRun,
		).length;
	return { done: updated(false), preview: updated(true) };
}

export type PreviewCounts = Readonly<Record<Write, number>>;

export function isWrite(result: OutcomeResult): result is Write {
	return (WRITES as readonly string[]).includes(result);
}

export function countOutcomes(material: Material): { counts: Counts; preview: PreviewCounts } {
	const { summary, outcomes } = material;
	const done = (result: OutcomeResult) =>
		outcomes.filter(({ outcome }) => outcome.result === result && !isPreviewed(outcome)).length;
	const previewed = (result: Write) =>
		outcomes.filter(({ outcome }) => outcome.result === result && isPreviewed(outcome)).length;
	return {
		counts: {
			created: done('created'),
			updated: done('updated'),
			enabled: done('enabled'),
			disabled: done('disabled'),
			deleted: done('deleted'),
			unchanged: (summary?.unchanged ?? 0) + outcomes.filter(isUncounted(summary)).length,
			held: done('held'),
			failed: done('failed') + material.failed.length,
			// Conflicts and rejected users are told one by one only where their outputs are wired here.
			conflicts: Math.max(material.conflicts.length, summary?.conflicts ?? 0),
			rejected: material.rejected.length,
			unmatched: summary
				? Object.values(summary.unmatched).reduce((sum, count) => sum + count, 0)
				: outcomes.filter(({ evidence }) => evidence !== undefined).length,
		},
		preview: {
			created: previewed('created'),
			updated: previewed('updated'),
			enabled: previewed('enabled'),
			disabled: previewed('disabled'),
			deleted: previewed('deleted'),
		},
	};
}

/** Only a write can be a preview: held is held, with or without Dry Run. */
export function isPreviewed(outcome: OutcomeItem['outcome']): boolean {
	return outcome.dryRun && isWrite(outcome.result);
}

/**
 * An unchanged outcome the Summary has not counted yet: it was planned as a change, and turned out
 * to be so already. Items that Extension Allocator emits only to have them remembered write nothing
 * and are in its Summary.
 */
function isUncounted(summary: Summary | null): (item: ReportedOutcome) => boolean {
	return ({ outcome, change }) => {
		if (outcome.result !== 'unchanged') return false;
		return summary === null || change === undefined || !writesNothing(change);
	};
}
