import type { Contact, FieldDefinition } from './contact';
import type { FieldChange, FieldChanges } from './item';

export interface MergeInput {
	/** What the mapping wants. A field that is absent is not mapped and never touched. */
	readonly contact: Contact;
	/** What the extension holds now; null when it is about to be made. */
	readonly current: Contact | null;
	/** What the phone system has. Wishes for anything else are dropped. */
	readonly fields: readonly FieldDefinition[];
	/** Field names the mapping writes only when creating. */
	readonly createOnly: readonly string[];
}

/**
 * The fields that must be written, each with what it was and what it becomes. Empty text and null
 * are the same nothing. A field the phone system cannot do without is never cleared. The extension
 * number is not decided here.
 */
export function merge({ contact, current, fields, createOnly }: MergeInput): FieldChanges {
	let changes: Record<string, FieldChange> | null = null;
	for (const field of fields) {
		const { name } = field;
		const wish = contact[name];
		if (wish === undefined || name === 'number') continue;
		if (current !== null && (field.createOnly || createOnly.includes(name))) continue;
		const from = current?.[name] || null;
		const to = (field.unordered ? inOrder(wish) : wish) || null;
		if (to === null && field.required) continue;
		if (sameValue(from, to, field)) continue;
		changes ??= {};
		changes[name] = { from, to };
	}
	return changes ?? NOTHING;
}

/** Of most users in most runs, so it is one and the same. */
const NOTHING: FieldChanges = {};

/** Several values in the one order they are compared and written in. */
function inOrder(values: string | null): string {
	const all = (values ?? '').split(';').map((value) => value.trim());
	return [...new Set(all.filter((value) => value !== ''))].sort().join('; ');
}

/** Equal as far as the phone system is concerned. */
export function sameValue(
	a: string | null,
	b: string | null,
	{ ignoreCase }: FieldDefinition,
): boolean {
	return a === b || (ignoreCase === true && a?.toLowerCase() === b?.toLowerCase());
}
