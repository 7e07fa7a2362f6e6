/**
 * Carries a plan out. What was planned is written only while the account still looks as it did
 * when it was planned; one account's trouble never stops the others; a system that is gone is left
 * in peace.
 */
import type { Contact } from '../sync/contact';
import type { Diagnostic } from '../sync/diagnostic';
import { DiagnosedError } from '../sync/diagnostic';
import type { Change, Extension, Link, Outcome, OutcomeResult } from '../sync/item';
import { MARK } from '../sync/mark';
import type { Capabilities, Consented, PhoneSystem } from './adapter';
import { braked, type Brake } from './brake';
import type { Before, Task } from './judgement';
import { judge } from './judgement';
import { inLanes } from './lanes';
import { readPresent, withoutPresent } from './presence';

export interface Applied {
	readonly outcome: Outcome;
	/** The account as it is now, as far as it is known. */
	readonly extension: Extension | null;
	/** As it was just before; null where it was not there. */
	readonly before: Extension | null;
}

export interface ApplyOptions {
	/** True: everything is read and judged, nothing is written. */
	readonly dryRun: boolean;
	/** False where nobody watches: deleting is held. */
	readonly mayDelete: boolean;
	/** Changes with a side effect that are written all the same. Default: none of them. */
	readonly consents?: ReadonlySet<Consented>;
	/** Given when it was read already. */
	readonly before?: Before;
	/** Limits, asked before anything is written. Default: none. */
	readonly brake?: Brake;
	/** ISO time of this run, remembered with an extension that is disabled now. */
	readonly at?: string;
	/** After each write that was tried: how many so far, and how many there are. Not in a dry run. */
	readonly onProgress?: (done: number, total: number) => void;
	/** Called before each write. */
	readonly onWrite?: () => Promise<void>;
}

/** From here on one list costs less than asking for each account. */
export const LIST_FROM = 50;
/** So many accounts in a row without the system answering properly, and it is left alone. */
const PATIENCE = 5;

/**
 * Carries the tasks out, as many at a time as the system allows, and gives what became of each, in
 * their order.
 *
 * Rejects only when nothing was written and no account in particular is the cause: sign-in refused,
 * system unreachable, list unreadable. Once something was written, what is left is held with that
 * reason instead.
 */
export async function applyChanges(
	system: PhoneSystem,
	capabilities: Capabilities,
	tasks: readonly Task[],
	options: ApplyOptions,
): Promise<Applied[]> {
	const ids = tasks.flatMap(({ change }) => (change.kind === 'create' ? [] : [change.extensionId]));
	const present = options.dryRun ? null : await readPresent(system, capabilities, tasks);
	const before =
		options.before ?? (present ? pick(present, ids) : await readBefore(system, capabilities, ids));
	const wanted = judge(tasks, before, capabilities, options.mayDelete, options.consents);
	const judged = present ? withoutPresent(tasks, wanted, present) : wanted;
	const verdicts = options.brake ? braked(tasks, judged, options.brake) : judged;
	const run = new Run();
	const total = verdicts.filter(({ kind }) => kind === 'write').length;
	let tried = 0;

	const settled = await inLanes(verdicts, capabilities.concurrency, async (verdict, index) => {
		const task = tasks[index] ?? NO_TASK;
		if (verdict.kind === 'hold') return settle(task, 'held', verdict.extension, verdict.because);
		if (verdict.kind === 'done') return settle(task, 'unchanged', verdict.extension);
		if (options.dryRun) return settle(task, RESULTS[task.change.kind], verdict.extension);
		if (run.stoppedBy) return settle(task, 'held', verdict.extension, stopped(run.stoppedBy));
		try {
			await options.onWrite?.();
			const extension = await write(system, task);
			run.succeeded();
			const unwelcomed = task.change.kind === 'create' ? await welcome(system, extension) : null;
			return settle(task, RESULTS[task.change.kind], extension ?? verdict.extension, unwelcomed);
		} catch (thrown) {
			return settle(task, 'failed', verdict.extension, run.failed(thrown));
		} finally {
			options.onProgress?.(++tried, total);
		}
	});
	run.throwIfNothingWorked();
	const applied = settled.map((each, index) => ({
		...each,
		before: verdicts[index]?.extension ?? null,
	}));
	if (run.written === 0 || !system.activate) return applied;
	const notInForce = await troubleOf(system.activate());
	return notInForce ? applied.map((each) => withReason(each, notInForce)) : applied;

	function settle(
		task: Task,
		result: OutcomeResult,
		extension: Extension | null,
		because: Diagnostic | null = null,
	): Omit<Applied, 'before'> {
		const { change, userId } = task;
		const { dryRun } = options;
		const isGone = result === 'deleted' && !dryRun;
		const extensionId = extension?.id ?? ('extensionId' in change ? change.extensionId : null);
		const number = extension?.number ?? (change.kind === 'create' ? change.number : null);
		const link = dryRun || isGone ? null : linkTo(extension, userId, result, options.at);
		return {
			outcome: { result, extensionId, number, because, dryRun, link },
			extension: isGone ? null : extension,
		};
	}
}

/** Reads the accounts with these ids. Rejects when the system does not answer properly. */
export async function readBefore(
	system: PhoneSystem,
	{ concurrency }: Capabilities,
	ids: readonly string[],
): Promise<Before> {
	const wanted = [...new Set(ids)];
	if (wanted.length < LIST_FROM) {
		const found = await inLanes(wanted, concurrency, async (id) => await system.get(id));
		return new Map(wanted.map((id, index) => [id, found[index] ?? null]));
	}
	return pick(await system.list(), wanted);
}

function pick(extensions: readonly Extension[], ids: readonly string[]): Before {
	const all = new Map(extensions.map((extension) => [extension.id, extension]));
	return new Map(ids.map((id) => [id, all.get(id) ?? null]));
}

const RESULTS = {
	create: 'created',
	update: 'updated',
	enable: 'enabled',
	disable: 'disabled',
	delete: 'deleted',
} as const;

async function write(system: PhoneSystem, { change, userId }: Task): Promise<Extension | null> {
	switch (change.kind) {
		case 'create': {
			const wanted = Object.entries(wantedFields(change)).filter(([, value]) => value !== null);
			const fields = Object.fromEntries(wanted);
			return await system.create({ number: change.number, fields, externalId: userId });
		}
		case 'update':
			return await update(system, change);
		case 'enable':
			// The values first: whoever gets the phone back finds it right.
			if (Object.keys(change.pbx).length > 0) await update(system, change);
			return await system.setEnabled(change.extensionId, true);
		case 'disable':
			return await system.setEnabled(change.extensionId, false);
		case 'delete':
			await system.delete(change.extensionId);
			return null;
	}
}

/** Not every system says so when it does not keep a mark, and then it would be written for ever. */
async function update(
	system: PhoneSystem,
	change: Extract<Change, { extensionId: string; pbx: unknown }>,
): Promise<Extension> {
	const { [MARK]: mark, ...fields } = wantedFields(change);
	const after = await system.update(change.extensionId, fields, mark);
	if (mark === undefined) return after;
	const isKept = (after.externalId ?? '').toLowerCase() === (mark ?? '').toLowerCase();
	return isKept ? after : await Promise.reject(new DiagnosedError(markNotKept));
}

const markNotKept: Diagnostic = {
	code: 'account.markNotKept',
	what: 'The phone system did not keep the object ID on the extension.',
	why: 'It said yes, and read back, the place for it holds something else. The other values are written.',
	fix: 'Choose another place for the object ID in the credential, or none.',
};

function wantedFields(change: Extract<Change, { pbx: unknown }>): Contact {
	return Object.fromEntries(Object.entries(change.pbx).map(([name, { to }]) => [name, to]));
}

/** What to remember: only what the phone system confirmed, and only who is paired now. */
function linkTo(
	extension: Extension | null,
	userId: string | null,
	result: OutcomeResult,
	at: string | undefined,
): Link | null {
	if (!extension || !userId || result === 'held' || result === 'failed') return null;
	const { id: extensionId, number } = extension;
	const disabledAt = result === 'disabled' && at !== undefined ? { disabledAt: at } : {};
	return { userId, extensionId, number, state: 'active', ...disabledAt };
}

/** How a run goes: what worked, and whether it is the system that does not. */
class Run {
	/** Set once there is no point in going on. */
	stoppedBy: Diagnostic | null = null;
	written = 0;
	private refused = 0;
	private inARow = 0;
	private firstTrouble: Diagnostic | null = null;

	succeeded(): void {
		this.written += 1;
		this.inARow = 0;
	}

	/** Says why, and decides whether the next account is worth trying. */
	failed(thrown: unknown): Diagnostic {
		const diagnostic = diagnosticOf(thrown);
		if (diagnostic.code.startsWith('account.')) {
			this.refused += 1;
			this.inARow = 0;
			return diagnostic;
		}
		this.firstTrouble ??= diagnostic;
		this.inARow += 1;
		const hopeless = /^(signIn|run)\./.test(diagnostic.code) || this.inARow >= PATIENCE;
		if (hopeless) this.stoppedBy ??= diagnostic;
		return diagnostic;
	}

	throwIfNothingWorked(): void {
		if (this.firstTrouble && this.written === 0 && this.refused === 0) {
			throw new DiagnosedError(this.firstTrouble);
		}
	}
}

/** Why a new person heard nothing; null: all is well, or nobody asked for it. */
async function welcome(system: PhoneSystem, made: Extension | null): Promise<Diagnostic | null> {
	if (!system.welcome || made === null) return null;
	const trouble = await troubleOf(system.welcome(made));
	return (
		trouble && {
			code: 'account.notWelcomed',
			what: 'The extension was made, but its welcome mail was not sent.',
			why: `${trouble.what} ${trouble.why}`,
			fix: "Send it from the phone system's own administration.",
		}
	);
}

async function troubleOf(work: Promise<void>): Promise<Diagnostic | null> {
	return await work.then(
		() => null,
		(thrown: unknown) => diagnosticOf(thrown),
	);
}

/** What was written stays written, and says what is still missing. */
function withReason(applied: Applied, because: Diagnostic): Applied {
	const { outcome } = applied;
	const isWritten = outcome.because === null && outcome.result !== 'unchanged';
	return isWritten ? { ...applied, outcome: { ...outcome, because } } : applied;
}

function diagnosticOf(thrown: unknown): Diagnostic {
	if (thrown instanceof DiagnosedError) return thrown.diagnostic;
	return {
		code: 'system.unexpected',
		what: 'The phone system could not be talked to.',
		why: thrown instanceof Error ? thrown.message : String(thrown),
		fix: 'Run the workflow again; when it stays so, tell the makers of this package.',
	};
}

function stopped(cause: Diagnostic): Diagnostic {
	return {
		code: 'apply.stopped',
		what: 'Not tried any more, because the phone system stopped answering properly.',
		why: cause.what,
		fix: `${cause.fix} The next run does what is left.`,
	};
}

/** Never reached: there is a task for every verdict. */
const NO_TASK: Task = {
	change: { kind: 'create', number: null, pbx: {}, directory: {} },
	userId: null,
};
