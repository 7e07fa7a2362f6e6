import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { z } from 'zod';

import { readBefore } from '../../pbx/apply';
import type { Before, Task } from '../../pbx/judgement';
import type { Contact, FieldDefinition } from '../../sync/contact';
import { DiagnosedError } from '../../sync/diagnostic';
import { fingerprint } from '../../sync/fingerprint';
import type { Extension, FieldChanges } from '../../sync/item';
import { mappedValues } from '../host/mapped-values';
import type { OpenedPhoneSystem } from '../host/phoneSystem';
import { sift } from '../host/sift';
import { carryOut } from './carryOut';
import { extensionIdFor } from './extensionIdFor';

type Write = 'create' | 'delete' | 'disable' | 'enable' | 'update';

/**
 * Create, Update, Enable, Disable and Delete: a plan of one change per item, made here from the
 * node's parameters and carried out like any other plan.
 */
export async function writeSingle(
	context: IExecuteFunctions,
	opened: OpenedPhoneSystem,
): Promise<INodeExecutionData[]> {
	const operation = writes.parse(context.getNodeParameter('operation', 0));
	const { definition, system } = opened;
	if (operation === 'create') {
		const { read, failed } = sift(context, (_, index) =>
			creation(context, index, definition.fields),
		);
		return await carryOut(context, opened, [...read.values()], { failed });
	}
	const { read, failed } = sift(context, (_, index) => ({
		id: extensionIdFor(context, index),
		fields: operation === 'update' ? fieldsFor(context, index, definition.fields) : {},
	}));
	const wanted = [...read.values()];
	const before = await readBefore(
		system,
		definition.capabilities,
		wanted.map(({ id }) => id),
	);
	const tasks = wanted.map(({ id, fields }) => changeOf(operation, id, before, fields));
	return await carryOut(context, opened, tasks, { before, failed });
}

const writes = z.enum(['create', 'delete', 'disable', 'enable', 'update']);

function creation(
	context: IExecuteFunctions,
	itemIndex: number,
	known: readonly FieldDefinition[],
): Task {
	const { number = null, ...fields } = fieldsFor(context, itemIndex, known);
	const userId = String(context.getNodeParameter('userId', itemIndex, '')).trim() || null;
	const pbx = changesTo(fields, null);
	return { change: { kind: 'create', number, pbx, directory: {} }, userId };
}

function changeOf(
	kind: Exclude<Write, 'create'>,
	extensionId: string,
	before: Before,
	fields: Contact,
): Task {
	const current = before.get(extensionId) ?? null;
	const basedOn = current ? fingerprint(current) : '';
	if (kind === 'disable' || kind === 'delete') {
		return { change: { kind, extensionId, basedOn }, userId: null };
	}
	const pbx = changesTo(fields, current);
	return { change: { kind, extensionId, pbx, directory: {}, basedOn }, userId: null };
}

/** Only what differs from how it is now. */
function changesTo(fields: Contact, current: Extension | null): FieldChanges {
	const changes = Object.entries(fields)
		.map(([name, to]) => [name, { from: current?.fields[name] ?? null, to }] as const)
		.filter(([, { from, to }]) => from !== to);
	return Object.fromEntries(changes);
}

/** The values of the 'Fields' parameter as text; empty text clears. */
function fieldsFor(
	context: IExecuteFunctions,
	itemIndex: number,
	known: readonly FieldDefinition[],
): Contact {
	const parameter = { parameter: 'fields', displayName: 'Fields' };
	const values = mappedValues(context, itemIndex, parameter);
	const unknown = Object.keys(values).find((name) => !known.some((field) => field.name === name));
	if (unknown !== undefined) {
		throw new DiagnosedError({
			code: 'fields.unknown',
			what: `The chosen phone system has no field "${unknown}".`,
			why: 'The fields were set for another phone system.',
			fix: "Open the node and press 'Refresh field list' beside 'Fields'.",
			field: 'Fields',
		});
	}
	return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, value || null]));
}
