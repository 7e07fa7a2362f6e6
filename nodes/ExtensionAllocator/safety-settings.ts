/** The options that have to do with earlier runs: their panel, and how they are read. */
import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import { z } from 'zod';

import { DiagnosedError } from '../../sync/diagnostic';

/** Names of the options here. They are no part of the settings a plan is made with. */
export const SAFETY_OPTIONS = [
	'acceptSmaller',
	'acceptedSettings',
	'afterSettingsChange',
	'maxDropPercent',
	'mustBeThere',
] as const;

const schema = z.object({
	acceptSmaller: z
		.object({
			allow: z
				.object({ count: z.coerce.number().int().min(0), until: z.coerce.string() })
				.optional(),
		})
		.default({})
		.transform(({ allow }) => allow ?? null),
	acceptedSettings: z.string().default(''),
	afterSettingsChange: z.enum(['preview', 'apply']).default('preview'),
	maxDropPercent: z.coerce.number().min(0).max(100).default(30),
	mustBeThere: z
		.string()
		.default('')
		.transform((text) =>
			text
				.split(/[,;\s]+/)
				.map((name) => name.trim())
				.filter((name) => name !== ''),
		),
});

export interface SafetySettings {
	readonly accepted: { readonly count: number; readonly until: string } | null;
	readonly acceptedSettings: string;
	readonly afterSettingsChange: 'preview' | 'apply';
	readonly maxDropPercent: number;
	readonly mustBeThere: readonly string[];
}

export function readSafetySettings(context: IExecuteFunctions): SafetySettings {
	const parsed = schema.safeParse(context.getNodeParameter('options', 0, {}));
	if (parsed.success) {
		const { acceptSmaller: accepted, ...others } = parsed.data;
		return { accepted, ...others };
	}
	const [first] = parsed.error.issues;
	const field = first?.path.join('.') ?? '';
	throw new DiagnosedError({
		code: 'settings.unreadable',
		what: `The option '${field}' cannot be used as it is.`,
		why: `${first?.message ?? 'It is not readable'}.`,
		fix: 'Open the node and set it anew. If it is an expression, look at what it gives.',
		field,
	});
}

export const safetyOptions: INodeProperties[] = [
	{
		displayName: 'Accept a Smaller Directory',
		name: 'acceptSmaller',
		type: 'fixedCollection',
		default: {},
		placeholder: 'Add Number and Day',
		description: 'How few users are right for once, with the day this ends',
		options: [
			{
				displayName: 'Accept',
				name: 'allow',
				values: [
					{
						displayName: 'As Few As',
						name: 'count',
						type: 'number',
						typeOptions: { minValue: 0 },
						default: 0,
						description: 'Users in service, as the note of the report counts them',
					},
					{
						displayName: 'Until',
						name: 'until',
						type: 'dateTime',
						default: '',
						description: 'The last day it is good for, at most 31 days ahead',
					},
				],
			},
		],
	},
	{
		displayName: 'Accepted Settings',
		name: 'acceptedSettings',
		type: 'string',
		default: '',
		placeholder: 'e.g. 3f9a2c41b0',
		description:
			'The code the report gives after scope, mapping or numbering changed. With it, the changed settings are carried out; the next change asks again.',
	},
	{
		displayName: 'After Settings Change',
		name: 'afterSettingsChange',
		type: 'options',
		options: [
			{
				name: 'Apply',
				value: 'apply',
				description: 'Carry out what the new settings bring at once',
			},
			{
				name: 'Preview Only',
				value: 'preview',
				description: "Write nothing until somebody gives the report's code",
			},
		],
		default: 'preview',
		description:
			'What happens when scope, mapping or numbering is not as in the last run that wrote. Runs started by hand are not remembered by n8n.',
	},
	{
		displayName: 'Largest Drop in Users (Percent)',
		name: 'maxDropPercent',
		type: 'number',
		typeOptions: { minValue: 0, maxValue: 100 },
		default: 30,
		description:
			'When more users in service are missing than this, compared with the last 7 days, nobody is called unmatched. Three may always be missing.',
	},
	{
		displayName: 'Users Who Must Be There',
		name: 'mustBeThere',
		type: 'string',
		default: '',
		placeholder: 'e.g. director@example.com, reception@example.com',
		description:
			'Sign-in names, mail addresses or object IDs, separated by commas. When one of them is missing or not in service, nobody is called unmatched.',
	},
];
