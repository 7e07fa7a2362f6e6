/** OData `$filter`, as much of it as Graph's directory understands, with Graph's conditions. */
import type { EntityType, FilterLevels } from './properties.mts';
import { badRequest, needsAdvanced, unsupportedQuery } from './refusal.mts';

type Literal = string | number | boolean | null;
type Operator = 'eq' | 'ne' | 'ge' | 'gt' | 'le' | 'lt';
type TextFunction = 'startsWith' | 'endsWith';

type Expression =
	| { kind: 'compare'; path: string; operator: Operator; value: Literal }
	| { kind: 'in'; path: string; values: Literal[] }
	| { kind: 'text'; fn: TextFunction; path: string; value: string }
	| { kind: 'any'; path: string; inner: Expression }
	| { kind: 'not'; inner: Expression }
	| { kind: 'and' | 'or'; left: Expression; right: Expression };

export type Predicate = (row: unknown) => boolean;

/**
 * Parses a filter and gives the test it stands for. Throws Graph's own refusals: for text that is
 * no filter, for unknown properties, and for what needs advanced query parameters.
 */
export function compileFilter(text: string, type: EntityType, advanced: boolean): Predicate {
	const expression = new Parser(text).parse();
	check(expression, type, advanced);
	return (row) => holds(expression, row);
}

interface Token {
	readonly kind: 'word' | 'text' | 'number' | 'sign' | 'end';
	readonly value: string;
	readonly at: number;
}

const TOKEN =
	/\s*(?:(?<text>'(?:[^']|'')*')|(?<number>-?\d+(?:\.\d+)?(?![\w:-]))|(?<word>[\w$@.:+-]+(?:\/[\w$@.]+)*)|(?<sign>[(),]))/uy;

function tokenize(text: string): Token[] {
	const tokens: Token[] = [];
	let at = 0;
	while (at < text.trimEnd().length) {
		TOKEN.lastIndex = at;
		const found = TOKEN.exec(text);
		if (found === null) throw syntax(text, at);
		const [kind, value] = Object.entries(found.groups ?? {}).find(([, v]) => v !== undefined) ?? [];
		// The pattern has exactly these four groups.
		tokens.push({ kind: kind as Token['kind'], value: value ?? '', at });
		at = TOKEN.lastIndex;
	}
	return [...tokens, { kind: 'end', value: '', at }];
}

const syntax = (text: string, at: number) =>
	badRequest(`Invalid filter clause: Syntax error at position ${at} in '${text}'.`);

class Parser {
	private readonly tokens: Token[];
	private next = 0;

	constructor(private readonly text: string) {
		this.tokens = tokenize(text);
	}

	parse(): Expression {
		const expression = this.or(null);
		if (this.peek().kind !== 'end') throw this.unexpected();
		return expression;
	}

	/** `variable` is the range variable inside `any(x: ...)`, null outside. */
	private or(variable: string | null): Expression {
		let left = this.and(variable);
		while (this.takeWord('or')) left = { kind: 'or', left, right: this.and(variable) };
		return left;
	}

	private and(variable: string | null): Expression {
		let left = this.not(variable);
		while (this.takeWord('and')) left = { kind: 'and', left, right: this.not(variable) };
		return left;
	}

	private not(variable: string | null): Expression {
		return this.takeWord('not')
			? { kind: 'not', inner: this.not(variable) }
			: this.primary(variable);
	}

	private primary(variable: string | null): Expression {
		if (this.takeSign('(')) {
			const inner = this.or(variable);
			this.expectSign(')');
			return inner;
		}
		const word = this.expectWord();
		const fn = textFunction(word);
		if (fn !== null && this.takeSign('(')) {
			const path = this.path(this.expectWord(), variable);
			this.expectSign(',');
			const value = this.literal();
			if (typeof value !== 'string') throw this.unexpected();
			this.expectSign(')');
			return { kind: 'text', fn, path, value };
		}
		if (word.endsWith('/any')) {
			this.expectSign('(');
			const declared = this.expectWord();
			// "p:p eq 'x'" arrives as one word, "p: p eq 'x'" as two.
			const [name = '', rest] = declared.split(':');
			if (rest) this.tokens[--this.next] = { kind: 'word', value: rest, at: this.peek().at };
			const inner = this.or(name);
			this.expectSign(')');
			return { kind: 'any', path: word, inner };
		}
		return this.comparison(this.path(word, variable));
	}

	private comparison(path: string): Expression {
		const word = this.expectWord();
		if (word === 'in') {
			this.expectSign('(');
			const values = [this.literal()];
			while (this.takeSign(',')) values.push(this.literal());
			this.expectSign(')');
			return { kind: 'in', path, values };
		}
		if (!isOperator(word)) throw this.unexpected(-1);
		return { kind: 'compare', path, operator: word, value: this.literal() };
	}

	private path(word: string, variable: string | null): string {
		if (variable === null) return word;
		if (word !== variable) throw this.unexpected(-1);
		return '';
	}

	private literal(): Literal {
		const token = this.take();
		if (token.kind === 'text') return token.value.slice(1, -1).replaceAll("''", "'");
		if (token.kind === 'number') return Number(token.value);
		if (token.value === 'null') return null;
		if (token.value === 'true' || token.value === 'false') return token.value === 'true';
		if (token.kind === 'word' && /^\d{4}-\d\d-\d\d/.test(token.value)) return token.value;
		throw this.unexpected(-1);
	}

	private peek(): Token {
		return this.tokens[this.next] ?? { kind: 'end', value: '', at: this.text.length };
	}

	private take(): Token {
		const token = this.peek();
		this.next += 1;
		return token;
	}

	private takeWord(value: string): boolean {
		const found = this.peek().kind === 'word' && this.peek().value === value;
		if (found) this.next += 1;
		return found;
	}

	private takeSign(value: string): boolean {
		const found = this.peek().kind === 'sign' && this.peek().value === value;
		if (found) this.next += 1;
		return found;
	}

	private expectSign(value: string): void {
		if (!this.takeSign(value)) throw this.unexpected();
	}

	private expectWord(): string {
		if (this.peek().kind !== 'word') throw this.unexpected();
		return this.take().value;
	}

	private unexpected(offset = 0) {
		return syntax(this.text, this.tokens[this.next + offset]?.at ?? this.text.length);
	}
}

const isOperator = (word: string): word is Operator =>
	['eq', 'ne', 'ge', 'gt', 'le', 'lt'].includes(word);

function textFunction(word: string): TextFunction | null {
	if (word.toLowerCase() === 'startswith') return 'startsWith';
	if (word.toLowerCase() === 'endswith') return 'endsWith';
	return null;
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
