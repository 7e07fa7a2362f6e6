/** What a run did, read from its report item, and whether that was right. */
import { z } from 'zod';
import type { Execution } from './n8n/api.mts';

const count = z.number().int().nonnegative();

/** The counts of one Sync Report item; `docs/items.md` says what each means. */
const counts = z.object({
	created: count,
	updated: count,
	enabled: count,
	disabled: count,
	deleted: count,
	unchanged: count,
	held: count,
	conflicts: count,
	rejected: count,
	failed: count,
});
export type Counts = z.infer<typeof counts>;

export interface Run {
	readonly system: string;
	/** Whether the phone system can disable an extension. */
	readonly disables: boolean;
	readonly counts: Counts;
	/** Writing requests that arrived at the phone system while it ran, by its own log. */
	readonly writes: number;
	/** Reached through files: what is planned is held, and one import brings it into effect. */
	readonly files?: boolean;
}

/** Reads the report; rejects, with n8n's message, a run that did not get that far. */
export function countsOf(execution: Execution, reportNode: string): Counts {
	const { error } = execution;
	if (execution.status !== 'success' || error !== undefined) {
		const where = error?.node === undefined ? '' : `${error.node.name}: `;
		const said = [error?.message ?? `the run ended as "${execution.status}"`, error?.description];
		throw new Error(where + said.filter((text) => typeof text === 'string').join(' '));
	}
	const [item] = execution.items(reportNode);
	return z.object({ report: z.object({ counts }) }).parse(item).report.counts;
}

/** What is wrong with a first run; empty when nothing is. */
export function judgeFirst({ system, disables, counts, writes, files }: Run): string[] {
	const wrong: string[] = [];
	if (files) {
		if (counts.held === 0) wrong.push(`${system}: the first run had nothing for the import file.`);
		if (writes !== 1) wrong.push(`${system}: ${writes} files were imported instead of one.`);
		return wrong;
	}
	// The sandbox has something of everything to do.
	for (const kind of [
		'created',
		'updated',
		...(disables ? (['disabled'] as const) : []),
	] as const) {
		if (counts[kind] === 0) wrong.push(`${system}: the first run ${kind} nobody.`);
	}
	if (counts.failed > 0) wrong.push(`${system}: ${counts.failed} changes of the first run failed.`);
	const done = made(counts);
	if (writes < done) {
		wrong.push(`${system}: the first run reports ${done} changes; only ${writes} writes arrived.`);
	}
	return wrong;
}

/** What is wrong with a second run over the same directory: it has nothing to write. */
export function judgeSecond({ system, counts, writes }: Run): string[] {
	const wrong: string[] = [];
	if (made(counts) > 0) wrong.push(`${system}: the second run changed ${made(counts)} extensions.`);
	if (counts.failed > 0)
		wrong.push(`${system}: ${counts.failed} changes of the second run failed.`);
	if (writes > 0) wrong.push(`${system}: ${writes} writes arrived during the second run.`);
	return wrong;
}

function made(counts: Counts): number {
	return counts.created + counts.updated + counts.enabled + counts.disabled + counts.deleted;
}

/** Sums over the phone systems, as the last line of `--exit` gives them. */
export function sum(runs: readonly Run[]) {
	const total = (kind: keyof Counts) => runs.reduce((all, run) => all + run.counts[kind], 0);
	return {
		created: total('created'),
		updated: total('updated'),
		disabled: total('disabled'),
		conflicts: total('conflicts'),
		rejected: total('rejected'),
		failed: total('failed'),
	};
}

const COLUMNS = [
	'created',
	'updated',
	'disabled',
	'conflicts',
	'rejected',
	'failed',
	'held',
	'unchanged',
] as const;

/** One line per phone system, columns aligned. */
export function table(runs: readonly Run[]): string {
	const rows = [
		['system', ...COLUMNS, 'writes'],
		...runs.map(({ system, counts, writes }) => [
			system,
			...COLUMNS.map((column) => String(counts[column])),
			String(writes),
		]),
	];
	const widths = rows[0]?.map((_, at) => Math.max(...rows.map((row) => (row[at] ?? '').length)));
	const pad = (cell: string, at: number) =>
		at === 0 ? cell.padEnd(widths?.[at] ?? 0) : cell.padStart(widths?.[at] ?? 0);
	return rows.map((row) => `  ${row.map(pad).join('  ')}`).join('\n');
}
