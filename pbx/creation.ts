import { lossOf } from '../http/loss';
import { DiagnosedError } from '../sync/diagnostic';

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
	'system.answerUnexpected',
]);

function isPerhapsMade(thrown: unknown): boolean {
	if (thrown instanceof DiagnosedError && PERHAPS_MADE.has(thrown.diagnostic.code)) return true;
	return lossOf(thrown) === 'unknown';
}
