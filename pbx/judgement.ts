/** Whether a planned change may still be written, given how the account looks now. */
import type { Diagnostic } from '../sync/diagnostic';
import { fingerprint, writesNothing } from '../sync/fingerprint';
import type { Change, Extension } from '../sync/item';
import { valueNamed } from '../sync/mark';
import type { Capabilities, Consented } from './adapter';

/** One change, and for whom. */
export interface Task {
	readonly change: Change;
	/** The directory's object id; null when nobody in the directory is meant. */
	readonly userId: string | null;
	/** The pool its new number comes from; absent or null: from none. */
	readonly pool?: string | null;
}

/** Accounts as they are just before writing; null: there is no such account. */
export type Before = ReadonlyMap<string, Extension | null>;

export type Verdict =
	| { readonly kind: 'write'; readonly extension: Extension | null }
	/** As it should be already. */
	| { readonly kind: 'done'; readonly extension: Extension | null }
	| { readonly kind: 'hold'; readonly extension: Extension | null; readonly because: Diagnostic };

/** One verdict per task, in their order. */
export function judge(
	tasks: readonly Task[],
	before: Before,
	capabilities: Capabilities,
	mayDelete: boolean,
	consents: ReadonlySet<Consented> = new Set(),
): Verdict[] {
	const seen = new Set<string>();
	return tasks.map(({ change, userId }) => {
		const extension = 'extensionId' in change ? (before.get(change.extensionId) ?? null) : null;
		const hold = (because: Diagnostic): Verdict => ({ kind: 'hold', extension, because });

		const subject =
			'extensionId' in change ? `extension ${change.extensionId}` : `user ${userId ?? ''}`;
		if (seen.has(subject) && subject !== 'user ') return hold(twice);
		seen.add(subject);

		const cannot = unable(change, capabilities);
		if (cannot) return hold(cannot);
		if (change.kind === 'delete' && !mayDelete) return hold(mayNotDelete);
		const unwanted = withoutConsent(change, capabilities, consents);
		if (change.kind === 'create') {
			return unwanted ? hold(unwanted) : { kind: 'write', extension: null };
		}
		if (!extension) return change.kind === 'delete' ? { kind: 'done', extension } : hold(gone);

		const isAsPlanned = fingerprint(extension) === change.basedOn;
		if (writesNothing(change)) return isAsPlanned ? { kind: 'done', extension } : hold(stale);
		if (isDone(change, extension)) return { kind: 'done', extension };
		if (!isAsPlanned) return hold(stale);
		return unwanted ? hold(unwanted) : { kind: 'write', extension };
	});
}

/** Whether somebody, or this plan in an earlier try, has made the change already. */
function isDone(change: Change, extension: Extension): boolean {
	const { enabled } = extension;
	switch (change.kind) {
		case 'create':
		case 'delete':
			return false;
		case 'disable':
			return enabled === false;
		case 'update':
		case 'enable':
			return (
				(change.kind === 'update' || enabled === true) &&
				Object.entries(change.pbx).every(
					([name, { to }]) => valueNamed(extension, name) === (to || null),
				)
			);
	}
}

function unable({ kind }: Change, capabilities: Capabilities): Diagnostic | null {
	if (kind === 'create' && !capabilities.canCreate) return byHand('create');
	if (kind === 'delete' && !capabilities.canDelete) return byHand('delete');
	const isSwitch = kind === 'disable' || kind === 'enable';
	return isSwitch && capabilities.disable === 'none' ? byHand(kind) : null;
}

function withoutConsent(
	change: Change,
	{ sideEffects = {} }: Capabilities,
	consents: ReadonlySet<Consented>,
): Diagnostic | null {
	// Enabling may carry field changes, which are an update.
	const kind = change.kind === 'enable' ? 'update' : change.kind;
	if (kind !== 'create' && kind !== 'update') return null;
	const why = sideEffects[kind];
	if (why === undefined || consents.has(kind)) return null;
	const [verb, setting] =
		kind === 'create' ? ['creating', 'Allow Creating'] : ['updating', 'Allow Updating'];
	return {
		code: `change.notAllowed.${kind}`,
		what: `Held: ${verb} extensions is not allowed on this phone system so far.`,
		why,
		fix: `When that is what you want, switch on '${setting}' in its credential.`,
		field: setting,
	};
}

function byHand(verb: string): Diagnostic {
	return {
		code: `system.cannot.${verb}`,
		what: `To do by hand: this phone system cannot ${verb} an extension from outside.`,
		why: 'Its interface has no request for it.',
		fix: "Do it in the phone system's own administration.",
	};
}

const stale: Diagnostic = {
	code: 'change.stale',
	what: 'Held: the extension is not as it was when this change was planned.',
	why: 'Somebody changed it in between, and what was previewed is what is written, or nothing.',
	fix: 'Run the workflow again; it plans from how things are now.',
};

const gone: Diagnostic = {
	code: 'change.gone',
	what: 'Held: the extension is no longer there.',
	why: 'Somebody removed it after this change was planned.',
	fix: 'Run the workflow again; it plans from how things are now.',
};

const twice: Diagnostic = {
	code: 'change.twice',
	what: 'Held: the plan has another change for the same extension or user.',
	why: 'Two lists of changes come together, or one came twice.',
	fix: 'Connect the Changes output of one Extension Allocator, once.',
};

const mayNotDelete: Diagnostic = {
	code: 'change.mayNotDelete',
	what: 'Held: an AI agent does not delete extensions.',
	why: 'A deleted extension does not come back.',
	fix: 'Disable it, or delete it in a workflow without an agent.',
};
