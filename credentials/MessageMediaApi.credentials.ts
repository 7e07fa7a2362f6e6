import { createHash, createHmac } from 'node:crypto';
import type {
	ICredentialDataDecryptedObject,
	Icon,
	ICredentialTestRequest,
	ICredentialType,
	IHttpRequestOptions,
	INodeProperties,
} from 'n8n-workflow';

/** An API key of Sinch Engage (MessageMedia), sent as it is or used to sign each request. */
export class MessageMediaApi implements ICredentialType {
	name = 'messageMediaApi';

	displayName = 'MessageMedia (Sinch Engage) API';

	documentationUrl =
		'https://github.com/entra-pbx-sync/n8n-nodes-entra-pbx-sync/blob/main/docs/connect-messagemedia.md';

	icon: Icon = {
		light: 'file:../icons/messagemedia.svg',
		dark: 'file:../icons/messagemedia.dark.svg',
	};

	properties: INodeProperties[] = [
		{
			displayName: 'Region',
			name: 'region',
			type: 'options',
			options: [
				{ name: 'Asia Pacific', value: 'apac', description: 'Au.app.api.sinch.com' },
				{ name: 'Custom', value: 'custom', description: 'An address of your own' },
				{ name: 'Europe', value: 'eu', description: 'Eu.app.api.sinch.com' },
			],
			default: 'eu',
			description: 'Where the account is. A key of one region is not known in another.',
		},
		{
			displayName: 'Address',
			name: 'baseUrl',
			type: 'string',
			required: true,
			displayOptions: { show: { region: ['custom'] } },
			default: '',
			placeholder: 'e.g. https://api.messagemedia.com',
			description: 'Up to where /api/v1/contacts follows',
		},
		{
			displayName: 'API Key',
			name: 'apiKey',
			type: 'string',
			typeOptions: { password: true },
			required: true,
			default: '',
			description: "From the account's developer settings",
		},
		{
			displayName: 'API Secret',
			name: 'apiSecret',
			type: 'string',
			typeOptions: { password: true },
			required: true,
			default: '',
			description: 'Beside the key; it is shown only once',
		},
		{
			displayName: 'Authentication',
			name: 'authentication',
			type: 'options',
			options: [
				{ name: 'Basic', value: 'basic', description: 'Key and secret go along with each request' },
				{
					name: 'HMAC',
					value: 'hmac',
					description: 'Each request is signed with the secret, which itself stays here',
				},
			],
			default: 'basic',
			description: 'What the key was made for',
		},
		{
			displayName: 'Managed Lists Begin With',
			name: 'listPrefix',
			type: 'string',
			default: 'Entra ',
			description:
				'Contact lists whose name begins so belong to the sync. All other lists are left alone.',
		},
		{
			displayName: 'Custom Field Tags Begin With',
			name: 'tagPrefix',
			type: 'string',
			default: 'entra_',
			description:
				'How the custom fields of the sync are called, for instance entra_email. Missing ones are made.',
		},
		{
			displayName: 'Ignore SSL Issues (Insecure)',
			name: 'ignoreSslIssues',
			type: 'boolean',
			default: false,
			displayOptions: { show: { region: ['custom'] } },
			description:
				'Whether to talk to a service whose certificate nobody vouches for. Only in your own network: anybody in between could read the secret.',
		},
	];

	/** Anew for each try: a signature holds the time, and old ones are refused. */
	async authenticate(
		credentials: ICredentialDataDecryptedObject,
		request: IHttpRequestOptions,
	): Promise<IHttpRequestOptions> {
		const key = String(credentials['apiKey'] ?? '').trim();
		const secret = String(credentials['apiSecret'] ?? '').trim();
		const signed =
			credentials['authentication'] === 'hmac'
				? signature(key, secret, request)
				: { Authorization: `Basic ${Buffer.from(`${key}:${secret}`).toString('base64')}` };
		return { ...request, headers: { ...request.headers, ...signed } };
	}

	/** Reads one contact: it needs the right the sync needs. */
	test: ICredentialTestRequest = {
		request: {
			baseURL:
				'={{ ({ eu: "https://eu.app.api.sinch.com", apac: "https://au.app.api.sinch.com" })[$credentials.region] ?? $credentials.baseUrl.trim().replace(/[/]+$/, "") }}',
			url: '/api/v1/contacts/contacts?pageSize=1',
			headers: { Accept: 'application/json' },
			skipSslCertificateValidation: '={{ $credentials.ignoreSslIssues }}',
		},
		// n8n reads each rule by its own type; only its types want all rules to be of one.
		rules: [
			{
				type: 'responseCode',
				properties: {
					value: 401,
					message:
						'The key was not accepted. Compare key, secret and region, and try the other authentication: a key made for HMAC does not work as Basic.',
				},
			},
			{
				type: 'responseCode',
				properties: {
					value: 403,
					message: 'The key is known, but may not read contacts. Give it that right.',
				},
			},
			{
				type: 'responseCode',
				properties: {
					value: 404,
					message: 'There are no contacts at this address. Choose the region of the account.',
				},
			},
			{
				type: 'responseSuccessBody',
				properties: {
					key: 'totalElements',
					value: undefined,
					message: 'What answers at this address is not MessageMedia. Correct the address.',
				},
			},
		] as ICredentialTestRequest['rules'],
	};
}

/**
 * HMAC over date, body and request line, as the vendor's guide describes it: the digest of the body
 * in hex, the signature in base64 over the raw bytes (the guide's own examples differ in both).
 */
function signature(
	key: string,
	secret: string,
	{ baseURL, url, method = 'GET', body }: IHttpRequestOptions,
): Record<string, string> {
	const { pathname, search } = new URL((baseURL ?? '') + url);
	const date = new Date().toUTCString();
	const text = typeof body === 'string' ? body : body === undefined ? '' : JSON.stringify(body);
	const digest = text === '' ? null : createHash('md5').update(text).digest('hex');
	const lines = [
		`Date: ${date}`,
		...(digest === null ? [] : [`Content-MD5: ${digest}`]),
		`${method} ${pathname}${search} HTTP/1.1`,
	];
	const signed = createHmac('sha256', secret).update(lines.join('\n')).digest('base64');
	const names = digest === null ? 'Date request-line' : 'Date Content-MD5 request-line';
	return {
		Date: date,
		...(digest === null ? {} : { 'Content-MD5': digest }),
		Authorization: `hmac username="${key}", algorithm="hmac-sha256", headers="${names}", signature="${signed}"`,
	};
}
