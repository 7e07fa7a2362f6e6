/** The credential of a REST interface: where it is, who asks, and the profile that describes it. */
import { z } from 'zod';
import { address } from '../credential';
import { isObject } from './path';

/** A JSON object, as text or as n8n parsed it already; empty text is an empty object. */
const json = z.union([z.string(), z.record(z.unknown())]).transform((value, context) => {
	if (typeof value !== 'string') return value;
	if (value.trim() === '') return {};
	const parsed = parse(value);
	if (isObject(parsed)) return parsed;
	context.addIssue({ code: 'custom', message: 'It is not a JSON object.' });
	return z.NEVER;
});

const text = z.string().trim().default('');

export const credential = z.object({
	baseUrl: address,
	/** User name or client ID; not every interface wants one. */
	account: text,
	/** Password, token, API key or client secret. */
	secret: text,
	profile: json,
});

/** A token alone: where the profile is shipped. */
export const tokenCredential = z.object({
	baseUrl: address,
	token: z.string().trim().min(1, { message: 'It is empty.' }),
	profile: json.default({}),
});

/** `changes` laid over `base`: members one by one, null takes a member out (RFC 7396). */
export function laidOver(base: unknown, changes: unknown): unknown {
	if (!isObject(changes)) return changes;
	const result: Record<string, unknown> = isObject(base) ? { ...base } : {};
	for (const [name, change] of Object.entries(changes)) {
		if (change === null) delete result[name];
		else result[name] = laidOver(result[name], change);
	}
	return result;
}

function parse(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
}
