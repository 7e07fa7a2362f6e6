import type { INodeProperties } from 'n8n-workflow';

const byPhone = { show: { method: ['phoneDigits', 'phoneDigitsElseNextFree'] } };

/** How a pool finds a number, where it is another way than the numbering of all. */
export const poolMethod: INodeProperties[] = [
	{
		displayName: 'Method',
		name: 'method',
		type: 'options',
		noDataExpression: true,
		options: [
			{ name: "As 'Numbering' Says", value: 'numbering' },
			{
				name: 'End of Phone Number',
				value: 'phoneDigits',
				description: 'The last digits of the phone number, where they are in the ranges',
			},
			{
				name: 'End of Phone Number, Otherwise Next Free',
				value: 'phoneDigitsElseNextFree',
				description: 'Next free for users without a phone number',
			},
			{ name: 'Mapped Number', value: 'property' },
			{ name: 'Mapped, Otherwise Next Free', value: 'propertyElseNextFree' },
			{ name: 'Next Free Number', value: 'nextFree' },
		],
		default: 'numbering',
		description: 'Where new extensions of this pool get their number from',
	},
	{
		displayName: 'Phone Number',
		name: 'digitsOf',
		type: 'options',
		noDataExpression: true,
		displayOptions: byPhone,
		options: [
			{ name: 'Business Phone', value: 'phone' },
			{ name: 'Mobile', value: 'mobile' },
		],
		default: 'phone',
		description: 'As Field Mapper fills it in',
	},
	{
		displayName: 'Last Digits',
		name: 'digits',
		type: 'number',
		noDataExpression: true,
		typeOptions: { minValue: 1, maxValue: 10, numberPrecision: 0 },
		displayOptions: byPhone,
		default: 3,
		description: 'How many of its last digits are the extension number',
	},
	{
		displayName: 'Direct Number',
		name: 'direct',
		type: 'string',
		noDataExpression: true,
		default: '',
		placeholder: 'e.g. +49 30 1234{number}',
		description:
			'What people dial from outside. It is given together with a number of this pool, and numbers whose direct number another extension holds are passed over. Empty: none.',
	},
	{
		displayName: 'Direct Number Field',
		name: 'directField',
		type: 'options',
		noDataExpression: true,
		displayOptions: { hide: { direct: [''] } },
		options: [
			{ name: 'Business Phone', value: 'phone' },
			{ name: 'Outbound Caller ID (3CX)', value: 'callerId' },
			{ name: 'Outbound CID (FreePBX)', value: 'outboundCid' },
		],
		default: 'phone',
		description:
			'Where the phone system keeps it. A row of Field Mapper for the field goes before.',
	},
];

export const numberOptions: INodeProperties[] = [
	{
		displayName: 'Cooling Days',
		name: 'coolingDays',
		type: 'number',
		typeOptions: { minValue: 0, maxValue: 3650, numberPrecision: 0 },
		default: 30,
		description:
			'How long a released number is given to nobody but its old owner. The links table and the journal on the Links input tell since when.',
	},
	{
		displayName: 'No Number May Begin Another',
		name: 'noBeginnings',
		type: 'boolean',
		default: false,
		description:
			'Whether 20 and 201 must not both be given, because the phone system rings 20 before 201 is dialed',
	},
	{
		displayName: 'Seats',
		name: 'seats',
		type: 'number',
		typeOptions: { minValue: 0, numberPrecision: 0 },
		default: 100,
		description:
			'How many extensions the license allows, disabled ones included. Where the phone system says so itself, the smaller number holds. Who has been in the directory longest gets one first.',
	},
];
