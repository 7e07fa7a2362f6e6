import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';

import { ATTRIBUTES, EXTENSION_ATTRIBUTES } from '../../entra/attributes';
import type { FieldDefinition } from '../../sync/contact';
import { byName } from '../host/alphabetical';
import { stepParameters } from './step-parameters';

/** The attribute choice that stands for a name typed by hand. */
export const CUSTOM_ATTRIBUTE = 'custom';

const attributeChoices: INodePropertyOptions[] = [
	...[...ATTRIBUTES, ...EXTENSION_ATTRIBUTES]
		.map(({ name, displayName }) => ({ name: `${displayName} (${name})`, value: name }))
		.sort(byName),
	{ name: 'Other…', value: CUSTOM_ATTRIBUTE, description: 'Any attribute, by its Graph name' },
];

/** What one row of the mapping asks for. */
export function rowParameters(fields: readonly FieldDefinition[]): INodeProperties[] {
	return [
		{
			displayName: 'Phone System Field',
			name: 'field',
			type: 'options',
			noDataExpression: true,
			options: fields.map(({ name, displayName, required }) => ({
				name: displayName,
				value: name,
				...(required ? { description: 'The phone system takes no account without it' } : {}),
			})),
			default: '',
		},
		...directionParameters,
		...sourceParameters,
		stepParameters,
		rowOptions,
	];
}

const directionParameters: INodeProperties[] = [
	{
		displayName: 'Direction',
		name: 'direction',
		type: 'options',
		noDataExpression: true,
		options: [
			{
				name: 'Both',
				value: 'both',
				description: 'Whichever side was edited since the last sync goes to the other side',
			},
			{
				name: 'To Directory',
				value: 'toDirectory',
				description: 'The attribute follows the phone system; Entra User Target writes it',
			},
			{
				name: 'To Phone System',
				value: 'toPbx',
				description: 'The field follows the directory',
			},
		],
		default: 'toPbx',
	},
	{
		displayName:
			"Only a single attribute can flow back: what is put together from several, or is the same for everybody, cannot be taken apart again. Set 'Value From' to 'Attribute'.",
		name: 'noWayBack',
		type: 'notice',
		displayOptions: {
			show: { direction: ['both', 'toDirectory'], source: ['firstOf', 'template', 'constant'] },
		},
		default: '',
	},
	{
		displayName: 'When Both Changed',
		name: 'wins',
		type: 'options',
		noDataExpression: true,
		displayOptions: { show: { direction: ['both'] } },
		options: [
			{ name: 'Directory Wins', value: 'directory' },
			{ name: 'Hold for a Person', value: 'hold', description: 'The user becomes a conflict' },
			{ name: 'Phone System Wins', value: 'phoneSystem' },
		],
		default: 'directory',
		description:
			'When both sides were edited differently since the last sync, or differ on the first one. The value that loses is kept in the journal.',
	},
	{
		displayName: 'Write As',
		name: 'writeAs',
		type: 'string',
		noDataExpression: true,
		displayOptions: { show: { direction: ['toDirectory'] } },
		default: '{value}',
		placeholder: 'e.g. +49 30 1234{value}',
		description: "What the attribute gets; {value} is the phone system's value",
	},
];

const sourceParameters: INodeProperties[] = [
	{
		displayName: 'Value From',
		name: 'source',
		type: 'options',
		noDataExpression: true,
		options: [
			{ name: 'Attribute', value: 'attribute', description: 'One attribute of the user' },
			{
				name: 'Expression (Slow)',
				value: 'expression',
				description:
					'Whatever n8n can work out. It runs anew for every user, so thousands of users take minutes instead of moments.',
			},
			{
				name: 'First Non-Empty Of',
				value: 'firstOf',
				description: 'The first of several attributes that is filled in (Coalesce)',
			},
			{
				name: 'Template',
				value: 'template',
				description: 'Attributes and text together: {givenName} {surname}',
			},
			{ name: 'Text', value: 'constant', description: 'The same for every user' },
		],
		default: 'attribute',
	},
	{
		displayName: 'Attribute',
		name: 'attribute',
		type: 'options',
		noDataExpression: true,
		displayOptions: { show: { source: ['attribute'] } },
		options: attributeChoices,
		default: 'displayName',
		description: 'It must be among those Entra User Source reads',
	},
	{
		displayName: 'Attribute Name',
		name: 'attributeName',
		type: 'string',
		noDataExpression: true,
		displayOptions: { show: { source: ['attribute'], attribute: [CUSTOM_ATTRIBUTE] } },
		default: '',
		placeholder: 'e.g. employeeOrgData.division',
		description: 'As Microsoft Graph names it; a dot goes into an object',
	},
	{
		displayName: 'Attributes',
		name: 'attributes',
		type: 'string',
		noDataExpression: true,
		displayOptions: { show: { source: ['firstOf'] } },
		default: '',
		placeholder: 'e.g. mail, userPrincipalName',
		description: 'Graph names in the order to try them, separated by commas',
	},
	{
		displayName: 'Expression',
		name: 'expression',
		type: 'string',
		displayOptions: { show: { source: ['expression'] } },
		default: '={{ $json.user.displayName }}',
		description:
			'Worked out for each user. An attribute that was not read, and a mistake in it, do not clear the field.',
	},
	{
		displayName: 'Template',
		name: 'template',
		type: 'string',
		noDataExpression: true,
		displayOptions: { show: { source: ['template'] } },
		default: '',
		placeholder: 'e.g. {givenName} {surname}',
		description:
			'Graph names in braces. What is empty leaves no double space, bracket or separator behind.',
	},
	{
		displayName: 'Text',
		name: 'text',
		type: 'string',
		noDataExpression: true,
		displayOptions: { show: { source: ['constant'] } },
		default: '',
		placeholder: 'e.g. Contoso',
	},
];

const rowOptions: INodeProperties = {
	displayName: 'Row Options',
	name: 'options',
	type: 'collection',
	noDataExpression: true,
	default: {},
	placeholder: 'Add Row Option',
	options: [
		{
			displayName: 'Default',
			name: 'defaultValue',
			type: 'string',
			noDataExpression: true,
			default: '',
			placeholder: 'e.g. Headquarters',
			description: "The value of users who have none. It goes before 'When Empty'.",
		},
		{
			displayName: 'When',
			name: 'when',
			type: 'options',
			noDataExpression: true,
			options: [
				{ name: 'Always', value: 'always' },
				{
					name: 'Only When Creating',
					value: 'create',
					description: 'Given to a new account, left alone afterwards',
				},
				{
					name: 'Report Only',
					value: 'report',
					description:
						'Given to a new account; when somebody changes it on the phone system, the report says so instead of putting it back',
				},
			],
			default: 'always',
		},
		{
			displayName: 'When Empty',
			name: 'whenEmpty',
			type: 'options',
			noDataExpression: true,
			options: [
				{
					name: 'Clear the Field',
					value: 'clear',
					description: 'What somebody typed on the phone system is removed',
				},
				{ name: 'Leave the Field', value: 'leave', description: 'It stays as it is' },
				{
					name: 'Reject the User',
					value: 'reject',
					description: "The user leaves by 'Rejected', and nothing is written for them",
				},
			],
			default: 'leave',
		},
		{
			displayName: 'When It Does Not Fit',
			name: 'onInvalid',
			type: 'options',
			noDataExpression: true,
			description: 'What to do with a value that cannot be read, or that the field does not take',
			options: [
				{ name: 'Leave the Field', value: 'leave', description: 'It stays as it is' },
				{
					name: 'Reject the User',
					value: 'reject',
					description: "The user leaves by 'Rejected', and nothing is written for them",
				},
				{
					name: 'Send as Typed',
					value: 'raw',
					description: 'The text of the directory, when the field takes it',
				},
			],
			default: 'leave',
		},
	],
};
