/** Whether the account that is to be made was made by somebody else since the plan was. */
import type { Diagnostic } from '../sync/diagnostic';
import type { Extension } from '../sync/item';
import type { Capabilities, PhoneSystem } from './adapter';
import type { Task, Verdict } from './judgement';

/**
 * Reads all accounts when that can keep somebody from getting a second one: a system that lets two
 * accounts have one mail address does not refuse it. Null when there is no need to.
 */
export async function readPresent(
	system: PhoneSystem,
	{ sharedEmail }: Capabilities,
	tasks: readonly Task[],
): Promise<readonly Extension[] | null> {
	const makes = tasks.some(({ change }) => change.kind === 'create');
	return sharedEmail && makes ? await system.list() : null;
}

/** Holds what would be a second account of somebody. */
export function withoutPresent(
	tasks: readonly Task[],
	verdicts: readonly Verdict[],
	present: readonly Extension[],
): readonly Verdict[] {
	return verdicts.map((verdict, index) => {
		const task = tasks[index];
		if (verdict.kind !== 'write' || task?.change.kind !== 'create') return verdict;
		const extension = present.find((each) => isTheirs(each, task));
		return extension ? { kind: 'hold', extension, because: alreadyThere(extension) } : verdict;
	});
}

/** The same object id; where the account has none, the same mail address and the same name. */
function isTheirs({ externalId, fields }: Extension, { change, userId }: Task): boolean {
	if (change.kind !== 'create') return false;
	if (externalId && userId) return externalId.toLowerCase() === userId.toLowerCase();
	const wanted = (name: string) => (change.pbx[name]?.to ?? '').toLowerCase();
	const isSame = (name: string) => wanted(name) === (fields[name] ?? '').toLowerCase();
	// A mail address alone may be a family's or a team's.
	const names = NAMES.filter((name) => wanted(name) !== '');
	return wanted('email') !== '' && names.length > 0 && ['email', ...names].every(isSame);
}

const NAMES = ['displayName', 'firstName', 'lastName'];

function alreadyThere({ id, number }: Extension): Diagnostic {
	return {
		code: 'change.alreadyThere',
		what: `Held: extension ${number ?? id} is this person's already.`,
		why: 'It was made after this change was planned, by another run or by hand, and nobody gets a second one.',
		fix: "Run the workflow again; it plans from how things are now. If it stays so, let 'Match By' of Extension Allocator include the mail address, or pair the two in the links table.",
	};
}
