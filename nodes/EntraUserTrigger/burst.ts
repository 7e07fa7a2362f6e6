/**
 * Many notifications, one run. A change by an administrator often comes as several notifications,
 * and an import as thousands; each of them starting a run would only read the same changes again.
 */
import { pause } from '../../http/wait';

export interface BurstLimits {
	/** From the first notification on. */
	readonly waitMs: number;
	/** So many users, and there is no more waiting. */
	readonly most: number;
}

/** The bursts that are being collected in this process, by subscription. */
const open = new Map<string, Set<string>>();

/** How often a burst is looked at. */
const LOOK_MS = 100;

/**
 * Adds users to the burst that is being collected under this key and gives null; or begins one, waits
 * until it is complete, and gives all its users. With several n8n processes each collects its own,
 * which costs a run that finds nothing to do.
 */
export async function collect(
	key: string,
	users: readonly string[],
	{ waitMs, most }: BurstLimits,
): Promise<string[] | null> {
	const collecting = open.get(key);
	if (collecting) {
		for (const id of users) collecting.add(id);
		return null;
	}
	const burst = new Set(users);
	open.set(key, burst);
	for (let waited = 0; waited < waitMs && burst.size < most; waited += LOOK_MS) {
		await pause(Math.min(LOOK_MS, waitMs - waited));
	}
	open.delete(key);
	return [...burst];
}
