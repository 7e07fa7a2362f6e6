import type { IDisplayOptions, INodeProperties, INodePropertyOptions } from 'n8n-workflow';

import type { Capabilities } from '../../pbx/adapter';
import { SYSTEMS } from '../../pbx/systems';
import { systemParameter } from '../host/phoneSystem';
import { brakeParameters } from './brake-parameters';
import { FILE_SYSTEMS, fileParameters } from './fileParameters';

export const OPERATIONS = [
	'applyChanges',
	'create',
	'delete',
	'disable',
	'enable',
	'get',
	'getExtensions',
	'undo',
	'update',
] as const;
export type Operation = (typeof OPERATIONS)[number];

/** Shows an operation only for the systems that can do it; no rule when all of them can. */
function offeredBy(can: (capabilities: Capabilities) => boolean): {
	displayOptions?: IDisplayOptions;
} {
	const able = SYSTEMS.filter(({ capabilities }) => can(capabilities)).map(({ name }) => name);
	return able.length === SYSTEMS.length ? {} : { displayOptions: { show: { system: able } } };
}

const isAsked = ({ reach }: Capabilities) => reach !== 'file';
const canSwitch = ({ disable }: Capabilities) => disable !== 'none';

const choices: Array<INodePropertyOptions & { value: Operation }> = [
	{
		name: 'Apply Changes',
		value: 'applyChanges',
		action: 'Apply changes to extensions',
		description: 'Write what Extension Allocator planned, and nothing else',
	},
	{
		name: 'Create',
		value: 'create',
		action: 'Create extension',
		description: 'Make one extension',
		...offeredBy((able) => able.canCreate && isAsked(able)),
	},
	{
		name: 'Delete',
		value: 'delete',
		action: 'Delete extension',
		description: 'Remove one extension for good',
		...offeredBy(({ canDelete }) => canDelete),
	},
	{
		name: 'Disable',
		value: 'disable',
		action: 'Disable extension',
		description: 'Put one extension out of use and keep it',
		...offeredBy(canSwitch),
	},
	{
		name: 'Enable',
		value: 'enable',
		action: 'Enable extension',
		description: 'Put a disabled extension back into use',
		...offeredBy(canSwitch),
	},
	{
		name: 'Get',
		value: 'get',
		action: 'Get extension',
		description: 'Read one extension',
		...offeredBy(isAsked),
	},
	{
		name: 'Get Extensions',
		value: 'getExtensions',
		action: 'Get all extensions',
		description:
			'Read every extension there is, or none at all when the list does not arrive whole',
	},
	{
		name: 'Undo a Run',
		value: 'undo',
		action: 'Undo a run',
		description: 'Take back what one run wrote, from the rows of its journal',
		...offeredBy(isAsked),
	},
	{
		name: 'Update',
		value: 'update',
		action: 'Update extension',
		description: 'Change fields of one extension',
		...offeredBy(isAsked),
	},
];

const operation: INodeProperties = {
	displayName: 'Operation',
	name: 'operation',
	type: 'options',
	noDataExpression: true,
	options: choices,
	default: 'getExtensions',
};

const ASKED = SYSTEMS.filter(({ capabilities }) => isAsked(capabilities)).map(({ name }) => name);

const read: INodeProperties = {
	displayName: 'Read',
	name: 'read',
	type: 'options',
	noDataExpression: true,
	displayOptions: { show: { operation: ['getExtensions'], system: ASKED } },
	options: [
		{
			name: 'All Extensions',
			value: 'all',
			description: 'The whole list, every time. The only read that can tell who is unmatched.',
		},
		{
			name: 'Only Those Needed',
			value: 'needed',
			description:
				'The extensions of the users on the first input, by the remembered links on the second. Somebody new, or another number, still takes the whole list.',
		},
	],
	default: 'all',
};

const LOCK_OUT =
	'This phone system has no switch for it, so the extension is locked out: calls out, remote phones and apps are closed and its passwords are replaced. To come back, its phones and apps have to be set up again.';

/** One notice per system that has no switch, because each closes something else. */
const lockOuts = SYSTEMS.filter(({ capabilities }) => capabilities.disable === 'emulated').map(
	({ name, capabilities }): INodeProperties => ({
		displayName: capabilities.lockOut ?? LOCK_OUT,
		name: 'lockOutNotice',
		type: 'notice',
		default: '',
		displayOptions: { show: { operation: ['disable', 'enable'], system: [name] } },
	}),
);

/** One notice per system and kind of change that does more there than it says. */
const sideEffects = SYSTEMS.flatMap(({ name, displayName, capabilities }) =>
	Object.entries(capabilities.sideEffects ?? {}).map(
		([kind, sentence]): INodeProperties => ({
			displayName: `${displayName}: ${sentence} Held until the credential allows it.`,
			name: `${kind}SideEffectNotice`,
			type: 'notice',
			default: '',
			displayOptions: { show: { system: [name], operation: ['applyChanges', kind] } },
		}),
	),
);

/** What these two expect on their input; without it the panel is an empty room. */
const inputNotices: INodeProperties[] = [
	{
		displayName:
			"Connect 'Changes' of Extension Allocator. Nothing is written while 'Dry Run' is on.",
		name: 'changesNotice',
		type: 'notice',
		default: '',
		displayOptions: { show: { operation: ['applyChanges'] }, hide: { system: FILE_SYSTEMS } },
	},
	{
		displayName:
			"Connect the rows of one run, from the table that Sync Report's 'Journal' fills. What somebody changed since is left alone.",
		name: 'journalNotice',
		type: 'notice',
		default: '',
		displayOptions: { show: { operation: ['undo'] } },
	},
];

const extension: INodeProperties = {
	displayName: 'Extension',
	name: 'extension',
	type: 'resourceLocator',
	required: true,
	default: { mode: 'list', value: '' },
	displayOptions: { show: { operation: ['delete', 'disable', 'enable', 'get', 'update'] } },
	modes: [
		{
			displayName: 'From List',
			name: 'list',
			type: 'list',
			typeOptions: { searchListMethod: 'findExtensions', searchable: true },
		},
		{
			displayName: 'By ID',
			name: 'id',
			type: 'string',
			placeholder: 'e.g. 73',
			hint: "The phone system's own ID, as 'Get Extensions' gives it; not the extension number",
		},
	],
};

const fields: INodeProperties = {
	displayName: 'Fields',
	name: 'fields',
	type: 'resourceMapper',
	noDataExpression: true,
	required: true,
	default: { mappingMode: 'defineBelow', value: null },
	displayOptions: { show: { operation: ['create', 'update'] } },
	description: 'Only these fields are written. An empty value clears the field.',
	typeOptions: {
		loadOptionsDependsOn: ['system', 'operation'],
		resourceMapper: {
			resourceMapperMethod: 'getFields',
			mode: 'add',
			fieldWords: { singular: 'field', plural: 'fields' },
			addAllFields: false,
			supportAutoMap: false,
			alwaysConvertFieldsToString: true,
		},
	},
};

const userId: INodeProperties = {
	displayName: 'Directory User ID',
	name: 'userId',
	type: 'string',
	default: '',
	placeholder: 'e.g. 87d349ed-44d7-43e1-9a83-5f2406dee5bd',
	displayOptions: { show: { operation: ['create'] } },
	description:
		'The object ID of the user in Microsoft Entra ID, so that the sync knows whose extension it is. Without it the next sync goes by the mail address.',
};

const dryRun: INodeProperties = {
	displayName: 'Dry Run',
	name: 'dryRun',
	type: 'boolean',
	default: true,
	displayOptions: {
		show: {
			operation: ['applyChanges', 'create', 'delete', 'disable', 'enable', 'undo', 'update'],
		},
		// A file is a preview by itself.
		hide: { system: FILE_SYSTEMS },
	},
	description: 'Whether to only check and say what would be done, without writing anything',
};

export const parameters: INodeProperties[] = [
	systemParameter,
	operation,
	...inputNotices,
	read,
	...lockOuts,
	...sideEffects,
	extension,
	fields,
	userId,
	...fileParameters,
	dryRun,
	...brakeParameters,
];
