/**
 * The first run after somebody changed scope, mapping or numbering only previews, and says which of
 * its changes come from that edit and which from the directory, as far as that can be known.
 */
import { createHash } from 'node:crypto';
import { fieldName, list } from './report/words';
import type { Diagnostic } from './diagnostic';
import type { Change, SettingsPrint } from './item';

/** Key of what counts for all fields of the mapping. */
export const ALL_FIELDS = '*';

export interface SettingsParts {
	readonly scope: unknown;
	/** By field; what counts for all fields under `ALL_FIELDS`. */
	readonly mapping: Readonly<Record<string, unknown>>;
	readonly numbering: unknown;
}

/** The order of keys does not matter, the order of lists does. */
export function printOf({ scope, mapping, numbering }: SettingsParts): SettingsPrint {
	const fields = Object.entries(mapping).map(([field, rule]) => [field, digest(rule)] as const);
	const print = {
		scope: digest(scope),
		mapping: Object.fromEntries(fields.sort(([a], [b]) => (a < b ? -1 : 1))),
		numbering: digest(numbering),
	};
	return { code: digest(print), ...print };
}

export type Origin = 'edit' | 'directory' | 'either';

/** Where a change comes from, given the settings before and now. */
export function originOf(change: Change, before: SettingsPrint, now: SettingsPrint): Origin {
	const fields = editedFields(before, now);
	const numbering = before.numbering !== now.numbering;
	const elsewhere = before.scope !== now.scope || numbering || fields.has(ALL_FIELDS);
	if (!('pbx' in change) || change.kind === 'create') return elsewhere ? 'either' : 'directory';
	const names = Object.keys(change.pbx);
	const edited = names.filter((name) => fields.has(name) || (name === 'number' && numbering));
	if (edited.length === names.length && names.length > 0 && change.kind === 'update') return 'edit';
	return edited.length > 0 || elsewhere ? 'either' : 'directory';
}

/** Null when the settings are those of the last run that wrote, or a person said yes to them. */
export function changedSettings(
	before: SettingsPrint | null,
	now: SettingsPrint,
	accepted: string,
	changes: readonly Change[],
): Diagnostic | null {
	if (before === null || before.code === now.code || accepted.trim() === now.code) return null;
	const origins = changes.map((change) => originOf(change, before, now));
	const count = (origin: Origin) => String(origins.filter((each) => each === origin).length);
	return {
		code: 'settings.changed',
		what: `The settings changed since the last run that wrote (${list(whatChanged(before, now))}), so this run only previews.`,
		why: `Of ${String(changes.length)} changes ${count('edit')} come from the edit, ${count('directory')} from the directory, and of ${count('either')} it cannot be told.`,
		fix: `Look through the report. If it is right, put ${now.code} into the option 'Accepted Settings' of Extension Allocator.`,
		field: 'Accepted Settings',
	};
}

/** For the story an item tells. */
export function originInWords(origin: Origin): string {
	return {
		edit: 'Comes from the edited settings.',
		directory: 'Comes from the directory.',
		either: 'May come from the edited settings or from the directory.',
	}[origin];
}

function whatChanged(before: SettingsPrint, now: SettingsPrint): string[] {
	const fields = [...editedFields(before, now)];
	const named = fields.filter((field) => field !== ALL_FIELDS).map(fieldName);
	return [
		...(before.scope === now.scope ? [] : ['who is read']),
		...(named.length === 0 ? [] : [`the mapping of ${list(named)}`]),
		...(fields.includes(ALL_FIELDS) ? ['the mapping as a whole'] : []),
		...(before.numbering === now.numbering ? [] : ['pairing and numbering']),
	];
}

function editedFields(before: SettingsPrint, now: SettingsPrint): ReadonlySet<string> {
	const all = [...Object.keys(before.mapping), ...Object.keys(now.mapping)];
	return new Set(all.filter((field) => before.mapping[field] !== now.mapping[field]));
}

function digest(value: unknown): string {
	return createHash('sha256')
		.update(JSON.stringify(inOrder(value)))
		.digest('hex')
		.slice(0, 10);
}

function inOrder(value: unknown): unknown {
	if (Array.isArray(value)) return value.map(inOrder);
	if (typeof value !== 'object' || value === null) return value ?? null;
	return Object.entries(value)
		.sort(([a], [b]) => (a < b ? -1 : 1))
		.map(([key, inner]) => [key, inOrder(inner)]);
}
