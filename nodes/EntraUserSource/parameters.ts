import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';

import type { Attribute } from '../../entra/attributes';
import {
	ALWAYS_READ,
	ATTRIBUTES,
	EXTENSION_ATTRIBUTES,
	EXTENSION_ATTRIBUTES_OBJECT,
	READ_BY_DEFAULT,
} from '../../entra/attributes';

const scope: INodeProperties = {
	displayName: 'Users to Read',
	name: 'scope',
	type: 'options',
	noDataExpression: true,
	options: [
		{
			name: 'All Users',
			value: 'all',
			description: 'Everybody in the directory who fits the settings below',
		},
		{
			name: 'Members of Groups',
			value: 'groups',
			description: 'Those in at least one of the chosen groups who fit the settings below',
		},
	],
	default: 'all',
};

const groups: INodeProperties = {
	displayName: 'Groups',
	name: 'groups',
	type: 'fixedCollection',
	typeOptions: { multipleValues: true, multipleValueButtonText: 'Add Group' },
	displayOptions: { show: { scope: ['groups'] } },
	default: {},
	placeholder: 'Add Group',
	description: 'Somebody in several of these groups is read once',
	options: [
		{
			displayName: 'Group',
			name: 'group',
			values: [
				{
					displayName: 'Group',
					name: 'id',
					type: 'resourceLocator',
					default: { mode: 'list', value: '' },
					modes: [
						{
							displayName: 'From List',
							name: 'list',
							type: 'list',
							typeOptions: { searchListMethod: 'findGroups', searchable: true },
						},
						{
							displayName: 'By ID',
							name: 'id',
							type: 'string',
							placeholder: 'e.g. 02bd9fd6-8f93-4758-87c3-1fb73740a315',
							validation: [
								{
									type: 'regex',
									properties: {
										regex: '^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$',
										errorMessage: "Not an object ID; copy it from the group's overview page",
									},
								},
							],
						},
					],
				},
			],
		},
	],
};

const nested: INodeProperties = {
	displayName: 'Include Nested Groups',
	name: 'nested',
	type: 'boolean',
	displayOptions: { show: { scope: ['groups'] } },
	default: true,
	description: 'Whether to read the members of groups inside the chosen groups too',
};

const userType: INodeProperties = {
	displayName: 'User Type',
	name: 'userType',
	type: 'options',
	noDataExpression: true,
	options: [
		{
			name: 'Guests',
			value: 'guests',
			description: 'Only people of other organizations who were invited',
		},
		{
			name: 'Members',
			value: 'members',
			description: 'Your own people, old accounts without a type included',
		},
		{ name: 'Members and Guests', value: 'all' },
	],
	default: 'members',
};

const conditions: INodeProperties = {
	displayName: 'Only Users Where',
	name: 'conditions',
	type: 'fixedCollection',
	typeOptions: {
		multipleValues: true,
		multipleValueButtonText: 'Add Condition',
		fixedCollection: {
			itemTitle: '={{ $collection.item.value.attribute }} {{ $collection.item.value.operator }}',
		},
	},
	default: {},
	placeholder: 'Add Condition',
	options: [
		{
			displayName: 'Condition',
			name: 'condition',
			values: [
				{
					displayName: 'Attribute',
					name: 'attribute',
					type: 'options',
					noDataExpression: true,
					options: sorted([...ATTRIBUTES, ...EXTENSION_ATTRIBUTES].filter(({ filter }) => filter)),
					default: 'department',
				},
				{
					displayName: 'Comparison',
					name: 'operator',
					type: 'options',
					noDataExpression: true,
					options: [
						{ name: 'Does Not Equal', value: 'notEquals' },
						{
							name: 'Ends With',
							value: 'endsWith',
							description: 'Only for mail and user principal name',
						},
						{ name: 'Equals', value: 'equals' },
						{ name: 'Is Empty', value: 'isEmpty' },
						{ name: 'Is Not Empty', value: 'isNotEmpty' },
						{ name: 'Is One Of', value: 'oneOf', description: 'A list separated by commas' },
						{ name: 'Starts With', value: 'startsWith' },
					],
					default: 'equals',
				},
				{
					displayName: 'Value',
					name: 'value',
					type: 'string',
					displayOptions: { hide: { operator: ['isEmpty', 'isNotEmpty'] } },
					default: '',
					placeholder: 'e.g. Sales',
					description: 'Capital and small letters are the same to the directory',
				},
			],
		},
	],
};

const attributes: INodeProperties = {
	displayName: 'Attributes',
	name: 'attributes',
	type: 'multiOptions',
	options: sorted(
		[
			...ATTRIBUTES,
			{ name: EXTENSION_ATTRIBUTES_OBJECT, displayName: 'Extension Attributes 1-15' },
		].filter(({ name }) => !ALWAYS_READ.includes(name)),
	),
	default: [...READ_BY_DEFAULT],
	description:
		'What to read of each user besides names, mail, user principal name, type and whether the account is enabled. Fewer attributes make the run lighter.',
};

const options: INodeProperties = {
	displayName: 'Options',
	name: 'options',
	type: 'collection',
	default: {},
	placeholder: 'Add Option',
	options: [
		{
			displayName: 'Combine Conditions',
			name: 'combine',
			type: 'options',
			noDataExpression: true,
			options: [
				{ name: 'All Must Be True', value: 'and' },
				{ name: 'One Is Enough', value: 'or' },
			],
			default: 'and',
		},
		{
			displayName: 'Filter (OData)',
			name: 'filter',
			type: 'string',
			default: '',
			placeholder: "e.g. startsWith(department, 'Sales') and country eq 'SE'",
			description:
				"An expression for Microsoft Graph's $filter, for what the conditions cannot say. Users must meet it and the conditions.",
		},
		{
			displayName: 'Include Deleted Users',
			name: 'includeDeleted',
			type: 'boolean',
			default: true,
			description:
				'Whether to read the recycle bin too. Later nodes then know that somebody was deleted, and do not have to guess from an absence.',
		},
		{
			displayName: 'Include Disabled Users',
			name: 'includeDisabled',
			type: 'boolean',
			default: true,
			description:
				'Whether to read disabled accounts too. They get no extension, but later nodes then know that somebody was disabled.',
		},
		{
			displayName: 'Include Users Out of Scope',
			name: 'includeOutOfScope',
			type: 'boolean',
			default: false,
			description:
				'Whether to read everybody else too, marked as out of scope. They get no extension, but later nodes then see who left the scope. The run takes longer.',
		},
	],
};

export const parameters: INodeProperties[] = [
	scope,
	groups,
	nested,
	userType,
	conditions,
	attributes,
	options,
];

function sorted(attributes: readonly Attribute[]): INodePropertyOptions[] {
	return attributes
		.map(({ name, displayName }) => ({ name: displayName, value: name }))
		.sort((one, other) => one.name.localeCompare(other.name, 'en', { numeric: true }));
}
