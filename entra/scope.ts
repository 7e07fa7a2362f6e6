/**
 * Who is in scope, and why or why not. One judge for every way of reading: the whole list, changes
 * only, or one person.
 */
import type { Condition } from './condition';
import { conditionWords, meets } from './condition';
import type { UserFilter } from './filter';
import type { Row } from './listing';
import type { PresetName } from './preset';
import { PRESETS } from './preset';
import { isGuest, statusOf } from './user';

export interface GroupRef {
	readonly id: string;
	/** As it was called when it was chosen; null when only the ID is known. */
	readonly name: string | null;
}

export type Scope =
	| { readonly kind: 'all' }
	| { readonly kind: 'groups'; readonly groups: readonly GroupRef[]; readonly nested: boolean };

/** Read nobody who did not ask for it: by a value somebody put into an attribute, or by a group. */
export type OptIn =
	| { readonly kind: 'attribute'; readonly condition: Condition }
	| { readonly kind: 'group'; readonly group: GroupRef };

/** Whom to read, and what of them. */
export interface UserQuery {
	readonly scope: Scope;
	readonly filter: UserFilter;
	readonly leaveOut: readonly PresetName[];
	readonly optIn: OptIn | null;
	/** Groups that decide nothing here; users tell which of them they are in. */
	readonly tellGroups?: readonly GroupRef[];
	/** Graph's names, besides those that are always read. */
	readonly attributes: readonly string[];
	/** Also read the recycle bin: the strongest sign that somebody has left. */
	readonly includeDeleted: boolean;
	/** Also read everybody else and mark them as out of scope, so that leaving the scope can be seen. */
	readonly includeOutOfScope: boolean;
}

/** What is known about a user besides the attributes. */
export interface Standing {
	/** IDs of the members, by `memberKey`; for every group the query names. */
	readonly members: ReadonlyMap<string, ReadonlySet<string>>;
	/** Who meets the experts' filter; null when there is none, or Graph has applied it already. */
	readonly meetsRaw: ReadonlySet<string> | null;
}

export interface Verdict {
	readonly inScope: boolean;
	/** One sentence: why, or the first rule that says no. */
	readonly because: string;
}

/**
 * Judges users by the query. `here` is what Graph did not filter by already; without it everything
 * is judged here.
 */
export class Judge {
	constructor(
		private readonly query: UserQuery,
		private readonly standing: Standing,
		private readonly here: UserFilter = query.filter,
	) {}

	verdict(row: Row): Verdict {
		const group = this.groupOf(row);
		for (const [passes, no] of this.rules(row, group)) {
			if (!passes) return { inScope: false, because: `Not in scope: ${no}` };
		}
		return { inScope: true, because: this.why(row, group) };
	}

	/** Every rule with its answer, for "why was this person not synced?". */
	explain(row: Row): string[] {
		return [...this.rules(row, this.groupOf(row))].map(([passes, no, yes]) =>
			passes ? `Yes: ${yes}` : `No: ${no}`,
		);
	}

	/** In order of importance: passes?, what it is called when not, and when so. */
	private *rules(row: Row, group: GroupRef | null): Iterable<[boolean, string, string]> {
		const { scope, optIn, leaveOut } = this.query;
		const who = isGuest(row) ? 'guest' : 'member';
		const wanted = this.here.userType;
		yield [wanted === 'all' || wanted === `${who}s`, `is a ${who}`, `is a ${who}`];
		if (!this.here.includeDisabled) {
			yield [statusOf(row) === 'active', 'the account is disabled', 'the account is enabled'];
		}
		if (scope.kind === 'groups') {
			yield [group !== null, 'in none of the chosen groups', `in group ${nameOf(group)}`];
		}
		yield* this.conditions(row);
		if (this.standing.meetsRaw !== null) {
			const passes = this.standing.meetsRaw.has(row.id);
			yield [passes, 'does not meet the OData filter', 'meets the OData filter'];
		}
		for (const name of leaveOut) {
			const { fits, because } = PRESETS[name];
			yield [!fits(row), `left out, ${because}`, `not left out as ${PRESETS[name].displayName}`];
		}
		if (optIn !== null) {
			const words = optInWords(optIn);
			yield [this.hasOptedIn(optIn, row), `has not opted in (${words})`, `opted in (${words})`];
		}
	}

	private *conditions(row: Row): Iterable<[boolean, string, string]> {
		const { conditions, combine } = this.here;
		if (combine === 'or' && conditions.length > 1) {
			const met = conditions.find((condition) => meets(condition, row));
			yield [met !== undefined, 'meets none of the conditions', met ? conditionWords(met) : ''];
			return;
		}
		for (const condition of conditions) {
			const words = conditionWords(condition);
			yield [meets(condition, row), `not true that ${words}`, words];
		}
	}

	/** The first of the chosen groups the user is in. */
	private groupOf({ id }: Row): GroupRef | null {
		const { scope } = this.query;
		if (scope.kind === 'all') return null;
		return scope.groups.find((group) => this.isIn(group, scope.nested, id)) ?? null;
	}

	private hasOptedIn(optIn: OptIn, row: Row): boolean {
		return optIn.kind === 'attribute'
			? meets(optIn.condition, row)
			: this.isIn(optIn.group, true, row.id);
	}

	private isIn({ id }: GroupRef, nested: boolean, userId: string): boolean {
		return this.standing.members.get(memberKey({ id, nested }))?.has(userId) ?? false;
	}

	private why(row: Row, group: GroupRef | null): string {
		const { filter, optIn } = this.query;
		const where = group ? ` in group ${nameOf(group)}` : '';
		const conditions = filter.conditions.length > 0 || filter.raw ? ', meets the conditions' : '';
		const asked = optIn ? ', opted in' : '';
		return `In scope: ${isGuest(row) ? 'guest' : 'member'}${where}${conditions}${asked}`;
	}
}

/** Attributes that are needed to judge, with what Graph already answered left out. */
export function neededToJudge(
	{ leaveOut, optIn }: UserQuery,
	{ conditions }: UserFilter,
): readonly string[] {
	return [
		...conditions.map(({ attribute }) => attribute),
		...leaveOut.flatMap((name) => PRESETS[name].needs),
		...(optIn?.kind === 'attribute' ? [optIn.condition.attribute] : []),
	];
}

/** A group, and whether the members of groups inside it count. */
export interface GroupToRead extends GroupRef {
	readonly nested: boolean;
}

/** Every group whose members have to be known, each once. Who opts in by a group may do so nested. */
export function groupsOf({ scope, optIn, tellGroups = [] }: UserQuery): readonly GroupToRead[] {
	const named: GroupToRead[] = [
		...(scope.kind === 'groups'
			? scope.groups.map((group) => ({ ...group, nested: scope.nested }))
			: []),
		...(optIn?.kind === 'group' ? [{ ...optIn.group, nested: true }] : []),
		...tellGroups.map((group) => ({ ...group, nested: true })),
	];
	return [...new Map(named.map((group) => [memberKey(group), group])).values()];
}

/** Names of the groups to tell that a user is in; null when none are to be told. */
export function toldGroups(
	{ tellGroups = [] }: UserQuery,
	members: Standing['members'],
): ((userId: string) => readonly string[]) | null {
	if (tellGroups.length === 0) return null;
	const told = tellGroups.map(({ id, name }) => ({
		name: name ?? id,
		ids: members.get(memberKey({ id, nested: true })),
	}));
	return (userId) => told.filter(({ ids }) => ids?.has(userId)).map(({ name }) => name);
}

export function memberKey({ id, nested }: Pick<GroupToRead, 'id' | 'nested'>): string {
	return `${nested ? 'nested' : 'direct'} ${id.toLowerCase()}`;
}

function nameOf(group: GroupRef | null): string {
	return `"${group?.name ?? group?.id ?? ''}"`;
}

function optInWords(optIn: OptIn): string {
	return optIn.kind === 'attribute'
		? conditionWords(optIn.condition)
		: `in group ${nameOf(optIn.group)}`;
}
