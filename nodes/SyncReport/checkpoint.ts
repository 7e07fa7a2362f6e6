import type { IExecuteFunctions } from 'n8n-workflow';

import type { Material } from '../../sync/report/material';
import { settlePending } from '../host/checkpoints';

/** Reasons of the Cleaner to leave something as it is on purpose: the next run would do the same. */
const AS_INTENDED = new Set([
	'cleanup.reportOnly',
	'cleanup.neverPaired',
	'cleanup.protected',
	'cleanup.notProven',
	'cleanup.cannotDisable',
	'cleanup.cannotDelete',
]);

/**
 * At the end of a run: lets Entra User Source go on from here next time, or, when not everything was
 * carried out, has the same changes come again. Does nothing for runs that read everybody.
 */
export function settleReads(context: IExecuteFunctions, material: Material): void {
	const undone = whatIsUndone(material);
	const reads = settlePending(context, undone === null);
	if (reads === 0 || undone === null) return;
	context.addExecutionHints({
		message: `${undone} The next run of Entra User Source reads the same changes again.`,
		type: 'info',
		location: 'outputPane',
	});
}

/** A sentence, or null when all that was planned is done. */
function whatIsUndone({ summary, outcomes, failed, unknown }: Material): string | null {
	if (summary === null) return 'No Summary came, so nobody knows what was planned.';
	if (outcomes.some(({ outcome }) => outcome.dryRun)) return 'This run was a preview.';
	const lost =
		failed.length +
		outcomes.filter(
			({ outcome, directory }) => outcome.result === 'failed' || directory?.result === 'failed',
		).length;
	if (lost > 0) return `${lost} changes could not be made.`;
	const held = outcomes.filter(
		({ outcome: { result, because } }) =>
			result === 'held' && !AS_INTENDED.has(because?.code ?? ''),
	).length;
	if (held > 0) return `${held} changes were held.`;
	const planned = Object.values(summary.changes).reduce((sum, count) => sum + count, 0);
	// What the Cleaner does has evidence and is not part of the plan.
	const made = outcomes.filter(({ evidence }) => evidence === undefined).length;
	if (made < planned) return `${planned - made} of ${planned} planned changes did not arrive here.`;
	return unknown > 0 ? `${unknown} items were not understood.` : null;
}
