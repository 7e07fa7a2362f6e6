/** Whether a value may be written to a user, given how the user looks now. */
import { z } from 'zod';

import type { Diagnostic } from '../sync/diagnostic';
import { EXTENSION_ATTRIBUTES_OBJECT } from './attributes';
import { isExtensionAttribute, writableNamed } from './writable';
import { synced } from './write-refusal';

/** One attribute to write. */
export interface Wish {
	/** Graph's name; `extensionAttribute1` .. `15` without the object around them. */
	readonly attribute: string;
	/** What it was when this was decided; undefined: whatever it is. */
	readonly from?: string | null;
	/** Null or empty clears it. */
	readonly to: string | null;
}

export type Verdict =
	| { readonly kind: 'write'; readonly attributes: readonly string[]; readonly body: object }
	/** As it should be already. */
	| { readonly kind: 'done' }
	| { readonly kind: 'hold'; readonly because: Diagnostic };

/** What is wrong with the wishes themselves, whoever the user is. Null: nothing. */
export function flawIn(wishes: readonly Wish[]): Diagnostic | null {
	for (const { attribute, to } of wishes) {
		const known = writableNamed(attribute);
		if (known === null) return notOurs(attribute);
		if (known.required && !to?.trim()) return notEmpty(attribute);
		if (to !== null && to.length > known.longest) return tooLong(attribute, known.longest);
	}
	return null;
}

/** What has to be read of a user to judge these wishes. */
export function selectFor(wishes: readonly Wish[]): string[] {
	const names = wishes.map(({ attribute }) =>
		isExtensionAttribute(attribute) ? EXTENSION_ATTRIBUTES_OBJECT : attribute,
	);
	return [...new Set(['id', 'onPremisesSyncEnabled', ...names])];
}

/** A user as Graph gives one to `selectFor`. */
export const currentUser = z
	.object({
		id: z.string(),
		onPremisesSyncEnabled: z.boolean().nullish(),
		[EXTENSION_ATTRIBUTES_OBJECT]: z.record(z.string().nullable()).nullish(),
	})
	.passthrough();

export type CurrentUser = z.infer<typeof currentUser>;

/** One person is written whole or not at all: a half that is right is hard to see. */
export function judge(wishes: readonly Wish[], user: CurrentUser): Verdict {
	const open = wishes.filter((wish) => !same(valueOf(user, wish.attribute), wish.to));
	if (open.length === 0) return { kind: 'done' };
	if (user.onPremisesSyncEnabled === true) return { kind: 'hold', because: synced };
	for (const { attribute, from } of open) {
		if (from !== undefined && !same(valueOf(user, attribute), from)) {
			return { kind: 'hold', because: stale(attribute) };
		}
		if (listOf(user, attribute).length > 1) return { kind: 'hold', because: several(attribute) };
	}
	return { kind: 'write', attributes: open.map(({ attribute }) => attribute), body: bodyFor(open) };
}

function bodyFor(wishes: readonly Wish[]): object {
	const plain: Record<string, unknown> = {};
	const extension: Record<string, string | null> = {};
	for (const { attribute, to } of wishes) {
		const value = to?.trim() ? to : null;
		if (isExtensionAttribute(attribute)) extension[attribute] = value;
		else if (writableNamed(attribute)?.isList) plain[attribute] = value === null ? [] : [value];
		else plain[attribute] = value;
	}
	return Object.keys(extension).length > 0
		? { ...plain, [EXTENSION_ATTRIBUTES_OBJECT]: extension }
		: plain;
}

/** Empty text, nothing and an empty list are the same nothing. */
function same(one: string | null, other: string | null): boolean {
	return (one?.trim() || null) === (other?.trim() || null);
}

function valueOf(user: CurrentUser, attribute: string): string | null {
	if (isExtensionAttribute(attribute))
		return user[EXTENSION_ATTRIBUTES_OBJECT]?.[attribute] ?? null;
	const [first] = listOf(user, attribute);
	const value = first ?? user[attribute];
	return typeof value === 'string' ? value : null;
}

function listOf(user: CurrentUser, attribute: string): readonly unknown[] {
	const value = user[attribute];
	return Array.isArray(value) ? value : [];
}

function notOurs(attribute: string): Diagnostic {
	return {
		code: 'directory.attribute',
		what: `Held: '${attribute}' is not written by this package.`,
		why: 'It decides about signing in or mail, or Microsoft Graph does not let anybody write it.',
		fix: 'Map another attribute, for instance one of the fifteen extension attributes.',
		field: attribute,
	};
}

function notEmpty(attribute: string): Diagnostic {
	return {
		code: 'directory.required',
		what: `Held: '${attribute}' cannot be empty.`,
		why: 'Entra ID keeps nobody without it.',
		fix: 'Give a value, or leave the attribute out.',
		field: attribute,
	};
}

function tooLong(attribute: string, longest: number): Diagnostic {
	return {
		code: 'directory.tooLong',
		what: `Held: the value for '${attribute}' is too long.`,
		why: `Entra ID takes ${longest} characters there.`,
		fix: 'Shorten it where it comes from, or map another attribute.',
		field: attribute,
	};
}

function stale(attribute: string): Diagnostic {
	return {
		code: 'directory.stale',
		what: `Held: '${attribute}' of the user is not as it was when this was planned.`,
		why: 'Somebody changed it in between, and what was previewed is what is written, or nothing.',
		fix: 'Run the workflow again; it plans from how things are now.',
		field: attribute,
	};
}

function several(attribute: string): Diagnostic {
	return {
		code: 'directory.several',
		what: `Held: the user has several values in '${attribute}'.`,
		why: 'Microsoft Graph takes one when it is written, so the others would be lost.',
		fix: 'Leave one of them in the Entra admin center, or map another attribute.',
		field: attribute,
	};
}
