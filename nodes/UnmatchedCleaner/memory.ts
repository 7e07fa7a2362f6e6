/**
 * Since when extensions are disabled: from the links table where it is wired, otherwise from the
 * workflow's own memory. Both hold only what this sync saw itself.
 */
import type { IExecuteFunctions } from 'n8n-workflow';

import type { GroupLimit } from '../../sync/held-together';
import type { Link, UnmatchedItem } from '../../sync/item';
import type { Done } from '../../sync/limits';
import { isConnected, itemsOf } from '../host/inputs';
import { readLinks } from '../host/links';
import { keepBase, keepDone, keepSince, recallDone, recallSince } from '../host/safety';
import type { Cleaned } from './outcomes';

const LINKS = 1;

export interface CleanerMemory {
	/** Rows of the links table by extension id; null where none is wired. */
	readonly rows: ReadonlyMap<string, Link> | null;
	/** By extension id, ISO time. */
	readonly since: ReadonlyMap<string, string>;
	readonly done: readonly Done[];
}

export function recall(
	context: IExecuteFunctions,
	system: string,
	items: readonly UnmatchedItem[],
): CleanerMemory {
	const done = recallDone(context, system);
	if (!isConnected(context, LINKS))
		return { rows: null, since: recallSince(context, system), done };
	const links = readLinks(itemsOf(context, LINKS), system);
	const rows = new Map(links.map((link) => [link.extensionId, link]));
	const since = items.flatMap(({ extension: { id } }): Array<[string, string]> => {
		const at = rows.get(id)?.disabledAt;
		return at ? [[id, at]] : [];
	});
	return { rows, since: new Map(since), done };
}

/**
 * After a run that wrote. An extension that is no longer unmatched is no longer counted, so that
 * its days begin anew should its user leave again.
 */
export function remember(
	context: IExecuteFunctions,
	system: string,
	cleaned: readonly Cleaned[],
	{ rows, since }: CleanerMemory,
	now: string,
	groups: readonly GroupLimit[],
): void {
	if (rows === null) {
		const counted = cleaned.filter(({ result, counting }) => result === 'disabled' || counting);
		const next = counted.map(({ item, result }): [string, string] => {
			const { id } = item.extension;
			return [id, result === 'disabled' ? now : (since.get(id) ?? now)];
		});
		// Held or refused this time is not gone: its days go on.
		const kept = cleaned
			.filter(({ item, result }) => item.extension.enabled === false && result !== 'deleted')
			.flatMap(({ item: { extension } }): Array<[string, string]> => {
				const at = since.get(extension.id);
				return at ? [[extension.id, at]] : [];
			});
		keepSince(context, system, new Map([...kept, ...next]));
	}
	const made = cleaned.flatMap(({ item: { extension }, kind, result, because }) => {
		if (result === 'ignored') return [];
		const { id: extensionId, number } = extension;
		const outcome = { result, extensionId, number, because, dryRun: false, link: null };
		return [{ outcome, planned: { kind, looks: [extension] } }];
	});
	keepDone(context, system, made, now, groups);
	const isHeld = cleaned.some(({ because }) => because?.code.startsWith('limit.'));
	const mark = cleaned.find(({ item }) => item.plan)?.item.plan;
	if (isHeld && mark) keepBase(context, mark, now);
}
