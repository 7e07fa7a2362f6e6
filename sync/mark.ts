/**
 * The mark of an extension under sync: the user's object id, where the phone system has a slot for
 * it. With it a pairing survives the loss of the links table together with a renamed mail address.
 */
import type { Extension, FieldChanges, User } from './item';
import type { KeyBook } from './keybook';
import { fold, OBJECT_ID } from './keys';

/** Stands among the fields of a change, so that it is previewed, limited, journalled and taken back. */
export const MARK = 'externalId';

/**
 * What is written to mark the extension as the user's. Nothing where it is marked, where the slot
 * holds something somebody else put there, or where another extension has this mark: two of the same
 * would leave it open whose is whose. Only object ids are written, because only they are recognised.
 */
export function markFor(
	{ id }: User,
	extension: Extension | null,
	facts: { readonly hasExternalId: boolean },
	marks: KeyBook,
): FieldChanges | null {
	if (!facts.hasExternalId || extension === null || extension.externalId) return null;
	if (!OBJECT_ID.test(id) || marks.holder(fold(id), extension) !== null) return null;
	return { [MARK]: { from: null, to: id } };
}

/** The value of a field or of the mark, as a change names them. Empty text is nothing. */
export function valueNamed({ number, externalId, fields }: Extension, name: string): string | null {
	const value = name === MARK ? externalId : name === 'number' ? number : fields[name];
	return value || null;
}
