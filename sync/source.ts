/** Where a row of the mapping takes its value from. */
import type { User } from './item';
import type { Unfit } from './unfit';

export type Source =
	| { readonly kind: 'attribute'; readonly attribute: string }
	/** Microsoft's Coalesce: the first attribute that is not empty. */
	| { readonly kind: 'firstOf'; readonly attributes: readonly string[] }
	/** `{givenName} {surname}`; brackets and separators around a missing part go with it. */
	| { readonly kind: 'template'; readonly template: string }
	| { readonly kind: 'constant'; readonly value: string }
	/** Worked out by somebody else for each user; `row` says which value is meant. */
	| {
			readonly kind: 'computed';
			readonly row: number;
			/** The expression, for people. */
			readonly text: string;
			/** It is not one: nobody switched the field to it. */
			readonly isText?: boolean;
	  };

/**
 * The value as text, `null` when it is empty, `undefined` when the attribute was not read at all:
 * what nobody looked at must never clear a field.
 */
export type SourceValue = string | null | undefined;

/** What `computed` rows were worked out to for one user, by row. */
export type Computed = (row: number) => SourceValue | Unfit;

/** A guest's user principal name is made up by the tenant; no mail ever arrives there. */
const GUEST_ADDRESS = '#EXT#';
const PLACEHOLDER = /\{([^{}]*)\}/g;

/** Gives a function that reads the value of a user. `forMail`: a guest's made-up address is empty. */
export function compileSource(
	source: Source,
	forMail: boolean,
): (user: User, computed?: Computed) => SourceValue | Unfit {
	const read = (user: User, attribute: string): SourceValue => {
		const value = readAttribute(user, attribute);
		return forMail && value?.includes(GUEST_ADDRESS) ? null : value;
	};
	switch (source.kind) {
		case 'attribute':
			return (user) => read(user, source.attribute);
		case 'firstOf':
			return (user) => firstFilled(source.attributes.map((attribute) => read(user, attribute)));
		case 'template':
			return compileTemplate(source.template, read);
		case 'constant':
			return () => source.value;
		case 'computed':
			return (_user, computed) => computed?.(source.row);
	}
}

/** Attributes a source reads, in order. */
export function attributesOf(source: Source): readonly string[] {
	switch (source.kind) {
		case 'attribute':
			return [source.attribute];
		case 'firstOf':
			return source.attributes;
		case 'template':
			return [...source.template.matchAll(PLACEHOLDER)].map(([, name = '']) => name.trim());
		case 'constant':
		case 'computed':
			return [];
	}
}

/** For people: `mail or userPrincipalName`. */
export function describeSource(source: Source): string {
	switch (source.kind) {
		case 'attribute':
			return source.attribute;
		case 'firstOf':
			return source.attributes.join(' or ');
		case 'template':
			return source.template;
		case 'constant':
			return `"${source.value}"`;
		case 'computed':
			return `n8n expression ${source.text}`;
	}
}

/**
 * One attribute as text. Numbers and booleans become text, of a list the first filled entry counts,
 * and a dot goes into an object (`employeeOrgData.division`).
 */
export function readAttribute(user: User, attribute: string): SourceValue {
	if (Object.hasOwn(user, attribute)) return toText(user[attribute]);
	if (!attribute.includes('.')) return undefined;
	let value: unknown = user;
	for (const name of attribute.split('.')) {
		if (typeof value !== 'object' || value === null) return value === undefined ? undefined : null;
		value = Object.entries(value).find(([key]) => key === name)?.[1];
	}
	return toText(value);
}

/** One value as text: numbers and booleans written out, of a list the first filled entry. */
export function toText(value: unknown): SourceValue {
	if (value === undefined) return undefined;
	if (typeof value === 'string') return value.trim() === '' ? null : value;
	if (typeof value === 'number' || typeof value === 'boolean') return String(value);
	return Array.isArray(value) ? (firstFilled(value.map(toText)) ?? null) : null;
}

function firstFilled(values: readonly SourceValue[]): SourceValue {
	return (
		values.find((value) => typeof value === 'string') ??
		(values.includes(undefined) ? undefined : null)
	);
}

function compileTemplate(
	template: string,
	read: (user: User, attribute: string) => SourceValue,
): (user: User) => SourceValue {
	const names = attributesOf({ kind: 'template', template });
	return (user) => {
		const values = new Map(names.map((name) => [name, read(user, name)]));
		const parts = [...values.values()];
		if (parts.length > 0 && !parts.some((part) => typeof part === 'string'))
			return firstFilled(parts);
		const text = template.replace(PLACEHOLDER, (_, name: string) => values.get(name.trim()) ?? '');
		const whole = parts.every((part) => typeof part === 'string');
		return (whole ? text : withoutLeftovers(text)).replace(/\s+/g, ' ').trim() || null;
	};
}

/** Empty brackets, doubled separators and separators at the ends, as a missing part leaves them. */
function withoutLeftovers(text: string): string {
	return text
		.replace(/\(\s*\)|\[\s*\]/g, ' ')
		.replace(/([,;:|/–-])(?:\s*\1)+/g, '$1')
		.replace(/^[\s,;:|/–-]+|[\s,;:|/–-]+$/g, '');
}
