/** The option "Limits per Group", as every node that limits changes has it. */
import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';
import { z } from 'zod';

import { DiagnosedError, type Diagnostic } from '../../sync/diagnostic';
import { readExtensionList } from '../../sync/extension-list';
import { POOL, type GroupLimit } from '../../sync/held-together';
import type { ChangeKind } from '../../sync/item';

const FIELD = 'Limits per Group';

/** In alphabetical order, as n8n asks for it. */
const KINDS = [
	{ name: 'Creating', value: 'create' },
	{ name: 'Deleting', value: 'delete' },
	{ name: 'Disabling', value: 'disable' },
	{ name: 'Enabling', value: 'enable' },
	{ name: 'Updating', value: 'update' },
] as const satisfies readonly INodePropertyOptions[];

type Kinds = readonly [ChangeKind, ...ChangeKind[]];

/** Which kind of change a limit or an override is for. The first of `kinds` is chosen at first. */
export function kindParameter(kinds: Kinds): INodeProperties {
	const [first] = kinds;
	return {
		displayName: 'For',
		name: 'kind',
		type: 'options',
		options: KINDS.filter(({ value }) => kinds.includes(value)),
		default: first,
	};
}

export function groupLimitsParameter(kinds: Kinds): INodeProperties {
	const pools = kinds.includes('create');
	return {
		displayName: FIELD,
		name: 'groupLimits',
		type: 'fixedCollection',
		typeOptions: { multipleValues: true, multipleValueButtonText: 'Add Group' },
		default: {},
		placeholder: 'Add Group',
		description:
			'Smaller limits for parts of the phone system, besides the one for all. One more than allowed, and none of the group is touched.',
		options: [
			{
				displayName: 'Group',
				name: 'group',
				values: [
					{
						displayName: 'Extensions',
						name: 'members',
						type: 'string',
						required: true,
						default: '',
						placeholder: `e.g. 200-299, department=Support${pools ? ', pool=Sales' : ''}`,
						description: `Numbers, ranges, mail addresses and field values, written as protected extensions are${pools ? ', as they are or as they would become. For Creating also the name of a number pool.' : ''}`,
					},
					kindParameter(kinds),
					{
						displayName: 'At Most',
						name: 'maxCount',
						type: 'number',
						typeOptions: { minValue: 0 },
						default: 5,
						description: 'How many of the group within the limit window',
					},
				],
			},
		],
	};
}

/** What the parameter holds. */
export function groupLimitRows(kinds: Kinds) {
	const row = z.object({
		members: z.coerce.string().trim().min(1),
		kind: z.enum(kinds).default(kinds[0]),
		maxCount: z.coerce.number().int().min(0),
	});
	return z.object({ group: z.array(row).default([]) }).default({});
}

interface Rows {
	readonly group: ReadonlyArray<{
		readonly members: string;
		readonly kind: ChangeKind;
		readonly maxCount: number;
	}>;
}

/**
 * Throws a `DiagnosedError` for extensions nobody can read, and for a pool where none is known: such
 * a limit would never hold anything.
 */
export function toGroupLimits({ group }: Rows): GroupLimit[] {
	return group.map(({ members: name, kind, maxCount }) => {
		const members = readExtensionList(name, FIELD);
		const pool = members.marks.find(({ field }) => field === POOL);
		if (pool && kind !== 'create') throw new DiagnosedError(noPool(name));
		return { name, members, kind, maxCount };
	});
}

function noPool(name: string): Diagnostic {
	return {
		code: 'limits.noPool',
		what: `The limit for '${name}' names a number pool, and is not for Creating.`,
		why: 'From which pool a number comes is known when it is given, and not of extensions that are there.',
		fix: "Write the pool's range of numbers instead, such as 200-299.",
		field: FIELD,
	};
}
