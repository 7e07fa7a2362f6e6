import type { INodeProperties } from 'n8n-workflow';

const stepValues: INodeProperties[] = [
	{
		displayName: 'Step',
		name: 'kind',
		type: 'options',
		noDataExpression: true,
		options: [
			{
				name: 'Date (FormatDateTime)',
				value: 'formatDate',
				description: 'A date of the directory in another form',
			},
			{
				name: 'Extension of a Phone Number',
				value: 'extension',
				description: 'What follows x, ext or ;ext=, or the last digits',
			},
			{ name: 'First Characters (Left)', value: 'left' },
			{
				name: 'Look-up Table (Switch)',
				value: 'switch',
				description: 'One value in place of another',
			},
			{ name: 'Lower Case (ToLower)', value: 'toLower' },
			{
				name: 'Phone Number',
				value: 'phone',
				description: 'As international, national or digits; never guessed',
			},
			{ name: 'Replace', value: 'replace', description: 'One piece of text by another' },
			{ name: 'Title Case (PCase)', value: 'pCase', description: 'As in Anna Berg' },
			{
				name: 'Trim Spaces',
				value: 'trim',
				description: 'Around it, and double ones inside',
			},
			{ name: 'Upper Case (ToUpper)', value: 'toUpper' },
			{
				name: 'Without Diacritics (NormalizeDiacritics)',
				value: 'normalizeDiacritics',
				description: 'As in Soren Muller for Søren Müller',
			},
		],
		default: 'trim',
	},
	{
		displayName: 'Format',
		name: 'format',
		type: 'options',
		noDataExpression: true,
		displayOptions: { show: { kind: ['phone'] } },
		options: [
			{ name: 'Digits', value: 'digits', description: 'As in 49301234567' },
			{ name: 'International (E.164)', value: 'e164', description: 'As in +49301234567' },
			{
				name: 'National',
				value: 'national',
				description:
					"As in 030 1234567. Numbers of other countries than the user's stay international.",
			},
		],
		default: 'e164',
	},
	{
		displayName: 'Last Digits',
		name: 'lastDigits',
		type: 'number',
		noDataExpression: true,
		typeOptions: { minValue: 0, maxValue: 10, numberPrecision: 0 },
		displayOptions: { show: { kind: ['extension'] } },
		default: 0,
		description: 'How many to take where no extension is marked; 0 for none',
	},
	{
		displayName: 'Characters',
		name: 'length',
		type: 'number',
		noDataExpression: true,
		typeOptions: { minValue: 1, numberPrecision: 0 },
		displayOptions: { show: { kind: ['left'] } },
		default: 63,
	},
	{
		displayName: 'Find',
		name: 'find',
		type: 'string',
		noDataExpression: true,
		displayOptions: { show: { kind: ['replace'] } },
		default: '',
		placeholder: 'e.g. (external)',
		description: 'As plain text; capital and small letters differ',
	},
	{
		displayName: 'Replace With',
		name: 'with',
		type: 'string',
		noDataExpression: true,
		displayOptions: { show: { kind: ['replace'] } },
		default: '',
	},
	{
		displayName: 'Table',
		name: 'table',
		type: 'string',
		noDataExpression: true,
		typeOptions: { rows: 4 },
		displayOptions: { show: { kind: ['switch'] } },
		default: '',
		placeholder: 'e.g. Sales = 200',
		description:
			'One line for each value: what the directory has, an equals sign, what to use. * is for everything else; without it, other values count as empty.',
	},
	{
		displayName: 'Date Format',
		name: 'dateFormat',
		type: 'string',
		noDataExpression: true,
		displayOptions: { show: { kind: ['formatDate'] } },
		default: 'yyyy-MM-dd',
		placeholder: 'e.g. dd.MM.yyyy',
		description: "Luxon's tokens, as n8n's own expressions use them",
	},
];

/** What happens to the value on its way, one step after the other. */
export const stepParameters: INodeProperties = {
	displayName: 'Steps',
	name: 'steps',
	type: 'fixedCollection',
	noDataExpression: true,
	typeOptions: {
		multipleValues: true,
		sortable: true,
		multipleValueButtonText: 'Add Step',
		fixedCollection: { itemTitle: '={{ $collection.item.value.kind }}' },
	},
	default: {},
	placeholder: 'Add Step',
	options: [
		{
			displayName: 'Step',
			name: 'step',
			values: stepValues,
		},
	],
};
