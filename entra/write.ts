/**
 * Writes to directory users: only named attributes, only what is not so already, and one person's
 * trouble never stops the others.
 */
import { quote } from '../http/quote';
import type { Diagnostic } from '../sync/diagnostic';
import { DiagnosedError } from '../sync/diagnostic';
import type { DirectoryOutcome } from '../sync/item';
import type { Batch, Part, PartAnswer } from './batch';
import { ASKING } from './diagnosis';
import type { Verdict, Wish } from './write-judgement';
import { currentUser, flawIn, judge, selectFor } from './write-judgement';
import { explainWriteRefusal } from './write-refusal';

/** What to write to one user. */
export interface WriteTask {
	/** Object ID or sign-in name. */
	readonly user: string;
	readonly wishes: readonly Wish[];
	/** Set: nothing is done, for this reason. */
	readonly heldBecause?: Diagnostic;
}

export interface WriteOptions {
	/** True: everything is read and judged, nothing is written. */
	readonly dryRun: boolean;
	/** Permissions in the present token, to tell a missing one from a person with a role. */
	readonly roles: () => Promise<readonly string[] | null>;
}

/**
 * Reads the users as they are now, and writes what differs from the wishes. Gives what became of
 * each task, in their order.
 *
 * Rejects with a `DiagnosedError` only when nothing was written and no user in particular is the
 * cause: sign-in refused, Graph unreachable, permission missing.
 */
export async function writeUsers(
	batch: Batch,
	tasks: readonly WriteTask[],
	{ dryRun, roles }: WriteOptions,
): Promise<DirectoryOutcome[]> {
	const verdicts = await judgeAll(batch, tasks);
	const writes = verdicts.flatMap((verdict, index) =>
		verdict.kind === 'write' ? [{ index, ...verdict }] : [],
	);
	const results = new Map<number, Diagnostic | null>();
	if (!dryRun && writes.length > 0) {
		const parts = writes.map(({ index, body }): Part => {
			return { method: 'PATCH', path: pathOf(tasks[index]?.user ?? ''), body };
		});
		const answers = await batch(parts, ASKING.writing);
		const held = answers.some(isRefused) ? await roles() : null;
		writes.forEach(({ index, attributes }, n) => {
			results.set(index, troubleIn(answers[n], attributes, held));
		});
		throwIfNothingWorked([...results.values()]);
	}
	return verdicts.map((verdict, index): DirectoryOutcome => {
		if (verdict.kind === 'hold') {
			return { result: 'held', written: [], because: verdict.because, dryRun };
		}
		if (verdict.kind === 'done') return { result: 'unchanged', written: [], because: null, dryRun };
		if (verdict.kind === 'fail') {
			return { result: 'failed', written: [], because: verdict.because, dryRun };
		}
		const because = results.get(index) ?? null;
		if (because) return { result: 'failed', written: [], because, dryRun };
		return { result: 'updated', written: verdict.attributes, because: null, dryRun };
	});
}

type Judged = Verdict | { readonly kind: 'fail'; readonly because: Diagnostic };

async function judgeAll(batch: Batch, tasks: readonly WriteTask[]): Promise<Judged[]> {
	const seen = new Set<string>();
	const early = tasks.map(({ user, wishes, heldBecause }): Judged | null => {
		if (heldBecause) return { kind: 'hold', because: heldBecause };
		if (/^\s*\.{0,2}\s*$/.test(user)) return { kind: 'hold', because: nobody };
		if (wishes.length === 0) return { kind: 'done' };
		if (seen.has(user.toLowerCase())) return { kind: 'hold', because: twice };
		seen.add(user.toLowerCase());
		const flaw = flawIn(wishes);
		return flaw ? { kind: 'hold', because: flaw } : null;
	});
	const asked = tasks.flatMap((task, index) => (early[index] === null ? [{ task, index }] : []));
	const parts = asked.map(({ task }): Part => {
		const select = selectFor(task.wishes).join();
		return { method: 'GET', path: `${pathOf(task.user)}?$select=${select}` };
	});
	const answers = await batch(parts, ASKING.users);
	const late = new Map<number, Judged>();
	asked.forEach(({ task, index }, n) => {
		late.set(index, judgeOne(task, answers[n]));
	});
	return early.map((judged, index) => judged ?? late.get(index) ?? { kind: 'done' });
}

function judgeOne({ wishes }: WriteTask, answer: PartAnswer | undefined): Judged {
	if (answer?.kind === 'answer' && answer.status === 200) {
		const user = currentUser.safeParse(answer.body);
		if (user.success) return judge(wishes, user.data);
	}
	if (answer?.kind === 'answer' && answer.status === 404) {
		return { kind: 'fail', because: explainWriteRefusal(answer, [], null) };
	}
	// A list of users that cannot be read is about the run: nothing was written yet.
	throw new DiagnosedError(unreadable(answer));
}

/** Sign-in names of guests hold a '#'. Nothing can be encoded about '.' and '..', so nobody is called so. */
function pathOf(user: string): string {
	return `/users/${encodeURIComponent(user.trim())}`;
}

function isRefused(answer: PartAnswer): boolean {
	return answer.kind === 'answer' && answer.status === 403;
}

function troubleIn(
	answer: PartAnswer | undefined,
	attributes: readonly string[],
	roles: readonly string[] | null,
): Diagnostic | null {
	if (answer === undefined) return null;
	if (answer.kind === 'lost') return answer.because;
	if (answer.status >= 200 && answer.status < 300) return null;
	return explainWriteRefusal(answer, attributes, roles);
}

/** Codes `user.*` are about one person; when all is refused for another cause, the run ends with it. */
function throwIfNothingWorked(results: ReadonlyArray<Diagnostic | null>): void {
	const [first] = results;
	if (!first || results.some((each) => each === null || each.code.startsWith('user.'))) return;
	throw new DiagnosedError(first);
}

function unreadable(answer: PartAnswer | undefined): Diagnostic {
	if (answer?.kind === 'lost') return answer.because;
	const missing: Diagnostic = {
		code: 'entra.permissionMissing',
		what: 'Microsoft Graph did not let the app read the users it is to write to.',
		why: 'The application permission User.Read.All is missing, or nobody granted admin consent.',
		fix: 'Add User.Read.All as an application permission to the app registration and grant admin consent. Nothing was written.',
	};
	if (answer?.status === 403) return missing;
	return {
		code: 'entra.unreadable',
		what: 'The users could not be read before writing to them.',
		why: answer
			? `Microsoft Graph answered ${answer.status}: ${quote(answer.message)}`
			: 'No answer came.',
		fix: 'Run the workflow again. Nothing was written.',
	};
}

const nobody: Diagnostic = {
	code: 'directory.nobody',
	what: 'Held: it is not said whose values these are.',
	why: 'The item has no user of the directory, or one that would lead to another place.',
	fix: "Give the user's object ID or sign-in name.",
	field: 'User',
};

const twice: Diagnostic = {
	code: 'directory.twice',
	what: 'Held: there is another change for the same user.',
	why: 'Two lists of changes come together, or one came twice.',
	fix: 'Connect one list of changes, once.',
};
