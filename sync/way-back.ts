/** What the rows that also flow to the directory say about one user. */
import type { Contact, FieldDefinition } from './contact';
import type { User } from './item';
import type { MappingRow, MappingSettings } from './mapping-row';
import { countryCode, readPhone } from './phone';
import { attributesOf, readAttribute } from './source';
import type { Back, TwoWayField } from './two-way';

export interface WayBack {
	readonly field: FieldDefinition;
	/** The way of this user, or why there is none. `contact`: what the rows fill in. */
	readonly of: (user: User, contact: Contact) => TwoWayField | { readonly none: string };
}

export function compileWayBack(
	row: MappingRow,
	field: FieldDefinition,
	{ defaultCountry, writable }: MappingSettings,
): WayBack {
	const [attribute = ''] = attributesOf(row.source);
	const required = writable?.get(attribute)?.required === true || field.required === true;
	const clears = row.whenEmpty === 'clear' && !required;
	const hasPhoneStep = row.transforms.some(({ kind }) => kind === 'phone');

	return {
		field,
		of(user, contact) {
			const directory = readAttribute(user, attribute);
			if (directory === undefined) return { none: `${attribute} was not read` };
			const country = countryOf(user, defaultCountry);
			const back: Back = hasPhoneStep ? { kind: 'phone', country } : { kind: 'text' };
			const fixed = whyFixed(user, attribute, directory, back);
			const shared = { attribute, directory, clears, ...(fixed === null ? {} : { fixed }) };
			if (row.direction === 'toDirectory')
				return { direction: 'toDirectory', ...shared, writeAs: row.writeAs ?? '{value}' };
			const wish = contact[field.name] ?? null;
			// A value that could not be read is not an empty one.
			if (wish === null && directory !== null) return { none: `${attribute} cannot be read` };
			return { direction: 'both', ...shared, wins: row.wins ?? 'directory', wish, back };
		},
	};
}

/** `said`: sentences about the fields that flow nowhere for this user. */
export function waysBackOf(user: User, waysBack: readonly WayBack[], contact: Contact) {
	const twoWay: Record<string, TwoWayField> = {};
	const said: string[] = [];
	for (const { field, of } of waysBack) {
		const way = of(user, contact);
		if ('none' in way) {
			said.push(`${field.displayName} does not flow to the directory: ${way.none}.`);
			continue;
		}
		twoWay[field.name] = way;
		if (way.fixed !== undefined)
			said.push(`${field.displayName} does not flow to the directory: ${way.fixed}`);
	}
	return { twoWay, said };
}

/** Why nothing may be written to this attribute of this user, or null. */
function whyFixed(
	user: User,
	attribute: string,
	directory: string | null,
	back: Back,
): string | null {
	if (user['onPremisesSyncEnabled'] === true)
		return 'the user comes from an on-premises directory, which would undo it.';
	const value = user[attribute];
	if (Array.isArray(value) && value.length > 1)
		return `${attribute} holds several values, and writing one would remove the others.`;
	if (back.kind === 'phone' && directory !== null) {
		const reading = readPhone(directory, countryCode(back.country));
		if (reading.kind === 'number' && reading.extension !== null)
			return `${attribute} also holds an extension, which would be lost.`;
	}
	return null;
}

/** The user's own country, else the default one; null: only international numbers are read. */
function countryOf({ usageLocation }: User, defaultCountry: string | null): string | null {
	return typeof usageLocation === 'string' && usageLocation !== '' ? usageLocation : defaultCountry;
}
