import type { FieldDefinition } from './contact';
import type { Writable } from './invertible';
import type { Source } from './source';
import { describeSource } from './source';
import type { Transform } from './transform';
import { describeTransform } from './transform';
import type { Winner } from './two-way';

/** What happens when there is no value: the field stays, is cleared, gets a text, or the user is rejected. */
export type EmptyRule =
	| { readonly whenEmpty: 'leave' | 'clear' | 'reject' }
	| { readonly whenEmpty: 'default'; readonly defaultValue: string };

export type MappingRow = EmptyRule & {
	/** `FieldDefinition.name`. */
	readonly field: string;
	readonly source: Source;
	readonly transforms: readonly Transform[];
	/**
	 * When a value cannot be read or the field does not take it. `raw` sends it as it is in the
	 * directory, as long as the field takes that. A required field is always 'reject'.
	 */
	readonly onInvalid: 'leave' | 'reject' | 'raw';
	/**
	 * `create`: given to a new account and left alone afterwards. `report`: the same, and a difference
	 * made on the phone system is told.
	 */
	readonly when: 'always' | 'create' | 'report';
	/** Rows that only flow to the directory say nothing about the contact. */
	readonly direction: 'toPbx' | 'toDirectory' | 'both';
	/** Of a row in both directions: who wins when both sides changed. Default: the directory. */
	readonly wins?: Winner;
	/** Of a row to the directory: the text, with `{value}` for the phone system's. Default: just that. */
	readonly writeAs?: string;
};

export interface MappingSettings {
	/** ISO 3166 alpha-2; for users without a usage location. Null: only international numbers are read. */
	readonly defaultCountry: string | null;
	/** What of a user can be written. Default: whatever a row names. */
	readonly writable?: Writable | null;
}

/** The meaning of a row in one line: `Mobile ← mobilePhone · E.164`. */
export function describeRow(row: MappingRow, fields: readonly FieldDefinition[]): string {
	const field = fields.find(({ name }) => name === row.field);
	const steps = row.transforms.map(describeTransform);
	if (row.when === 'create') steps.push('only when creating');
	if (row.when === 'report') steps.push('differences only reported');
	const arrow = { toPbx: '←', toDirectory: '→', both: '↔' }[row.direction];
	return `${field?.displayName ?? row.field} ${arrow} ${[describeSource(row.source), ...steps].join(' · ')}`;
}
