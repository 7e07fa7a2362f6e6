/** Fields somebody wants to hear about rather than have put back: what was changed by hand. */
import type { FieldDefinition } from './contact';
import type { Diagnostic } from './diagnostic';
import type { ContactItem, Extension, FieldChange } from './item';
import { merge } from './merge';
import { byText } from './order';

export interface Drift extends FieldChange {
	/** `FieldDefinition.name`. */
	readonly field: string;
	/** Number of the extension, or its id where it has none. */
	readonly extension: string;
}

/** Examples in one note; the rest is counted. */
const MOST_SHOWN = 10;

/** How an extension differs from the mapping, in fields that are only reported. */
export function driftOf(
	{ contact, reportOnly = [] }: ContactItem,
	{ id, number, fields: current }: Extension,
	fields: readonly FieldDefinition[],
): Drift[] {
	if (contact === null || reportOnly.length === 0) return [];
	const reported = fields.filter(({ name }) => reportOnly.includes(name));
	const changes = merge({ contact, current, fields: reported, createOnly: [] });
	return Object.entries(changes).map(([field, change]) => ({
		field,
		extension: number ?? id,
		...change,
	}));
}

/** One note for each field. The same whatever order the differences come in. */
export function driftNotes(
	drifts: readonly Drift[],
	fields: readonly FieldDefinition[],
): Diagnostic[] {
	return fields.flatMap(({ name, displayName }) => {
		const same = drifts
			.filter(({ field }) => field === name)
			.sort((a, b) => byText(a.extension, b.extension));
		return same.length === 0 ? [] : [noteOn(displayName, same)];
	});
}

function noteOn(displayName: string, drifts: readonly Drift[]): Diagnostic {
	const examples = drifts
		.slice(0, MOST_SHOWN)
		.map(({ extension, from, to }) => `${extension}: "${from ?? ''}" instead of "${to ?? ''}"`);
	const more = drifts.length - examples.length;
	const extensions =
		drifts.length === 1 ? '1 extension has' : `${String(drifts.length)} extensions have`;
	return {
		code: 'field.drift',
		what: `${extensions} another ${displayName} than the directory says.`,
		why: `${[...examples, ...(more > 0 ? [`and ${String(more)} more`] : [])].join('; ')}. The row of '${displayName}' only reports.`,
		fix: `Correct one of the two sides, or set 'When' of the row to 'Always' to have it put back.`,
		field: displayName,
	};
}
