import type { INodeProperties } from 'n8n-workflow';

/** One group, picked from a list or named by its ID. */
export const groupLocator: Pick<INodeProperties, 'type' | 'default' | 'modes'> = {
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
};

/** Several groups. */
export const groupRows: Pick<
	INodeProperties,
	'type' | 'typeOptions' | 'default' | 'placeholder' | 'options'
> = {
	type: 'fixedCollection',
	typeOptions: { multipleValues: true, multipleValueButtonText: 'Add Group' },
	default: {},
	placeholder: 'Add Group',
	options: [
		{
			displayName: 'Group',
			name: 'group',
			values: [{ displayName: 'Group', name: 'id', ...groupLocator }],
		},
	],
};
