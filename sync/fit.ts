import type { FieldDefinition } from './contact';
import type { Unfit } from './unfit';

/** Enough to catch what is certainly no address; whether mail arrives there only sending it shows. */
const MAIL_ADDRESS = /^[^\s@<>(),;:"[\]]+@[^\s@<>(),;:"[\]]+\.[^\s@<>(),;:"[\].]+$/;

/** Why the field does not take the value, or null when it does. */
export function unfitFor(field: FieldDefinition, value: string): Unfit | null {
	const { displayName, type, maxLength } = field;
	if (type === 'email' && !MAIL_ADDRESS.test(value))
		return {
			code: 'notMail',
			why: `"${value}" is not a mail address.`,
			fix: `Correct it in Entra, or map another attribute to '${displayName}'.`,
		};
	if (type === 'digits' && !/^\d+$/.test(value))
		return {
			code: 'notDigits',
			why: `"${value}" holds more than digits.`,
			fix: `Correct it in Entra, or map another attribute to '${displayName}'.`,
		};
	const length = maxLength === undefined ? 0 : [...value].length;
	if (maxLength !== undefined && length > maxLength)
		return {
			code: 'tooLong',
			why: `"${value}" has ${String(length)} characters, ${String(maxLength)} are the most the phone system takes.`,
			fix: `Shorten it in Entra, or add a 'Left' step to the row of '${displayName}'.`,
		};
	return null;
}
