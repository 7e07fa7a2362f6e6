/**
 * The sections of `sync/item.ts` as they arrive on a wire. Between two of our nodes anybody may put
 * a node that edits items, so what is read is checked, and what is not known is let through.
 */
import { z } from 'zod';
import { fitsAsItIs } from '../../http/quick';
import type { Contact } from '../../sync/contact';
import type { Extension, User } from '../../sync/item';

const text = z.string();

export const diagnostic = z.object({
	code: text,
	what: text,
	why: text,
	fix: text,
	field: text.optional(),
});

/**
 * A section that is checked as far as `shape` says and handed on as it came. By itself zod makes a
 * copy of what it checks, and every user and every extension is checked by every node it passes.
 */
function asItCame<Section>(shape: z.ZodTypeAny) {
	const fits = fitsAsItIs(shape);
	return z.custom<Section>().superRefine((value, context) => {
		if (fits(value)) return;
		for (const issue of shape.safeParse(value).error?.issues ?? []) context.addIssue(issue);
	});
}

export const user = asItCame<User>(
	z.object({ id: text, status: z.enum(['active', 'disabled', 'deleted', 'outOfScope']) }),
);

const abilities = z.object({
	facts: z.object({
		numbers: z.enum(['required', 'optional', 'none']),
		numberMaxLength: z.number().int().nonnegative(),
		canChangeNumber: z.boolean(),
		disable: z.enum(['native', 'emulated', 'none']),
		canCreate: z.boolean(),
		hasExternalId: z.boolean(),
		sharedEmail: z.boolean(),
		sharedMobile: z.boolean().optional(),
	}),
	fields: z.array(
		z.object({
			name: text,
			displayName: text,
			type: z.enum(['text', 'email', 'phone', 'digits']),
			required: z.boolean().optional(),
			maxLength: z.number().int().optional(),
			createOnly: z.boolean().optional(),
			ignoreCase: z.boolean().optional(),
			unordered: z.boolean().optional(),
		}),
	),
});

export const readMark = z.object({
	id: text,
	of: z.enum(['users', 'extensions']),
	system: text.optional(),
	count: z.number().int().nonnegative(),
	scope: z.enum(['whole', 'changes', 'needed']),
	account: z
		.object({
			kind: z.enum(['app', 'person', 'managedIdentity']),
			id: text,
			name: text.nullable(),
		})
		.optional(),
	seats: z.number().int().nonnegative().optional(),
	abilities: abilities.optional(),
});

export const contact = z.custom<Contact>(isContact, 'Every field is text or null');

function isContact(value: unknown): boolean {
	if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
	return Object.values(value).every((field) => typeof field === 'string' || field === null);
}

export const extension = asItCame<Extension>(
	z.object({
		id: text,
		number: text.nullable(),
		enabled: z.boolean().nullable(),
		externalId: text.nullable(),
		fields: contact,
	}),
);

const matchedBy = z.enum(['link', 'externalId', 'email', 'number', 'phone']);

export const evidence = z.object({
	reason: z.enum(['disabled', 'deleted', 'outOfScope', 'notFound']),
	userId: text.nullable(),
	users: readMark.nullable(),
	extensions: readMark,
	knownBy: matchedBy.nullable(),
});

const link = z.object({
	userId: text,
	extensionId: text,
	number: text.nullable(),
	state: z.enum(['active', 'ignored', 'pinned']),
	disabledAt: text.nullish(),
	base: z.record(text).optional(),
});

const way = z.object({
	attribute: text,
	directory: text.nullable(),
	clears: z.boolean(),
	fixed: text.optional(),
});

const back = z.discriminatedUnion('kind', [
	z.object({ kind: z.literal('text') }),
	z.object({ kind: z.literal('phone'), country: text.nullable() }),
]);

export const twoWay = z.record(
	z.discriminatedUnion('direction', [
		way.extend({
			direction: z.literal('both'),
			wins: z.enum(['directory', 'phoneSystem', 'hold']),
			wish: text.nullable(),
			back,
		}),
		way.extend({ direction: z.literal('toDirectory'), writeAs: text }),
	]),
);

const match = z.object({
	situation: z.enum(['linked', 'adopted', 'new', 'disputed', 'orphaned']),
	by: matchedBy.nullable(),
	candidates: z.array(z.object({ id: text, number: text.nullable(), name: text.nullable() })),
	remembered: link.optional(),
});

export const settingsPrint = z.object({
	code: text,
	scope: text,
	mapping: z.record(text),
	numbering: text,
});

export const planMark = z.object({
	by: text,
	system: text,
	base: z.number().int().nonnegative(),
	settings: settingsPrint,
	previewOnly: diagnostic.nullable(),
});

const fieldChanges = z.record(z.object({ from: text.nullable(), to: text.nullable() }));

export const change = z.union([
	z.object({
		kind: z.literal('create'),
		number: text.nullable(),
		pbx: fieldChanges,
		directory: fieldChanges,
	}),
	z.object({
		kind: z.enum(['update', 'enable']),
		extensionId: text,
		pbx: fieldChanges,
		directory: fieldChanges,
		basedOn: text,
	}),
	z.object({ kind: z.enum(['disable', 'delete']), extensionId: text, basedOn: text }),
]);

const decisions = z.array(text).default([]);

export const unmatchedItem = z.object({
	extension,
	evidence,
	user: user.optional(),
	plan: planMark.optional(),
	decisions,
});

const baseNote = z.object({
	before: z.record(text),
	after: z.record(z.object({ digest: text, once: z.enum(['now', 'phoneSystem', 'directory']) })),
});

const directoryOutcome = z.object({
	result: z.enum(['updated', 'unchanged', 'held', 'failed']),
	written: z.array(text),
	because: diagnostic.nullable(),
	dryRun: z.boolean(),
});

export const outcomeItem = z.object({
	outcome: z.object({
		result: z.enum([
			'created',
			'updated',
			'unchanged',
			'enabled',
			'disabled',
			'deleted',
			'held',
			'failed',
		]),
		extensionId: text.nullable(),
		number: text.nullable(),
		because: diagnostic.nullable(),
		dryRun: z.boolean(),
		link: link.nullable(),
	}),
	directory: directoryOutcome.optional(),
	base: baseNote.optional(),
	change: change.optional(),
	user: user.optional(),
	extension: extension.optional(),
	number: z
		.object({
			value: text.nullable(),
			reason: z.enum(['kept', 'property', 'phone', 'pool', 'sticky', 'none']),
			pool: text.nullable(),
		})
		.optional(),
	evidence: evidence.optional(),
	match: match.optional(),
	plan: planMark.optional(),
	undone: z.object({ runId: text, system: text, userId: text.nullable() }).optional(),
	decisions,
});

export const conflictItem = z.object({
	user,
	read: readMark,
	decisions,
	contact: contact.nullable(),
	match,
	conflict: diagnostic.extend({ suggestion: text.nullable() }),
});

export const rejectedItem = z.object({
	user,
	read: readMark,
	decisions,
	problems: z.array(diagnostic),
});

const count = z.number().int().nonnegative();

export const summaryItem = z.object({
	summary: z.object({
		system: text.optional(),
		users: z.object({ read: count, whole: z.boolean() }),
		extensions: z.object({ read: count, whole: z.boolean() }),
		situations: z.object({
			linked: count,
			adopted: count,
			new: count,
			disputed: count,
			orphaned: count,
		}),
		changes: z.object({
			create: count,
			update: count,
			enable: count,
			disable: count,
			delete: count,
		}),
		unchanged: count,
		conflicts: count,
		unmatched: z.object({ disabled: count, deleted: count, outOfScope: count, notFound: count }),
		skipped: count,
		pools: z.array(
			z.object({
				name: text,
				free: count,
				given: count,
				forecast: z.object({ perDay: z.number(), runsOutOn: text }).optional(),
			}),
		),
		planDigest: text,
		notes: z.array(diagnostic),
	}),
});

/** Whom a failed item is about, wherever it is said. */
export const failedAbout = z.object({ user: user.optional(), extension: extension.optional() });

/** What n8n hands on by an error output: a message, and what our own nodes put beside it. */
export const failedItem = failedAbout.extend({ error: text, details: z.unknown().optional() });
