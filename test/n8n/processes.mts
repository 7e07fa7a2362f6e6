/** Finds processes by a mark in their environment, which children inherit. Linux only. */
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';

export const MARK = 'ENTRA_PBX_SYNC_TEST_RUN';

/** Process ids that carry this value of the mark, zombies aside. */
export function marked(value: string): number[] {
	const ids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
	return ids.map(Number).filter((id) => {
		try {
			const environment = readFileSync(`/proc/${id}/environ`, 'utf8').split('\0');
			return environment.includes(`${MARK}=${value}`);
		} catch {
			// It ended meanwhile, or is another user's.
			return false;
		}
	});
}

/** The marked processes that are still there after a moment of grace; normally none. */
export async function leftOver(value: string, graceMs = 10_000): Promise<number[]> {
	const deadline = Date.now() + graceMs;
	while (marked(value).length > 0 && Date.now() < deadline) await wait(100);
	return marked(value);
}
