import type { IExecuteFunctions } from 'n8n-workflow';
import { z } from 'zod';

import type { WriteTask } from '../../entra/write';
import type { Diagnostic } from '../../sync/diagnostic';
import { DiagnosedError } from '../../sync/diagnostic';
import { mappedValues } from '../host/mapped-values';
import { change, outcomeItem, user } from '../host/sections';
import { sift, type Sifted } from '../host/sift';

const planned = z.object({
	change: change.optional(),
	user: user.optional(),
	outcome: outcomeItem.shape.outcome.pick({ result: true, dryRun: true }).optional(),
});

/**
 * One task per item, null where an item has nothing for the directory. What did not happen on the
 * phone system is not written to the directory: nobody shall find a number there that nobody has.
 */
export function plannedTasks(
	context: IExecuteFunctions,
	dryRun: boolean,
): Sifted<WriteTask | null> {
	return sift(context, (json, index) => {
		const item = planned.safeParse(json);
		if (!item.success) throw unreadable(index, item.error);
		const { change: decided, outcome } = item.data;
		const directory = decided && 'directory' in decided ? Object.entries(decided.directory) : [];
		if (directory.length === 0) return null;
		const heldBecause = outcome ? phoneSideOpen(outcome, dryRun) : null;
		return {
			user: item.data.user?.id ?? '',
			wishes: directory.map(([attribute, { from, to }]) => ({ attribute, from, to })),
			...(heldBecause ? { heldBecause } : {}),
		};
	});
}

/** One task per item from the node's own parameters; whatever the values were before. */
export function singleTasks(context: IExecuteFunctions): Sifted<WriteTask> {
	return sift(context, (_, index) => {
		const parameter = { parameter: 'attributes', displayName: 'Attributes' };
		const values = mappedValues(context, index, parameter);
		return {
			user: String(context.getNodeParameter('user', index, '', { extractValue: true }) ?? ''),
			wishes: Object.entries(values).map(([attribute, to]) => ({ attribute, to })),
		};
	});
}

function phoneSideOpen(
	outcome: { readonly result: string; readonly dryRun: boolean },
	dryRun: boolean,
): Diagnostic | null {
	const isDone = outcome.result !== 'held' && outcome.result !== 'failed';
	if (isDone && (dryRun || !outcome.dryRun)) return null;
	return {
		code: 'directory.phoneSide',
		what: 'Held: the phone system does not have this change.',
		why: isDone
			? "PBX Target only previewed it: its 'Dry Run' is on, and that of this node is off."
			: 'PBX Target held it or could not make it.',
		fix: isDone
			? "Set 'Dry Run' of both nodes alike."
			: "See 'outcome' of the item; the next run tries both sides again.",
	};
}

function unreadable(index: number, wrong: z.ZodError): DiagnosedError {
	const where = wrong.issues[0]?.path.join('.') ?? '';
	return new DiagnosedError({
		code: 'items.unreadable',
		what: `Item ${String(index)} cannot be read.`,
		why: `'Apply Changes' reads 'change', 'user' and 'outcome' as our nodes make them; '${where}' is not so.`,
		fix: "Connect the output of PBX Target or the 'Changes' of Extension Allocator, with nothing in between that rewrites items. Nothing was written.",
	});
}
