import type { INodeProperties, ResourceMapperFields } from 'n8n-workflow';

import { attributeNamed } from '../../entra/attributes';
import { WRITABLE } from '../../entra/writable';
import { authenticationParameter } from '../EntraUserSource/connection';

const operation: INodeProperties = {
	displayName: 'Operation',
	name: 'operation',
	type: 'options',
	noDataExpression: true,
	options: [
		{
			name: 'Apply Changes',
			value: 'applyChanges',
			action: 'Apply changes to users',
			description: 'Write what was planned for the directory, and nothing else',
		},
		{
			name: 'Update User',
			value: 'updateUser',
			action: 'Update user',
			description: 'Write attributes of one user',
		},
	],
	default: 'applyChanges',
};

/** Without it the panel says nothing of what the operation expects. */
const changesNotice: INodeProperties = {
	displayName:
		"Connect the results of PBX Target. Nothing is written to the directory while 'Dry Run' is on.",
	name: 'changesNotice',
	type: 'notice',
	default: '',
	displayOptions: { show: { operation: ['applyChanges'] } },
};

const user: INodeProperties = {
	displayName: 'User',
	name: 'user',
	type: 'resourceLocator',
	required: true,
	default: { mode: 'list', value: '' },
	displayOptions: { show: { operation: ['updateUser'] } },
	description: 'Whose attributes are written',
	modes: [
		{
			displayName: 'From List',
			name: 'list',
			type: 'list',
			typeOptions: { searchListMethod: 'findPeople', searchable: true },
		},
		{
			displayName: 'By ID or Sign-In Name',
			name: 'id',
			type: 'string',
			placeholder: 'e.g. adele.vance@contoso.com',
			hint: 'The object ID or the user principal name',
		},
	],
};

const attributes: INodeProperties = {
	displayName: 'Attributes',
	name: 'attributes',
	type: 'resourceMapper',
	noDataExpression: true,
	required: true,
	default: { mappingMode: 'defineBelow', value: null },
	displayOptions: { show: { operation: ['updateUser'] } },
	description: 'Only these attributes are written. An empty value clears the attribute.',
	typeOptions: {
		resourceMapper: {
			resourceMapperMethod: 'getAttributes',
			mode: 'add',
			fieldWords: { singular: 'attribute', plural: 'attributes' },
			addAllFields: false,
			supportAutoMap: false,
			alwaysConvertFieldsToString: true,
		},
	},
};

const dryRun: INodeProperties = {
	displayName: 'Dry Run',
	name: 'dryRun',
	type: 'boolean',
	default: true,
	description: 'Whether to only check and say what would be done, without writing anything',
};

export const parameters: INodeProperties[] = [
	authenticationParameter,
	operation,
	changesNotice,
	user,
	attributes,
	dryRun,
];

/** What 'Attributes' offers, without asking Graph. */
export function writableFields(): ResourceMapperFields {
	return {
		fields: WRITABLE.map(({ name }) => ({
			id: name,
			displayName: attributeNamed(name)?.displayName ?? name,
			required: false,
			defaultMatch: false,
			display: true,
			type: 'string',
		})),
	};
}
