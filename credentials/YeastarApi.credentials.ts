import type {
	IAuthenticateGeneric,
	Icon,
	ICredentialTestRequest,
	ICredentialType,
	INodeProperties,
} from 'n8n-workflow';

/**
 * The API client of a Yeastar P-Series. The session it opens lives as long as a run and is held by
 * the phone system's adapter, because n8n would keep a token in its database.
 */
export class YeastarApi implements ICredentialType {
	name = 'yeastarApi';

	displayName = 'Yeastar P-Series API';

	documentationUrl =
		'https://github.com/entra-pbx-sync/n8n-nodes-entra-pbx-sync/blob/main/docs/connect-yeastar.md';

	icon: Icon = { light: 'file:../icons/yeastar.svg', dark: 'file:../icons/yeastar.dark.svg' };

	properties: INodeProperties[] = [
		{
			displayName: 'Address',
			name: 'baseUrl',
			type: 'string',
			required: true,
			default: '',
			placeholder: 'e.g. https://example.ras.yeastar.com',
			description:
				'What you type into the browser to reach the phone system, with its port if it has one',
		},
		{
			displayName: 'Client ID',
			name: 'clientId',
			type: 'string',
			required: true,
			default: '',
			description: 'Under Integrations > API, where the API is switched on',
		},
		{
			displayName: 'Client Secret',
			name: 'clientSecret',
			type: 'string',
			typeOptions: { password: true },
			required: true,
			default: '',
			description:
				'Beside the client ID. After five wrong tries the phone system blocks the address of n8n.',
		},
		{
			displayName: 'Send Welcome Email',
			name: 'sendWelcomeEmail',
			type: 'boolean',
			default: false,
			description:
				'Whether the phone system writes its Linkus welcome email to the person of every new extension',
		},
		{
			displayName: 'Ignore SSL Issues (Insecure)',
			name: 'ignoreSslIssues',
			type: 'boolean',
			default: false,
			description:
				'Whether to talk to a phone system whose certificate nobody vouches for. Only in your own network: anybody in between could read the secret.',
		},
	];

	/** The system does not answer a client that does not name itself so. */
	authenticate: IAuthenticateGeneric = {
		type: 'generic',
		properties: { headers: { 'User-Agent': 'OpenAPI' } },
	};

	/** Signs in. It answers with status 200 whatever happened, so the body is looked at. */
	test: ICredentialTestRequest = {
		request: {
			method: 'POST',
			baseURL: '={{ $credentials.baseUrl.trim().replace(/[/]+$/, "") }}',
			url: '/openapi/v1.0/get_token',
			headers: { 'User-Agent': 'OpenAPI' },
			body: {
				username: '={{ $credentials.clientId.trim() }}',
				password: '={{ $credentials.clientSecret.trim() }}',
			},
			skipSslCertificateValidation: '={{ $credentials.ignoreSslIssues }}',
		},
		rules: [
			{
				type: 'responseSuccessBody',
				properties: {
					key: 'errcode',
					value: 60002,
					message:
						'The phone system gives no further sign-in for now: eight are in use. Wait half an hour and test again.',
				},
			},
			{
				type: 'responseSuccessBody',
				properties: {
					key: 'errcode',
					value: 70087,
					message:
						'The phone system does not talk to the machine n8n runs on. Add its address under Integrations > API, and look under Security > Blocked IPs.',
				},
			},
			{
				type: 'responseSuccessBody',
				properties: {
					key: 'access_token',
					value: undefined,
					message:
						'The phone system gave no access. Compare address, client ID and client secret with Integrations > API on the phone system.',
				},
			},
		],
	};
}
