/** What the node's panel asks for while somebody sets it up. */
import type {
	ILoadOptionsFunctions,
	INodeListSearchResult,
	ResourceMapperFields,
} from 'n8n-workflow';

import type { Extension } from '../../sync/item';
import { chosenWithCredential, openPhoneSystem } from '../host/phoneSystem';

/** More than anybody scrolls through; typing narrows it down. */
const MOST_SHOWN = 200;

/** Extensions whose number, name or mail address holds what was typed. */
export async function findExtensions(
	context: ILoadOptionsFunctions,
	filter = '',
): Promise<INodeListSearchResult> {
	// Somebody is waiting in front of the list: be quick rather than patient.
	const { system } = await openPhoneSystem(context, 0, { attempts: 2, totalMs: 10_000 });
	try {
		const wanted = filter.trim().toLowerCase();
		const results = (await system.list())
			.map((extension) => ({ name: labelOf(extension), value: extension.id }))
			.filter(({ name }) => name.toLowerCase().includes(wanted))
			.sort((one, other) => one.name.localeCompare(other.name, 'en', { numeric: true }));
		return { results: results.slice(0, MOST_SHOWN) };
	} finally {
		await system.close();
	}
}

/** The fields of the chosen system, without asking it. */
export async function getFields(context: ILoadOptionsFunctions): Promise<ResourceMapperFields> {
	const creating = context.getCurrentNodeParameter('operation') === 'create';
	const definition = await chosenWithCredential(context);
	const fields = definition.fields.filter(({ createOnly }) => creating || !createOnly);
	return {
		fields: fields.map(({ name, displayName, required }) => ({
			id: name,
			displayName,
			required: creating && required === true,
			defaultMatch: false,
			display: true,
			type: 'string',
		})),
	};
}

function labelOf({ id, number, fields }: Extension): string {
	const name =
		fields['displayName'] ?? [fields['firstName'], fields['lastName']].filter(Boolean).join(' ');
	const parts = [number, name, fields['email']].filter(Boolean);
	return parts.length > 0 ? parts.join(' · ') : id;
}
