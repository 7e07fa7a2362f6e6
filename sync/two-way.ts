/**
 * One field that flows both ways, merged from three values: what the directory says now, what the
 * phone system says now, and what both said when they last agreed (the base). Only a digest of the
 * base is kept, so nobody's phone number lies about in a table.
 *
 * Whoever changed wins. Both to the same: nothing to do. Both differently: as the row says, and the
 * value that loses is in the change's `from`, from where it gets into the journal. Without a base,
 * as on the first sync of a pair, a value fills an empty side, and two different values count as
 * changed on both sides.
 */
import { createHash } from 'node:crypto';
import type { FieldDefinition } from './contact';
import type { FieldChange } from './item';
import { countryCode, readPhone } from './phone';

export type Winner = 'directory' | 'phoneSystem' | 'hold';

/** How a value finds its way back. */
export type Back =
	| { readonly kind: 'text' }
	/** To the directory it goes as E.164. `country`: whose national form it may be in. */
	| { readonly kind: 'phone'; readonly country: string | null };

/** What Field Mapper says of one field of one user that also flows to the directory. */
export type TwoWayField =
	| {
			readonly direction: 'both';
			/** Graph's name. */
			readonly attribute: string;
			readonly wins: Winner;
			/** The attribute as it was read. */
			readonly directory: string | null;
			/** The same in the phone system's form. */
			readonly wish: string | null;
			readonly back: Back;
			/** Whether clearing one side clears the other. Otherwise an empty side is filled again. */
			readonly clears: boolean;
			/** Why nothing of this user's may be written back; then the directory decides. */
			readonly fixed?: string;
	  }
	| {
			readonly direction: 'toDirectory';
			readonly attribute: string;
			readonly directory: string | null;
			/** `{value}` stands for the phone system's value. */
			readonly writeAs: string;
			readonly clears: boolean;
			readonly fixed?: string;
	  };

export type Both = Extract<TwoWayField, { direction: 'both' }>;
export type Flow = 'toPhoneSystem' | 'toDirectory';

export type FieldMerge =
	/** Both sides say the same. */
	| { readonly kind: 'agreed'; readonly digest: string }
	/** `contested`: the other side had changed too, or nobody knows; its value is `from`. */
	| {
			readonly kind: Flow;
			readonly change: FieldChange;
			readonly digest: string;
			readonly contested: boolean;
	  }
	/** Both changed and a person decides. */
	| { readonly kind: 'held' }
	/** They differ, and there is no way for it to go. */
	| { readonly kind: 'apart'; readonly why: string };

/** `now`: the phone system's value. `base`: digest of the last agreement, undefined for none. */
export function mergeBoth(
	field: FieldDefinition,
	way: Both,
	now: string | null,
	base: string | undefined,
): FieldMerge {
	const inDirectory = keyOf(way.wish, field, way.back);
	const onPhone = keyOf(now, field, way.back);
	if (inDirectory === onPhone) return { kind: 'agreed', digest: digestOf(onPhone) };

	const flow = flowOf(way, inDirectory, onPhone, base);
	if (flow === 'held') return { kind: 'held' };
	const { directory, wish } = way;
	const contested =
		base === undefined
			? inDirectory !== '' && onPhone !== ''
			: digestOf(inDirectory) !== base && digestOf(onPhone) !== base;

	if (flow === 'toPhoneSystem') {
		if (inDirectory === '' && (field.required || !way.clears))
			return { kind: 'apart', why: way.fixed ?? 'The field cannot be empty.' };
		const change = { from: now || null, to: inDirectory === '' ? null : wish };
		return { kind: flow, change, digest: digestOf(inDirectory), contested };
	}
	const to = backFrom(now, way.back);
	if (to === undefined)
		return { kind: 'apart', why: `"${now ?? ''}" cannot be read as a phone number.` };
	return { kind: flow, change: { from: directory, to }, digest: digestOf(onPhone), contested };
}

function flowOf(
	way: Both,
	inDirectory: string,
	onPhone: string,
	base: string | undefined,
): Flow | 'held' {
	const isFilling = !way.clears || base === undefined;
	const directoryChanged = base === undefined || digestOf(inDirectory) !== base;
	const phoneChanged = base === undefined || digestOf(onPhone) !== base;
	const natural: Flow | 'held' =
		isFilling && inDirectory === ''
			? 'toDirectory'
			: isFilling && onPhone === ''
				? 'toPhoneSystem'
				: !phoneChanged
					? 'toPhoneSystem'
					: !directoryChanged
						? 'toDirectory'
						: CONTESTED[way.wins];
	if (natural !== 'toDirectory' || way.fixed === undefined) return natural;
	return way.wins === 'hold' && inDirectory !== '' ? 'held' : 'toPhoneSystem';
}

const CONTESTED = {
	directory: 'toPhoneSystem',
	phoneSystem: 'toDirectory',
	hold: 'held',
} as const;

/** What is written to an attribute that only follows the phone system; null: nothing. */
export function followPhoneSystem(
	{
		attribute,
		directory,
		writeAs,
		clears,
		fixed,
	}: Extract<TwoWayField, { direction: 'toDirectory' }>,
	now: string | null,
): (FieldChange & { readonly attribute: string }) | null {
	const value = plain(now);
	if (fixed !== undefined || (value === '' && !clears)) return null;
	const to = value === '' ? null : writeAs.replaceAll('{value}', () => value);
	return plain(to) === plain(directory) ? null : { attribute, from: directory, to };
}

/** The value without what makes no difference; empty text for nothing. */
export function keyOf(value: string | null, field: FieldDefinition, back: Back): string {
	const text = plain(value);
	if (back.kind === 'phone') return phoneOf(text, back) ?? text;
	const ordered = field.unordered ? inOrder(text) : text;
	return field.ignoreCase ? ordered.toLowerCase() : ordered;
}

/** What a digest stands for cannot be told from it. */
export function digestOf(key: string): string {
	return createHash('sha256').update(key).digest('hex').slice(0, 16);
}

/** Undefined where there is no way back. */
function backFrom(value: string | null, back: Back): string | null | undefined {
	const text = plain(value);
	if (text === '') return null;
	return back.kind === 'phone' ? phoneOf(text, back) : text;
}

/** The number as E.164; also when it came in digits only, as some phone systems keep it. */
function phoneOf(text: string, { country }: Extract<Back, { kind: 'phone' }>): string | undefined {
	const spellings = /^[1-9]\d{6,14}$/.test(text) ? [text, `+${text}`] : [text];
	const numbers = spellings.flatMap((spelling) => {
		const reading = readPhone(spelling, countryCode(country));
		return reading.kind === 'number' && reading.extension === null ? [reading.number.number] : [];
	});
	const [number, other] = new Set(numbers);
	return other === undefined ? number : undefined;
}

function plain(value: string | null): string {
	return (value ?? '').replace(/[\p{Cc}\s]+/gu, ' ').trim();
}

function inOrder(text: string): string {
	const all = text.split(';').map((each) => each.trim());
	return [...new Set(all.filter((each) => each !== ''))].sort().join('; ');
}
