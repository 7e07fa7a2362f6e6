import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import { LIST_FROM, readBefore } from '../../pbx/apply';
import type { ContactItem, Extension } from '../../sync/item';
import { needOf, needsAll } from '../../sync/need';
import type { Wire } from '../ExtensionAllocator/wires';
import { readUsers } from '../ExtensionAllocator/wires';
import { isConnected, itemsOf } from '../host/inputs';
import { readLinks } from '../host/links';
import type { OpenedPhoneSystem } from '../host/phoneSystem';
import { getExtensions, toItems } from './getExtensions';

const LINKS = 1;

/** Reads all extensions, or only those needed, as the panel says. */
export async function getAllOrNeeded(
	context: IExecuteFunctions,
	opened: OpenedPhoneSystem,
): Promise<INodeExecutionData[]> {
	const chosen: unknown = context.getNodeParameter('read', 0, 'all');
	return await (chosen === 'needed' ? getNeeded : getExtensions)(context, opened);
}

/**
 * Reads the extensions that the users on the first input are known to have, by the links on the
 * second, and nothing at all when nobody changed. Reads all where that is not enough, and says why.
 */
async function getNeeded(
	context: IExecuteFunctions,
	opened: OpenedPhoneSystem,
): Promise<INodeExecutionData[]> {
	const users = readUsers(context);
	const read = await readNeeded(context, opened, users);
	if ('extensions' in read) {
		const items = toItems(context, opened.definition, read.extensions, { scope: 'needed' });
		return [...items, ...users.failed];
	}
	context.addExecutionHints({
		message: `The whole list was read. ${read.because}`,
		type: 'info',
		location: 'outputPane',
	});
	return [...(await getExtensions(context, opened)), ...users.failed];
}

/** `because`: why they would not be enough. */
async function readNeeded(
	context: IExecuteFunctions,
	{ definition, system }: OpenedPhoneSystem,
	{ things: users, read }: Wire<ContactItem>,
): Promise<{ readonly extensions: readonly Extension[] } | { readonly because: string }> {
	const { name, displayName, capabilities } = definition;
	if (capabilities.canReadOne === false) {
		return { because: `${displayName} cannot be asked for one extension alone.` };
	}
	const isWired = isConnected(context, LINKS);
	const links = isWired ? readLinks(itemsOf(context, LINKS), name) : null;
	const asking = { users, mark: read.mark, links };
	const need = needOf(asking);
	if (need.kind === 'all') return need;
	if (need.ids.length >= LIST_FROM) {
		return { because: 'So many users changed that one list costs less than asking for each.' };
	}
	const found = await readBefore(system, capabilities, need.ids);
	const because = needsAll(asking, found, capabilities);
	if (because !== null) return { because };
	return { extensions: [...found.values()].flatMap((each) => each ?? []) };
}
