/** Extensions without an active user, each with the evidence for it. */
import { decided } from './decision';
import type { Sorted } from './draft';
import type { ContactItem, Extension, Link, ReadMark, UnmatchedItem } from './item';
import { OBJECT_ID } from './keys';

export interface Reads {
	readonly users: ReadMark | null;
	readonly extensions: ReadMark;
}

/** The directory itself says that the user is disabled, deleted or out of scope. */
export function departed(
	{ user, decisions }: ContactItem,
	{ reason, by, extension }: Extract<Sorted, { kind: 'departed' }>,
	reads: Reads,
): UnmatchedItem {
	return {
		extension,
		evidence: { reason, userId: user.id, ...reads, knownBy: by },
		user,
		decisions: [...decisions, decided.matched(by, extension), decided.departed(reason)],
	};
}

/**
 * The extension is nobody's, which only two whole lists can say. `knownBy` tells whether it was
 * ever paired: a link row or an object id in its external-id slot.
 */
export function notFound(
	extension: Extension,
	linkedIds: ReadonlySet<string>,
	reads: Reads,
): UnmatchedItem {
	const marked = OBJECT_ID.test(extension.externalId ?? '') ? 'externalId' : null;
	const knownBy = linkedIds.has(extension.id) ? 'link' : marked;
	return {
		extension,
		evidence: { reason: 'notFound', userId: null, ...reads, knownBy },
		decisions: [decided.notFound(knownBy)],
	};
}

/** The extension ids of all rows that pair, ignored rows left out. */
export function linkedIds(links: readonly Link[]): ReadonlySet<string> {
	return new Set(
		links.filter(({ state }) => state !== 'ignored').map(({ extensionId }) => extensionId),
	);
}
