import type {
	Icon,
	ICredentialDataDecryptedObject,
	ICredentialTestRequest,
	ICredentialType,
	IDataObject,
	IHttpRequestHelper,
	INodeProperties,
} from 'n8n-workflow';

import { bearer } from './bearer';
import { ADDRESS, cloudField, customAddressFields } from './entra-clouds';
import { acquireToken } from './managed-identity';

/**
 * Sign-in without any secret: the machine n8n runs on in Azure is the proof. n8n asks for a token
 * when it has none and when Graph no longer takes the one it has, and keeps it encrypted.
 */
export class EntraManagedIdentityApi implements ICredentialType {
	name = 'entraManagedIdentityApi';

	displayName = 'Microsoft Entra ID Managed Identity API';

	documentationUrl =
		'https://github.com/entra-pbx-sync/n8n-nodes-entra-pbx-sync/blob/main/docs/connect-entra.md';

	icon: Icon = { light: 'file:../icons/entra.svg', dark: 'file:../icons/entra.dark.svg' };

	properties: INodeProperties[] = [
		{
			displayName: 'Sign In As',
			name: 'kind',
			type: 'options',
			options: [
				{
					name: 'Managed Identity',
					value: 'identity',
					description: 'The identity itself holds the permissions',
				},
				{
					name: 'App Trusting a Managed Identity',
					value: 'federated',
					description:
						'An app registration holds the permissions, perhaps in another tenant, and trusts the identity instead of a secret',
				},
			],
			default: 'identity',
		},
		{
			displayName: 'Managed Identity Client ID',
			name: 'identityClientId',
			type: 'string',
			default: '',
			placeholder: 'e.g. 00001111-aaaa-2222-bbbb-3333cccc4444',
			description:
				'Of a user-assigned identity. Leave empty for the system-assigned identity of the machine.',
		},
		{
			displayName: 'Tenant ID',
			name: 'tenantId',
			type: 'string',
			required: true,
			displayOptions: { show: { kind: ['federated'] } },
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
			displayOptions: { show: { kind: ['federated'] } },
			default: '',
			placeholder: 'e.g. 00001111-aaaa-2222-bbbb-3333cccc4444',
			description: "'Application (client) ID' on the overview page of the app registration",
		},
		cloudField,
		...customAddressFields,
		{
			displayName:
				'n8n has to run in Azure: on a virtual machine, in App Service, in Container Apps or in AKS, with a managed identity switched on.',
			name: 'azureNotice',
			type: 'notice',
			default: '',
		},
		{
			displayName: 'Access Token URL',
			name: 'accessTokenUrl',
			type: 'hidden',
			default: ADDRESS.token,
		},
		{
			displayName: 'Exchange Audience',
			name: 'exchangeAudience',
			type: 'hidden',
			default: ADDRESS.exchange,
		},
		{
			displayName: 'Graph Base URL',
			name: 'graphBaseUrl',
			type: 'hidden',
			default: ADDRESS.graph,
		},
		{
			// n8n calls preAuthentication while this is empty, and again when a request is refused.
			displayName: 'Access Token',
			name: 'accessToken',
			type: 'hidden',
			typeOptions: { expirable: true, password: true },
			default: '',
		},
	];

	async preAuthentication(
		this: IHttpRequestHelper,
		credentials: ICredentialDataDecryptedObject,
	): Promise<IDataObject> {
		const accessToken = await acquireToken(credentials, async (options) =>
			this.helpers.httpRequest(options),
		);
		return { accessToken };
	}

	authenticate = bearer('accessToken');

	/** Gets a new token and reads one user's ID: a token alone proves nothing. */
	test: ICredentialTestRequest = {
		request: {
			baseURL: '={{ $credentials.graphBaseUrl }}',
			url: '/v1.0/users?$top=1&$select=id',
		},
		rules: [
			{
				type: 'responseCode',
				properties: {
					value: 403,
					message:
						'The identity may not read users yet. Give it the application role User.Read.All of Microsoft Graph. Azure keeps its tokens for up to 24 hours; restart the machine to see the change sooner.',
				},
			},
		],
	};
}
