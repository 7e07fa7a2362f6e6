import { randomUUID } from 'crypto';
import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import type { SystemDefinition } from '../../pbx/adapter';
import type { Extension, ReadMark } from '../../sync/item';
import { toJson } from '../host/json';
import type { OpenedPhoneSystem } from '../host/phoneSystem';

/**
 * Reads once, however many items come in: a schedule's tick and a list of ten mean the same read.
 * Every item carries the same mark; a phone system without extensions is one item that says so.
 */
export async function getExtensions(
	context: IExecuteFunctions,
	{ definition, system }: OpenedPhoneSystem,
): Promise<INodeExecutionData[]> {
	const extensions = await system.list();
	// Only a forecast: without it, what does not fit is refused when it is made.
	const seats = (await system.capacity?.().catch(() => null)) ?? null;
	return toItems(context, definition, extensions, { seats });
}

interface ReadAs {
	readonly scope?: ReadMark['scope'];
	readonly seats?: number | null;
}

/** Extensions as items with one mark, and a line above the output. */
export function toItems(
	context: IExecuteFunctions,
	definition: SystemDefinition,
	extensions: readonly Extension[],
	{ scope = 'whole', seats = null }: ReadAs = {},
): INodeExecutionData[] {
	const mark: ReadMark = {
		id: randomUUID(),
		of: 'extensions',
		system: definition.name,
		count: extensions.length,
		scope,
		...(seats === null ? {} : { seats }),
		...(definition.forCredential || definition.capabilities.reach === 'file'
			? { abilities: { facts: definition.capabilities, fields: definition.fields } }
			: {}),
	};
	const pairedItem = { item: 0 };
	context.addExecutionHints({
		message:
			extensions.length > 0
				? `${String(extensions.length)} extensions read from ${definition.displayName}.`
				: scope === 'needed'
					? 'No extension had to be read. The one item says so.'
					: `${definition.displayName} has no extensions. The one item says so.`,
		type: 'info',
		location: 'outputPane',
	});
	if (extensions.length === 0) return [{ json: toJson({ read: mark }), pairedItem }];
	return extensions.map((extension) => ({
		json: toJson({ extension, read: mark }),
		pairedItem,
	}));
}
