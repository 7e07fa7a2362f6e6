/**
 * Which part of the wishes Graph evaluates, and which is left to be decided here. Both parts
 * together choose the same users as either could alone.
 */
import { DiagnosedError } from '../sync/diagnostic';
import type { Attribute, Support } from './attributes';
import { attributeNamed, EXTENSION_ATTRIBUTES_OBJECT } from './attributes';
import type { Condition, Operator } from './condition';
import { listOf } from './condition';

/** Which users to read, by what Graph can filter by in principle. */
export interface UserFilter {
	/** 'members' are all who are not guests: old accounts have no type at all. */
	readonly userType: 'members' | 'guests' | 'all';
	readonly includeDisabled: boolean;
	readonly conditions: readonly Condition[];
	readonly combine: 'and' | 'or';
	/** OData, for experts; joined to the rest with 'and'. Only Graph can evaluate it. */
	readonly raw: string | null;
}

/** OData text, not yet encoded, and whether Graph needs its advanced query capabilities for it. */
export interface ODataFilter {
	readonly text: string | null;
	readonly advanced: boolean;
}

export interface SplitFilter {
	readonly graph: ODataFilter;
	/** What Graph does not answer, in the same shape. */
	readonly here: UserFilter;
}

export const NO_FILTER: ODataFilter = { text: null, advanced: false };

/** Graph takes fifteen alternatives in one expression ("Max allowed: 15"). */
const ALTERNATIVES = 15;

/**
 * Gives Graph all it can do. `plain` holds back what needs the advanced query capabilities, for
 * requests that cannot use them.
 *
 * Throws a `DiagnosedError` for an attribute that does not exist.
 */
export function splitFilter(filter: UserFilter, { plain = false } = {}): SplitFilter {
	const can = (part: ODataFilter | null): part is ODataFilter =>
		part !== null && !(plain && part.advanced);
	const written = filter.conditions.map((condition) => ({
		condition,
		odata: toOData(condition),
	}));
	const type = TYPES[filter.userType];
	const raw = rawFilter(filter.raw);
	// Of alternatives, either all are answered by Graph or none: half of them would lose people.
	const any = filter.combine === 'or' && filter.conditions.length > 1;
	const sendable =
		!any ||
		(written.every(({ odata }) => can(odata)) &&
			written.reduce((sum, { odata }) => sum + (odata?.clauses ?? 0), 0) <= ALTERNATIVES);
	const sent = sendable ? written.flatMap(({ odata }) => (can(odata) ? [odata] : [])) : [];
	const rows = join(sent, filter.combine);
	return {
		graph: join(
			[
				...(can(type) ? [type] : []),
				...(filter.includeDisabled ? [] : [{ text: 'accountEnabled eq true', advanced: false }]),
				...(rows.text === null ? [] : [any ? { ...rows, text: `(${rows.text})` } : rows]),
				...(can(raw) ? [raw] : []),
			].filter(({ text }) => text !== null),
			'and',
		),
		here: {
			userType: can(type) ? 'all' : filter.userType,
			includeDisabled: true,
			conditions: sendable
				? written.filter(({ odata }) => !can(odata)).map(({ condition }) => condition)
				: filter.conditions,
			combine: filter.combine,
			raw: can(raw) ? null : filter.raw,
		},
	};
}

/** The experts' filter alone. Nobody knows what is in it: advanced, Graph takes the most. */
export function rawFilter(raw: string | null): ODataFilter {
	const text = raw?.trim();
	if (!text) return NO_FILTER;
	if (!isClosed(text)) throw notClosed(text);
	return { text: `(${text})`, advanced: true };
}

/** A bracket too many would end ours, and what comes after it would widen the whole filter. */
function isClosed(text: string): boolean {
	let depth = 0;
	// In OData a quote inside a text is doubled, so texts can be taken out as if they met there.
	const outside = text.replace(/'[^']*'/g, '');
	for (const sign of outside.match(/[()']/g) ?? []) {
		if (sign === "'") return false;
		depth += sign === '(' ? 1 : -1;
		if (depth < 0) return false;
	}
	return depth === 0;
}

function join(parts: readonly ODataFilter[], word: 'and' | 'or'): ODataFilter {
	return {
		text: parts.length === 0 ? null : parts.map((part) => part.text).join(` ${word} `),
		advanced: parts.some((part) => part.advanced),
	};
}

const TYPES: Readonly<Record<UserFilter['userType'], ODataFilter>> = {
	// 'eq Member' would leave out accounts without a type; 'ne' always needs the advanced capabilities.
	members: { text: "userType ne 'Guest'", advanced: true },
	guests: { text: "userType eq 'Guest'", advanced: false },
	all: NO_FILTER,
};

interface Written extends ODataFilter {
	/** How many comparisons it stands for. */
	readonly clauses: number;
}

/** The condition in OData, or null when Graph cannot answer it. */
function toOData(condition: Condition): Written | null {
	const attribute = attributeNamed(condition.attribute);
	if (attribute === null) throw unknownAttribute(condition.attribute);
	const { operator, value } = condition;
	if (operator === 'contains' || operator === 'notContains') return null;
	const support = supportOf(attribute, operator);
	if (support === 'no') return null;
	const values = isListed(operator) ? listOf(value) : [value];
	if (values.length === 0 || values.length > ALTERNATIVES) return null;
	if (attribute.kind === 'flag' && !values.every(isFlag)) return null;
	const text =
		attribute.kind === 'list'
			? `${attribute.name}/any(p:${compare('p', operator, value, attribute)})`
			: compare(pathOf(attribute), operator, value, attribute);
	// The two negations that ask for empty attributes by name are two comparisons.
	const asksTwice = operator === 'notStartsWith' || operator === 'notEndsWith';
	const clauses = asksTwice ? 2 : values.length;
	return { text, advanced: support === 'advanced', clauses };
}

function pathOf({ name }: Attribute): string {
	return name.startsWith('extensionAttribute') ? `${EXTENSION_ATTRIBUTES_OBJECT}/${name}` : name;
}

/** What Graph has a word for; nowhere can it look into the middle of a text. */
type Sendable = Exclude<Operator, 'contains' | 'notContains'>;

function supportOf({ graph, kind }: Attribute, operator: Sendable): Support {
	switch (operator) {
		case 'equals':
		case 'oneOf':
			return graph.equals;
		case 'startsWith':
			return graph.startsWith;
		case 'endsWith':
			return graph.endsWith;
		case 'isEmpty':
		case 'isNotEmpty':
			return graph.isEmpty;
		case 'notEquals':
		case 'notOneOf':
			// What "one entry of the list is not x" means to Graph is not written down anywhere.
			return kind === 'list' || graph.equals === 'no' ? 'no' : 'advanced';
		case 'notStartsWith':
			return negated(graph.startsWith, graph.isEmpty);
		case 'notEndsWith':
			return negated(graph.endsWith, graph.isEmpty);
	}
}

/** Nobody says whether `not startsWith` finds empty attributes, so they are asked for by name. */
function negated(comparison: Support, isEmpty: Support): Support {
	return comparison === 'no' || isEmpty === 'no' ? 'no' : 'advanced';
}

function compare(path: string, operator: Sendable, value: string, { kind }: Attribute): string {
	const written = (each: string) => (kind === 'flag' ? each.trim().toLowerCase() : literal(each));
	switch (operator) {
		case 'equals':
			return `${path} eq ${written(value)}`;
		case 'notEquals':
			return `${path} ne ${written(value)}`;
		case 'oneOf':
			return kind === 'list'
				? listOf(value)
						.map((each) => `${path} eq ${written(each)}`)
						.join(' or ')
				: `${path} in (${listOf(value).map(written).join(', ')})`;
		case 'notOneOf':
			return `(${listOf(value)
				.map((each) => `${path} ne ${written(each)}`)
				.join(' and ')})`;
		case 'startsWith':
		case 'endsWith':
			return `${operator}(${path}, ${written(value)})`;
		case 'notStartsWith':
			return `(not(startsWith(${path}, ${written(value)})) or ${path} eq null)`;
		case 'notEndsWith':
			return `(not(endsWith(${path}, ${written(value)})) or ${path} eq null)`;
		case 'isNotEmpty':
			return `${path} ne null`;
		case 'isEmpty':
			return `${path} eq null`;
	}
}

function isListed(operator: Operator): boolean {
	return operator === 'oneOf' || operator === 'notOneOf';
}

function isFlag(value: string): boolean {
	return /^(true|false)$/i.test(value.trim());
}

/** OData doubles the single quotes of a text. */
export function literal(value: string): string {
	return `'${value.trim().replaceAll("'", "''")}'`;
}

function notClosed(text: string): DiagnosedError {
	return new DiagnosedError({
		code: 'entra.filterNotClosed',
		what: "'Filter (OData)' has a bracket or a quote that is not closed.",
		why: `It is: ${text}`,
		fix: "Close it, or take it away. A quote inside a text is doubled: 'O''Neil'.",
		field: 'Filter (OData)',
	});
}

function unknownAttribute(name: string): DiagnosedError {
	return new DiagnosedError({
		code: 'entra.unknownAttribute',
		what: `Users cannot be chosen by "${name}".`,
		why: 'It is neither in the list nor the name of a directory extension.',
		fix: 'Choose the attribute from the list; a directory extension is written extension_, the app ID without dashes, _ and its name.',
		field: 'Only Users Where',
	});
}
