import type { Diagnostic } from '../sync/diagnostic';
import type { ChangeKind } from '../sync/item';
import type { Task, Verdict } from './judgement';

/** Asked once per run with what it would write; gives the kinds that are held, each with the reason. */
export type Brake = (
	planned: ReadonlyMap<ChangeKind, number>,
) => ReadonlyMap<ChangeKind, Diagnostic>;

/** Holds all changes of a kind, or none: never the first twenty of five hundred. */
export function braked(
	tasks: readonly Task[],
	verdicts: readonly Verdict[],
	brake: Brake,
): readonly Verdict[] {
	const planned = new Map<ChangeKind, number>();
	tasks.forEach(({ change: { kind } }, index) => {
		if (verdicts[index]?.kind === 'write') planned.set(kind, (planned.get(kind) ?? 0) + 1);
	});
	const held = brake(planned);
	return verdicts.map((verdict, index) => {
		const kind = tasks[index]?.change.kind;
		const because = kind === undefined ? undefined : held.get(kind);
		if (verdict.kind !== 'write' || because === undefined) return verdict;
		return { kind: 'hold', extension: verdict.extension, because };
	});
}
