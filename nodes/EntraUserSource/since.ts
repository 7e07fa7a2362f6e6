import type { IExecuteFunctions } from 'n8n-workflow';

import { readChanges, readWholeWithLink } from '../../entra/changes';
import type { Checkpoint } from '../../entra/checkpoint';
import { scopeHash, whyWhole } from '../../entra/checkpoint';
import type { Graph } from '../../entra/graph';
import { keepPending, recall } from '../host/checkpoints';
import type { Wish } from './query';
import type { Reading, Telling } from './telling';

/**
 * Reads who changed since the last confirmed run, or everybody when that is not known or too long
 * ago, and leaves a checkpoint for Sync Report to confirm.
 */
export async function readSince(
	context: IExecuteFunctions,
	graph: Graph,
	{ query, whole }: Wish,
	telling: Telling,
): Promise<Reading> {
	const now = Date.now();
	const scope = scopeHash(query, credentialOf(context));
	const { confirmed, wasUnconfirmed } = recall(context);
	const keep = (next: Omit<Checkpoint, 'scope' | 'at'>) => {
		keepPending(context, { ...next, scope, at: now });
	};
	if (context.getMode() === 'manual') {
		telling.note(
			'n8n remembers nothing of a run started by hand: it reads from the last confirmed run of the published workflow, or everybody.',
		);
	} else if (wasUnconfirmed) {
		telling.note(
			'The last run was not confirmed, so what it read comes again. A Sync Report at the end of the workflow confirms a run that carried everything out.',
		);
	}

	let because = whyWhole(confirmed, scope, now, whole);
	if (confirmed !== null && because === null) {
		const changes = await readChanges(graph, query, confirmed, now, telling.progress);
		if (changes.kind !== 'startOver') {
			const { link, members, again } = changes;
			const { wholeAt, rounds } = confirmed;
			keep({ link, members, again: [...again], wholeAt, rounds: rounds + 1 });
			return { ...changes, scope: 'changes' };
		}
		({ because } = changes);
	}
	telling.note(`Everybody was read, not only changes. ${because ?? ''}`);
	const last = confirmed?.scope === scope ? confirmed : null;
	const everybody = await readWholeWithLink(graph, query, now, last, telling.progress);
	const { link, members, again } = everybody;
	keep({ link, members, again: [...again], wholeAt: now, rounds: 0 });
	return { ...everybody, scope: 'whole' };
}

/** Another credential may be another tenant, where the old link means nothing. */
function credentialOf(context: IExecuteFunctions): string {
	const credentials = Object.entries(context.getNode().credentials ?? {});
	return credentials.map(([type, { id, name }]) => `${type} ${id ?? name}`).join();
}
