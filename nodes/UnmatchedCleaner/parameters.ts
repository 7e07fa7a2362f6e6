import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';

import { SYSTEMS } from '../../pbx/systems';
import { groupLimitsParameter, kindParameter } from '../host/group-limits';
import { systemParameter } from '../host/phoneSystem';

/** What this node does, and limits. */
export const LIMITED = ['disable', 'delete'] as const;

const actions = [
	{
		name: 'Delete After a Time',
		value: 'delete',
		description:
			'Disable the extension, and delete it when it stayed so. Only ones this sync created or adopted.',
	},
	{ name: 'Disable', value: 'disable', description: 'Put the extension out of use and keep it' },
	{ name: 'Ignore', value: 'ignore', description: 'Leave it and do not mention it' },
	{ name: 'Report', value: 'report', description: 'Leave it and list it in the report' },
] satisfies INodePropertyOptions[];

const action = {
	type: 'options' as const,
	noDataExpression: true,
	options: actions,
} satisfies Partial<INodeProperties>;

const lockedOut = SYSTEMS.filter(({ capabilities }) => capabilities.disable === 'emulated');
const unable = SYSTEMS.filter(({ capabilities }) => capabilities.disable === 'none');

const notices: INodeProperties[] = [
	...lockedOut.map(({ name, displayName, capabilities }) =>
		notice(
			name,
			capabilities.lockOut ??
				`${displayName} has no switch that disables an extension. It is locked out instead: several settings together keep anybody from using it. After a return, phones and apps may have to be set up anew.`,
		),
	),
	...unable.map(({ name, displayName }) =>
		notice(
			name,
			`${displayName} cannot disable an extension from outside. What should be disabled is listed to be done by hand.`,
		),
	),
];

function notice(system: string, displayName: string): INodeProperties {
	return {
		displayName,
		name: `${system}Notice`,
		type: 'notice',
		displayOptions: { show: { system: [system] } },
		default: '',
	};
}

export const parameters: INodeProperties[] = [
	systemParameter,
	...notices,
	{
		displayName: 'When the User Is Disabled',
		name: 'onDisabled',
		...action,
		default: 'disable',
		description: 'The account is still in the directory, and sign-in is blocked',
	},
	{
		displayName: 'When the User Was Deleted',
		name: 'onDeleted',
		...action,
		default: 'disable',
		description: 'The user is in the recycle bin of the directory',
	},
	{
		displayName: 'When the User Left the Scope',
		name: 'onOutOfScope',
		...action,
		default: 'report',
		description: 'The user is active, but no longer among those Entra User Source is set to read',
	},
	{
		displayName: 'When No User Is Found',
		name: 'onNotFound',
		...action,
		default: 'report',
		description:
			'Nobody in the directory belongs to the extension. This is the weakest evidence; it may be a meeting room.',
	},
	{
		displayName: 'Limit (Count)',
		name: 'maxCount',
		type: 'number',
		typeOptions: { minValue: 0 },
		default: 20,
		description:
			'How many extensions may be disabled in 24 hours. If there are more, none is disabled and all are listed.',
	},
	{
		displayName: 'Limit (Percent)',
		name: 'maxPercent',
		type: 'number',
		typeOptions: { minValue: 0, maxValue: 100 },
		default: 20,
		description:
			'The same as a share of all extensions, counted at their fewest in the last 30 days. The smaller of the two limits counts.',
	},
	{
		displayName: 'Protected Extensions',
		name: 'protectedExtensions',
		type: 'string',
		default: '',
		placeholder: 'e.g. 100, 900-999, department=Reception',
		description:
			'Numbers, ranges, mail addresses and field values that are never touched, whatever the reason',
	},
	{
		displayName: 'Dry Run',
		name: 'dryRun',
		type: 'boolean',
		default: true,
		description:
			'Whether to only show what would be done. When an AI agent uses this node, it is always only shown.',
	},
	{
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		default: {},
		placeholder: 'Add Option',
		options: [
			{
				displayName: 'Delete After (Days)',
				name: 'deleteAfterDays',
				type: 'number',
				typeOptions: { minValue: 1 },
				default: 30,
				description:
					"How long an extension stays disabled before 'Delete After a Time' deletes it. Counted from when this node disabled it or first saw it disabled. Needs 'Include Already Disabled' in Extension Allocator.",
			},
			{
				displayName: 'Delete Limit (Count)',
				name: 'deleteMaxCount',
				type: 'number',
				typeOptions: { minValue: 0 },
				default: 5,
				description: 'How many extensions may be deleted in 24 hours; one more, and none is',
			},
			{
				displayName: 'Delete Limit (Percent)',
				name: 'deleteMaxPercent',
				type: 'number',
				typeOptions: { minValue: 0, maxValue: 100 },
				default: 5,
				description: 'The same as a share of all extensions',
			},
			{
				displayName: 'Include Extensions Never Paired',
				name: 'includeNeverPaired',
				type: 'boolean',
				default: false,
				description:
					'Whether to clean up extensions that this sync neither created nor adopted too, for example those of meeting rooms',
			},
			{
				displayName: 'Limit Never Below',
				name: 'floor',
				type: 'number',
				typeOptions: { minValue: 0 },
				default: 3,
				description:
					'How many a small system may lose in one run although it is a large percentage',
			},
			{
				displayName: 'Limit Window (Hours)',
				name: 'windowHours',
				type: 'number',
				typeOptions: { minValue: 1, maxValue: 744 },
				default: 24,
				description:
					'What earlier runs of this time did counts too. Runs started by hand are not remembered by n8n.',
			},
			groupLimitsParameter(LIMITED),
			{
				displayName: 'Override',
				name: 'override',
				type: 'fixedCollection',
				default: {},
				placeholder: 'Add Override',
				description: 'A larger number for once, with the day it ends',
				options: [
					{
						displayName: 'Override',
						name: 'allow',
						values: [
							kindParameter(LIMITED),
							{
								displayName: 'Allow up To',
								name: 'count',
								type: 'number',
								typeOptions: { minValue: 1 },
								default: 50,
								description:
									'How many extensions may be disabled or deleted in 24 hours until then',
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
		],
	},
];
