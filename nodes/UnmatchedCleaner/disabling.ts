import type { PhoneSystem } from '../../pbx/adapter';
import { DiagnosedError, type Diagnostic } from '../../sync/diagnostic';
import { fingerprint } from '../../sync/fingerprint';
import type { Extension } from '../../sync/item';

/** What became of one extension that was to be disabled. */
export type Disabling =
	| { readonly result: 'disabled'; readonly decision: string }
	| { readonly result: 'unchanged'; readonly decision: string }
	| { readonly result: 'held' | 'failed'; readonly because: Diagnostic };

/**
 * Disables one extension after the other, reading each once more just before.
 *
 * Rejects only while nothing has been written: when the phone system as a whole cannot be worked
 * with, nothing is lost by stopping. Later the same trouble makes the rest 'failed', so that what
 * was disabled is not forgotten.
 */
export async function disableAll(
	extensions: readonly Extension[],
	system: PhoneSystem,
): Promise<Disabling[]> {
	const done: Disabling[] = [];
	let written = false;
	let outage: Diagnostic | null = null;
	for (const extension of extensions) {
		if (outage !== null) {
			done.push({ result: 'failed', because: outage });
			continue;
		}
		const tried = await attempt(extension, system);
		if ('thrown' in tried) {
			const because = diagnose(tried.thrown);
			if (!because.code.startsWith('account.')) {
				if (!written) throw tried.thrown;
				outage = because;
			}
			done.push({ result: 'failed', because });
		} else {
			written ||= tried.result === 'disabled';
			done.push(tried);
		}
	}
	return done;
}

async function attempt(
	extension: Extension,
	system: PhoneSystem,
): Promise<Disabling | { readonly thrown: unknown }> {
	try {
		return await disable(extension, system);
	} catch (thrown) {
		return { thrown };
	}
}

async function disable(extension: Extension, system: PhoneSystem): Promise<Disabling> {
	const current = await system.get(extension.id);
	if (current === null)
		return { result: 'unchanged', decision: 'It is no longer on the phone system.' };
	if (current.enabled === false)
		return { result: 'unchanged', decision: 'It was disabled in the meantime.' };
	if (fingerprint(current) !== fingerprint(extension))
		return { result: 'held', because: CHANGED_SINCE };
	await system.setEnabled(extension.id, false);
	return { result: 'disabled', decision: 'Disabled.' };
}

const CHANGED_SINCE: Diagnostic = {
	code: 'cleanup.changedSince',
	what: 'Held: somebody changed the extension after it was read.',
	why: 'What it looked like when this was decided is no longer so.',
	fix: 'Nothing to do: the next run reads it anew and decides again.',
};

function diagnose(thrown: unknown): Diagnostic {
	if (thrown instanceof DiagnosedError) return thrown.diagnostic;
	return {
		code: 'run.unexpected',
		what: 'Something happened that this node does not know.',
		why: thrown instanceof Error ? thrown.message : String(thrown),
		fix: 'Run again. If it stays, report it with this text.',
	};
}
