/**
 * What a new user is given once: a template, and the invoice place that pays. People name them as
 * Telavox's screens do; requests want their keys.
 */
import type { Contact } from '../../sync/contact';
import { DiagnosedError } from '../../sync/diagnostic';
import { noSuchGiven } from './refusals';
import type { Credential, Given } from './wire';

export const GIVENS = ['template', 'invoicePlace'] as const;
export type GivenField = (typeof GIVENS)[number];

/** Keys have the kind of thing in front: `template-17`. */
const KEY = /^[a-z-]+-\d+$/;

export function isGiven(field: string): field is GivenField {
	return GIVENS.some((given) => given === field);
}

/** Where the list of them is, below `v1/`. */
export function pathOf(field: GivenField, { countryCode }: Credential): string {
	return field === 'template' ? 'templates' : `invoice-places/country-${countryCode.toUpperCase()}`;
}

/**
 * The key a new user is made with: of the mapped name, else what the credential says; empty for
 * neither. A mapped key is taken as it is. Rejects when a name stands for none, or for several.
 */
export async function keyFor(
	field: GivenField,
	fields: Contact,
	usual: string,
	readAll: (field: GivenField) => Promise<readonly Given[]>,
): Promise<string> {
	const wanted = fields[field]?.trim();
	if (!wanted) return usual;
	if (KEY.test(wanted)) return wanted;
	const [found, another] = (await readAll(field)).filter(
		({ name }) => name.toLowerCase() === wanted.toLowerCase(),
	);
	if (found && !another) return found.key;
	throw new DiagnosedError(noSuchGiven(field, wanted, found !== undefined));
}

/** The fields that are told again afterwards. */
export function withoutGivens(fields: Contact): Contact {
	return Object.fromEntries(Object.entries(fields).filter(([name]) => !isGiven(name)));
}
