/**
 * As much of GraphQL as clients of FreePBX use: one operation with variables, fields with aliases,
 * arguments and selections. No fragments, no directives, no introspection.
 */

export interface Field {
	/** What the answer calls it. */
	readonly alias: string;
	readonly name: string;
	readonly args: Readonly<Record<string, unknown>>;
	/** Null: none was given. */
	readonly selection: readonly Field[] | null;
}

export interface Operation {
	readonly kind: 'query' | 'mutation';
	readonly fields: readonly Field[];
}

/** What GraphQL servers answer with `errors`. */
export class GraphQlError extends Error {}

const TOKEN = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?|[A-Za-z_]\w*|[{}()[\]:!=$]|\.{3}/g;

export function readOperation(
	document: string,
	variables: Readonly<Record<string, unknown>>,
): Operation {
	const tokens = document.replace(/#.*/g, '').match(TOKEN) ?? [];
	let at = 0;

	const peek = () => tokens[at] ?? '';
	const take = (wanted?: string): string => {
		const token = peek();
		if (token === '' || (wanted !== undefined && token !== wanted)) {
			throw new GraphQlError(
				`Syntax Error: Expected ${wanted ?? 'Name'}, found ${token || '<EOF>'}`,
			);
		}
		at += 1;
		return token;
	};
	const skip = (token: string): boolean => {
		if (peek() !== token) return false;
		at += 1;
		return true;
	};
	const name = (): string => {
		const token = take();
		if (/^[A-Za-z_]/.test(token)) return token;
		throw new GraphQlError(`Syntax Error: Expected Name, found ${token}`);
	};

	function value(): unknown {
		const token = take();
		if (token === '$') return variable(name());
		if (token === '[') {
			const items: unknown[] = [];
			while (!skip(']')) items.push(value());
			return items;
		}
		if (token === '{') {
			const entries: [string, unknown][] = [];
			while (!skip('}')) entries.push([name(), (take(':'), value())]);
			return Object.fromEntries(entries);
		}
		if (token.startsWith('"') || /^(-?\d|true$|false$|null$)/.test(token)) return JSON.parse(token);
		return token;
	}

	function variable(named: string): unknown {
		if (declared.has(named)) return variables[named];
		throw new GraphQlError(`Variable "$${named}" is not defined.`);
	}

	function selection(): Field[] {
		const fields: Field[] = [];
		take('{');
		while (!skip('}')) {
			const first = name();
			const real = skip(':') ? name() : first;
			const args: [string, unknown][] = [];
			if (skip('(')) while (!skip(')')) args.push([name(), (take(':'), value())]);
			fields.push({
				alias: first,
				name: real,
				args: Object.fromEntries(args.filter(([, given]) => given !== undefined)),
				selection: peek() === '{' ? selection() : null,
			});
		}
		return fields;
	}

	const declared = new Set<string>();
	const kind = peek() === '{' ? 'query' : name();
	if (kind !== 'query' && kind !== 'mutation') {
		throw new GraphQlError(`Syntax Error: Unexpected Name "${kind}"`);
	}
	if (peek() !== '{' && peek() !== '(') name();
	if (skip('(')) {
		while (!skip(')')) {
			take('$');
			const named = name();
			take(':');
			declared.add(named);
			const isList = skip('[');
			name();
			const required = skip('!');
			if (isList && take(']')) skip('!');
			if (required && (variables[named] ?? null) === null) {
				throw new GraphQlError(`Variable "$${named}" of required type was not provided.`);
			}
		}
	}
	return { kind, fields: selection() };
}

/** The values a selection asks for, and only these. */
export function select(value: unknown, { name, selection }: Field, type: string): unknown {
	if (value === null || value === undefined) return null;
	if (Array.isArray(value))
		return value.map((each) => select(each, { alias: name, name, args: {}, selection }, type));
	if (typeof value !== 'object') return value;
	if (selection === null) {
		throw new GraphQlError(`Field "${name}" of type "${type}" must have a selection of subfields.`);
	}
	const values = new Map<string, unknown>(Object.entries(value));
	const picked = selection.map((field) => {
		if (!values.has(field.name)) {
			throw new GraphQlError(`Cannot query field "${field.name}" on type "${type}".`);
		}
		return [field.alias, select(values.get(field.name), field, field.name)] as const;
	});
	return Object.fromEntries(picked);
}
