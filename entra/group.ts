/** Where Graph keeps a group and its members. */
import { DiagnosedError } from '../sync/diagnostic';
import type { GroupToRead } from './scope';

const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

export function groupPath({ id }: Pick<GroupToRead, 'id'>): string {
	// A GUID and nothing else: it becomes part of the address.
	if (GUID.test(id)) return `/groups/${id}`;
	throw new DiagnosedError({
		code: 'entra.groupId',
		what: `"${id}" is not the object ID of a group.`,
		why: 'An object ID looks like 6babcaad-604b-40ac-a9d7-9fd97c0b779f.',
		fix: "Choose the group from the list, or copy 'Object ID' from its overview page.",
		field: 'Groups',
	});
}

/**
 * The members of one kind. The cast leaves out all others, devices and contacts too; with it Graph
 * needs its advanced query capabilities.
 */
export function membersPath(
	group: Pick<GroupToRead, 'id' | 'nested'>,
	kind: 'user' | 'group' = 'user',
): string {
	const relation = group.nested ? 'transitiveMembers' : 'members';
	return `${groupPath(group)}/${relation}/microsoft.graph.${kind}`;
}
