/**
 * Extensions nobody may touch, whatever the evidence: reception, lifts, alarm lines, the
 * managing director.
 */
import { DiagnosedError } from './diagnostic';
import type { Extension } from './item';

export type ProtectedEntry =
	| { readonly kind: 'range'; readonly from: string; readonly to: string }
	| { readonly kind: 'email'; readonly email: string };

/**
 * Reads a list such as `100, 200-299, reception@example.com`, separated by commas, semicolons or
 * line breaks. Numbers are text: `007` protects only `007`. Throws a `DiagnosedError` for an entry
 * it cannot read, because an entry passed over would be an extension nobody protects.
 */
export function readProtected(text: string): ProtectedEntry[] {
	return text
		.split(/[,;\n]/)
		.map((entry) => entry.trim())
		.filter((entry) => entry !== '')
		.map(readEntry);
}

export function isProtected(extension: Extension, entries: readonly ProtectedEntry[]): boolean {
	const number = extension.number?.trim() ?? '';
	const email = extension.fields['email']?.trim().toLowerCase() ?? '';
	return entries.some((entry) =>
		entry.kind === 'email'
			? entry.email === email
			: number.length === entry.from.length &&
				/^\d+$/.test(number) &&
				entry.from <= number &&
				number <= entry.to,
	);
}

function readEntry(entry: string): ProtectedEntry {
	if (/^\S+@\S+$/.test(entry)) return { kind: 'email', email: entry.toLowerCase() };
	const [, from = '', to = from] = /^(\d+)(?:\s*[-–]\s*(\d+))?$/.exec(entry) ?? [];
	if (from !== '' && from.length === to.length && from <= to) return { kind: 'range', from, to };
	throw new DiagnosedError({
		code: 'cleanup.protectedUnreadable',
		what: `'${entry}' in 'Protected Extensions' is not a number, a range or a mail address.`,
		why: 'A range goes up, and both of its ends have the same number of digits.',
		fix: 'Write entries such as 100, 200-299 or reception@example.com, with commas between them.',
		field: 'Protected Extensions',
	});
}
