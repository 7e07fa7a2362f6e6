/**
 * The values the mapping wants an extension to have, under our field names.
 *
 * A field that is absent is not mapped and is never touched. `null` clears it. Everything is text:
 * a number with a leading zero is not a number.
 */
export type Contact = Readonly<Record<string, string | null>>;

/**
 * Field names every phone system shares when it has the field at all. A system may add its own;
 * `number` is the extension number and is only ever a wish until the Allocator decides.
 */
export const STANDARD_FIELDS = {
	number: 'Extension Number',
	firstName: 'First Name',
	lastName: 'Last Name',
	displayName: 'Display Name',
	email: 'Email',
	mobile: 'Mobile',
	phone: 'Business Phone',
	jobTitle: 'Job Title',
	department: 'Department',
	company: 'Company',
	office: 'Office',
} as const;

export type StandardField = keyof typeof STANDARD_FIELDS;

/** One field a phone system has, as its `fields.ts` declares it. */
export interface FieldDefinition {
	/** Our name; one of `STANDARD_FIELDS` where the meaning is the same. */
	readonly name: string;
	/** As the vendor's own screens call it, in Title Case. */
	readonly displayName: string;
	readonly type: 'text' | 'email' | 'phone' | 'digits';
	/** The system refuses an account without it. */
	readonly required?: boolean;
	/** Longest value the system takes, in characters. */
	readonly maxLength?: number;
	/** Can be given when creating, cannot be changed afterwards. */
	readonly createOnly?: boolean;
	/** Compared without regard to case (mail addresses, for instance). */
	readonly ignoreCase?: boolean;
	/** Holds several values, separated by `;`, whose order says nothing. */
	readonly unordered?: boolean;
}
