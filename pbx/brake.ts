import type { Diagnostic } from '../sync/diagnostic';
import { toPlanned, type Planned } from '../sync/held-together';
import type { Task, Verdict } from './judgement';

/**
 * Asked once per run with all it would write, one entry per task; null where nothing is to be written.
 * Gives the reason of each that is held, in the same order.
 */
export type Brake = (planned: ReadonlyArray<Planned | null>) => ReadonlyArray<Diagnostic | null>;

/** Holds all changes of a kind or a group, or none: never the first twenty of five hundred. */
export function braked(
	tasks: readonly Task[],
	verdicts: readonly Verdict[],
	brake: Brake,
): readonly Verdict[] {
	const planned = tasks.map(({ change, pool }, index) => {
		const verdict = verdicts[index];
		return verdict?.kind === 'write' ? toPlanned(change, verdict.extension, pool) : null;
	});
	const held = brake(planned);
	return verdicts.map((verdict, index) => {
		const because = held[index];
		if (verdict.kind !== 'write' || !because) return verdict;
		return { kind: 'hold', extension: verdict.extension, because };
	});
}
