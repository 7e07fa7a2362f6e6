import type { IExecuteFunctions } from 'n8n-workflow';
import { z } from 'zod';
import { DiagnosedError } from '../../sync/diagnostic';
import type { PlanSettings } from '../../sync/draft';

const text = z.coerce.string().transform((value) => value.trim());

const pool = z
	.object({
		name: text.default(''),
		ranges: text.default(''),
		attribute: text.default(''),
		values: text.default(''),
		method: z
			.enum([
				'numbering',
				'nextFree',
				'property',
				'propertyElseNextFree',
				'phoneDigits',
				'phoneDigitsElseNextFree',
			])
			.default('numbering'),
		digitsOf: z.enum(['phone', 'mobile']).default('phone'),
		digits: z.number().int().min(1).max(10).default(3),
		direct: text.default(''),
		directField: z.enum(['phone', 'callerId', 'outboundCid']).default('phone'),
	})
	.transform(({ name, ranges, attribute, values, method, digitsOf, digits, ...rest }) => ({
		name: name || ranges,
		ranges,
		...(method !== 'numbering' && { method, digits: { of: digitsOf, count: digits } }),
		...(rest.direct !== '' && { direct: { template: rest.direct, field: rest.directField } }),
		...(attribute !== '' && { when: { attribute, values: commaSeparated(values) } }),
	}));

const reactions = z.object({
	linked: z.enum(['update', 'report', 'ignore']).optional(),
	adopted: z.enum(['update', 'report', 'ignore']).optional(),
	disputed: z.enum(['report', 'ignore']).optional(),
	new: z.enum(['create', 'report', 'ignore']).optional(),
	orphaned: z.enum(['report', 'ignore']).optional(),
});

const leave = z.enum(['conflict', 'skip']).optional();
const settle = z.enum(['conflict', 'nextFree', 'skip']).optional();
const conflictChoices = z.object({
	badNumber: settle,
	disputed: leave,
	alreadyExists: leave,
	mailInUse: leave,
	missingKey: leave,
	mobileInUse: leave,
	noSeat: leave,
	numberInUse: settle,
	wantedTwice: settle,
	poolEmpty: settle,
	reserved: settle,
});

const schema = z.object({
	numbering: z.enum(['nextFree', 'property', 'propertyElseNextFree', 'none']),
	pools: z
		.object({ pool: z.array(pool).default([]) })
		.nullish()
		.transform((value) => value?.pool ?? []),
	reserved: text.nullish().transform((value) => value ?? ''),
	matchBy: z.array(z.enum(['link', 'externalId', 'email', 'number', 'phone'])),
	adopt: z.boolean(),
	reactions: reactions.nullish().transform((value) => value ?? {}),
	inConflict: conflictChoices.nullish().transform((value) => value ?? {}),
	options: z
		.object({
			coolingDays: z.number().int().min(0).default(0),
			noBeginnings: z.boolean().default(false),
			seats: z.number().int().min(0).nullable().default(null),
			includeUnchanged: z.boolean().default(false),
			includeDisabled: z.boolean().default(false),
			enable: z.enum(['paired', 'always', 'never']).default('paired'),
		})
		.default({}),
});

export interface Settings {
	readonly plan: PlanSettings;
	readonly includeUnchanged: boolean;
}

/** Reads the node's parameters, once: they are about the whole plan, not about an item. */
export function readSettings(context: IExecuteFunctions): Settings {
	// Of what the panel hides n8n gives the fallback, and throws when there is none.
	const parameter = (name: keyof z.infer<typeof schema>): unknown =>
		context.getNodeParameter(name, 0, null);
	const given = schema.safeParse({
		numbering: parameter('numbering'),
		pools: parameter('pools'),
		reserved: parameter('reserved'),
		matchBy: parameter('matchBy'),
		adopt: parameter('adopt'),
		reactions: parameter('reactions'),
		inConflict: parameter('inConflict'),
		options: parameter('options'),
	});
	if (!given.success) {
		const [issue] = given.error.issues;
		return refuse(issue?.path.join('.') ?? '', issue?.message ?? '');
	}
	const { numbering: method, pools, reserved, matchBy, adopt, options } = given.data;
	const { coolingDays, noBeginnings, seats } = options;
	for (const { name, ranges, when, direct } of pools) {
		if (ranges === '') return refuse(`Number Pools: ${name}`, 'The pool has no ranges.');
		if (direct && !/^\+[\d\s().-]*\{number\}[\d\s().-]*$/.test(direct.template)) {
			return refuse(
				`Number Pools: ${name}`,
				`'Direct Number' is "${direct.template}", and has to look like +49 30 1234{number}.`,
			);
		}
		if (when?.values.length === 0) {
			return refuse(`Number Pools: ${name}`, `No values are given for '${when.attribute}'.`);
		}
	}
	return {
		plan: {
			matchBy: new Set(matchBy),
			adopt,
			enable: options.enable,
			includeDisabled: options.includeDisabled,
			numbering: { method, pools, reserved, coolingDays, noBeginnings, seats },
			reactions: given.data.reactions,
			choices: given.data.inConflict,
		},
		includeUnchanged: options.includeUnchanged,
	};
}

function commaSeparated(values: string): string[] {
	return values
		.split(',')
		.map((value) => value.trim())
		.filter((value) => value !== '');
}

function refuse(field: string, why: string): never {
	throw new DiagnosedError({
		code: 'settings.unreadable',
		what: `The setting '${field}' cannot be used as it is.`,
		why,
		fix: 'Open the node and correct it.',
		field,
	});
}
