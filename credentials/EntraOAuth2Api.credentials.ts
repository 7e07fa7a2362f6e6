import type { Icon, ICredentialTestRequest, ICredentialType, INodeProperties } from 'n8n-workflow';

import { ADDRESS, cloudField, customAddressFields } from './entra-clouds';

/**
 * Sign-in as an app registration of its own (OAuth2 client credentials): no person's password, and
 * nothing that ends when somebody leaves. n8n keeps the token and renews it; with a certificate, it
 * signs each sign-in with the private key, which never leaves n8n.
 */
export class EntraOAuth2Api implements ICredentialType {
	name = 'entraOAuth2Api';

	extends = ['oAuth2Api'];

	displayName = 'Microsoft Entra ID App OAuth2 API';

	documentationUrl =
		'https://github.com/entra-pbx-sync/n8n-nodes-entra-pbx-sync/blob/main/docs/connect-entra.md';

	icon: Icon = { light: 'file:../icons/entra.svg', dark: 'file:../icons/entra.dark.svg' };

	properties: INodeProperties[] = [
		{
			displayName: 'Sign In As',
			name: 'grantType',
			type: 'options',
			options: [
				{
					name: 'App',
					value: 'clientCredentials',
					description: 'On its own, day and night. Right for a sync.',
				},
				{
					name: 'Person',
					value: 'authorizationCode',
					description:
						'With the rights of whoever connects, until their password or policy changes. For trying out.',
				},
			],
			default: 'clientCredentials',
		},
		cloudField,
		{
			displayName: 'Tenant ID',
			name: 'tenantId',
			type: 'string',
			required: true,
			default: '',
			placeholder: 'e.g. 6babcaad-604b-40ac-a9d7-9fd97c0b779f',
			description:
				"'Directory (tenant) ID' on the overview page of the app registration, or a domain of the tenant",
		},
		{
			displayName: 'Client ID',
			name: 'clientId',
			type: 'string',
			required: true,
			default: '',
			placeholder: 'e.g. 00001111-aaaa-2222-bbbb-3333cccc4444',
			description: "'Application (client) ID' on the overview page of the app registration",
		},
		{
			displayName: 'Proof',
			name: 'clientCredentialType',
			type: 'options',
			options: [
				{
					name: 'Client Secret',
					value: 'clientSecret',
					description: 'Quick to set up; sent with every sign-in',
				},
				{
					name: 'Certificate',
					value: 'certificate',
					description: 'Safer: the private key is never sent anywhere',
				},
			],
			default: 'clientSecret',
			description: 'How the app proves that it is itself',
		},
		{
			displayName: 'Client Secret',
			name: 'clientSecret',
			type: 'string',
			typeOptions: { password: true },
			required: true,
			displayOptions: { show: { clientCredentialType: ['clientSecret'] } },
			default: '',
			description: "The 'Value' of the client secret, not its 'Secret ID'",
		},
		{
			displayName: 'Secret Ends On',
			name: 'proofEndsOn',
			type: 'string',
			displayOptions: { show: { clientCredentialType: ['clientSecret'] } },
			default: '',
			placeholder: 'e.g. 2027-11-30',
			description:
				"The day under 'Expires' in the list of secrets. The node warns 30 days before it. Without it nobody is told, as the app may not see its own secrets.",
		},
		{
			displayName: 'Private Key',
			name: 'privateKey',
			type: 'string',
			typeOptions: { password: true, rows: 4 },
			required: true,
			displayOptions: { show: { clientCredentialType: ['certificate'] } },
			default: '',
			placeholder: '-----BEGIN PRIVATE KEY-----',
			description: 'The RSA key of the certificate as PEM text, without a password of its own',
		},
		{
			displayName: 'Certificate',
			name: 'certificate',
			type: 'string',
			typeOptions: { password: true, rows: 4 },
			required: true,
			displayOptions: { show: { clientCredentialType: ['certificate'] } },
			default: '',
			placeholder: '-----BEGIN CERTIFICATE-----',
			description:
				"PEM text of the certificate uploaded under 'Certificates & secrets'. The node warns 30 days before it ends.",
		},
		...customAddressFields,
		{
			displayName:
				'Only an administrator may grant what the app needs. To ask one, put your two IDs into this link and send it: <code>https://login.microsoftonline.com/TENANT-ID/adminconsent?client_id=CLIENT-ID</code>',
			name: 'consentNotice',
			type: 'notice',
			default: '',
		},
		{
			displayName: 'Authorization URL',
			name: 'authUrl',
			type: 'hidden',
			default: ADDRESS.signIn,
		},
		{
			displayName: 'Access Token URL',
			name: 'accessTokenUrl',
			type: 'hidden',
			default: ADDRESS.token,
		},
		{ displayName: 'Scope', name: 'scope', type: 'hidden', default: ADDRESS.scope },
		{
			displayName: 'Auth URI Query Parameters',
			name: 'authQueryParameters',
			type: 'hidden',
			default: 'response_mode=query&prompt=select_account',
		},
		{
			displayName: 'Graph Base URL',
			name: 'graphBaseUrl',
			type: 'hidden',
			default: ADDRESS.graph,
		},
		{
			displayName: 'Authentication',
			name: 'authentication',
			type: 'hidden',
			default: 'body',
		},
	];

	/** Reads one user's ID: a token alone proves nothing, an app without any permission gets one too. */
	test: ICredentialTestRequest = {
		request: {
			baseURL: '={{ $credentials.graphBaseUrl }}',
			url: '/v1.0/users?$top=1&$select=id',
		},
		rules: [
			{
				type: 'responseCode',
				properties: {
					value: 401,
					message:
						'Microsoft Graph did not accept the sign-in. Check that the cloud is the one the tenant lives in.',
				},
			},
			{
				type: 'responseCode',
				properties: {
					value: 403,
					message:
						'The app may not read users yet. Add User.Read.All as an application permission (not delegated), grant admin consent, and wait a few minutes.',
				},
			},
		],
	};
}
