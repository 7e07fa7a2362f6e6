import type { INodeProperties } from 'n8n-workflow';

import { groupRows } from './group-parameters';

export const options: INodeProperties = {
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
			displayName: 'Full Read After Days',
			name: 'wholeEveryDays',
			type: 'number',
			typeOptions: { minValue: 1, maxValue: 30 },
			displayOptions: { show: { '/mode': ['changes'] } },
			default: 1,
			description:
				'How many days later everybody is read anew. Changes alone can miss, for instance, a restored user.',
		},
		{
			displayName: 'Full Read After Runs',
			name: 'wholeEveryRounds',
			type: 'number',
			typeOptions: { minValue: 1, maxValue: 10_000 },
			displayOptions: { show: { '/mode': ['changes'] } },
			default: 500,
			description: 'How many runs later everybody is read anew',
		},
		{
			displayName: 'Groups to Tell',
			name: 'tellGroups',
			...groupRows,
			description:
				"Users get a 'groups' attribute with the names of those they are in, nested groups included. It decides nothing here: number pools and Field Mapper can use it.",
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
		{
			displayName: 'More Attributes',
			name: 'moreAttributes',
			type: 'string',
			default: '',
			placeholder: 'e.g. extension_b7d8e648520f41d3b9c0fdeb91768a0a_costCenter, employeeOrgData',
			description:
				"Names as Microsoft Graph writes them, separated by commas: directory extensions, or anything else a user has that 'Attributes' does not offer",
		},
	],
};
