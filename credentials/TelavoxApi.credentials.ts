import type {
	Icon,
	ICredentialTestRequest,
	ICredentialType,
	INodeProperties,
	INodePropertyOptions,
} from 'n8n-workflow';

import { bearer } from './bearer';

const whenShown = { displayOptions: { show: { advanced: [true] } } };

/** Where a value is in the answers of the interface, which are not described in public. */
function nameOf(what: string, name: string, theirs: string): INodeProperties {
	return {
		displayName: `Name of the ${what}`,
		name,
		type: 'string',
		default: theirs,
		description: `What the ${what.toLowerCase()} of a user is called in answers of the interface`,
		...whenShown,
	};
}

const updateSends: INodePropertyOptions[] = [
	{
		name: 'Everything',
		value: 'everything',
		description: 'The whole user as it was read, with the changes in it',
	},
	{
		name: 'Only What Changes',
		value: 'changes',
		description: 'For when the interface leaves alone what it is not sent',
	},
];

/** A token of Telavox's Customer API (CAPI), made by a person and as able as that person. */
export class TelavoxApi implements ICredentialType {
	name = 'telavoxApi';

	displayName = 'Telavox API';

	documentationUrl =
		'https://github.com/entra-pbx-sync/n8n-nodes-entra-pbx-sync/blob/main/docs/connect-telavox.md';

	icon: Icon = { light: 'file:../icons/telavox.svg', dark: 'file:../icons/telavox.dark.svg' };

	properties: INodeProperties[] = [
		{
			displayName: 'Address',
			name: 'baseUrl',
			type: 'string',
			required: true,
			default: 'https://admin.telavox.com/api/capi',
			description: 'Of the Customer API, up to where /v1 would follow',
		},
		{
			displayName: 'Token',
			name: 'token',
			type: 'string',
			typeOptions: { password: true },
			required: true,
			default: '',
			description:
				'Made by an administrator under My Account > Username and password > Manage tokens; shown once',
		},
		{
			displayName: 'Allow Creating',
			name: 'allowCreate',
			type: 'boolean',
			default: false,
			description:
				'Whether new users may be made. Each takes a licence, and buys one when none is free. Until then they are held and reported.',
		},
		{
			displayName: 'Country of New Users',
			name: 'countryCode',
			type: 'string',
			default: 'SE',
			placeholder: 'e.g. SE',
			description: 'Two letters',
			displayOptions: { show: { allowCreate: [true] } },
		},
		{
			displayName: 'Invoice Place of New Users',
			name: 'invoicePlace',
			type: 'string',
			default: '',
			description: 'The key of the invoice place. Leave empty for the usual one.',
			displayOptions: { show: { allowCreate: [true] } },
		},
		{
			displayName: 'Template of New Users',
			name: 'template',
			type: 'string',
			default: '',
			description: 'The key of a template that says how new users are set up',
			displayOptions: { show: { allowCreate: [true] } },
		},
		{
			displayName: 'Confirmation Email to New Users',
			name: 'confirmationEmail',
			type: 'boolean',
			default: false,
			description: 'Whether Telavox writes to each new user',
			displayOptions: { show: { allowCreate: [true] } },
		},
		{
			displayName: 'Advanced',
			name: 'advanced',
			type: 'boolean',
			default: false,
			description:
				'Whether to show what is not described in public and was concluded from a program of Telavox',
		},
		{
			displayName: 'An Update Sends',
			name: 'updateSends',
			type: 'options',
			options: updateSends,
			default: 'everything',
			...whenShown,
		},
		nameOf('Key', 'keyName', 'key'),
		nameOf('Name', 'nameName', 'name'),
		nameOf('Mail Address', 'emailName', 'email'),
		nameOf('Fixed Number', 'fixedNumberName', 'fixedNumber'),
		nameOf('Mobile Number', 'mobileNumberName', 'mobileNumber'),
	];

	authenticate = bearer('token');

	/** Reads the users: it needs the rights the sync needs, which reading oneself does not. */
	test: ICredentialTestRequest = {
		request: {
			baseURL: '={{ $credentials.baseUrl.trim().replace(/[/]+$/, "").replace(/[/]v1$/, "") }}',
			url: '/v1/extensions/users',
			headers: { Accept: 'application/json' },
		},
		rules: [
			{
				type: 'responseCode',
				properties: {
					value: 401,
					message:
						'Telavox did not accept the token. Make a new one and paste it here; it may have been revoked.',
				},
			},
			{
				type: 'responseCode',
				properties: {
					value: 403,
					message:
						'The token is known, but whoever made it may not manage users. Let an administrator make it.',
				},
			},
			{
				type: 'responseCode',
				properties: {
					value: 400,
					message:
						'Telavox refused to list the users. Most likely whoever made the token may not manage them.',
				},
			},
			{
				type: 'responseCode',
				properties: {
					value: 404,
					message:
						'There is no Customer API at this address. It is https://admin.telavox.com/api/capi unless Telavox told you another one.',
				},
			},
		],
	};
}
