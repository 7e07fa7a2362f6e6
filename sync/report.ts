/** One run in the words of the people who have to live with it. Pure; time and names come in. */
import { isLeftAlone } from './cleanup-words';
import { planDigest } from './fingerprint';
import { directoryTallies, sectionsOf, talliesOf, type ReportDocument } from './report/document';
import { toHtml } from './report/html';
import { toMarkdown } from './report/markdown';
import { countOutcomes, countWrittenBack, isPreviewed, WRITES } from './report/material';
import type { Counts, Material, PreviewCounts, WrittenBack } from './report/material';
import { toSlackBlocks, type SlackBlock } from './report/slack';
import { toText } from './report/text';
import { count, list, plain } from './report/words';

export interface ReportMeta {
	/** Name of the workflow. */
	readonly workflow: string;
	/** The phone system as its vendor writes it, or null when no item said which it was. */
	readonly system: string | null;
	/** When the report was made, in words, in the workflow's own time zone. */
	readonly at: string;
	/** Rows shown per section; the rest becomes "and 37 more". */
	readonly listLength: number;
}

export interface Report {
	/** One line for a mail's subject. */
	readonly subject: string;
	/** What really happened. */
	readonly counts: Counts;
	/** What would have happened, of nodes with Dry Run on. */
	readonly preview: PreviewCounts;
	/** True when nothing was written and something was previewed. */
	readonly dryRun: boolean;
	/**
	 * Stands for exactly the changes that were previewed; PBX Target's 'Approved Plan' takes it. Null
	 * when nothing was previewed.
	 */
	readonly planDigest: string | null;
	/** Accounts that were deleted and so take up no licence any more. */
	readonly licencesFreed: number;
	/** Something was written to either side, or would be. */
	readonly hasChanges: boolean;
	/** Something waits for a person: not done, held, in conflict, rejected, or the lists were not whole. */
	readonly needsAttention: boolean;
	readonly text: string;
	readonly markdown: string;
	/** A page of its own. */
	readonly html: string;
	readonly slackBlocks: readonly SlackBlock[];
}

export function buildReport(material: Material, meta: ReportMeta): Report {
	const { counts, preview } = countOutcomes(material);
	const written = WRITES.reduce((sum, kind) => sum + counts[kind], 0);
	const previewed = WRITES.reduce((sum, kind) => sum + preview[kind], 0);
	const attention = waiting(material, counts);
	const notes = (material.summary?.notes.length ?? 0) + (material.unknown > 0 ? 1 : 0);
	const back = countWrittenBack(material);
	const dryRun = written + back.done === 0 && previewed + back.preview > 0;
	const happened = sentence(counts, preview, back);
	const workflow = plain(meta.workflow, 80);
	const document: ReportDocument = {
		subject: `${workflow}: ${happened}${attention > 0 ? `; ${needs(attention)}` : ''}`,
		headline: [
			`${capital(happened)}.`,
			...(attention > 0 ? [`${capital(needs(attention))}.`] : []),
		].join(' '),
		tallies: [...talliesOf(counts, preview), ...directoryTallies(material)],
		sections: sectionsOf(material, meta.listLength),
		footer: footer(material, meta, workflow, { dryRun, freed: counts.deleted }),
	};
	return {
		subject: document.subject,
		counts,
		preview,
		dryRun,
		planDigest: previewed > 0 ? digestOf(material) : null,
		licencesFreed: counts.deleted,
		hasChanges: written + previewed + back.done + back.preview > 0,
		needsAttention: attention + notes > 0,
		text: toText(document),
		markdown: toMarkdown(document),
		html: toHtml(document),
		slackBlocks: toSlackBlocks(document),
	};
}

/** The same as PBX Target takes of the same items when it is asked to carry them out. */
function digestOf({ outcomes }: Material): string {
	const previewed = outcomes.flatMap(({ outcome, change, user, evidence }) =>
		change && isPreviewed(outcome)
			? [{ userId: user?.id ?? evidence?.userId ?? null, change }]
			: [],
	);
	return planDigest(previewed);
}

/** How many people or extensions wait for somebody. */
function waiting({ outcomes }: Material, counts: Counts): number {
	const held = outcomes.filter(
		({ outcome }) => outcome.result === 'held' && !isLeftAlone(outcome.because),
	).length;
	const inDirectory = outcomes.filter(
		({ directory }) => directory?.result === 'held' || directory?.result === 'failed',
	).length;
	return held + inDirectory + counts.failed + counts.conflicts + counts.rejected;
}

/**
 * `3 created and 1 disabled`, `preview: 3 would be created`, `2 written to the directory`, `nothing
 * changed`.
 */
function sentence(counts: Counts, preview: PreviewCounts, back: WrittenBack): string {
	const done = WRITES.filter((kind) => counts[kind] > 0).map(
		(kind) => `${String(counts[kind])} ${kind}`,
	);
	const would = WRITES.filter((kind) => preview[kind] > 0).map(
		(kind) => `${String(preview[kind])} would be ${kind}`,
	);
	if (back.done > 0) done.push(`${String(back.done)} written to the directory`);
	if (back.preview > 0) would.push(`${String(back.preview)} would be written to the directory`);
	if (done.length === 0 && would.length === 0) return 'nothing changed';
	if (would.length === 0) return list(done);
	return [...(done.length > 0 ? [list(done)] : []), `preview: ${list(would)}`].join('; ');
}

function needs(attention: number): string {
	return attention === 1 ? '1 needs a look' : `${String(attention)} need a look`;
}

function footer(
	{ summary }: Material,
	meta: ReportMeta,
	workflow: string,
	{ dryRun, freed }: { readonly dryRun: boolean; readonly freed: number },
): string[] {
	const read = summary
		? `Read ${count(summary.users.read, 'user')} and ${count(summary.extensions.read, 'extension')}.`
		: '';
	const skipped = summary?.skipped
		? `${count(summary.skipped, 'user')} left alone on purpose.`
		: '';
	return [
		[
			meta.at,
			`workflow ${workflow}`,
			...(meta.system ? [`phone system ${plain(meta.system)}`] : []),
		]
			.map((text) => plain(text))
			.join(', '),
		[read, skipped].filter((text) => text !== '').join(' '),
		freed > 0 ? `${count(freed, 'licence')} freed by deleting.` : '',
		dryRun ? 'This was a preview: nothing was written.' : '',
	].filter((text) => text !== '');
}

function capital(text: string): string {
	return text.charAt(0).toUpperCase() + text.slice(1);
}
