import type { INodeProperties } from 'n8n-workflow';

import { numberOptions, poolMethod } from './number-parameters';
import { conflictChoices, reactions } from './reaction-parameters';
import { safetyOptions } from './safety-settings';

const numbering: INodeProperties = {
	displayName: 'Numbering',
	name: 'numbering',
	type: 'options',
	noDataExpression: true,
	options: [
		{
			name: 'Mapped Number',
			value: 'property',
			description: 'The number that Field Mapper fills in; users without one become conflicts',
		},
		{
			name: 'Mapped, Otherwise Next Free',
			value: 'propertyElseNextFree',
			description: 'The number that Field Mapper fills in, or the next free one of a pool',
		},
		{
			name: 'Next Free Number',
			value: 'nextFree',
			description: 'The next free number of the pool that is meant for the user',
		},
		{
			name: 'No Numbers',
			value: 'none',
			description: 'For systems whose accounts can do without',
		},
	],
	default: 'nextFree',
	description: 'Where new extensions get their number from. Extensions that exist keep theirs.',
};

const pools: INodeProperties = {
	displayName: 'Number Pools',
	name: 'pools',
	type: 'fixedCollection',
	typeOptions: {
		multipleValues: true,
		multipleValueButtonText: 'Add Pool',
		sortable: true,
		fixedCollection: {
			itemTitle: '={{ $collection.item.value.name }}: {{ $collection.item.value.ranges }}',
		},
	},
	displayOptions: { hide: { numbering: ['none'] } },
	default: { pool: [{ name: 'Everyone', ranges: '200-999', attribute: '', values: '' }] },
	placeholder: 'Add Pool',
	description:
		'The first pool that fits a user is used. Numbers in use, reserved numbers and emergency numbers are passed over.',
	options: [
		{
			displayName: 'Pool',
			name: 'pool',
			values: [
				{
					displayName: 'Name',
					name: 'name',
					type: 'string',
					default: '',
					required: true,
					placeholder: 'e.g. Sales',
				},
				{
					displayName: 'Ranges',
					name: 'ranges',
					type: 'string',
					default: '',
					required: true,
					placeholder: 'e.g. 200-299, 400-449',
					description: 'Given in this order. Leading zeros count: 0200-0299 has four digits.',
				},
				{
					displayName: 'Only Users Whose Attribute',
					name: 'attribute',
					type: 'string',
					default: '',
					placeholder: 'e.g. department, officeLocation or groups',
					description:
						"A directory attribute, or 'groups' for those chosen in 'Groups to Tell' of Entra User Source. Empty: the pool is for everyone.",
				},
				{
					displayName: 'Is One Of',
					name: 'values',
					type: 'string',
					default: '',
					placeholder: 'e.g. Sales, Marketing',
					description:
						'Values or names of groups, separated by commas; upper and lower case are the same',
				},
				...poolMethod,
			],
		},
	],
};

const reserved: INodeProperties = {
	displayName: 'Reserved Numbers',
	name: 'reserved',
	type: 'string',
	displayOptions: { hide: { numbering: ['none'] } },
	default: '',
	placeholder: 'e.g. 200, 290-299',
	description: 'Never given to anyone. Extensions that have such a number keep it.',
};

const matchBy: INodeProperties = {
	displayName: 'Match By',
	name: 'matchBy',
	type: 'multiOptions',
	noDataExpression: true,
	options: [
		{
			name: 'Email Address',
			value: 'email',
			description: "Tried third: the user's mail, sign-in name and aliases",
		},
		{
			name: 'Extension Number',
			value: 'number',
			description: 'Tried fourth: the number that Field Mapper fills in',
		},
		{
			name: 'External ID',
			value: 'externalId',
			description: "Tried second: the user's object ID kept on the extension",
		},
		{
			name: 'Phone Number',
			value: 'phone',
			description: 'Tried last: mobile or business phone, written with its country',
		},
		{
			name: 'Remembered Link',
			value: 'link',
			description: 'Tried first: the rows on the Links input',
		},
	],
	default: ['link', 'externalId', 'email'],
	description:
		'How to tell which extension is whose. When several extensions or several users fit, a person decides.',
};

const adopt: INodeProperties = {
	displayName: 'Adopt Existing Extensions',
	name: 'adopt',
	type: 'boolean',
	default: true,
	description:
		"Whether an extension that fits a user by mail, number or phone becomes that user's. If not, it is reported as a conflict.",
};

const optionList: INodeProperties[] = [
	{
		displayName: 'Include Already Disabled',
		name: 'includeDisabled',
		type: 'boolean',
		default: false,
		description:
			"Whether extensions without an active user leave by Unmatched although they are disabled already. Unmatched Cleaner needs them for 'Delete After a Time'.",
	},
	{
		displayName: 'Include Unchanged Users',
		name: 'includeUnchanged',
		type: 'boolean',
		default: false,
		description: 'Whether users whose extension is right leave by Changes too, to be looked at',
	},
	{
		displayName: 'Re-Enable',
		name: 'enable',
		type: 'options',
		options: [
			{
				name: 'Always',
				value: 'always',
				description: 'Also an extension that was only just adopted',
			},
			{
				name: 'Never',
				value: 'never',
				description: 'A disabled extension stays disabled',
			},
			{
				name: 'Paired Extensions',
				value: 'paired',
				description: 'Only when a link or the external ID says whose it is; others are conflicts',
			},
		],
		default: 'paired',
		description: 'What to do when the extension of an active user is disabled',
	},
	...numberOptions,
	...safetyOptions,
];

const options: INodeProperties = {
	displayName: 'Options',
	name: 'options',
	type: 'collection',
	placeholder: 'Add Option',
	default: {},
	options: optionList.sort((a, b) => (a.displayName < b.displayName ? -1 : 1)),
};

export const parameters: INodeProperties[] = [
	numbering,
	pools,
	reserved,
	matchBy,
	adopt,
	reactions,
	conflictChoices,
	options,
];
