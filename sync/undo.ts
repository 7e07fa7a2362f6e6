/**
 * Takes a run back: from its journal and from how the extensions are now, the changes that restore
 * what the run wrote. Field by field, and only where the value is still the one the run wrote, so
 * that what somebody corrected since is not trampled.
 */
import { byText } from './order';
import type { FieldDefinition } from './contact';
import { DiagnosedError, type Diagnostic } from './diagnostic';
import { fingerprint } from './fingerprint';
import type { Change, Extension, FieldChange } from './item';
import { MARK, valueNamed } from './mark';
import { sameValue } from './merge';
import { KEPT } from './undo-words';

/** A row of Sync Report's Journal, read. */
export interface Written {
	readonly runId: string;
	readonly extensionId: string;
	readonly kind: Change['kind'];
	/** What the run wrote, by field; `enabled` is 'true' or 'false'. */
	readonly changes: Readonly<Record<string, FieldChange>>;
}

export interface UndoInput {
	/** In the order they were written. */
	readonly rows: readonly Written[];
	/** All extensions as they are now, by id. */
	readonly current: ReadonlyMap<string, Extension>;
	readonly fields: readonly FieldDefinition[];
	readonly can: {
		readonly disable: boolean;
		readonly delete: boolean;
		readonly changeNumber: boolean;
	};
	/** What the run created is deleted instead of disabled. */
	readonly deleteCreated: boolean;
	/**
	 * Ids of extensions of which some row could not be read. They are left alone: from a part of what
	 * was written, a value would be put back that was there in the middle of the run.
	 */
	readonly unread?: ReadonlySet<string>;
}

/** For one extension. */
export interface UndoStep {
	readonly extensionId: string;
	readonly extension: Extension | null;
	/**
	 * To be made one after the other: values first, then taking out of use. Empty when nothing can or
	 * need be done.
	 */
	readonly changes: readonly Change[];
	/** What stays as it is, and why. */
	readonly kept: readonly Diagnostic[];
}

/**
 * One step per extension, by id. Throws a `DiagnosedError` when the rows are of more than one run:
 * whoever takes two runs back should see the first one done.
 */
export function planUndo(input: UndoInput): UndoStep[] {
	const runs = new Set(input.rows.map(({ runId }) => runId));
	if (runs.size > 1) throw new DiagnosedError(KEPT.severalRuns([...runs].sort(byText)));
	const byExtension = new Map<string, Written[]>();
	for (const row of input.rows) {
		byExtension.set(row.extensionId, [...(byExtension.get(row.extensionId) ?? []), row]);
	}
	return [...byExtension]
		.sort(([a], [b]) => byText(a, b))
		.map(([extensionId, rows]) => undo(extensionId, rows, input));
}

function undo(extensionId: string, rows: readonly Written[], input: UndoInput): UndoStep {
	const extension = input.current.get(extensionId) ?? null;
	const leave = (because: Diagnostic): UndoStep => ({
		extensionId,
		extension,
		changes: [],
		kept: [because],
	});
	if (input.unread?.has(extensionId)) return leave(KEPT.unread);
	if (rows.some(({ kind }) => kind === 'delete')) return leave(KEPT.deleted);
	if (extension === null) return leave(KEPT.gone);
	const { enabled, ...written } = together(rows);
	if (rows.some(({ kind }) => kind === 'create')) return undoCreation(extension, written, input);

	const ofDirectory = rows.some(({ changes }) => Object.keys(changes).some(isDirectory));
	const kept: Diagnostic[] = ofDirectory ? [KEPT.directory] : [];
	const pbx: Record<string, FieldChange> = {};
	for (const [name, { from, to }] of Object.entries(written)) {
		const now = valueNamed(extension, name);
		if (same(now, from, name, input)) continue;
		const because = whyKept(name, now, { from, to }, input);
		if (because) kept.push(because);
		else pbx[name] = { from: now, to: from };
	}
	const change = { extensionId, pbx, directory: {}, basedOn: fingerprint(extension) };
	const changes: Change[] = [];
	const wasOff = enabled?.from === 'false' && enabled.to === 'true';
	const wasOn = enabled?.from === 'true' && enabled.to === 'false';
	const switchBack = wasOff ? extension.enabled === true : wasOn && extension.enabled === false;
	if (switchBack && !input.can.disable) kept.push(KEPT.cannotSwitch);
	const switches = switchBack && input.can.disable;
	if (switches && wasOn) changes.push({ kind: 'enable', ...change });
	else if (Object.keys(pbx).length > 0) changes.push({ kind: 'update', ...change });
	if (switches && wasOff) changes.push({ kind: 'disable', extensionId, basedOn: change.basedOn });
	return { extensionId, extension, changes, kept };
}

/** Whoever uses it by now has put other values in; an untouched one is taken out of use. */
function undoCreation(
	extension: Extension,
	written: Readonly<Record<string, FieldChange>>,
	input: UndoInput,
): UndoStep {
	const { id: extensionId } = extension;
	const basedOn = fingerprint(extension);
	const step = (changes: readonly Change[], kept: readonly Diagnostic[] = []) => ({
		extensionId,
		extension,
		changes,
		kept,
	});
	const taken = Object.entries(written).find(
		([name, { to }]) =>
			isTold(extension, name) && !same(valueNamed(extension, name), to, name, input),
	);
	if (taken) return step([], [KEPT.inUse(taken[0])]);
	if (input.deleteCreated) {
		return input.can.delete
			? step([{ kind: 'delete', extensionId, basedOn }])
			: step([], [KEPT.cannotDelete]);
	}
	if (extension.enabled === false) return step([]);
	return input.can.disable
		? step([{ kind: 'disable', extensionId, basedOn }])
		: step([], [KEPT.cannotSwitch]);
}

/** The journal keeps what was written to the directory beside the fields, as `directory.mobilePhone`. */
function isDirectory(name: string): boolean {
	return name.startsWith('directory.');
}

/** Several writes of one run as one: from what it was before the first to what it is after the last. */
function together(rows: readonly Written[]): Record<string, FieldChange> {
	const all: Record<string, FieldChange> = {};
	for (const { changes } of rows) {
		for (const [name, { from, to }] of Object.entries(changes)) {
			if (isDirectory(name)) continue;
			const first = Object.hasOwn(all, name) ? all[name] : undefined;
			all[name] = { from: first ? first.from : from, to };
		}
	}
	return all;
}

function whyKept(
	name: string,
	now: string | null,
	{ from, to }: FieldChange,
	input: UndoInput,
): Diagnostic | null {
	const { fields, can } = input;
	const field = fields.find((each) => each.name === name);
	if (!same(now, to, name, input)) return KEPT.changedSince(name);
	if (name === MARK) return null;
	if (name === 'number' ? !can.changeNumber : field === undefined || field.createOnly === true)
		return KEPT.cannotWrite(name);
	if (!from && (field?.required === true || name === 'number')) return KEPT.cannotClear(name);
	return null;
}

/** What can only be given when creating need not be told afterwards, and then says nothing. */
function isTold({ fields }: Extension, name: string): boolean {
	return name === 'number' || name === MARK || Object.hasOwn(fields, name);
}

/** Equal as the plan compares, or undoing would differ from doing. */
function same(a: string | null, b: string | null, name: string, { fields }: UndoInput): boolean {
	const field = fields.find((each) => each.name === name);
	if (field === undefined) return (a || null) === (b || null);
	return sameValue(a || null, b || null, field);
}
