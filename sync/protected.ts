/**
 * Extensions nobody may touch, whatever the evidence: reception, lifts, alarm lines, the
 * managing director.
 */
import type { Extension } from './item';
import { inRanges, parseRanges, type NumberRange } from './numbers';

export interface ProtectedList {
	readonly numbers: readonly NumberRange[];
	/** In lower case. For systems whose accounts have no numbers. */
	readonly emails: ReadonlySet<string>;
}

/**
 * Reads a list such as `100, 200-299, reception@example.com`, separated by commas, semicolons or
 * line breaks. Throws a `DiagnosedError` for an entry it cannot read, because an entry passed over
 * would be an extension nobody protects.
 */
export function readProtected(text: string): ProtectedList {
	const entries = text.split(/[,;\n]/).map((entry) => entry.trim());
	return {
		numbers: parseRanges(
			entries.filter((entry) => !isEmail(entry)).join(','),
			'Protected Extensions',
		),
		emails: new Set(entries.filter(isEmail).map((entry) => entry.toLowerCase())),
	};
}

export function isProtected(extension: Extension, list: ProtectedList): boolean {
	const { number, fields } = extension;
	return (
		(number !== null && inRanges(list.numbers, number.trim())) ||
		list.emails.has(fields['email']?.trim().toLowerCase() ?? '')
	);
}

function isEmail(entry: string): boolean {
	return /^\S+@\S+$/.test(entry);
}
