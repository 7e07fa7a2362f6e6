import { sleep } from 'n8n-workflow';

/**
 * Waits `ms` milliseconds, or rejects at once with the signal's reason when the run is cancelled.
 *
 * n8n's rules for nodes do not allow timers of their own, so the host's `sleep` does the waiting.
 * It rejects on a cancelled run only, with an error of its own; the check afterwards gives the
 * signal's reason instead, also with hosts whose `sleep` does not listen to a signal yet.
 */
export async function pause(ms: number, signal?: AbortSignal): Promise<void> {
	signal?.throwIfAborted();
	await sleep(ms, signal).catch(() => undefined);
	signal?.throwIfAborted();
}
