/**
 * The report as a structure: what it says and in which order, before it becomes text, Markdown, a
 * page or Slack blocks. All texts in it are single plain lines; the renderers escape them.
 */
import { isLeftAlone, REASONS } from '../cleanup-words';
import type { Diagnostic } from '../diagnostic';
import type { FieldChanges } from '../item';
import { isPreviewed, isWrite, WRITES } from './material';
import type { Counts, Material, PreviewCounts, ReportedOutcome } from './material';
import { count, fieldName, nameOf, plain } from './words';

export type Tone = 'good' | 'quiet' | 'warn' | 'bad';

export interface Row {
	readonly name: string;
	readonly number: string | null;
	readonly notes: readonly string[];
}

export interface Section {
	readonly title: string;
	readonly tone: Tone;
	/** What holds for all rows, said once. */
	readonly intro: readonly string[];
	readonly rows: readonly Row[];
	/** Rows left out to keep the list short. */
	readonly more: number;
}

export interface Tally {
	readonly label: string;
	readonly count: number;
	readonly tone: Tone;
}

export interface ReportDocument {
	readonly subject: string;
	readonly headline: string;
	/** Only what is not zero. */
	readonly tallies: readonly Tally[];
	readonly sections: readonly Section[];
	readonly footer: readonly string[];
}

/** Field changes shown per person; more would hide the others. */
const FIELDS_SHOWN = 4;

const TITLES = {
	created: ['Created', 'Would be created'],
	updated: ['Updated', 'Would be updated'],
	enabled: ['Enabled again', 'Would be enabled again'],
	disabled: ['Disabled', 'Would be disabled'],
	deleted: ['Deleted', 'Would be deleted'],
} as const;

export function talliesOf(counts: Counts, preview: PreviewCounts): Tally[] {
	const tallies: Tally[] = [
		...WRITES.map((kind) => tally(TITLES[kind][0], counts[kind], 'good')),
		...WRITES.map((kind) => tally(TITLES[kind][1], preview[kind], 'good')),
		tally('Unchanged', counts.unchanged, 'quiet'),
		tally('Held', counts.held, 'warn'),
		tally('Conflicts', counts.conflicts, 'warn'),
		tally('Rejected', counts.rejected, 'warn'),
		tally('Not done', counts.failed, 'bad'),
	];
	return tallies.filter((each) => each.count > 0);
}

function tally(label: string, number: number, tone: Tone): Tally {
	return { label, count: number, tone };
}

/** Most urgent first: what did not work, what waits for somebody, what was done, what was left alone. */
export function sectionsOf(material: Material, listLength: number): Section[] {
	const held = material.outcomes.filter(({ outcome }) => outcome.result === 'held');
	const waiting = held.filter(({ outcome }) => !isLeftAlone(outcome.because));
	const leftAlone = held.filter(({ outcome }) => isLeftAlone(outcome.because));
	return [
		...notes(material),
		...failed(material, listLength),
		...byReason(waiting, 'warn', listLength),
		...conflicts(material, listLength),
		...rejected(material, listLength),
		...writes(material, listLength),
		...directory(material, listLength),
		...pools(material),
		...byReason(leftAlone, 'quiet', listLength),
	];
}

function notes({ summary, unknown }: Material): Section[] {
	const lines = (summary?.notes ?? []).map(
		(note): Row => ({ name: plain(note.what, 300), number: null, notes: advice(note) }),
	);
	const strangers: Row[] =
		unknown === 0
			? []
			: [
					{
						name: `${count(unknown, 'item')} could not be read.`,
						number: null,
						notes: ['Only outputs of this package belong on the inputs of Sync Report.'],
					},
				];
	return section('Please note', 'warn', [], [...lines, ...strangers], Infinity);
}

function failed({ outcomes, failed: lost }: Material, listLength: number): Section[] {
	const rows = [
		...outcomes
			.filter(({ outcome }) => outcome.result === 'failed')
			.map((item) => outcomeRow(item, reasonOf(item.outcome.because))),
		...lost.map((item) =>
			row(
				item,
				item.extension?.number ?? null,
				item.because ? reasonOf(item.because) : [plain(item.message, 300)],
			),
		),
	];
	return section('Not done', 'bad', [], rows, listLength);
}

/** One section per reason, because forty extensions held by one limit have one cause and one cure. */
function byReason(items: readonly ReportedOutcome[], tone: Tone, listLength: number): Section[] {
	const groups = new Map<string, ReportedOutcome[]>();
	for (const item of items) {
		const { because } = item.outcome;
		const key = because ? `${because.code} ${because.what}` : '';
		const group = groups.get(key);
		if (group) group.push(item);
		else groups.set(key, [item]);
	}
	return [...groups.values()].flatMap((group) => {
		const because = group[0]?.outcome.because ?? null;
		const sameWhy = group.every(({ outcome }) => outcome.because?.why === because?.why);
		const intro = because
			? [...(sameWhy ? [plain(because.why, 400)] : []), plain(because.fix, 400)]
			: [];
		const rows = group.map((item) =>
			outcomeRow(item, [
				...goneNote(item),
				...(sameWhy || !item.outcome.because ? [] : [plain(item.outcome.because.why, 300)]),
			]),
		);
		return section(because ? plain(because.what, 200) : 'Held', tone, intro, rows, listLength);
	});
}

function conflicts({ conflicts: items, summary }: Material, listLength: number): Section[] {
	const rows = items.map((item) => {
		const { conflict, match } = item;
		const candidates = match.candidates.map(
			({ name, number, id }) => `${plain(name ?? 'no name')} (${plain(number ?? id)})`,
		);
		return row(item, null, [
			...reasonOf(conflict),
			...(candidates.length > 1 ? [`Could be: ${candidates.slice(0, 5).join(', ')}.`] : []),
			...(conflict.suggestion ? [`Next free number: ${plain(conflict.suggestion)}.`] : []),
		]);
	});
	const untold = (summary?.conflicts ?? 0) > 0 && items.length === 0;
	const intro = untold
		? [
				`${count(summary?.conflicts ?? 0, 'user')} could not be paired or numbered. Extension Allocator lists them on its output 'Conflicts'.`,
			]
		: [];
	return section('Conflicts: a person has to decide', 'warn', intro, rows, listLength);
}

function rejected({ rejected: items }: Material, listLength: number): Section[] {
	const rows = items.map((item) => row(item, null, item.problems.flatMap(reasonOf)));
	return section('Rejected: the directory data is not good enough', 'warn', [], rows, listLength);
}

function writes({ outcomes }: Material, listLength: number): Section[] {
	return WRITES.flatMap((kind) =>
		[false, true].flatMap((preview) => {
			const rows = outcomes
				.filter(({ outcome }) => outcome.result === kind && isPreviewed(outcome) === preview)
				.map((item) =>
					outcomeRow(item, [...goneNote(item), ...numberNote(item), ...fieldNotes(item)]),
				);
			return section(TITLES[kind][preview ? 1 : 0], 'good', [], rows, listLength);
		}),
	);
}

/** What became of the side that flows to the directory; what did not work is told first. */
const DIRECTORY = [
	['failed', false, 'Not written to the directory', 'bad'],
	['held', false, 'Held for the directory', 'warn'],
	['updated', false, 'Written to the directory', 'good'],
	['updated', true, 'Would be written to the directory', 'good'],
] as const;

/** How many outcomes each of these has. */
export function directoryTallies({ outcomes }: Material): Tally[] {
	return DIRECTORY.map(([result, preview, title, tone]) =>
		tally(title, outcomes.filter(isDirectorys(result, preview)).length, tone),
	).filter((each) => each.count > 0);
}

function directory({ outcomes }: Material, listLength: number): Section[] {
	return DIRECTORY.flatMap(([result, preview, title, tone]) => {
		const rows = outcomes.filter(isDirectorys(result, preview)).map((item) => {
			const { written = [], because = null } = item.directory ?? {};
			return outcomeRow(item, [
				...written.map((name) => plain(name)),
				...(because ? reasonOf(because) : []),
			]);
		});
		return section(title, tone, [], rows, listLength);
	});
}

function isDirectorys(result: string, preview: boolean): (item: ReportedOutcome) => boolean {
	return ({ directory: side }) =>
		side?.result === result && (result !== 'updated' || side.dryRun === preview);
}

function pools({ summary }: Material): Section[] {
	const rows = (summary?.pools ?? []).map(
		({ name, free, given, forecast }): Row => ({
			name: plain(name),
			number: null,
			notes: [
				`${free === 0 ? 'No number is' : count(free, 'number')} free, ${String(given)} given in this run.`,
				...(free > 0 && forecast
					? [`At the pace so far, the last one is given about ${forecast.runsOutOn}.`]
					: []),
			],
		}),
	);
	const dry = (summary?.pools ?? []).some(({ free }) => free === 0);
	return section('Numbers left', dry ? 'warn' : 'quiet', [], rows, Infinity);
}

function section(
	title: string,
	tone: Tone,
	intro: readonly string[],
	rows: readonly Row[],
	listLength: number,
): Section[] {
	if (rows.length === 0 && intro.length === 0) return [];
	const shown = rows.slice(0, listLength);
	// What is never folded is not a list of people, so its length says nothing.
	const total = rows.length > 1 && listLength !== Infinity ? ` (${String(rows.length)})` : '';
	const heading = `${title.replace(/\.$/, '')}${total}`;
	return [{ title: heading, tone, intro, rows: shown, more: rows.length - shown.length }];
}

function row(about: Person, number: string | null, notes: readonly string[]): Row {
	return { name: nameOf(about), number: number === null ? null : plain(number, 40), notes };
}

type Person = Pick<ReportedOutcome, 'user' | 'extension'>;

function outcomeRow(item: ReportedOutcome, notes: readonly string[]): Row {
	return row(item, item.outcome.number ?? item.extension?.number ?? null, notes);
}

function goneNote({ evidence }: ReportedOutcome): string[] {
	return evidence ? [`No active user: ${REASONS[evidence.reason]}.`] : [];
}

function numberNote({ outcome, number }: ReportedOutcome): string[] {
	if (outcome.result !== 'created' || !number?.value) return [];
	if (number.pool) return [`Number from pool '${plain(number.pool)}'.`];
	return number.reason === 'sticky' ? ['Has the old number again.'] : [];
}

function fieldNotes({ outcome, change }: ReportedOutcome): string[] {
	if (!isWrite(outcome.result) || outcome.result === 'created') return [];
	if (!change || !('pbx' in change)) return [];
	return changeNotes(change.pbx);
}

function changeNotes(changes: FieldChanges): string[] {
	const all = Object.entries(changes).map(
		([field, { from, to }]) => `${fieldName(field)}: ${value(from)} → ${value(to)}`,
	);
	const more = all.length - FIELDS_SHOWN;
	return more > 0 ? [...all.slice(0, FIELDS_SHOWN), `and ${count(more, 'more field')}`] : all;
}

function value(text: string | null): string {
	return text === null || text === '' ? '(empty)' : plain(text);
}

function reasonOf(because: Diagnostic | null): string[] {
	return because
		? [plain(because.what, 300), ...advice(because)]
		: ['The phone system gave no reason.'];
}

function advice({ why, fix }: Diagnostic): string[] {
	return [why, fix].map((text) => plain(text, 400)).filter((text) => text !== '');
}
