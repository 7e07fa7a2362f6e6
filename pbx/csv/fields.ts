import type { FieldDefinition } from '../../sync/contact';
import { STANDARD_FIELDS } from '../../sync/contact';

const TYPES: Readonly<Record<string, Partial<FieldDefinition>>> = {
	number: { type: 'digits' },
	email: { type: 'email', ignoreCase: true },
	mobile: { type: 'phone' },
	phone: { type: 'phone' },
};

/** What a file may have columns for: every standard field. */
export const FIELDS: readonly FieldDefinition[] = Object.entries(STANDARD_FIELDS).map(
	([name, displayName]) => ({ name, displayName, type: 'text', ...TYPES[name] }),
);

/** The columns of a file: which heading stands for which field. */
export interface Columns {
	/** Field -> heading. Empty: headings called like the fields are taken. */
	readonly chosen: ReadonlyMap<string, string>;
	/** The heading that holds the phone system's own key; empty: the number, or else the mail address. */
	readonly idColumn: string;
}

/** Spaces, case and punctuation make no other heading: 'E-Mail' is 'email'. */
function folded(heading: string): string {
	return heading.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');
}

/** Headings under which a field is recognized when nobody said which column it is. */
export function isCalled(heading: string, { name, displayName }: FieldDefinition): boolean {
	const asked = folded(heading);
	return asked === folded(name) || asked === folded(displayName);
}
