/**
 * One run after the other makes people. Runs of one workflow may overlap, in queue mode even on different
 * machines; what they share is n8n's database, and what a node may keep there at any moment is the
 * memory behind Remove Duplicates. A number in it, of this node alone, says when the run that is
 * writing was last seen, in milliseconds since 1970. It is gone when nobody writes.
 *
 * n8n makes the number with an insert that only one of two runs succeeds with. A run that is killed
 * leaves its number behind, which counts for a minute and a half.
 */
import { DateTime } from 'luxon';
import type { IExecuteFunctions } from 'n8n-workflow';

import type { Diagnostic } from '../../sync/diagnostic';

const SILENT_AFTER_MS = 90_000;
const SEEN_EVERY_MS = 10_000;

export interface Turn {
	/** Says that this run is still at it. */
	seen(): Promise<void>;
	end(): Promise<void>;
}

/** Null: another run has it. Where n8n has no such memory, nobody waits for anybody. */
export async function takeTurn(context: IExecuteFunctions): Promise<Turn | null> {
	let last = now();
	// Of two that ask in the same ten seconds the second asks for what the first has put there.
	const silentSince = Math.floor((last - SILENT_AFTER_MS) / SEEN_EVERY_MS) * SEEN_EVERY_MS;
	if (!(await isNewest(context, silentSince))) return null;
	const tell = async () => {
		last = now();
		await isNewest(context, last);
	};
	await tell();
	return {
		async seen() {
			if (now() - last >= SEEN_EVERY_MS) await tell();
		},
		async end() {
			const { helpers } = context;
			await helpers.clearAllProcessedItems('node', OPTIONS).catch(() => undefined);
		},
	};
}

export const notOurTurn: Diagnostic = {
	code: 'run.overlaps',
	what: 'Held: another run of this workflow is writing, or was killed less than two minutes ago.',
	why: 'Two runs that write at once could give one person two extensions.',
	fix: 'Nothing to do: the next run does what is left. If it happens often, let the schedule leave more time between runs.',
};

const OPTIONS = { mode: 'latestIncrementalKey' } as const;

const now = () => DateTime.utc().toMillis();

/** Whether the number is larger than the one that is kept; it is kept then. */
async function isNewest(context: IExecuteFunctions, at: number): Promise<boolean> {
	const ask = async () => await context.helpers.checkProcessedAndRecord([at], 'node', OPTIONS);
	try {
		return (await ask()).processed.length === 0;
	} catch {
		// Another run was a moment quicker, so that the insert failed and a second try does not; or
		// there is no such memory at all.
		return await ask().then(
			() => false,
			() => true,
		);
	}
}
