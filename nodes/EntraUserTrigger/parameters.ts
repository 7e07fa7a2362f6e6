import type { INodeProperties } from 'n8n-workflow';

import { authenticationParameter } from '../EntraUserSource/connection';

const advice: INodeProperties = {
	displayName:
		'Keep a Schedule Trigger beside this one: Microsoft does not say when a notification is lost. Connect both to Entra User Source that reads changes only.',
	name: 'advice',
	type: 'notice',
	default: '',
};

const options: INodeProperties = {
	displayName: 'Options',
	name: 'options',
	type: 'collection',
	default: {},
	placeholder: 'Add Option',
	options: [
		{
			displayName: 'Collect For (Seconds)',
			name: 'seconds',
			type: 'number',
			typeOptions: { minValue: 0, maxValue: 300 },
			default: 2,
			description: 'How long to wait after the first change for others, which then share one run',
		},
		{
			displayName: 'Collect at Most',
			name: 'most',
			type: 'number',
			typeOptions: { minValue: 1, maxValue: 10000, numberPrecision: 0 },
			default: 500,
			description: 'With this many changed users the run starts without waiting any longer',
		},
	],
};

export const parameters: INodeProperties[] = [authenticationParameter, advice, options];
