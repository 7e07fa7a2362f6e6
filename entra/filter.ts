import { DiagnosedError } from '../sync/diagnostic';
import type { Attribute, Support } from './attributes';
import { ATTRIBUTES, EXTENSION_ATTRIBUTES, EXTENSION_ATTRIBUTES_OBJECT } from './attributes';

export type Operator =
	| 'equals'
	| 'notEquals'
	| 'oneOf'
	| 'startsWith'
	| 'endsWith'
	| 'isEmpty'
	| 'isNotEmpty';

export interface Condition {
	/** Graph's name, `extensionAttribute1` .. `15` included. */
	readonly attribute: string;
	readonly operator: Operator;
	/** For 'oneOf' a list separated by commas; not used by 'isEmpty' and 'isNotEmpty'. */
	readonly value: string;
}

/** Which users to read, in the words of the node. */
export interface UserFilter {
	/** 'members' are all who are not guests: old accounts have no type at all. */
	readonly userType: 'members' | 'guests' | 'all';
	readonly includeDisabled: boolean;
	readonly conditions: readonly Condition[];
	readonly combine: 'and' | 'or';
	/** OData, for experts; joined to the rest with 'and'. */
	readonly raw: string | null;
}

/** OData text, not yet encoded, and whether Graph needs its advanced query capabilities for it. */
export interface ODataFilter {
	readonly text: string | null;
	readonly advanced: boolean;
}

/** Everything the node filters by, as one filter Graph evaluates. */
export function toFilter(filter: UserFilter): ODataFilter {
	const type = TYPES[filter.userType];
	const chosen = toConditionFilter(filter);
	const parts = [
		...(type.text === null ? [] : [type]),
		...(filter.includeDisabled ? [] : [{ text: 'accountEnabled eq true', advanced: false }]),
		...(chosen.text === null ? [] : [chosen]),
	];
	return join(parts, 'and');
}

/** Only the conditions and the raw filter, for lists where the rest is decided here. */
export function toConditionFilter(filter: UserFilter): ODataFilter {
	const rows = join(filter.conditions.map(toOData), filter.combine);
	const raw = filter.raw?.trim();
	return join(
		[
			...(rows.text === null ? [] : [{ ...rows, text: bracketed(rows.text, filter) }]),
			// Nobody knows what is in it: with the advanced capabilities Graph takes the most.
			...(raw ? [{ text: `(${raw})`, advanced: true }] : []),
		],
		'and',
	);
}

const TYPES: Readonly<Record<UserFilter['userType'], ODataFilter>> = {
	// 'eq Member' would leave out accounts without a type; 'ne' always needs the advanced capabilities.
	members: { text: "userType ne 'Guest'", advanced: true },
	guests: { text: "userType eq 'Guest'", advanced: false },
	all: { text: null, advanced: false },
};

function bracketed(text: string, { conditions, combine }: UserFilter): string {
	return combine === 'or' && conditions.length > 1 ? `(${text})` : text;
}

function join(parts: readonly ODataFilter[], word: 'and' | 'or'): ODataFilter {
	return {
		text: parts.length === 0 ? null : parts.map((part) => part.text).join(` ${word} `),
		advanced: parts.some((part) => part.advanced),
	};
}

const KNOWN = new Map([...ATTRIBUTES, ...EXTENSION_ATTRIBUTES].map((each) => [each.name, each]));

function toOData(condition: Condition): ODataFilter {
	const attribute = KNOWN.get(condition.attribute);
	const support = attribute && supportOf(attribute, condition.operator);
	if (!attribute || !support || support === 'no') throw cannotFilter(condition, attribute);
	const path = attribute.name.startsWith('extensionAttribute')
		? `${EXTENSION_ATTRIBUTES_OBJECT}/${attribute.name}`
		: attribute.name;
	return { text: compare(path, condition), advanced: support === 'advanced' };
}

function supportOf(attribute: Attribute, operator: Operator): Support {
	const { filter } = attribute;
	if (!filter) return 'no';
	switch (operator) {
		case 'equals':
		case 'oneOf':
			return filter.equals;
		case 'notEquals':
			return filter.equals === 'no' ? 'no' : 'advanced';
		case 'startsWith':
			return filter.startsWith;
		case 'endsWith':
			return filter.endsWith;
		case 'isEmpty':
		case 'isNotEmpty':
			return filter.isEmpty;
	}
}

function compare(path: string, { operator, value }: Condition): string {
	switch (operator) {
		case 'equals':
			return `${path} eq ${literal(value)}`;
		case 'notEquals':
			return `${path} ne ${literal(value)}`;
		case 'oneOf':
			return `${path} in (${listOf(value).map(literal).join(', ')})`;
		case 'startsWith':
			return `startsWith(${path}, ${literal(value)})`;
		case 'endsWith':
			return `endsWith(${path}, ${literal(value)})`;
		case 'isEmpty':
			return `${path} eq null`;
		case 'isNotEmpty':
			return `${path} ne null`;
	}
}

function listOf(value: string): string[] {
	const values = value.split(',').map((each) => each.trim());
	return values.filter((each) => each !== '');
}

/** OData doubles the single quotes of a text. */
export function literal(value: string): string {
	return `'${value.trim().replaceAll("'", "''")}'`;
}

const OPERATOR_NAMES: Readonly<Record<Operator, string>> = {
	equals: 'Equals',
	notEquals: 'Does Not Equal',
	oneOf: 'Is One Of',
	startsWith: 'Starts With',
	endsWith: 'Ends With',
	isEmpty: 'Is Empty',
	isNotEmpty: 'Is Not Empty',
};

function cannotFilter(condition: Condition, attribute: Attribute | undefined): DiagnosedError {
	const name = attribute?.displayName ?? condition.attribute;
	return new DiagnosedError({
		code: 'entra.cannotFilter',
		what: `Users cannot be chosen by '${name}' with '${OPERATOR_NAMES[condition.operator]}'.`,
		why: 'Microsoft Graph does not offer this comparison for this attribute.',
		fix: "Choose another comparison or attribute, or put these users into a group and read 'Members of Groups'.",
		field: 'Only Users Where',
	});
}
