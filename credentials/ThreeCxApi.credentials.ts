import type {
	IAuthenticate,
	Icon,
	ICredentialDataDecryptedObject,
	ICredentialTestRequest,
	ICredentialType,
	IDataObject,
	IHttpRequestHelper,
	INodeProperties,
} from 'n8n-workflow';

/**
 * An API client of a 3CX. Its token lasts a minute and there is only one at a time, so during a run
 * the phone system's adapter gets and holds it for all requests together.
 */
export class ThreeCxApi implements ICredentialType {
	name = 'threeCxApi';

	displayName = '3CX API';

	documentationUrl =
		'https://github.com/entra-pbx-sync/n8n-nodes-entra-pbx-sync/blob/main/docs/connect-3cx.md';

	icon: Icon = { light: 'file:../icons/3cx.svg', dark: 'file:../icons/3cx.dark.svg' };

	properties: INodeProperties[] = [
		{
			displayName: 'Address',
			name: 'baseUrl',
			type: 'string',
			required: true,
			default: '',
			placeholder: 'e.g. https://example.my3cx.eu:5001',
			description: 'What you type into the browser to reach the web client, with its port',
		},
		{
			displayName: 'Client ID',
			name: 'clientId',
			type: 'string',
			required: true,
			default: '',
			placeholder: 'e.g. 9000',
			description: 'The client ID under Integrations > API. Use a client that nothing else uses.',
		},
		{
			displayName: 'API Key',
			name: 'clientSecret',
			type: 'string',
			typeOptions: { password: true },
			required: true,
			default: '',
			description: 'Shown once, when the client is made',
		},
		{
			displayName: 'Send Welcome Email',
			name: 'sendWelcomeEmail',
			type: 'boolean',
			default: false,
			description: 'Whether 3CX writes its welcome email to the person of every new extension',
		},
		{
			displayName: 'Ignore SSL Issues (Insecure)',
			name: 'ignoreSslIssues',
			type: 'boolean',
			default: false,
			description:
				'Whether to talk to a phone system whose certificate nobody vouches for. Only in your own network: anybody in between could read the key.',
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

	/** A token for the Test and for other nodes; a run of ours gets its own, many times. */
	async preAuthentication(
		this: IHttpRequestHelper,
		credentials: ICredentialDataDecryptedObject,
	): Promise<IDataObject> {
		const answer: IDataObject = await this.helpers.httpRequest({
			method: 'POST',
			url: `${addressIn(credentials)}/connect/token`,
			headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
			body: new URLSearchParams({
				client_id: String(credentials['clientId']).trim(),
				client_secret: String(credentials['clientSecret']).trim(),
				grant_type: 'client_credentials',
			}).toString(),
			disableFollowRedirect: true,
			skipSslCertificateValidation: credentials['ignoreSslIssues'] === true,
		});
		return { accessToken: answer['access_token'] };
	}

	/** A request that brings its own token keeps it, and signing in needs none. */
	authenticate: IAuthenticate = async (credentials, request) => {
		if (request.headers?.['authorization'] || request.url.endsWith('/connect/token')) {
			return request;
		}
		const authorization = `Bearer ${String(credentials['accessToken'])}`;
		return { ...request, headers: { ...request.headers, authorization } };
	};

	/** Reads one user: a token alone proves nothing, a client without any right gets one too. */
	test: ICredentialTestRequest = {
		request: {
			baseURL:
				'={{ $credentials.baseUrl.trim().replace(/[/]+$/, "").replace(/[/]xapi([/]v1)?$/, "") }}',
			url: '/xapi/v1/Users?$top=1&$select=Id',
			skipSslCertificateValidation: '={{ $credentials.ignoreSslIssues }}',
		},
		// n8n reads each rule by its own type; only its types want all rules to be of one.
		rules: [
			{
				type: 'responseCode',
				properties: {
					value: 401,
					message:
						'The phone system did not accept the sign-in. Compare client ID and API key with Integrations > API.',
				},
			},
			{
				type: 'responseCode',
				properties: {
					value: 403,
					message:
						"The API client may not read users. Tick '3CX Configuration API Access' under Integrations > API, with a role that manages users. It takes an Enterprise licence.",
				},
			},
			{
				type: 'responseCode',
				properties: {
					value: 404,
					message:
						'There is no 3CX v20 at this address. Put in the address of the web client, with its port.',
				},
			},
			{
				type: 'responseSuccessBody',
				properties: {
					key: 'value',
					value: undefined,
					message: 'What answers at this address is not a 3CX v20.',
				},
			},
		] as ICredentialTestRequest['rules'],
	};
}

/** As the adapter reads it: without the path of the interface. */
function addressIn({ baseUrl }: ICredentialDataDecryptedObject): string {
	return String(baseUrl)
		.trim()
		.replace(/\/+$/, '')
		.replace(/\/xapi(\/v1)?$/, '');
}
