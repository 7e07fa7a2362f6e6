/** The number people dial from outside, where it goes with the extension number. */
import type { Extension, FieldChange } from './item';

export interface DirectNumber {
	/** The field it goes into; on a phone system without it, nothing does. */
	readonly field: string;
	/** `+49 30 1234{number}` */
	readonly template: string;
}

/** In E.164: spaces and the like are for people. */
function directNumber({ template }: DirectNumber, number: string): string {
	return template.replace('{number}', number).replace(/[^\d+]/g, '');
}

/**
 * The extension number whose direct number this extension holds, although it has another one: to
 * give that number away would promise one line to two people.
 */
export function heldByOther(direct: DirectNumber, { number, fields }: Extension): string | null {
	const held = (fields[direct.field] ?? '').replace(/\D/g, '');
	const [before = '', after = ''] = direct.template
		.split('{number}')
		.map((part) => part.replace(/\D/g, ''));
	if (held.length <= before.length + after.length) return null;
	if (!held.startsWith(before) || !held.endsWith(after)) return null;
	const inside = held.slice(before.length, held.length - after.length);
	return inside === number ? null : inside;
}

/** What is written beside a number that is given; null where there is nothing to write. */
export function directChange(
	direct: DirectNumber | undefined,
	number: string | null,
	given: { readonly extension: Extension | null; readonly isMapped: (field: string) => boolean },
): { readonly field: string; readonly change: FieldChange } | null {
	if (direct === undefined || number === null || given.isMapped(direct.field)) return null;
	const from = given.extension?.fields[direct.field] ?? null;
	const to = directNumber(direct, number);
	return from === to ? null : { field: direct.field, change: { from, to } };
}
