import { createHash } from 'node:crypto';
import type { Change, Extension } from './item';

/**
 * What an extension looked like, in 32 hex characters. A change carries the fingerprint of the
 * extension it was decided from; the writing node takes it again just before writing and holds the
 * change when the two differ.
 *
 * Covers id, number, enabled, externalId and every field, whatever their order. A field that is
 * absent, null or empty text counts as the same nothing, because one system's list leaves out what
 * its detail view shows as empty.
 */
export function fingerprint(extension: Extension): string {
	const { id, number, enabled, externalId, fields } = extension;
	const filled = Object.keys(fields)
		.filter((name) => fields[name])
		.sort()
		.map((name) => [name, fields[name]]);
	return sha256([id, number || null, enabled, externalId || null, filled]).slice(0, 32);
}

/**
 * One digest over all changes of a plan, in 64 hex characters: what was previewed is what is
 * applied. Neither the order of the changes nor the order of their fields matters, and a change
 * that writes nothing (see `writesNothing`) does not count.
 */
export function planDigest(changes: Iterable<{ userId: string | null; change: Change }>): string {
	const lines: string[] = [];
	for (const { userId, change } of changes) {
		if (!writesNothing(change)) lines.push(JSON.stringify([userId, sorted(change)]));
	}
	return sha256(lines.sort());
}

/**
 * An update that names no field. It is on the wire so that the pairing is remembered (an adopted
 * extension that is already right), or because all users were asked for.
 */
export function writesNothing(change: Change): boolean {
	return (
		change.kind === 'update' &&
		Object.keys(change.pbx).length === 0 &&
		Object.keys(change.directory).length === 0
	);
}

/** The same value with the keys of every object in alphabetical order, as pairs. */
function sorted(value: unknown): unknown {
	if (typeof value !== 'object' || value === null) return value;
	return Object.entries(value)
		.sort(([a], [b]) => (a < b ? -1 : 1))
		.map(([key, inner]) => [key, sorted(inner)]);
}

function sha256(value: unknown): string {
	return createHash('sha256').update(JSON.stringify(value)).digest('hex');
}
