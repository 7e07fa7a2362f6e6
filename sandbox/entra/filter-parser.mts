/** Reads OData `$filter` text into a tree. What the directory makes of it is in `filter.mts`. */
import { badRequest } from './refusal.mts';

export type Literal = string | number | boolean | null;
export type Operator = 'eq' | 'ne' | 'ge' | 'gt' | 'le' | 'lt';
export type TextFunction = 'startsWith' | 'endsWith';

export type Expression =
	| { kind: 'compare'; path: string; operator: Operator; value: Literal }
	| { kind: 'in'; path: string; values: Literal[] }
	| { kind: 'text'; fn: TextFunction; path: string; value: string }
	| { kind: 'any'; path: string; inner: Expression }
	| { kind: 'not'; inner: Expression }
	| { kind: 'and' | 'or'; left: Expression; right: Expression };

/** Throws Graph's "Invalid filter clause" with the position when the text is no filter. */
export function parseFilter(text: string): Expression {
	return new Parser(text).parse();
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
