import { sleep } from 'n8n-workflow';

/**
 * Waits `ms` milliseconds, or rejects at once with the signal's reason when the run is cancelled.
 *
 * n8n's rules for nodes do not allow timers of their own, so the host's `sleep` does the waiting.
 * The check afterwards is for hosts older than the one whose `sleep` listens to a signal.
 */
export async function pause(ms: number, signal?: AbortSignal): Promise<void> {
	signal?.throwIfAborted();
	await sleep(ms, signal);
	signal?.throwIfAborted();
}
