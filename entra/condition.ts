/** One condition on an attribute, decided here. `filter.ts` writes the same for Graph. */
import { attributeNamed, EXTENSION_ATTRIBUTES_OBJECT } from './attributes';
import type { Row } from './listing';

export const OPERATORS = [
	'contains',
	'endsWith',
	'equals',
	'isEmpty',
	'isNotEmpty',
	'notContains',
	'notEndsWith',
	'notEquals',
	'notOneOf',
	'notStartsWith',
	'oneOf',
	'startsWith',
] as const;

export type Operator = (typeof OPERATORS)[number];

export interface Condition {
	/** Graph's name, `extensionAttribute1` .. `15` and directory extensions included. */
	readonly attribute: string;
	readonly operator: Operator;
	/** For 'oneOf' and 'notOneOf' a list separated by commas; not used by the two about emptiness. */
	readonly value: string;
}

/** As a sentence goes on after the attribute's name: "Department is not ...". */
const WORDS: Readonly<Record<Operator, string>> = {
	contains: 'contains',
	endsWith: 'ends with',
	equals: 'is',
	isEmpty: 'is empty',
	isNotEmpty: 'is not empty',
	notContains: 'does not contain',
	notEndsWith: 'does not end with',
	notEquals: 'is not',
	notOneOf: 'is none of',
	notStartsWith: 'does not start with',
	oneOf: 'is one of',
	startsWith: 'starts with',
};

/** For people: `Department is one of "Sales, Support"`. */
export function conditionWords({ attribute, operator, value }: Condition): string {
	const name = attributeNamed(attribute)?.displayName ?? attribute;
	const about = isAboutEmptiness(operator) ? '' : ` "${value.trim()}"`;
	return `${name} ${WORDS[operator]}${about}`;
}

export function isAboutEmptiness(operator: Operator): boolean {
	return operator === 'isEmpty' || operator === 'isNotEmpty';
}

/** The parts of a list somebody typed; a comma inside a value cannot be said. */
export function listOf(value: string): string[] {
	return value
		.split(',')
		.map((each) => each.trim())
		.filter((each) => each !== '');
}

/**
 * Whether a user meets the condition, as Graph would say: capital and small letters are the same,
 * nothing fits an empty attribute, and so an empty attribute meets every negation.
 */
export function meets({ attribute, operator, value }: Condition, row: Row): boolean {
	const found = valuesOf(row, attribute);
	const wanted = fold(value.trim());
	switch (operator) {
		case 'contains':
			return found.some((each) => each.includes(wanted));
		case 'endsWith':
			return found.some((each) => each.endsWith(wanted));
		case 'equals':
			return found.includes(wanted);
		case 'isEmpty':
			return found.length === 0;
		case 'isNotEmpty':
			return found.length > 0;
		case 'oneOf':
			return listOf(value).some((each) => found.includes(fold(each)));
		case 'startsWith':
			return found.some((each) => each.startsWith(wanted));
		case 'notContains':
			return !meets({ attribute, operator: 'contains', value }, row);
		case 'notEndsWith':
			return !meets({ attribute, operator: 'endsWith', value }, row);
		case 'notEquals':
			return !meets({ attribute, operator: 'equals', value }, row);
		case 'notOneOf':
			return !meets({ attribute, operator: 'oneOf', value }, row);
		case 'notStartsWith':
			return !meets({ attribute, operator: 'startsWith', value }, row);
	}
}

/** Every value of an attribute as folded text; none when it is empty. */
function valuesOf(row: Row, attribute: string): readonly string[] {
	const value = attribute.startsWith('extensionAttribute')
		? partOf(row[EXTENSION_ATTRIBUTES_OBJECT], attribute)
		: row[attribute];
	const values: readonly unknown[] = Array.isArray(value) ? value : [value];
	return values
		.filter((each) => each !== null && each !== undefined)
		.map((each) => fold(String(each)));
}

function partOf(whole: unknown, name: string): unknown {
	if (typeof whole !== 'object' || whole === null) return undefined;
	return Object.entries(whole).find(([key]) => key === name)?.[1];
}

function fold(text: string): string {
	return text.toLowerCase();
}
