import type { Icon, ICredentialTestRequest, ICredentialType, INodeProperties } from 'n8n-workflow';

/** Where each cloud signs in and where its Graph is (Microsoft Learn, "national cloud deployments"). */
const CLOUDS = {
	global: {
		authority: 'https://login.microsoftonline.com',
		graph: 'https://graph.microsoft.com',
	},
	usGovL4: {
		authority: 'https://login.microsoftonline.us',
		graph: 'https://graph.microsoft.us',
	},
	usGovL5: {
		authority: 'https://login.microsoftonline.us',
		graph: 'https://dod-graph.microsoft.us',
	},
	china: {
		authority: 'https://login.partner.microsoftonline.cn',
		graph: 'https://microsoftgraph.chinacloudapi.cn',
	},
} as const;

/** An n8n expression giving the address of the chosen cloud, or the custom one, without a slash at its end. */
function addressOf(side: 'authority' | 'graph', customField: string): string {
	const table = Object.fromEntries(
		Object.entries(CLOUDS).map(([cloud, addresses]) => [cloud, addresses[side]]),
	);
	return `(${JSON.stringify(table)}[$self["cloud"]] ?? $self["${customField}"] ?? "").trim().replace(/[/]+$/, "")`;
}

const authority = addressOf('authority', 'authorityUrl');
const graph = addressOf('graph', 'graphUrl');

/**
 * Sign-in as an app registration of its own (OAuth2 client credentials): no person's password, and
 * nothing that ends when somebody leaves. n8n keeps the token and renews it.
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
			displayName: 'Grant Type',
			name: 'grantType',
			type: 'hidden',
			default: 'clientCredentials',
		},
		{
			displayName: 'Cloud',
			name: 'cloud',
			type: 'options',
			options: [
				{ name: 'Global', value: 'global', description: 'Microsoft 365 and Azure, GCC included' },
				{ name: 'US Government L4', value: 'usGovL4', description: 'GCC High' },
				{ name: 'US Government L5', value: 'usGovL5', description: 'DoD' },
				{ name: 'China', value: 'china', description: 'Operated by 21Vianet' },
				{ name: 'Custom', value: 'custom', description: 'Addresses of your own' },
			],
			default: 'global',
			description: 'The Microsoft cloud the tenant lives in',
		},
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
			displayName: 'Client Secret',
			name: 'clientSecret',
			type: 'string',
			typeOptions: { password: true },
			required: true,
			default: '',
			description: "The 'Value' of the client secret, not its 'Secret ID'",
		},
		{
			displayName: 'Sign-in Address',
			name: 'authorityUrl',
			type: 'string',
			required: true,
			displayOptions: { show: { cloud: ['custom'] } },
			default: '',
			placeholder: 'e.g. https://login.microsoftonline.com',
			description: 'Where tokens are issued, without the tenant',
		},
		{
			displayName: 'Graph Address',
			name: 'graphUrl',
			type: 'string',
			required: true,
			displayOptions: { show: { cloud: ['custom'] } },
			default: '',
			placeholder: 'e.g. https://graph.microsoft.com',
			description: 'Where Microsoft Graph answers, without the version',
		},
		{
			displayName: 'Access Token URL',
			name: 'accessTokenUrl',
			type: 'hidden',
			default: `={{ ${authority} + "/" + ($self["tenantId"] ?? "").trim() + "/oauth2/v2.0/token" }}`,
		},
		{
			displayName: 'Scope',
			name: 'scope',
			type: 'hidden',
			default: `={{ ${graph} + "/.default" }}`,
		},
		{
			displayName: 'Graph Base URL',
			name: 'graphBaseUrl',
			type: 'hidden',
			default: `={{ ${graph} }}`,
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
