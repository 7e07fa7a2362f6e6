import { z } from 'zod';

const text = z.string().nullable();
const fieldChanges = z.record(z.object({ from: text, to: text }));

/** What of a planned item this node reads. The rest travels on as it is. */
export const plannedShape = z.object({
	change: z.discriminatedUnion('kind', [
		z.object({
			kind: z.literal('create'),
			number: text,
			pbx: fieldChanges,
			directory: fieldChanges.default({}),
		}),
		z.object({
			kind: z.enum(['update', 'enable']),
			extensionId: z.string(),
			pbx: fieldChanges,
			directory: fieldChanges.default({}),
			basedOn: z.string(),
		}),
		z.object({
			kind: z.enum(['disable', 'delete']),
			extensionId: z.string(),
			basedOn: z.string(),
		}),
	]),
	user: z.object({ id: z.string().min(1) }).optional(),
});
