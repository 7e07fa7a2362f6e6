import type { Diagnostic } from './diagnostic';
import type { ReadMark } from './item';

/** What came in on one wire, as far as its wholeness is concerned. */
export interface Arrival {
	readonly of: ReadMark['of'];
	/** The mark of every item that carries one. */
	readonly marks: Iterable<ReadMark>;
	/** Distinct users or extensions among the items. */
	readonly distinct: number;
	/** Items that say that something went wrong instead of carrying a user or an extension. */
	readonly broken: number;
}

/**
 * Whether everything that was read also arrived. Only a whole list is evidence that somebody is
 * absent; a list that is not whole says why.
 */
export type Wholeness =
	| { readonly whole: true; readonly mark: ReadMark }
	| { readonly whole: false; readonly mark: ReadMark | null; readonly because: Diagnostic };

/**
 * A list is whole when all its items carry the mark of one complete read, when as many distinct
 * things arrived as that read gave, and when nothing among them is broken. An empty list is whole
 * when its mark says 0.
 */
export function wholeness({ of, marks, distinct, broken }: Arrival): Wholeness {
	const seen = new Map<string, ReadMark>();
	for (const mark of marks) {
		seen.set(`${mark.id} ${mark.of} ${mark.scope} ${mark.count} ${mark.system ?? ''}`, mark);
	}
	const keys = [...seen.keys()].sort();
	const mark = seen.get(keys[0] ?? '') ?? null;
	const notWhole = (because: Diagnostic): Wholeness => ({ whole: false, mark, because });
	const source = of === 'users' ? 'Entra User Source' : 'PBX Target "Get Extensions"';

	if (mark === null) {
		return notWhole({
			code: `${of}.nothing`,
			what: `Nothing arrived on the ${inputName(of)} input.`,
			why: `A complete read sends at least one item, even when there are no ${of}.`,
			fix: `Connect ${source} and let it run in the same execution.`,
		});
	}
	if (keys.length > 1) {
		return notWhole({
			code: `${of}.mixed`,
			what: `The ${of} come from ${keys.length} different reads.`,
			why: `Items of two reads cannot be counted together, so nobody knows whether the list is whole.`,
			fix: `Connect one ${source} to the ${inputName(of)} input, and make it run once.`,
		});
	}
	if (mark.of !== of) {
		return notWhole({
			code: `${of}.wrongRead`,
			what: `The ${inputName(of)} input got items of a read of ${mark.of}.`,
			why: 'Two wires are probably swapped.',
			fix: `Connect ${source} to the ${inputName(of)} input.`,
		});
	}
	if (broken > 0) {
		return notWhole({
			code: `${of}.broken`,
			what: `${broken} of the items on the ${inputName(of)} input say that something went wrong.`,
			why: 'A node before this one continued after it had not succeeded.',
			fix: `Look at the node before this one, or set its "On Error" back to "Stop Workflow".`,
		});
	}
	if (mark.scope === 'changes') {
		return notWhole({
			code: `${of}.changesOnly`,
			what: `The ${of} are a read of changes only.`,
			why: 'Whoever did not change is not in such a list, and is not gone either.',
			fix: 'Nothing to do: clean-up waits for the next full read.',
		});
	}
	if (mark.scope === 'needed') {
		return notWhole({
			code: `${of}.neededOnly`,
			what: `Only the ${of} that belong to changed users were read.`,
			why: 'Nobody else was looked at, so nobody is called unmatched and no new extension is made.',
			fix: 'Nothing to do: the next full read looks at everybody.',
		});
	}
	if (distinct !== mark.count) {
		return notWhole({
			code: `${of}.notWhole`,
			what: `${distinct} of ${mark.count} ${of} arrived.`,
			why: 'Something between the read and this node keeps items back or adds some, often a filter.',
			fix: `Connect the nodes directly, and choose whom to leave out in ${source} itself.`,
		});
	}
	return { whole: true, mark };
}

/**
 * Why nobody may be called "not found"; empty when it may be said. Both lists must be whole, and
 * a directory without a single user is more likely a lost permission than an empty company.
 */
export function doubtsAboutAbsence(users: Wholeness, extensions: Wholeness): Diagnostic[] {
	const doubts: Diagnostic[] = [];
	if (!users.whole) doubts.push(users.because);
	if (!extensions.whole) doubts.push(extensions.because);
	if (users.whole && users.mark.count === 0) {
		doubts.push({
			code: 'users.none',
			what: 'The directory gave no users at all.',
			why: 'Most often a filter is too narrow or a permission was taken away.',
			fix: 'Open Entra User Source and check its filter and the permissions of its credential.',
		});
	}
	return doubts;
}

function inputName(of: ReadMark['of']): string {
	return of === 'users' ? 'Users' : 'Extensions';
}
