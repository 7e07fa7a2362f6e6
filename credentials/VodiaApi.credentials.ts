import type {
	IAuthenticate,
	Icon,
	ICredentialTestRequest,
	ICredentialType,
	INodeProperties,
} from 'n8n-workflow';

/** An administrator of a Vodia PBX and the tenant it is about. */
export class VodiaApi implements ICredentialType {
	name = 'vodiaApi';

	displayName = 'Vodia PBX API';

	documentationUrl =
		'https://github.com/entra-pbx-sync/n8n-nodes-entra-pbx-sync/blob/main/docs/connect-vodia.md';

	icon: Icon = { light: 'file:../icons/vodia.svg', dark: 'file:../icons/vodia.dark.svg' };

	properties: INodeProperties[] = [
		{
			displayName: 'Address',
			name: 'baseUrl',
			type: 'string',
			required: true,
			default: '',
			placeholder: 'e.g. https://pbx.example.com',
			description:
				'What you type into the browser to reach the phone system, with its port if it has one',
		},
		{
			displayName: 'Tenant',
			name: 'domain',
			type: 'string',
			required: true,
			default: '',
			placeholder: 'e.g. customer.example.com',
			description: "The tenant's name as the list of tenants shows it",
		},
		{
			displayName: 'User Name',
			name: 'username',
			type: 'string',
			required: true,
			default: '',
			placeholder: 'e.g. admin@customer.example.com',
			description: "An administrator of the tenant with 'API access' switched on",
		},
		{
			displayName: 'Password',
			name: 'password',
			type: 'string',
			typeOptions: { password: true },
			required: true,
			default: '',
		},
		{
			displayName: 'Field for the Object ID',
			name: 'externalIdField',
			type: 'options',
			options: [
				{ name: 'Do Not Keep It', value: 'none' },
				{ name: 'Parameter 1', value: 'param1' },
				{ name: 'Parameter 2', value: 'param2' },
				{ name: 'Parameter 3', value: 'param3' },
			],
			default: 'param3',
			description:
				"Which of an account's free fields keeps the directory's object ID, so that a person is recognised whatever changes. Choose one that nothing else uses.",
		},
		{
			displayName: 'Setting for the Cell Phone',
			name: 'mobileField',
			type: 'string',
			default: 'cell_dis',
			description:
				'The name your version gives to it. Change it only when the sync says that the cell phone was not stored.',
		},
		{
			displayName: 'Ignore SSL Issues (Insecure)',
			name: 'ignoreSslIssues',
			type: 'boolean',
			default: false,
			description:
				'Whether to talk to a phone system whose certificate nobody vouches for. Only in your own network: anybody in between could read the password.',
		},
	];

	authenticate: IAuthenticate = async (credentials, request) => ({
		...request,
		auth: {
			username: String(credentials['username'] ?? '').trim(),
			password: String(credentials['password'] ?? ''),
		},
	});

	/** Reads the accounts of the tenant. The session address would answer anybody, so it proves nothing. */
	test: ICredentialTestRequest = {
		request: {
			baseURL: '={{ $credentials.baseUrl.trim().replace(/[/]+$/, "").replace(/[/]rest$/, "") }}',
			url: '=/rest/domain/{{ encodeURIComponent($credentials.domain.trim()) }}/users',
			skipSslCertificateValidation: '={{ $credentials.ignoreSslIssues }}',
		},
		// n8n reads each rule by its own type; only its types want all rules to be of one.
		rules: [
			{
				type: 'responseCode',
				properties: {
					value: 401,
					message:
						'The phone system did not accept the sign-in. A tenant administrator signs in as admin@tenant.',
				},
			},
			{
				type: 'responseCode',
				properties: {
					value: 403,
					message:
						"The administrator may not do this. Switch on 'API access' for it, and check that it belongs to this tenant.",
				},
			},
			{
				type: 'responseCode',
				properties: {
					value: 404,
					message:
						'There is no such tenant at this address. Put in its name as the list of tenants shows it.',
				},
			},
			{
				type: 'responseSuccessBody',
				properties: {
					key: 'usertype',
					value: undefined,
					message: 'What answers at this address is not a Vodia PBX.',
				},
			},
		] as ICredentialTestRequest['rules'],
	};
}
