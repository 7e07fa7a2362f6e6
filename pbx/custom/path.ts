/**
 * Where something is in a JSON value, as one line of text:
 *
 *   name.first           a member of a member
 *   phones[0].value      by position, from 0
 *   emails[type=work]    the first entry of a list whose member says so
 *   ["urn:x:2.0"].unit   a member whose name has dots or brackets in it
 *
 * The empty path is the value itself. Unlike query languages it can be written to as well.
 */
export type Step =
	| { readonly kind: 'member'; readonly name: string }
	| { readonly kind: 'position'; readonly index: number }
	| { readonly kind: 'entry'; readonly member: string; readonly value: string };

const STEP = /^(?:\.?([^.[\]"]+)|\["([^"]+)"\]|\[(\d{1,4})\]|\[([^.[\]="]+)=([^[\]]+)\])/;

/** Names that would reach what every JavaScript object has in common. */
const FORBIDDEN = new Set(['__proto__', 'constructor', 'prototype']);

/** Null when the text is no path. */
export function parsePath(text: string): Step[] | null {
	const steps: Step[] = [];
	let rest = text;
	while (rest !== '') {
		const found = STEP.exec(rest);
		if (!found || (steps.length === 0 && rest.startsWith('.'))) return null;
		const [whole, plain, quoted, index, member, value] = found;
		const name = plain ?? quoted;
		if (FORBIDDEN.has(name ?? member ?? '')) return null;
		if (name !== undefined) steps.push({ kind: 'member', name });
		else if (index !== undefined) steps.push({ kind: 'position', index: Number(index) });
		else if (member !== undefined) steps.push({ kind: 'entry', member, value: value ?? '' });
		rest = rest.slice(whole.length);
	}
	return steps;
}

/** What is there; undefined where there is nothing. */
export function readPath(value: unknown, steps: readonly Step[]): unknown {
	let here = value;
	for (const step of steps) here = follow(here, step);
	return here;
}

/** A copy in which `to` is there; undefined takes out what was. What is not on the way is shared. */
export function writePath(value: unknown, [step, ...rest]: readonly Step[], to: unknown): unknown {
	if (!step) return to;
	const inner = writePath(follow(value, step), rest, to);
	if (step.kind === 'member') {
		const members = isObject(value) ? { ...value } : {};
		if (inner === undefined) delete members[step.name];
		else members[step.name] = inner;
		return members;
	}
	const list: unknown[] = Array.isArray(value) ? [...value] : [];
	const found = step.kind === 'position' ? step.index : list.findIndex((entry) => is(entry, step));
	const at = found < 0 ? list.length : found;
	if (inner === undefined || isEmptied(inner, step)) list.splice(at, 1);
	else list[at] = step.kind === 'entry' ? { [step.member]: step.value, ...asObject(inner) } : inner;
	return list;
}

/** Whether nothing is left of an entry but the member it is found by. */
function isEmptied(inner: unknown, step: Step): boolean {
	return step.kind === 'entry' && Object.keys(asObject(inner)).every((key) => key === step.member);
}

function follow(value: unknown, step: Step): unknown {
	switch (step.kind) {
		case 'member':
			return isObject(value) && Object.hasOwn(value, step.name) ? value[step.name] : undefined;
		case 'position':
			return Array.isArray(value) ? value[step.index] : undefined;
		case 'entry':
			return Array.isArray(value) ? value.find((entry) => is(entry, step)) : undefined;
	}
}

function is(entry: unknown, step: Extract<Step, { kind: 'entry' }>): boolean {
	return isObject(entry) && textOf(entry[step.member])?.toLowerCase() === step.value.toLowerCase();
}

export function isObject(value: unknown): value is Record<string, unknown> {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function asObject(value: unknown): Record<string, unknown> {
	return isObject(value) ? value : {};
}

/** A value as text, as every field of ours is; null where there is none, or none that is one text. */
export function textOf(value: unknown): string | null {
	if (typeof value === 'string') return value === '' ? null : value;
	if (typeof value === 'number' || typeof value === 'boolean') return String(value);
	return null;
}
