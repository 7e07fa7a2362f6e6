/**
 * `$search` of directory objects: `"displayName:sales"`, several joined by OR. Names and
 * descriptions are searched word by word, everything else from its beginning (Learn, "Use the
 * $search query parameter", directory object collections).
 */
import { badRequest } from './refusal.mts';

const BY_WORD = new Set(['displayName', 'description']);
const CLAUSE = /^"(\w+):((?:[^"\\]|\\.)*)"$/;

export type Matches = (values: Readonly<Record<string, unknown>>) => boolean;

export function compileSearch(text: string): Matches {
	const clauses = text.split(/ OR (?=")/).map((clause): Matches => {
		const [, name = '', escaped = ''] = CLAUSE.exec(clause.trim()) ?? [];
		const wanted = escaped.replace(/\\(.)/g, '$1').toLowerCase();
		if (name === '') throw badRequest(`Syntax error: ${clause} is not a valid search clause.`);
		return (values) => {
			const value = String(values[name] ?? '').toLowerCase();
			if (!BY_WORD.has(name)) return value.startsWith(wanted);
			const words = wordsOf(value);
			return wordsOf(wanted).every((part) => words.some((word) => word.startsWith(part)));
		};
	});
	return (values) => clauses.some((matches) => matches(values));
}

const wordsOf = (text: string) => text.split(/[^\p{L}\p{N}]+/u).filter((word) => word !== '');
