/** Users and one-line mappings for the tests of this folder. */
import type { FieldDefinition } from '../../../sync/contact.ts';
import type { User } from '../../../sync/item.ts';
import type { Mapped, Mapping } from '../../../sync/mapping.ts';
import type { MappingRow, MappingSettings } from '../../../sync/mapping-row.ts';
import { compileMapping } from '../../../sync/mapping.ts';
import type { Source } from '../../../sync/source.ts';

export function activeUser(attributes: object = {}): User {
	return { id: '6ea91a8d-e32e-41a1-b7bd-d2d185eed0e0', status: 'active', ...attributes };
}

export function textField(name: string, more: Partial<FieldDefinition> = {}): FieldDefinition {
	return { name, displayName: name.charAt(0).toUpperCase() + name.slice(1), type: 'text', ...more };
}

/** A row that copies an attribute, changed as the test needs it. */
export function rowFrom(
	attribute: string,
	more: Partial<MappingRow> & { source?: Source } = {},
): MappingRow {
	return {
		field: attribute,
		source: { kind: 'attribute', attribute },
		transforms: [],
		whenEmpty: 'leave',
		onInvalid: 'leave',
		when: 'always',
		direction: 'toPbx',
		...more,
	} as MappingRow; // 'default' without its text is not made by any test
}

export function compile(
	rows: readonly MappingRow[],
	fields: readonly FieldDefinition[],
	settings: MappingSettings = { defaultCountry: null },
): Mapping {
	const compiled = compileMapping(rows, fields, settings);
	if (!compiled.ok) throw new Error(compiled.problems.map(({ why }) => why).join(' '));
	return compiled.mapping;
}

export function mapWith(
	rows: readonly MappingRow[],
	fields: readonly FieldDefinition[],
	user: User,
	settings?: MappingSettings,
): Mapped {
	return compile(rows, fields, settings).map(user);
}
