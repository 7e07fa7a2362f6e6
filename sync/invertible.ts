/**
 * Which rows of a mapping may flow back. A row can go both ways only when the phone system's value
 * says exactly which value the directory must have had; anything else would make one up.
 */
import type { FieldDefinition } from './contact';
import type { MappingRow } from './mapping-row';
import type { Transform } from './transform';

/** What of a user can be written; by Graph's name. */
export type Writable = ReadonlyMap<string, { readonly required: boolean }>;

export interface NoWayBack {
	readonly code: string;
	readonly why: string;
	readonly fix: string;
}

/** Why the row cannot write to the directory, or null when it can. */
export function whyNotBack(
	row: MappingRow,
	field: FieldDefinition,
	writable: Writable | null,
): NoWayBack | null {
	const { source, direction, transforms } = row;
	if (direction === 'toPbx') return null;
	if (source.kind !== 'attribute')
		return no(
			'backSource',
			'Its value is put together, and what the phone system says cannot be taken apart again.',
			"Set 'Value From' to 'Attribute'",
		);
	if (writable && !writable.has(source.attribute))
		return no(
			'backAttribute',
			`'${source.attribute}' is not written by this package: it decides about signing in or mail, or Microsoft Graph does not let anybody write it.`,
			'Choose another attribute, for instance one of the fifteen extension attributes',
		);
	if (direction === 'toDirectory')
		return transforms.length > 0
			? no(
					'backSteps',
					'Its steps only work towards the phone system.',
					"Remove them, and use 'Write As'",
				)
			: null;
	if (field.name === 'number')
		return no(
			'backNumber',
			'Who gets which number is decided by Extension Allocator, not on either side.',
			"Set 'Direction' to 'To Directory' to write the number a user got",
		);
	if (field.createOnly || row.when !== 'always')
		return no(
			'backCreateOnly',
			'It is only given to new accounts, so later edits have nowhere to go.',
			"Set 'When' to 'Always', or choose a field that can be changed",
		);
	const step = transforms.find((transform) => !isInvertible(transform, field));
	if (step) return no('backSteps', whyStep(step), 'Remove that step');
	if (row.whenEmpty === 'default' || row.whenEmpty === 'reject')
		return no(
			'backEmpty',
			'An empty value is either passed on or filled again from the other side.',
			"Set 'When Empty' to 'Leave the Field' or 'Clear the Field', without a default",
		);
	return row.onInvalid === 'raw'
		? no(
				'backRaw',
				'A value that is sent as typed although it cannot be read cannot be read back either.',
				"Set 'When It Does Not Fit' to 'Leave the Field'",
			)
		: null;
}

function isInvertible({ kind }: Transform, { ignoreCase }: FieldDefinition): boolean {
	if (kind === 'trim' || kind === 'phone') return true;
	return kind === 'toLower' && ignoreCase === true;
}

function whyStep({ kind }: Transform): string {
	return kind === 'toLower' || kind === 'toUpper' || kind === 'pCase'
		? 'Its step changes capital letters, and nobody knows afterwards which ones there were.'
		: 'Its step loses a part of the value that nobody can put back.';
}

/** Every such row has the same second way out. */
function no(code: string, why: string, fix: string): NoWayBack {
	return { code, why, fix: `${fix}, or set 'Direction' to 'To Phone System'.` };
}
