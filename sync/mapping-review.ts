import type { FieldDefinition } from './contact';
import type { Diagnostic } from './diagnostic';
import { whyNotBack } from './invertible';
import type { MappingRow, MappingSettings } from './mapping-row';
import { countryCode } from './phone';
import { attributesOf } from './source';
import type { Transform } from './transform';

/** What is wrong with the rows themselves, before any user is looked at. Empty when all is well. */
export function reviewMapping(
	rows: readonly MappingRow[],
	fields: readonly FieldDefinition[],
	{ defaultCountry, writable = null }: MappingSettings,
): Diagnostic[] {
	const problems: Diagnostic[] = [];
	if (rows.length === 0)
		problems.push(
			finding(
				'noRows',
				'Mapping',
				'The mapping has no rows.',
				'Nothing would ever be written.',
				"Add a row, or set 'Mapping' to 'Recommended'.",
			),
		);
	if (defaultCountry !== null && !countryCode(defaultCountry))
		problems.push(
			finding(
				'country',
				'Default Country',
				`'${defaultCountry}' is no country.`,
				'Numbers without a country code could not be read.',
				'Use two letters as in Entra usage locations: DE, SE, US.',
			),
		);
	const seen = new Set<string>();
	const written = new Set<string>();
	rows.forEach((row, index) => {
		const field = fields.find(({ name }) => name === row.field);
		const where = `Row ${String(index + 1)} (${field?.displayName ?? (row.field || 'no field')})`;
		const report = (code: string, why: string, fix: string) =>
			problems.push(finding(code, where, `${where} cannot be used.`, why, fix));
		if (!field)
			report(
				'unknownField',
				'The phone system has no such field.',
				'Choose one of its fields, or remove the row.',
			);
		else if (seen.has(waysOf(row)))
			report(
				'twice',
				`'${field.displayName}' is filled by another row already.`,
				"Remove one of them, or use 'First Non-Empty Of' to combine them.",
			);
		seen.add(waysOf(row));
		reviewSource(row, report);
		if (field) {
			const noWayBack = whyNotBack(row, field, writable);
			if (noWayBack) report(noWayBack.code, noWayBack.why, noWayBack.fix);
		}
		for (const attribute of row.direction === 'toPbx' ? [] : attributesOf(row.source)) {
			if (written.has(attribute))
				report(
					'attributeTwice',
					`'${attribute}' is written by another row already.`,
					'Remove one of them: two fields cannot be one attribute.',
				);
			written.add(attribute);
			if (row.direction === 'toDirectory' && readsAlso(rows, row.field, attribute))
				report(
					'circle',
					`Another row fills the same field from '${attribute}'.`,
					"Keep one row, with 'Direction' set to 'Both'.",
				);
		}
		for (const transform of row.transforms) reviewTransform(transform, report);
		if (row.whenEmpty === 'default' && row.defaultValue.trim() === '')
			report('default', 'Its default text is empty.', "Fill in 'Default', or clear the field.");
	});
	return problems;
}

/** Fields new accounts need that no row fills. The number is not among them: the Allocator gives it. */
export function missingForNewAccounts(
	rows: readonly MappingRow[],
	fields: readonly FieldDefinition[],
): FieldDefinition[] {
	const filling = rows.filter(({ direction }) => direction !== 'toDirectory');
	const mapped = new Set(filling.map(({ field }) => field));
	return fields.filter(({ name, required }) => required && name !== 'number' && !mapped.has(name));
}

/** A field may be filled by one row and followed by another, not more. */
function waysOf({ field, direction }: MappingRow): string {
	return direction === 'toDirectory' ? `${field} to directory` : field;
}

function readsAlso(rows: readonly MappingRow[], field: string, attribute: string): boolean {
	return rows.some(
		(row) =>
			row.field === field &&
			row.direction !== 'toDirectory' &&
			attributesOf(row.source).includes(attribute),
	);
}

type Report = (code: string, why: string, fix: string) => void;

function reviewSource({ source }: MappingRow, report: Report): void {
	const names = attributesOf(source);
	if (source.kind === 'constant') {
		if (source.value.trim() === '') report('noText', 'Its text is empty.', "Fill in 'Text'.");
	} else if (source.kind === 'computed') {
		if (source.text.trim() === '')
			report('noExpression', 'Its expression is empty.', "Fill in 'Expression'.");
		else if (source.isText)
			report(
				'fixedExpression',
				`"${source.text}" stands there as plain text.`,
				"Switch 'Expression' from 'Fixed' to 'Expression', or set 'Value From' to 'Text'.",
			);
	} else if (names.length === 0)
		report(
			'noAttribute',
			'It names no directory attribute.',
			source.kind === 'template'
				? 'Write attributes in braces: {givenName} {surname}.'
				: 'Choose the attribute the value comes from.',
		);
	else if (names.some((name) => !/^\w[\w.-]*$/.test(name)))
		report(
			'attribute',
			`${names.map((name) => `"${name}"`).join(', ')} holds what is no attribute name.`,
			'Use names as Microsoft Graph has them: givenName, extensionAttribute1.',
		);
	if (source.kind === 'template' && /[{}]/.test(source.template.replace(/\{[^{}]*\}/g, '')))
		report('braces', 'A brace of its template has no partner.', 'Close it: {givenName}.');
}

function reviewTransform(transform: Transform, report: Report): void {
	switch (transform.kind) {
		case 'replace':
			if (transform.find === '')
				report('replace', 'Its Replace step looks for nothing.', "Fill in 'Find'.");
			return;
		case 'left':
			if (!Number.isInteger(transform.length) || transform.length < 1)
				report('left', 'Its Left step keeps no characters.', "Set 'Characters' to 1 or more.");
			return;
		case 'extension':
			if (!Number.isInteger(transform.lastDigits) || transform.lastDigits < 0)
				report(
					'lastDigits',
					'Its Extension step counts no whole digits.',
					"Set 'Last Digits' to 0 or more.",
				);
			return;
		case 'switch':
			if (transform.cases.length === 0)
				report('switch', 'Its look-up table is empty.', 'Write one line for each: Sales = 200.');
			return;
		case 'formatDate':
			if (transform.format.trim() === '')
				report('formatDate', 'Its date step has no format.', 'Write one: dd.MM.yyyy.');
			return;
		default:
			return;
	}
}

function finding(code: string, field: string, what: string, why: string, fix: string): Diagnostic {
	return { code: `mapping.${code}`, what, why, fix, field };
}
