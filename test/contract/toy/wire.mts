/** The toy phone system's interface: plain JSON under its own names. */
import { z } from 'zod';
import { address, filled } from '../../../pbx/credential.ts';

export const credential = z.object({ baseUrl: address, key: filled });

const text = z.string().nullable();

export const line = z.object({
	id: z.number().int().transform(String),
	digits: z.string(),
	first: text,
	last: text,
	mail: text,
	cell: text,
	role: text,
	open: z.boolean(),
});
export type Line = z.output<typeof line>;

export const lines = z.object({ count: z.number().int(), lines: z.array(line) });
export const refusal = z.object({ because: z.string() });
