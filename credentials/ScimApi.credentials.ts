import type { Icon, ICredentialTestRequest, ICredentialType, INodeProperties } from 'n8n-workflow';

import { bearer } from './bearer';

/** What an administrator should know of a vendor; the sources are in `pbx/scim/README.md`. */
const notices = [
	{
		vendor: 'webex',
		displayName:
			'The address has the ID of your organization in it: https://webexapis.com/identity/scim/your-organization-id/v2. Licences and extension numbers are not part of SCIM at Webex; they are assigned there.',
	},
	{
		vendor: 'twilio',
		displayName:
			'Twilio gives tokens by client credentials, and they end. A token pasted here is for trying out; for a schedule choose Custom REST with its SCIM profile and sign-in by OAuth2.',
	},
	{
		vendor: 'zoom',
		displayName:
			'The address is https://api.zoom.us/scim2. Zoom wants a Business or Education plan, a vanity URL and single sign-on. Its tokens are made by a server-to-server OAuth app and end, so one pasted here is for trying out. Zoom Phone itself has no SCIM: numbers are assigned at Zoom.',
	},
].map(
	({ vendor, displayName }): INodeProperties => ({
		displayName,
		name: `${vendor}Notice`,
		type: 'notice',
		default: '',
		displayOptions: { show: { vendor: [vendor] } },
	}),
);

/** A SCIM 2.0 service and its bearer token. */
export class ScimApi implements ICredentialType {
	name = 'scimApi';

	displayName = 'SCIM 2.0 API';

	documentationUrl =
		'https://github.com/entra-pbx-sync/n8n-nodes-entra-pbx-sync/blob/main/docs/connect-scim.md';

	icon: Icon = { light: 'file:../icons/scim.svg', dark: 'file:../icons/scim.dark.svg' };

	properties: INodeProperties[] = [
		{
			displayName: 'Vendor',
			name: 'vendor',
			type: 'options',
			options: [
				{ name: 'Any Other', value: 'any' },
				{ name: 'Cisco Webex', value: 'webex' },
				{ name: 'Twilio', value: 'twilio' },
				{ name: 'Zoom', value: 'zoom' },
			],
			default: 'any',
			description: 'Where the users are. It only changes what this form says.',
		},
		...notices,
		{
			displayName: 'Address',
			name: 'baseUrl',
			type: 'string',
			required: true,
			default: '',
			placeholder: 'e.g. https://example.com/scim/v2',
			description: "The vendor's 'tenant URL' or 'SCIM base URL', up to where /Users would follow",
		},
		{
			displayName: 'Token',
			name: 'token',
			type: 'string',
			typeOptions: { password: true },
			required: true,
			default: '',
			description: "The vendor's 'secret token' or 'bearer token' for provisioning",
		},
		{
			displayName: 'Ignore SSL Issues (Insecure)',
			name: 'ignoreSslIssues',
			type: 'boolean',
			default: false,
			description:
				'Whether to talk to a service whose certificate nobody vouches for. Only in your own network: anybody in between could read the token.',
		},
	];

	authenticate = bearer('token');

	/** Reads one account: it needs the rights the sync needs, which the service's own description does not. */
	test: ICredentialTestRequest = {
		request: {
			baseURL: '={{ $credentials.baseUrl.trim().replace(/[/]+$/, "") }}',
			url: '/Users?startIndex=1&count=1',
			headers: { Accept: 'application/scim+json' },
			skipSslCertificateValidation: '={{ $credentials.ignoreSslIssues }}',
		},
		// n8n reads each rule by its own type; only its types want all rules to be of one.
		rules: [
			{
				type: 'responseCode',
				properties: {
					value: 401,
					message: 'The service did not accept the token. Make a new one there and paste it here.',
				},
			},
			{
				type: 'responseCode',
				properties: {
					value: 403,
					message: 'The token is known, but may not read users. Give it the right to manage users.',
				},
			},
			{
				type: 'responseCode',
				properties: {
					value: 404,
					message:
						'There is no SCIM service at this address. It ends where /Users would follow, for instance https://example.com/scim/v2.',
				},
			},
			{
				type: 'responseSuccessBody',
				properties: {
					key: 'totalResults',
					value: undefined,
					message:
						'What answers at this address is not a SCIM service. It ends where /Users would follow, for instance https://example.com/scim/v2.',
				},
			},
		] as ICredentialTestRequest['rules'],
	};
}
