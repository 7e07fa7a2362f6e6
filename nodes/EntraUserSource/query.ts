import type { IExecuteFunctions } from 'n8n-workflow';
import { z } from 'zod';

import { READ_BY_DEFAULT } from '../../entra/attributes';
import type { WholeReads } from '../../entra/checkpoint';
import { isAboutEmptiness, listOf, OPERATORS } from '../../entra/condition';
import { PRESET_NAMES } from '../../entra/preset';
import type { GroupRef, OptIn, UserQuery } from '../../entra/scope';
import { DiagnosedError } from '../../sync/diagnostic';
import { OTHER } from './condition-parameters';

/** A picked group is an object with the name it had; an expression may give the bare ID. */
const groupRef = z.union([
	z.string().transform((id): GroupRef => ({ id: id.trim(), name: null })),
	z.object({ value: z.string(), cachedResultName: z.string().nullish() }).transform(
		({ value, cachedResultName }): GroupRef => ({
			id: value.trim(),
			name: cachedResultName ?? null,
		}),
	),
]);

const conditionRow = z
	.object({
		attribute: z.string(),
		otherAttribute: z.string().default(''),
		operator: z.enum(OPERATORS),
		value: z.coerce.string().default(''),
	})
	.transform(({ attribute, otherAttribute, ...rest }) => ({
		attribute: attribute === OTHER ? otherAttribute.trim() : attribute,
		...rest,
	}));

const attributeName = z.string().regex(/^[A-Za-z]\w*$/, 'Not a name of an attribute');

const parameters = z.object({
	mode: z.enum(['whole', 'changes', 'user']).default('whole'),
	user: z.string().trim().default(''),
	scope: z.enum(['all', 'groups']),
	groups: z.object({ group: z.array(z.object({ id: groupRef })).default([]) }).default({}),
	nested: z.boolean().default(true),
	userType: z.enum(['members', 'guests', 'all']),
	conditions: z.object({ condition: z.array(conditionRow).default([]) }).default({}),
	leaveOut: z.array(z.enum(PRESET_NAMES)).default([]),
	optIn: z.enum(['none', 'attribute', 'group']).default('none'),
	optInAttribute: attributeName.default('extensionAttribute1'),
	optInValue: z.coerce.string().default(''),
	optInGroup: groupRef.default(''),
	attributes: z.array(attributeName).default([...READ_BY_DEFAULT]),
	options: z
		.object({
			combine: z.enum(['and', 'or']).default('and'),
			filter: z.string().default(''),
			includeDeleted: z.boolean().default(true),
			includeDisabled: z.boolean().default(true),
			includeOutOfScope: z.boolean().default(false),
			tellGroups: z.object({ group: z.array(z.object({ id: groupRef })).default([]) }).default({}),
			moreAttributes: z.string().transform(listOf).pipe(z.array(attributeName)).default(''),
			wholeEveryDays: z.number().positive().default(1),
			wholeEveryRounds: z.number().int().positive().default(500),
		})
		.default({}),
});

type Parameters = z.output<typeof parameters>;

/** What the node was asked to do. */
export interface Wish {
	readonly mode: Parameters['mode'];
	/** Of one user: whom. */
	readonly user: string;
	readonly query: UserQuery;
	/** Of changes only: when everybody is read anew. */
	readonly whole: WholeReads;
}

/** Reads the node's parameters, once: they are about the whole read, not about an item. */
export function readWish(context: IExecuteFunctions): Wish {
	// A parameter the panel does not show has no value at all; the schema knows what it means then.
	const names = Object.keys(parameters.shape);
	const given = parameters.safeParse(
		Object.fromEntries(
			names.map((name) => [name, context.getNodeParameter(name, 0, null) ?? undefined]),
		),
	);
	if (!given.success) throw wrongParameter(given.error);
	const { mode, user, scope, nested, userType, leaveOut, attributes, options } = given.data;
	const groups = chosen(given.data.groups.group);
	if (scope === 'groups' && groups.length === 0) throw noGroups();
	if (mode === 'user' && user === '') throw noUser();
	const conditions = given.data.conditions.condition;
	for (const { operator, value } of conditions) {
		if (!isAboutEmptiness(operator) && listOf(value).length === 0) throw noValue();
	}
	return {
		mode,
		user,
		query: {
			scope: scope === 'all' ? { kind: 'all' } : { kind: 'groups', groups, nested },
			filter: {
				userType,
				includeDisabled: options.includeDisabled,
				conditions,
				combine: options.combine,
				raw: options.filter.trim() || null,
			},
			leaveOut,
			optIn: readOptIn(given.data),
			tellGroups: chosen(options.tellGroups.group),
			attributes: [...attributes, ...options.moreAttributes],
			includeDeleted: options.includeDeleted,
			includeOutOfScope: options.includeOutOfScope,
		},
		whole: { everyDays: options.wholeEveryDays, everyRounds: options.wholeEveryRounds },
	};
}

function chosen(rows: ReadonlyArray<{ readonly id: GroupRef }>): GroupRef[] {
	return rows.map(({ id }) => id).filter(({ id }) => id !== '');
}

function readOptIn({ optIn, optInAttribute, optInValue, optInGroup }: Parameters): OptIn | null {
	switch (optIn) {
		case 'none':
			return null;
		case 'attribute':
			if (listOf(optInValue).length === 0) throw noOptIn('Opt-In Value');
			return {
				kind: 'attribute',
				condition: { attribute: optInAttribute, operator: 'oneOf', value: optInValue },
			};
		case 'group':
			if (optInGroup.id === '') throw noOptIn('Opt-In Group');
			return { kind: 'group', group: optInGroup };
	}
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

function noUser(): DiagnosedError {
	return new DiagnosedError({
		code: 'entra.noUser',
		what: 'No user is named.',
		why: "'Read' is set to 'One User', and 'User' is empty.",
		fix: 'Enter an object ID, a user principal name or a mail address.',
		field: 'User',
	});
}

function noOptIn(field: string): DiagnosedError {
	return new DiagnosedError({
		code: 'entra.noOptIn',
		what: `'${field}' is empty.`,
		why: "'Only Who Opted In' needs it to know who is allowed; without it, it would be nobody.",
		fix: "Fill it in, or set 'Only Who Opted In' to 'Everybody Counts as Opted In'.",
		field,
	});
}
