/** What the node's panel asks for while somebody sets it up. */
import type {
	ILoadOptionsFunctions,
	INodeListSearchResult,
	ResourceMapperField,
	ResourceMapperFields,
} from 'n8n-workflow';

import type { SystemDefinition } from '../../pbx/adapter';
import type { FieldDefinition } from '../../sync/contact';
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

/**
 * The fields of the chosen system. Where it can say which values a field may have, and there is a
 * credential to ask it with, they are offered; otherwise a value is typed.
 */
export async function getFields(context: ILoadOptionsFunctions): Promise<ResourceMapperFields> {
	const creating = context.getCurrentNodeParameter('operation') === 'create';
	const definition = await chosenWithCredential(context);
	const fields = definition.fields.filter(({ createOnly }) => creating || !createOnly);
	const choices = await choicesFor(context, definition, fields);
	return {
		fields: fields.map(({ name, displayName, required }) => ({
			id: name,
			displayName,
			required: creating && required === true,
			defaultMatch: false,
			display: true,
			...typeOf(choices.get(name)),
		})),
	};
}

type Choices = ReadonlyMap<string, readonly string[]>;

/** By field; a system that cannot be asked now must not keep anybody from typing. */
async function choicesFor(
	context: ILoadOptionsFunctions,
	{ credentialType }: SystemDefinition,
	fields: readonly FieldDefinition[],
): Promise<Choices> {
	if (!context.getNode().credentials?.[credentialType]) return new Map();
	try {
		return await askForChoices(context, fields);
	} catch {
		return new Map();
	}
}

async function askForChoices(
	context: ILoadOptionsFunctions,
	fields: readonly FieldDefinition[],
): Promise<Choices> {
	const { system } = await openPhoneSystem(context, 0, { attempts: 1, totalMs: 10_000 });
	const found = new Map<string, readonly string[]>();
	try {
		for (const { name } of fields) {
			const values = await system.choices?.(name);
			if (values && values.length > 0) found.set(name, values);
		}
		return found;
	} finally {
		await system.close();
	}
}

function typeOf(
	choices: readonly string[] | undefined,
): Pick<ResourceMapperField, 'type' | 'options'> {
	if (!choices) return { type: 'string' };
	return { type: 'options', options: choices.map((name) => ({ name, value: name })) };
}

function labelOf({ id, number, fields }: Extension): string {
	const name =
		fields['displayName'] ?? [fields['firstName'], fields['lastName']].filter(Boolean).join(' ');
	const parts = [number, name, fields['email']].filter(Boolean);
	return parts.length > 0 ? parts.join(' · ') : id;
}
