/** Limits, overrides and approval, for the operations that carry out many changes at once. */
import type { INodeProperties } from 'n8n-workflow';

import { CHANGE_KINDS } from '../../sync/held-together';
import { groupLimitsParameter, kindParameter } from '../host/group-limits';
import { FILE_SYSTEMS } from './fileParameters';

const kind = kindParameter(CHANGE_KINDS);

const displayOptions = {
	show: { operation: ['applyChanges', 'undo'] },
	hide: { system: FILE_SYSTEMS },
};

const limits: INodeProperties = {
	displayName: 'Limits',
	name: 'limits',
	type: 'fixedCollection',
	typeOptions: { multipleValues: true, multipleValueButtonText: 'Add Limit' },
	displayOptions,
	default: {},
	placeholder: 'Add Limit',
	description:
		'How many changes of a kind may be made in 24 hours. One more, and none of that kind is made; all are held and listed.',
	options: [
		{
			displayName: 'Limit',
			name: 'limit',
			values: [
				kind,
				{
					displayName: 'At Most',
					name: 'maxCount',
					type: 'number',
					typeOptions: { minValue: 0 },
					default: 50,
				},
				{
					displayName: 'At Most (Percent)',
					name: 'maxPercent',
					type: 'number',
					typeOptions: { minValue: 0, maxValue: 100 },
					default: 100,
					description:
						'Of all extensions, counted at their fewest in the last 30 days. With 100 only the number counts. Three are always allowed.',
				},
			],
		},
	],
};

const options: INodeProperties = {
	displayName: 'Options',
	name: 'options',
	type: 'collection',
	displayOptions,
	default: {},
	placeholder: 'Add Option',
	options: [
		{
			displayName: 'Approved Plan',
			name: 'approvedPlan',
			type: 'string',
			displayOptions: { show: { '/operation': ['applyChanges'] } },
			default: '',
			placeholder: "e.g. {{ $('Report').first().json.report.planDigest }}",
			description:
				'The plan digest that somebody approved. Unless exactly those changes arrive, nothing is written; empty means not approved.',
		},
		{
			displayName: 'Delete What Was Created',
			name: 'deleteCreated',
			type: 'boolean',
			displayOptions: { show: { '/operation': ['undo'] } },
			default: false,
			description:
				'Whether extensions that the run created are deleted. If not, they are disabled.',
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
		groupLimitsParameter(CHANGE_KINDS),
		{
			displayName: 'Override',
			name: 'override',
			type: 'fixedCollection',
			typeOptions: { multipleValues: true, multipleValueButtonText: 'Add Override' },
			default: {},
			placeholder: 'Add Override',
			description: 'A larger number for once, with the day it ends',
			options: [
				{
					displayName: 'Override',
					name: 'allow',
					values: [
						kind,
						{
							displayName: 'Allow up To',
							name: 'count',
							type: 'number',
							typeOptions: { minValue: 1 },
							default: 50,
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
};

export const brakeParameters: INodeProperties[] = [limits, options];
