import { z } from 'zod';
import { DiagnosedError } from '../sync/diagnostic';

/** The address of a phone system, without the slashes people leave at its end. */
export const address = z
	.string()
	.trim()
	.transform((text) => text.replace(/\/+$/, ''))
	.refine(isWebAddress, { message: 'It has to begin with https:// and a host name.' });

/** A credential field that must not be empty, without the spaces that copying brings along. */
export const filled = z.string().trim().min(1, { message: 'It is empty.' });

/**
 * Reads a credential with the system's own schema. What does not fit is named by its field; its
 * value is not told, because it may be the secret in the wrong box.
 */
export function parseCredential<Credential extends z.ZodTypeAny>(
	schema: Credential,
	credential: unknown,
	displayName: string,
): z.output<Credential> {
	const parsed = schema.safeParse(credential);
	if (parsed.success) return parsed.data;
	const [issue] = parsed.error.issues;
	const field = issue?.path.join('.') ?? '';
	throw new DiagnosedError({
		code: 'signIn.credentialIncomplete',
		what: `The ${displayName} credential is not complete.`,
		why: `'${field}' is not usable. ${issue?.message ?? ''}`.trim(),
		fix: 'Open the credential, fill in that field and press Test.',
		field,
	});
}

function isWebAddress(text: string): boolean {
	if (!URL.canParse(text)) return false;
	const { protocol, username, password } = new URL(text);
	return /^https?:$/.test(protocol) && username === '' && password === '';
}
