/**
 * A profile: everything there is to know about a REST interface, as one JSON value.
 * `docs/custom-rest.md` explains every part of it with examples.
 */
import { z } from 'zod';
import type { StandardField } from '../../sync/contact';
import { STANDARD_FIELDS } from '../../sync/contact';
import { parsePath, type Step } from './path';

const scalar = z.union([z.string(), z.number(), z.boolean(), z.null()]);
export type Scalar = z.output<typeof scalar>;

/** A way into an answer, see `path.ts`. */
const way = z.string().transform((text, context): readonly Step[] => {
	const steps = parsePath(text);
	if (steps) return steps;
	context.addIssue({ code: 'custom', message: 'It is no path. Paths look like: user.emails[0]' });
	return z.NEVER;
});

const pattern = z.string().max(200).refine(isPattern, 'It is no regular expression.');

/** Holds when all that it names is so. */
const condition = z
	.object({
		status: z.array(z.number().int()).optional(),
		path: way.optional(),
		/** One of these is there. */
		equals: z.array(scalar).optional(),
		/** A regular expression, whatever the case, over what is there; without a path, over all. */
		matches: pattern.optional(),
	})
	.strict()
	.refine(
		({ status, equals, matches }) => status ?? equals ?? matches,
		"It needs one of 'status', 'equals' and 'matches'.",
	)
	.refine(
		({ equals, path }) => equals === undefined || path !== undefined,
		"'equals' needs a 'path'.",
	);
export type Condition = z.output<typeof condition>;
const conditions = z.array(condition).default([]);

const parameters = z.record(scalar).default({});

const relative = z
	.string()
	.regex(/^\/(?!\/)/, 'It begins with one slash; the host is in the credential.')
	.refine((text) => !/(^|\/)\.\.?(\/|$)/.test(text), 'It may not go up with dots.');

const secure = z
	.string()
	.url()
	.regex(/^https:\/\//, 'Another host than that of the credential has to be reached by https://.');

const requestParts = {
	path: relative,
	query: parameters,
	headers: z.record(z.string()).default({}),
	/** Sent along besides the fields. */
	body: z.record(z.unknown()).default({}),
	encode: z.enum(['json', 'form', 'query']).default('json'),
	/** Answers to this request that mean: there is no such account. */
	notFound: conditions,
};
const method = z.enum(['GET', 'POST', 'PUT', 'PATCH', 'DELETE']);
const request = (usual: z.output<typeof method>) =>
	z.object({ method: method.default(usual), ...requestParts }).strict();
export type RequestTemplate = z.output<ReturnType<typeof request>>;

const size = z.number().int().min(1).max(10_000).default(100);
const name = z.string().min(1);

const paging = z.discriminatedUnion('kind', [
	z.object({ kind: z.literal('none') }).strict(),
	z
		.object({
			kind: z.literal('page'),
			parameter: name.default('page'),
			sizeParameter: name.optional(),
			size,
			first: z.union([z.literal(0), z.literal(1)]).default(1),
		})
		.strict(),
	z
		.object({
			kind: z.literal('offset'),
			parameter: name.default('offset'),
			sizeParameter: name.default('limit'),
			size,
			first: z.union([z.literal(0), z.literal(1)]).default(0),
		})
		.strict(),
	z.object({ kind: z.literal('odata'), size }).strict(),
	z
		.object({
			kind: z.literal('cursor'),
			/** Where an answer holds what to ask with for the next page. */
			next: way,
			parameter: name.default('cursor'),
			sizeParameter: name.optional(),
			size,
		})
		.strict(),
	z.object({ kind: z.literal('link'), sizeParameter: name.optional(), size }).strict(),
]);
export type Paging = z.output<typeof paging>;

/** How a token travels. */
const carried = z
	.object({
		in: z.enum(['header', 'query']).default('header'),
		name: name.default('Authorization'),
		prefix: z.string().default(''),
	})
	.strict();
export type Carried = z.output<typeof carried>;

const auth = z.discriminatedUnion('kind', [
	z.object({ kind: z.literal('none') }).strict(),
	z.object({ kind: z.literal('basic') }).strict(),
	z.object({ kind: z.literal('bearer') }).strict(),
	carried.extend({ kind: z.literal('apiKey') }),
	z
		.object({
			kind: z.literal('oauth2'),
			/** Below the address in the credential, or the whole address of a sign-in service. */
			tokenUrl: z.union([relative, secure]),
			/** Goes along with, or instead of, what OAuth2 asks for. */
			form: z.record(z.string()).default({}),
			scope: z.string().optional(),
			send: z.enum(['body', 'basic']).default('body'),
			carry: carried.default({ prefix: 'Bearer ' }),
		})
		.strict(),
	z
		.object({
			kind: z.literal('login'),
			request: request('POST'),
			token: way,
			carry: carried.default({ prefix: 'Bearer ' }),
			/** Gives the session back at the end of a run. */
			signOut: request('POST').optional(),
		})
		.strict(),
]);

/** The fields a profile can have: those every panel offers for it. */
export const CUSTOM_FIELDS: Readonly<Record<string, string>> = {
	...STANDARD_FIELDS,
	custom1: 'Custom Field 1',
	custom2: 'Custom Field 2',
	custom3: 'Custom Field 3',
	custom4: 'Custom Field 4',
	custom5: 'Custom Field 5',
};

const field = z.preprocess(
	(value) => (typeof value === 'string' ? { path: value } : value),
	z
		.object({
			path: way,
			displayName: name.optional(),
			required: z.boolean().default(false),
			maxLength: z.number().int().min(1).optional(),
			createOnly: z.boolean().default(false),
			/** What clears it. */
			empty: z.enum(['null', 'text', 'absent']).optional(),
		})
		.strict(),
);
export type FieldEntry = z.output<typeof field>;

const fields = z.record(field).superRefine((entries, context) => {
	for (const key of Object.keys(entries)) {
		if (key !== 'number' && key in CUSTOM_FIELDS) continue;
		const known = Object.keys(CUSTOM_FIELDS).filter((each) => each !== 'number');
		const message =
			key === ('number' satisfies StandardField)
				? "The extension number belongs under 'account.number'."
				: `There is no such field. There are: ${known.join(', ')}.`;
		context.addIssue({ code: 'custom', path: [key], message });
	}
});

const shape = z
	.object({
		/** For people: what this is about, what is certain and what is not. */
		notes: z.array(z.string()).default([]),
		auth: auth.default({ kind: 'none' }),
		headers: z.record(z.string()).default({}),
		list: request('GET').extend({
			items: way.default(''),
			/** Where an answer says how many accounts there are in all. */
			total: way.optional(),
			paging: paging.default({ kind: 'none' }),
			/** False: a row says less than `get`, so each account is read once more. */
			complete: z.boolean().default(true),
		}),
		get: request('GET')
			.extend({ item: way.default('') })
			.optional(),
		/** Looks for one account; placeholders are those of the account. Without it, the list is read. */
		find: request('GET')
			.extend({ items: way.default('') })
			.optional(),
		create: request('POST')
			.extend({
				/** Under which member the fields go; the empty path: at the top. */
				at: way.default(''),
				/** Where the answer holds the id of the new account. Without it, it is looked for. */
				id: way.optional(),
				/** The fields it takes; the others are written by `update` right afterwards. */
				only: z.array(z.string()).optional(),
			})
			.optional(),
		update: request('PATCH').extend({
			/** 'whole': the account is read, changed, and written back as a whole. */
			mode: z.enum(['partial', 'whole']).default('partial'),
			at: way.default(''),
			/** With 'whole': members that are read and must not be written. */
			omit: z.array(z.string()).default([]),
		}),
		enable: request('POST').optional(),
		disable: request('POST').optional(),
		delete: request('DELETE').optional(),
		account: z
			.object({
				id: way,
				number: z
					.object({
						path: way,
						required: z.boolean().default(true),
						maxLength: z.number().int().min(1).max(15).default(8),
						canChange: z.boolean().default(false),
						as: z.enum(['text', 'number']).default('text'),
					})
					.strict()
					.optional(),
				externalId: way.optional(),
				enabled: z
					.object({
						path: way,
						on: scalar.default(true),
						off: scalar.default(false),
						/** 'lockOut': not a switch of the system but settings that keep everybody out. */
						kind: z.enum(['switch', 'lockOut']).default('switch'),
					})
					.strict()
					.optional(),
			})
			.strict(),
		fields,
		sharedEmail: z.boolean().default(false),
		empty: z.enum(['null', 'text', 'absent']).default('null'),
		answers: z
			.object({
				/** Besides a status of 200 to 299: one of these has to hold. */
				success: conditions,
				/** Where an answer says why it refuses. */
				message: way.optional(),
				tokenExpired: conditions,
				notFound: conditions,
				duplicate: conditions,
				/** Not carried out, and worth asking again. */
				retry: conditions,
				retryAfterMs: z.number().int().min(0).max(60_000).default(2_000),
			})
			.strict()
			.default({}),
		concurrency: z.number().int().min(1).max(20).default(4),
		perSecond: z.number().positive().max(1_000).optional(),
	})
	.strict()
	.superRefine((profile, context) => {
		const { list, get, enable, disable, account } = profile;
		const say = (path: string[], message: string) => {
			context.addIssue({ code: 'custom', path, message });
		};
		if (!list.complete && !get) say(['get'], "It is needed, because 'list.complete' is false.");
		if ((enable === undefined) !== (disable === undefined)) {
			say([enable ? 'disable' : 'enable'], "'enable' and 'disable' belong together.");
		}
		if (disable && !account.enabled) {
			say(['account', 'enabled'], 'It is needed to tell whether an account is disabled.');
		}
	});
export type Profile = z.output<typeof shape>;

export type ParsedProfile =
	| { readonly ok: true; readonly profile: Profile }
	/** One sentence for each part that is not usable, each beginning with the path of the part. */
	| { readonly ok: false; readonly faults: readonly string[] };

export function parseProfile(json: unknown): ParsedProfile {
	const parsed = shape.safeParse(json);
	if (parsed.success) return { ok: true, profile: parsed.data };
	const faults = parsed.error.issues.map(
		({ path, message }) => `${path.join('.') || 'The profile'}: ${message}`,
	);
	return { ok: false, faults };
}

function isPattern(text: string): boolean {
	try {
		return new RegExp(text) instanceof RegExp;
	} catch {
		return false;
	}
}
