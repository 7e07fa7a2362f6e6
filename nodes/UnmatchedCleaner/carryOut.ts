import type { IExecuteFunctions } from 'n8n-workflow';

import { applyChanges, type Applied } from '../../pbx/apply';
import type { CleanupStep } from '../../sync/cleanup';
import type { UnmatchedItem } from '../../sync/item';
import { tellProgress } from '../host/progress';
import { openPhoneSystem } from '../host/phoneSystem';
import { removal, type Cleaned } from './outcomes';

/**
 * Does what was decided. The phone system is only opened when there is something to do on it, and
 * each extension is read once more just before it is written.
 */
export async function carryOut(
	context: IExecuteFunctions,
	items: readonly UnmatchedItem[],
	steps: readonly CleanupStep[],
): Promise<Cleaned[]> {
	const kinds = steps.map(({ act }) => (act === 'disable' || act === 'delete' ? act : null));
	const tasks = items.flatMap((item, index) => {
		const kind = kinds[index];
		if (!kind) return [];
		return [{ change: removal(kind, item), userId: item.evidence.userId }];
	});
	const applied = tasks.length > 0 ? await apply(context, tasks) : [];
	const done = applied.values();
	return items.map((item, index) => {
		const kind = kinds[index];
		if (!kind) return settle(item, steps[index]);
		const { value }: IteratorResult<Applied, undefined> = done.next();
		return value ? toCleaned(item, kind, value) : settle(item, steps[index]);
	});
}

async function apply(
	context: IExecuteFunctions,
	tasks: Parameters<typeof applyChanges>[2],
): Promise<Applied[]> {
	const { definition, system, consents } = await openPhoneSystem(context);
	try {
		const options = {
			dryRun: false,
			mayDelete: !context.isToolExecution(),
			consents,
			onProgress: tellProgress(context, 'written'),
		};
		return await applyChanges(system, definition.capabilities, tasks, options);
	} finally {
		await system.close();
	}
}

/** As if everything decided had been done. Nothing is sent. */
export function preview(item: UnmatchedItem, step: CleanupStep | undefined): Cleaned {
	if (step?.act !== 'disable' && step?.act !== 'delete') return settle(item, step);
	const result = step.act === 'disable' ? 'disabled' : 'deleted';
	return { item, kind: step.act, result, because: null, decision: step.decision };
}

function toCleaned(item: UnmatchedItem, kind: 'disable' | 'delete', { outcome }: Applied): Cleaned {
	const { result, because } = outcome;
	// Gone is what it was to become, more or less.
	if (because?.code === 'change.gone') {
		const decision = 'It is no longer on the phone system.';
		return { item, kind, result: 'unchanged', because: null, decision };
	}
	const decision = because?.what ?? DECISIONS[`${kind} ${result}`] ?? '';
	return { item, kind, result, because, decision };
}

const DECISIONS: Readonly<Record<string, string>> = {
	'disable disabled': 'Disabled.',
	'disable unchanged': 'It was disabled in the meantime.',
	'delete deleted': 'Deleted.',
	'delete unchanged': 'It is no longer on the phone system.',
};

/** Everything that needs no word with the phone system. */
function settle(item: UnmatchedItem, step: CleanupStep | undefined): Cleaned {
	const kind = 'disable';
	if (step?.act === 'hold') {
		const { because } = step;
		return { item, kind, result: 'held', because, decision: because.what };
	}
	if (step?.act === 'none') {
		const { decision, counting } = step;
		return { item, kind, result: 'unchanged', because: null, decision, counting };
	}
	return { item, kind, result: 'ignored', because: null, decision: '' };
}
