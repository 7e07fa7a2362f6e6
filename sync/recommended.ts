import type { FieldDefinition, StandardField } from './contact';
import type { MappingRow } from './mapping-row';
import type { Source } from './source';
import type { Transform } from './transform';

type Recommendation = Pick<MappingRow, 'source' | 'transforms' | 'onInvalid'> & {
	readonly whenEmpty: 'leave' | 'reject';
};

const text = (attribute: string): Recommendation => ({
	source: { kind: 'attribute', attribute },
	transforms: [{ kind: 'trim' }],
	whenEmpty: 'leave',
	onInvalid: 'leave',
});

const phone = (attribute: string): Recommendation => ({
	...text(attribute),
	transforms: [{ kind: 'phone', format: 'e164' }],
});

const MAIL: Source = { kind: 'firstOf', attributes: ['mail', 'userPrincipalName'] };
const MAIL_STEPS: readonly Transform[] = [{ kind: 'trim' }, { kind: 'toLower' }];

/** The extension number is the Allocator's business, unless someone maps it. */
const RECOMMENDED: Readonly<Record<Exclude<StandardField, 'number'>, Recommendation>> = {
	firstName: text('givenName'),
	lastName: text('surname'),
	displayName: text('displayName'),
	/** Existing accounts are found by mail, so a user without one is for a person to look at. */
	email: { source: MAIL, transforms: MAIL_STEPS, whenEmpty: 'reject', onInvalid: 'reject' },
	mobile: phone('mobilePhone'),
	phone: phone('businessPhones'),
	jobTitle: text('jobTitle'),
	department: text('department'),
	company: text('companyName'),
	office: text('officeLocation'),
};

/**
 * A mapping that works untouched: the standard fields the phone system has, each from the attribute
 * of the same meaning. What is empty or unreadable in the directory is left alone.
 */
export function recommendedMapping(fields: readonly FieldDefinition[]): MappingRow[] {
	const known = new Map<string, Recommendation>(Object.entries(RECOMMENDED));
	return fields.flatMap(({ name }) => {
		const recommendation = known.get(name);
		return recommendation
			? [{ ...recommendation, field: name, when: 'always', direction: 'toPbx' }]
			: [];
	});
}
