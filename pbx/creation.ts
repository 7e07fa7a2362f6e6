import { lossOf } from '../http/loss';
import { DiagnosedError } from '../sync/diagnostic';
import type { Extension } from '../sync/item';
import { OBJECT_ID } from '../sync/keys';
import type { NewExtension } from './adapter';

/**
 * Makes an account once, even when the answer is lost on the way.
 *
 * When `send` rejects in a way that leaves open whether the account was made, `find` looks for it.
 * `find` gives only an account that is clearly the one that was to be made, never one that merely
 * is in its place. Otherwise the first rejection is handed on.
 */
export async function createOnce<Account>(
	send: () => Promise<Account>,
	find: () => Promise<Account | null>,
): Promise<Account> {
	try {
		return await send();
	} catch (thrown) {
		return (await foundAfter(thrown, find)) ?? (await Promise.reject(thrown));
	}
}

/**
 * Whether an account that is in the place of the one to be made is that very one, made by an
 * earlier try: it carries the same object id; where neither says, the same mail address; without a
 * mail address, every value that was to be written.
 */
export function isClearly(found: Extension, { externalId, fields }: NewExtension): boolean {
	// What is no object id was put there by somebody else and says nothing.
	if (externalId && OBJECT_ID.test(found.externalId ?? ''))
		return found.externalId?.toLowerCase() === externalId.toLowerCase();
	const mail = fields['email']?.toLowerCase();
	if (mail) return found.fields['email']?.toLowerCase() === mail;
	const values = Object.entries(fields).filter(([, value]) => value !== null && value !== '');
	return values.length > 0 && values.every(([name, value]) => found.fields[name] === value);
}

async function foundAfter<Account>(
	thrown: unknown,
	find: () => Promise<Account | null>,
): Promise<Account | null> {
	if (!isPerhapsMade(thrown)) return null;
	try {
		return await find();
	} catch {
		return null; // why the creating itself was refused says more
	}
}

const PERHAPS_MADE = new Set([
	'account.duplicate',
	'system.unwell',
	'system.webPage',
	'system.answerBroken',
	'system.answerTooDeep',
	'system.answerTooLong',
	'system.answerUnexpected',
]);

function isPerhapsMade(thrown: unknown): boolean {
	if (thrown instanceof DiagnosedError && PERHAPS_MADE.has(thrown.diagnostic.code)) return true;
	return lossOf(thrown) === 'unknown';
}
