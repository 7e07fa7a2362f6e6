import type { IExecuteFunctions } from 'n8n-workflow';
import { z } from 'zod';

import { READ_BY_DEFAULT } from '../../entra/attributes';
import type { UserQuery } from '../../entra/users';
import { DiagnosedError } from '../../sync/diagnostic';

/** A picked group is an object with the name it had; an expression may give the bare ID. */
const groupRow = z.object({
	id: z.union([
		z.string().transform((id) => ({ id: id.trim(), name: null })),
		z
			.object({ value: z.string(), cachedResultName: z.string().nullish() })
			.transform(({ value, cachedResultName }) => ({
				id: value.trim(),
				name: cachedResultName ?? null,
			})),
	]),
});

const conditionRow = z.object({
	attribute: z.string(),
	operator: z.enum([
		'equals',
		'notEquals',
		'oneOf',
		'startsWith',
		'endsWith',
		'isEmpty',
		'isNotEmpty',
	]),
	value: z.coerce.string().default(''),
});

const parameters = z.object({
	scope: z.enum(['all', 'groups']),
	groups: z.object({ group: z.array(groupRow).default([]) }).default({}),
	nested: z.boolean().default(true),
	userType: z.enum(['members', 'guests', 'all']),
	conditions: z.object({ condition: z.array(conditionRow).default([]) }).default({}),
	attributes: z.array(z.string().regex(/^[A-Za-z]\w*$/)).default([...READ_BY_DEFAULT]),
	options: z
		.object({
			combine: z.enum(['and', 'or']).default('and'),
			filter: z.string().default(''),
			includeDeleted: z.boolean().default(true),
			includeDisabled: z.boolean().default(true),
			includeOutOfScope: z.boolean().default(false),
		})
		.default({}),
});

/** Reads the node's parameters, once: they are about the whole read, not about an item. */
export function readQuery(context: IExecuteFunctions): UserQuery {
	// A parameter the panel does not show has no value at all; the schema knows what it means then.
	const parameter = (name: keyof z.infer<typeof parameters>): unknown =>
		context.getNodeParameter(name, 0, null) ?? undefined;
	const given = parameters.safeParse({
		scope: parameter('scope'),
		groups: parameter('groups'),
		nested: parameter('nested'),
		userType: parameter('userType'),
		conditions: parameter('conditions'),
		attributes: parameter('attributes'),
		options: parameter('options'),
	});
	if (!given.success) throw wrongParameter(given.error);
	const { scope, nested, userType, attributes, options } = given.data;
	const groups = given.data.groups.group.map(({ id }) => id).filter(({ id }) => id !== '');
	if (scope === 'groups' && groups.length === 0) throw noGroups();
	const conditions = given.data.conditions.condition;
	for (const { operator, value } of conditions) {
		const needsNone = operator === 'isEmpty' || operator === 'isNotEmpty';
		if (!needsNone && value.replaceAll(',', '').trim() === '') throw noValue();
	}
	return {
		scope: scope === 'all' ? { kind: 'all' } : { kind: 'groups', groups, nested },
		filter: {
			userType,
			includeDisabled: options.includeDisabled,
			conditions,
			combine: options.combine,
			raw: options.filter.trim() || null,
		},
		attributes,
		includeDeleted: options.includeDeleted,
		includeOutOfScope: options.includeOutOfScope,
	};
}

function wrongParameter(wrong: z.ZodError): DiagnosedError {
	const [first] = wrong.issues;
	const field = first?.path.join('.') ?? 'parameters';
	return new DiagnosedError({
		code: 'entra.parameter',
		what: `The setting '${field}' of the node cannot be used.`,
		why: `${first?.message ?? 'It has an unexpected form'}.`,
		fix: 'Choose it again in the node, or check what its expression gives.',
		field,
	});
}

function noGroups(): DiagnosedError {
	return new DiagnosedError({
		code: 'entra.noGroups',
		what: 'No group is chosen.',
		why: "'Users to Read' is set to 'Members of Groups', and 'Groups' is empty.",
		fix: "Add a group, or set 'Users to Read' to 'All Users'.",
		field: 'Groups',
	});
}

function noValue(): DiagnosedError {
	return new DiagnosedError({
		code: 'entra.noValue',
		what: "A condition in 'Only Users Where' has no value.",
		why: 'It may come from an expression that gave nothing; it would choose nobody or everybody.',
		fix: "Fill in the value, or use 'Is Empty' to find users without one.",
		field: 'Only Users Where',
	});
}
