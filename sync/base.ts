/** What both sides said when they last agreed, as the links table remembers it. */
import type { DirectoryOutcome, Outcome } from './item';

/** Digest of the value by field. */
export type Base = Readonly<Record<string, string>>;

/** What a run may remember of one pair, and what has to be confirmed first. */
export interface BaseNote {
	readonly before: Base;
	readonly after: Readonly<
		Record<string, { readonly digest: string; readonly once: 'now' | 'phoneSystem' | 'directory' }>
	>;
}

/** Whether something can be remembered without any write. */
export function isNews({ before, after }: BaseNote): boolean {
	return Object.entries(after).some(
		([field, { digest, once }]) => once === 'now' && before[field] !== digest,
	);
}

/** What is remembered from now on: the new only where the side that had to be written says it was. */
export function confirmedBase(
	{ before, after }: BaseNote,
	outcome: Outcome,
	directory: DirectoryOutcome | undefined,
): Base {
	const onPhone = !outcome.dryRun && outcome.result !== 'held' && outcome.result !== 'failed';
	const inDirectory =
		directory?.dryRun === false &&
		(directory.result === 'updated' || directory.result === 'unchanged');
	const isConfirmed = { now: true, phoneSystem: onPhone, directory: inDirectory };
	const base: Record<string, string> = { ...before };
	for (const [field, { digest, once }] of Object.entries(after)) {
		if (isConfirmed[once]) base[field] = digest;
	}
	return base;
}

/** As one cell of a table, the same for equal bases. */
export function baseCell(base: Base): string {
	return JSON.stringify(Object.fromEntries(Object.entries(base).sort()));
}

/**
 * Reads such a cell. What is not one counts as no base, which is safe: the pair is then treated as
 * on its first sync.
 */
export function readBase(cell: string): Base | null {
	const found = [...cell.matchAll(/"(\w+)":"([0-9a-f]{16})"/g)];
	return found.length === 0
		? null
		: Object.fromEntries(found.map(([, field = '', digest = '']) => [field, digest]));
}
