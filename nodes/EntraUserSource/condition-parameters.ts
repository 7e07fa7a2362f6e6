import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';

import type { Attribute } from '../../entra/attributes';
import { ATTRIBUTES, EXTENSION_ATTRIBUTES } from '../../entra/attributes';
import { byName } from '../host/alphabetical';

/** The entry of the list for an attribute that is not in it. */
export const OTHER = 'other';

type Choice = Pick<Attribute, 'name' | 'displayName'>;

export function sorted(attributes: readonly Choice[]): INodePropertyOptions[] {
	return attributes
		.map(({ name, displayName }) => ({ name: displayName, value: name }))
		.sort(byName);
}

/** Attributes to choose users by. */
export const choices = sorted([...ATTRIBUTES, ...EXTENSION_ATTRIBUTES]);

const chosenBy = [...choices, { name: 'Directory Extension', value: OTHER }];

export const conditions: INodeProperties = {
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
	description:
		'Microsoft Graph filters where it can, the node does the rest; who is chosen is the same either way',
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
					options: chosenBy,
					default: 'department',
				},
				{
					displayName: 'Directory Extension',
					name: 'otherAttribute',
					type: 'string',
					displayOptions: { show: { attribute: [OTHER] } },
					default: '',
					placeholder: 'e.g. extension_b7d8e648520f41d3b9c0fdeb91768a0a_costCenter',
					description: 'Its full name, with the ID of the app that owns it',
				},
				{
					displayName: 'Comparison',
					name: 'operator',
					type: 'options',
					noDataExpression: true,
					options: [
						{ name: 'Contains', value: 'contains' },
						{ name: 'Does Not Contain', value: 'notContains' },
						{ name: 'Does Not End With', value: 'notEndsWith' },
						{ name: 'Does Not Equal', value: 'notEquals' },
						{ name: 'Does Not Start With', value: 'notStartsWith' },
						{ name: 'Ends With', value: 'endsWith' },
						{ name: 'Equals', value: 'equals' },
						{ name: 'Is Empty', value: 'isEmpty' },
						{ name: 'Is None Of', value: 'notOneOf', description: 'A list separated by commas' },
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
					description: 'Capital and small letters are the same',
				},
			],
		},
	],
};
