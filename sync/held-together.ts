/**
 * Which of many planned changes the limits hold: each kind by its limit for all extensions, and
 * each group by a limit of its own. All of a kind, or all of a group, is held, or nothing of it.
 */
import { isListed, type ExtensionList, type Listed } from './extension-list';
import type { Diagnostic } from './diagnostic';
import type { Change, ChangeKind, Extension } from './item';
import { heldByLimit, type Done, type Limit, type Override } from './limits';
import type { Moment } from './override';

export const CHANGE_KINDS = ['create', 'update', 'enable', 'disable', 'delete'] as const;

/** Stands in a list of extensions where a field stands: `pool=Sales`. */
export const POOL = 'pool';

/** So many changes of a kind within a group, at most; one more, and none of the group is made. */
export interface GroupLimit {
	/** In the administrator's own words. */
	readonly name: string;
	readonly members: ExtensionList;
	readonly kind: ChangeKind;
	readonly maxCount: number;
}

/** A change that would be made, as far as limits ask. */
export interface Planned {
	readonly kind: ChangeKind;
	/** How the extension is and how it will be: whoever moves from one group to another is in both. */
	readonly looks: readonly Listed[];
}

export interface LimitRules extends Moment {
	/** For all extensions. A kind without one has no limit. */
	readonly limits: Readonly<Partial<Record<ChangeKind, Limit>>>;
	/** Besides: for parts of the phone system, such as a range, a department or a pool. */
	readonly groups: readonly GroupLimit[];
	readonly overrides: readonly Override[];
	/** Earlier runs, as far as they are remembered. */
	readonly done: readonly Done[];
	readonly windowHours: number;
	/** Extensions a share is taken of, asked with the positions of what is planned of a kind. */
	existing(positions: readonly number[]): number;
}

/**
 * Why each change is held, in their order; null where it may be made. A null among `planned` is
 * something that is not to be made anyway: it neither counts nor is held.
 */
export function heldTogether(
	planned: ReadonlyArray<Planned | null>,
	rules: LimitRules,
): Array<Diagnostic | null> {
	const { limits, groups, existing, ...standing } = rules;
	const held: Array<Diagnostic | null> = planned.map(() => null);
	const hold = (kind: ChangeKind, limit: Limit, group?: GroupLimit): void => {
		const positions = planned.flatMap((each, position) =>
			each?.kind === kind && (group === undefined || isIn(group, each)) ? [position] : [],
		);
		const because = heldByLimit({
			...standing,
			kind,
			...(group === undefined ? {} : { group: group.name }),
			planned: positions.length,
			existing: existing(positions),
			limit,
		});
		for (const position of positions) held[position] ??= because;
	};
	for (const kind of CHANGE_KINDS) {
		const limit = limits[kind];
		if (limit !== undefined) hold(kind, limit);
	}
	for (const group of groups) hold(group.kind, { ...ALL_OF_IT, maxCount: group.maxCount }, group);
	return held;
}

/** Whether the change counts for the group's limit. */
export function isIn({ kind, members }: GroupLimit, planned: Planned): boolean {
	return planned.kind === kind && planned.looks.some((look) => isListed(look, members));
}

/**
 * `extension`: as it is now; null for one that is still to be made, or is not known. `pool`: of the
 * number that comes with the change.
 */
export function toPlanned(
	change: Change,
	extension: Extension | null,
	pool: string | null = null,
): Planned {
	const { kind } = change;
	const now: Listed[] = extension === null ? [] : [extension];
	if (!('pbx' in change)) return { kind, looks: now };
	const written = Object.entries(change.pbx).map(([name, { to }]) => [name, to] as const);
	const fields = {
		...extension?.fields,
		...Object.fromEntries(written),
		...(pool && { [POOL]: pool }),
	};
	const given = change.kind === 'create' ? change.number : change.pbx['number']?.to;
	return { kind, looks: [...now, { number: given ?? extension?.number ?? null, fields }] };
}

/** Only the number counts. */
const ALL_OF_IT = { maxPercent: 100, floor: 0 };
