/**
 * Lists of extensions as administrators write them: those nobody may touch, whatever the evidence
 * (reception, lifts, alarm lines, the managing director), and groups with a limit of their own.
 */
import type { Extension } from './item';
import { inRanges, parseRanges, type NumberRange } from './numbers';

export interface ExtensionList {
	readonly numbers: readonly NumberRange[];
	/** In lower case. For systems whose accounts have no numbers. */
	readonly emails: ReadonlySet<string>;
	/** Marks such as a department: a field that holds a value, both in lower case. */
	readonly marks: ReadonlyArray<{ readonly field: string; readonly value: string }>;
}

/**
 * Reads a list such as `100, 200-299, reception@example.com, department=Reception`, separated by
 * commas, semicolons or line breaks. Throws a `DiagnosedError` for an entry it cannot read, because an entry passed over
 * would be an extension nobody protects. `field`: where the text was typed.
 */
export function readExtensionList(text: string, field: string): ExtensionList {
	const entries = text.split(/[,;\n]/).map((entry) => entry.trim());
	const marks = entries.flatMap((entry) => {
		const [, field, value] = MARK.exec(entry) ?? [];
		return field && value ? [{ field: field.toLowerCase(), value: value.toLowerCase() }] : [];
	});
	const plain = entries.filter((entry) => !MARK.test(entry));
	return {
		numbers: parseRanges(plain.filter((entry) => !isEmail(entry)).join(','), field),
		emails: new Set(plain.filter(isEmail).map((entry) => entry.toLowerCase())),
		marks,
	};
}

/** What lists look at. */
export type Listed = Pick<Extension, 'number' | 'fields'>;

export function isListed({ number, fields }: Listed, list: ExtensionList): boolean {
	return (
		(number !== null && inRanges(list.numbers, number.trim())) ||
		list.emails.has(fields['email']?.trim().toLowerCase() ?? '') ||
		list.marks.some(({ field, value }) =>
			Object.entries(fields).some(
				([name, held]) => name.toLowerCase() === field && held?.trim().toLowerCase() === value,
			),
		)
	);
}

/** `department=Reception`: our field names. */
const MARK = /^(\w+)\s*=\s*(\S.*)$/;

function isEmail(entry: string): boolean {
	return /^\S+@\S+$/.test(entry);
}
