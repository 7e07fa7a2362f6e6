/** OData `$filter`, as much of it as Graph's directory understands, with Graph's conditions. */
import { parseFilter } from './filter-parser.mts';
import type { Expression, Literal, Operator } from './filter-parser.mts';
import type { EntityType, FilterLevels } from './properties.mts';
import { badRequest, needsAdvanced, unsupportedQuery } from './refusal.mts';

export type Predicate = (row: unknown) => boolean;

/**
 * Parses a filter and gives the test it stands for. Throws Graph's own refusals: for text that is
 * no filter, for unknown properties, and for what needs advanced query parameters.
 */
export function compileFilter(text: string, type: EntityType, advanced: boolean): Predicate {
	const expression = parseFilter(text);
	check(expression, type, advanced);
	refuseTooMany(expression);
	return (row) => holds(expression, row);
}

const MOST_ALTERNATIVES = 15;

function refuseTooMany(expression: Expression): void {
	const found = alternatives(expression);
	if (found <= MOST_ALTERNATIVES) return;
	throw unsupportedQuery(
		`Too many child clauses specified in search filter expression containing 'OR' operators: ${found}. Max allowed: ${MOST_ALTERNATIVES}.`,
	);
}

function alternatives(expression: Expression): number {
	switch (expression.kind) {
		case 'or':
			return alternatives(expression.left) + alternatives(expression.right);
		case 'and':
			return Math.max(alternatives(expression.left), alternatives(expression.right));
		case 'not':
		case 'any':
			return alternatives(expression.inner);
		case 'in':
			return expression.values.length;
		default:
			return 1;
	}
}

/** Throws when the directory would not answer this filter, or not without advanced parameters. */
function check(expression: Expression, type: EntityType, advanced: boolean, any?: string): void {
	switch (expression.kind) {
		case 'and':
		case 'or':
			check(expression.left, type, advanced, any);
			check(expression.right, type, advanced, any);
			return;
		case 'not':
			if (!advanced) throw needsAdvanced('not');
			check(expression.inner, type, advanced, any);
			return;
		case 'any':
			levelsOf(type, expression.path);
			check(expression.inner, type, advanced, expression.path);
			return;
		default:
			checkOne(expression, any ?? expression.path, type, advanced);
	}
}

function checkOne(
	expression: Extract<Expression, { kind: 'compare' | 'in' | 'text' }>,
	path: string,
	type: EntityType,
	advanced: boolean,
): void {
	const levels = levelsOf(type, path);
	const operator = operatorOf(expression);
	const level = levelOf(expression, levels);
	if (level === false) {
		throw unsupportedQuery(
			`Unsupported or invalid query filter clause specified for property '${path}' of resource '${type.resource}'.`,
		);
	}
	const negated = expression.kind === 'compare' && expression.operator === 'ne';
	if ((negated || level === 'advanced') && !advanced) throw needsAdvanced(operator);
}

function operatorOf(expression: Extract<Expression, { kind: 'compare' | 'in' | 'text' }>): string {
	if (expression.kind === 'compare') return expression.operator;
	return expression.kind === 'in' ? 'in' : expression.fn;
}

function levelOf(
	expression: Extract<Expression, { kind: 'compare' | 'in' | 'text' }>,
	levels: FilterLevels,
): FilterLevels['eq'] {
	if (expression.kind === 'text') return levels[expression.fn];
	if (expression.kind === 'in') return levels.eq;
	if (!['eq', 'ne'].includes(expression.operator)) return levels.compare;
	return expression.value === null ? levels.isNull : levels.eq;
}

function levelsOf(type: EntityType, path: string): FilterLevels {
	const levels = Object.hasOwn(type.properties, path) ? type.properties[path] : undefined;
	if (levels === undefined) {
		throw badRequest(
			`Invalid filter clause: Could not find a property named '${path}' on type '${type.name}'.`,
		);
	}
	return levels;
}

function holds(expression: Expression, row: unknown): boolean {
	switch (expression.kind) {
		case 'and':
			return holds(expression.left, row) && holds(expression.right, row);
		case 'or':
			return holds(expression.left, row) || holds(expression.right, row);
		case 'not':
			return !holds(expression.inner, row);
		case 'any': {
			const items = valueAt(row, expression.path.replace(/\/any$/, ''));
			return Array.isArray(items) && items.some((item) => holds(expression.inner, item));
		}
		case 'in':
			return expression.values.some((value) => same(valueAt(row, expression.path), value));
		case 'text': {
			const value = valueAt(row, expression.path);
			if (typeof value !== 'string') return false;
			return expression.fn === 'startsWith'
				? fold(value).startsWith(fold(expression.value))
				: fold(value).endsWith(fold(expression.value));
		}
		case 'compare':
			return compare(valueAt(row, expression.path), expression.operator, expression.value);
	}
}

function compare(value: unknown, operator: Operator, wanted: Literal): boolean {
	if (operator === 'eq') return same(value, wanted);
	if (operator === 'ne') return !same(value, wanted);
	if (typeof value !== 'string' || typeof wanted !== 'string') return false;
	const [left, right] = [Date.parse(value), Date.parse(wanted)];
	switch (operator) {
		case 'ge':
			return left >= right;
		case 'gt':
			return left > right;
		case 'le':
			return left <= right;
		case 'lt':
			return left < right;
	}
}

/** The directory compares text without regard to case. */
const same = (value: unknown, wanted: Literal): boolean =>
	typeof value === 'string' && typeof wanted === 'string'
		? fold(value) === fold(wanted)
		: value === wanted;

const fold = (text: string) => text.toLowerCase();

/** An empty path is the row itself: an item inside `any`. */
function valueAt(row: unknown, path: string): unknown {
	if (path === '') return row;
	return path
		.split('/')
		.reduce<unknown>(
			(value, key) =>
				typeof value === 'object' && value !== null
					? Object.entries(value).find(([name]) => name === key)?.[1]
					: undefined,
			row,
		);
}
