/** Both sides of one person, merged: what goes to the phone system and what to the directory. */
import type { Base, BaseNote } from './base';
import { isNews } from './base';
import type { Conflict, HeldField } from './conflict';
import type { Contact, FieldDefinition } from './contact';
import type { FieldChange, FieldChanges } from './item';
import { digestOf, followPhoneSystem, keyOf, mergeBoth } from './two-way';
import type { Both, FieldMerge, TwoWayField } from './two-way';

export type TwoWay = Readonly<Record<string, TwoWayField>>;

export interface Sides {
	readonly pbx: FieldChanges;
	/** By Graph's name of the attribute. */
	readonly directory: FieldChanges;
	readonly base: BaseNote;
	/** Fields that changed on both sides and wait for a person. */
	readonly held: readonly HeldField[];
	/** Sentences for the item. */
	readonly said: readonly string[];
}

export interface SidesInput {
	readonly twoWay: TwoWay;
	/** The fields of the extension; null when it is about to be made. */
	readonly current: Contact | null;
	/** Of the extension, or of the one to be made; null where it has none or it is not known yet. */
	readonly number: string | null;
	readonly fields: readonly FieldDefinition[];
	/** Null: nothing is remembered of this pair. */
	readonly base: Base | null;
}

/** The number is written back like any other field; the Allocator decides on it. */
export function mergeSides({ twoWay, current, number, fields, base }: SidesInput): Sides {
	const pbx: Record<string, FieldChange> = {};
	const directory: Record<string, FieldChange> = {};
	const before: Record<string, string> = {};
	const after: Record<string, BaseNote['after'][string]> = {};
	const held: HeldField[] = [];
	const said: string[] = [];
	for (const field of fields) {
		const { name, displayName } = field;
		const way = twoWay[name];
		if (!way) continue;
		if (way.direction === 'toDirectory') {
			if (current === null && name !== 'number') continue;
			if (number === null && name === 'number') continue;
			const now = name === 'number' ? number : (current?.[name] ?? null);
			const change = followPhoneSystem(way, now);
			if (change) directory[way.attribute] = { from: change.from, to: change.to };
			continue;
		}
		const known = base?.[name];
		if (known !== undefined) before[name] = known;
		if (current === null) {
			const key = keyOf(way.wish, field, way.back);
			if (key !== '') after[name] = { digest: digestOf(key), once: 'phoneSystem' };
			continue;
		}
		const now = current[name] ?? null;
		const merged = mergeBoth(field, way, now, known);
		if (merged.kind === 'agreed') after[name] = { digest: merged.digest, once: 'now' };
		else if (merged.kind === 'held') held.push(heldField(field, way, now, known !== undefined));
		else if (merged.kind === 'toPhoneSystem') {
			pbx[name] = merged.change;
			after[name] = { digest: merged.digest, once: 'phoneSystem' };
		} else if (merged.kind === 'toDirectory') {
			directory[way.attribute] = merged.change;
			after[name] = { digest: merged.digest, once: 'directory' };
		}
		const sentence = inWords(displayName, way, merged, known !== undefined);
		if (sentence !== null) said.push(sentence);
	}
	return { pbx, directory, base: { before, after }, held, said };
}

/** Whether there is anything to write to the directory or to remember. */
export function sidesNeedNothing({ pbx, directory, base }: Sides): boolean {
	const writes = Object.keys(pbx).length + Object.keys(directory).length;
	return writes === 0 && !isNews(base);
}

/** What the mapping wants without the fields that are merged here. */
export function onlyOneWay(contact: Contact, twoWay: TwoWay): Contact {
	return Object.fromEntries(
		Object.entries(contact).filter(([name]) => twoWay[name]?.direction !== 'both'),
	);
}

function inWords(name: string, way: Both, merged: FieldMerge, remembered: boolean): string | null {
	if (merged.kind === 'agreed' || merged.kind === 'held') return null;
	if (merged.kind === 'apart') return `${name} differs and stays so: ${merged.why}`;
	const toPhone = merged.kind === 'toPhoneSystem';
	const target = toPhone ? 'phone system' : 'directory';
	if (!merged.contested) return `${name} goes to the ${target}.`;
	const cause = remembered ? 'was changed on both sides' : 'differs on the first sync';
	const winner = toPhone ? 'directory' : 'phone system';
	const lost = (toPhone ? merged.change.from : way.directory) ?? '';
	return `${name} ${cause}: the ${winner} wins over "${lost}".`;
}

function heldField(
	{ name, displayName }: FieldDefinition,
	{ attribute, directory, fixed }: Both,
	phoneSystem: string | null,
	remembered: boolean,
): HeldField {
	return {
		name,
		field: displayName,
		attribute,
		directory,
		phoneSystem,
		edited: remembered ? 'both' : 'unknown',
		...(fixed === undefined ? {} : { fixed }),
	};
}

/** Why a person has to decide; null when nobody has to. */
export function heldFields({ held, base }: Sides): Conflict | null {
	const [first] = held;
	if (!first) return null;
	const names = held.map(({ field }) => field).join(', ');
	const why = held
		.map(
			({ field, directory, phoneSystem }) =>
				`${field}: the directory says "${directory ?? ''}", the phone system "${phoneSystem ?? ''}".`,
		)
		.join(' ');
	const isFirst = Object.keys(base.before).length === 0;
	return {
		code: 'field.bothChanged',
		what: isFirst
			? `${names} differs on the two sides, and nothing says which is newer.`
			: `${names} was changed on both sides.`,
		why,
		fix: "Write the right value on both sides, choose one on the page of the template 'Decide conflicts', or let one win with 'When Both Changed' in Field Mapper.",
		field: first.field,
		suggestion: null,
		fields: held,
	};
}
