import type {
	IAuthenticate,
	Icon,
	ICredentialDataDecryptedObject,
	ICredentialTestRequest,
	ICredentialType,
	IDataObject,
	IHttpRequestHelper,
	INodeProperties,
	INodePropertyOptions,
} from 'n8n-workflow';

const technologies: INodePropertyOptions[] = [
	{ name: 'PJSIP', value: 'pjsip' },
	{ name: 'SIP (Legacy)', value: 'sip' },
];

/**
 * An API application of a FreePBX. The token it gets lives for an hour and is held by the phone
 * system's adapter, because n8n would keep it in its database.
 */
export class FreePbxApi implements ICredentialType {
	name = 'freePbxApi';

	displayName = 'FreePBX API';

	documentationUrl =
		'https://github.com/entra-pbx-sync/n8n-nodes-entra-pbx-sync/blob/main/docs/connect-freepbx.md';

	icon: Icon = { light: 'file:../icons/freepbx.svg', dark: 'file:../icons/freepbx.dark.svg' };

	properties: INodeProperties[] = [
		{
			displayName: 'Address',
			name: 'baseUrl',
			type: 'string',
			required: true,
			default: '',
			placeholder: 'e.g. https://pbx.example.com',
			description: 'What you type into the browser to reach FreePBX, without /admin',
		},
		{
			displayName: 'Client ID',
			name: 'clientId',
			type: 'string',
			required: true,
			default: '',
			description: 'Under Connectivity > API > Applications, of a Machine-to-Machine application',
		},
		{
			displayName: 'Client Secret',
			name: 'clientSecret',
			type: 'string',
			typeOptions: { password: true },
			required: true,
			default: '',
			description: 'Shown once when the application is made',
		},
		{
			displayName: 'Allow Updating',
			name: 'allowUpdate',
			type: 'boolean',
			default: false,
			description:
				'Whether existing extensions may be changed. FreePBX removes an extension and makes it anew: phone password and voicemail PIN are kept; voicemail greetings, ring time, follow-me and other settings are lost. Until then changes are held and reported.',
		},
		{
			displayName: 'Technology of New Extensions',
			name: 'tech',
			type: 'options',
			options: technologies,
			default: 'pjsip',
		},
		{
			displayName: 'User Control Panel Account',
			name: 'panelAccount',
			type: 'boolean',
			default: true,
			description:
				'Whether an extension gets an account for the control panel. Its password is random; unless switched off there, FreePBX mails it to the user, after each update too. Without it an update removes the account.',
		},
		{
			displayName: 'User Manager Groups',
			name: 'panelGroups',
			type: 'string',
			default: '1',
			description: 'Numbers of the groups the account belongs to, separated by commas',
			displayOptions: { show: { panelAccount: [true] } },
		},
		{
			displayName: 'Ignore SSL Issues (Insecure)',
			name: 'ignoreSslIssues',
			type: 'boolean',
			default: false,
			description:
				'Whether to talk to a phone system whose certificate nobody vouches for. Only in your own network: anybody in between could read the secret.',
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

	/** A token for the Test and for other nodes; a run of ours gets its own. */
	async preAuthentication(
		this: IHttpRequestHelper,
		credentials: ICredentialDataDecryptedObject,
	): Promise<IDataObject> {
		const answer: IDataObject = await this.helpers.httpRequest({
			method: 'POST',
			url: `${addressIn(credentials)}/admin/api/api/token`,
			headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
			body: new URLSearchParams({
				grant_type: 'client_credentials',
				client_id: String(credentials['clientId']).trim(),
				client_secret: String(credentials['clientSecret']).trim(),
			}).toString(),
			disableFollowRedirect: true,
			skipSslCertificateValidation: credentials['ignoreSslIssues'] === true,
		});
		return { accessToken: answer['access_token'] };
	}

	/** A request that brings its own token keeps it, and signing in needs none. */
	authenticate: IAuthenticate = async (credentials, request) => {
		if (request.headers?.['authorization'] || request.url.endsWith('/api/token')) return request;
		const authorization = `Bearer ${String(credentials['accessToken'])}`;
		return { ...request, headers: { ...request.headers, authorization } };
	};

	/** Reads what a run reads: extensions, mailboxes, whether there is something to apply. */
	test: ICredentialTestRequest = {
		request: {
			method: 'POST',
			baseURL:
				'={{ $credentials.baseUrl.trim().replace(/[/]+$/, "").replace(/[/]admin([/].*)?$/, "") }}',
			url: '/admin/api/api/gql',
			body: {
				query:
					'{ fetchAllExtensions(first: 1) { status } fetchNeedReload { status } fetchVoiceMail(extensionId: "0") { status } }',
			},
			skipSslCertificateValidation: '={{ $credentials.ignoreSslIssues }}',
		},
		// n8n reads each rule by its own type; only its types want all rules to be of one.
		rules: [
			{
				type: 'responseCode',
				properties: {
					value: 400,
					message:
						'The sign-in works, but the application may not read extensions, voicemail or modules. Give it the scopes gql:core, gql:voicemail and gql:framework.',
				},
			},
			{
				type: 'responseCode',
				properties: {
					value: 401,
					message:
						'FreePBX did not accept the sign-in. Compare client ID and secret with Connectivity > API > Applications.',
				},
			},
			{
				type: 'responseCode',
				properties: {
					value: 404,
					message:
						'There is no FreePBX API at this address. It is the one of the screens, without /admin; the API module has to be installed.',
				},
			},
			{
				type: 'responseSuccessBody',
				properties: {
					key: 'data',
					value: undefined,
					message:
						'What answers at this address is not the API of FreePBX. The address is the one of the screens, without /admin.',
				},
			},
		] as ICredentialTestRequest['rules'],
	};
}

/** Without the path of the screens, which people paste along. */
function addressIn(credentials: ICredentialDataDecryptedObject): string {
	return String(credentials['baseUrl'])
		.trim()
		.replace(/\/+$/, '')
		.replace(/\/admin(\/.*)?$/, '');
}
