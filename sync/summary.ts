import type { Diagnostic } from './diagnostic';
import { driftNotes, type Drift } from './drift';
import { planDigest, writesNothing } from './fingerprint';
import type { Plan, PlanInput } from './plan';
import type { ContactItem, Summary } from './item';
import type { Wish } from './wish';

/** What cannot be counted from the items of a plan. */
export interface Counts {
	/** Distinct users and extensions that arrived. */
	readonly users: number;
	readonly extensions: number;
	/** Extensions without an active user, those that are disabled already included. */
	readonly orphaned: number;
	/** Users who need nothing and are not listed. */
	readonly quiet: { readonly linked: number; readonly adopted: number };
	readonly wishes: readonly Wish[];
	/** Users whose extension has to keep another number than the mapped one. */
	readonly unmetWishes: number;
	readonly pools: Summary['pools'];
	readonly doubts: readonly Diagnostic[];
	/** Differences that are only told. */
	readonly drifts: readonly Drift[];
}

/** One item that says what the whole plan amounts to. */
export function summarize(
	input: PlanInput,
	{ changes, unchanged, conflicts, unmatched }: Omit<Plan, 'summary'>,
	counts: Counts,
): Summary {
	const { quiet } = counts;
	const situations = { ...quiet, new: 0, disputed: 0, orphaned: counts.orphaned };
	const unlisted = quiet.linked + quiet.adopted;
	for (const list of [changes, unchanged, conflicts]) {
		for (const { match } of list) situations[match.situation]++;
	}
	const kinds = { create: 0, update: 0, enable: 0, disable: 0, delete: 0 };
	const writes = changes.filter(({ change }) => !writesNothing(change));
	for (const { change } of writes) kinds[change.kind]++;
	const reasons = { disabled: 0, deleted: 0, outOfScope: 0, notFound: 0 };
	for (const { evidence } of unmatched) reasons[evidence.reason]++;
	const people = unmatched.filter(({ user }) => user !== undefined).length;
	const { system } = input.extensionsRead.mark;
	return {
		...(system === undefined ? {} : { system }),
		users: { read: counts.users, whole: input.usersRead.whole },
		extensions: { read: counts.extensions, whole: input.extensionsRead.whole },
		situations,
		changes: kinds,
		unchanged: unlisted + unchanged.length + changes.length - writes.length,
		conflicts: conflicts.length,
		unmatched: reasons,
		skipped:
			counts.users - unlisted - changes.length - unchanged.length - conflicts.length - people,
		pools: counts.pools,
		planDigest: planDigest(writes.map(({ user, change }) => ({ userId: user.id, change }))),
		notes: [
			...counts.doubts,
			...numberNotes(input, counts),
			...driftNotes(counts.drifts, input.fields),
			...memoryNotes(input),
		],
	};
}

/** Without a memory, every difference looks as if both sides had been edited. */
function memoryNotes({ users, links, settings }: PlanInput): Diagnostic[] {
	if (links !== null && settings.matchBy.has('link')) return [];
	const isTwoWay = ({ twoWay = {} }: ContactItem) =>
		Object.values(twoWay).some(({ direction }) => direction === 'both');
	if (!users.some(isTwoWay)) return [];
	return [
		{
			code: 'twoWay.noMemory',
			what: 'Nobody knows which side was edited.',
			why: 'Fields flow both ways, and what both sides last agreed on is kept in the links table, which is not connected or not used.',
			fix: "Connect the links table to the Links input, with a column 'base', and let 'Match By' use links.",
			field: 'Links',
		},
	];
}

function numberNotes({ facts, fields, settings, users }: PlanInput, counts: Counts): Diagnostic[] {
	const notes: Diagnostic[] = [];
	const { method, pools } = settings.numbering;
	for (const { name, when, direct } of facts.numbers === 'none' || method === 'none' ? [] : pools) {
		if (direct && !fields.some((field) => field.name === direct.field)) {
			notes.push({
				code: 'number.noDirect',
				what: `The direct numbers of pool '${name}' are written nowhere.`,
				why: `This phone system has no field '${direct.field}'.`,
				fix: "Choose another 'Direct Number Field', or empty 'Direct Number'.",
				field: 'Number Pools',
			});
		}
		if (when === undefined || users.length === 0) continue;
		if (users.some(({ user }) => user[when.attribute] !== undefined)) continue;
		notes.push({
			code: 'number.poolNotRead',
			what: `Pool '${name}' is meant for nobody.`,
			why: `It looks at '${when.attribute}', which was not read of any user.`,
			fix:
				when.attribute === 'groups'
					? "Choose the groups in 'Groups to Tell' of Entra User Source."
					: `Correct its name, or add it to the attributes Entra User Source reads.`,
			field: 'Number Pools',
		});
	}
	if (counts.unmetWishes > 0) {
		notes.push({
			code: 'number.cannotChange',
			what: `${counts.unmetWishes} users are mapped to another number than they have.`,
			why: 'This phone system cannot change the number of an extension.',
			fix: 'Correct the attribute in the directory, or replace the extension by hand.',
			field: 'Extension Number',
		});
	}
	const unread = counts.wishes.filter((wish) => !wish.counts).length;
	if (unread > 0 && facts.numbers !== 'none' && method !== 'none') {
		notes.push({
			code: 'number.mappingNotUsed',
			what: `${unread} users have a mapped number that is not looked at.`,
			why: "'Numbering' is set to give everyone the next free number.",
			fix: `Set 'Numbering' to "Mapped, Otherwise Next Free", or take the row out of Field Mapper.`,
			field: 'Numbering',
		});
	}
	return notes;
}
