import type {
	ICredentialDataDecryptedObject,
	ICredentialTestRequest,
	ICredentialType,
	Icon,
	IHttpRequestOptions,
	INodeProperties,
} from 'n8n-workflow';
import { UserError } from 'n8n-workflow';
import { z } from 'zod';

/** Stands for the address the Test asks: which it is, the profile says. */
const TEST = '/profile-test';

/**
 * Any phone system with a REST interface: its address, who asks, and the profile that describes it.
 * The phone system's adapter signs in itself, because how is a part of the profile.
 */
export class CustomRestApi implements ICredentialType {
	name = 'customRestApi';

	displayName = 'Custom REST API';

	documentationUrl =
		'https://github.com/entra-pbx-sync/n8n-nodes-entra-pbx-sync/blob/main/docs/custom-rest.md';

	icon: Icon = { light: 'file:../icons/customRest.svg', dark: 'file:../icons/customRest.dark.svg' };

	properties: INodeProperties[] = [
		{
			displayName: 'Address',
			name: 'baseUrl',
			type: 'string',
			required: true,
			default: '',
			placeholder: 'e.g. https://pbx.example.com/api/v1',
			description: 'Up to where the paths of the profile begin',
		},
		{
			displayName: 'Account',
			name: 'account',
			type: 'string',
			default: '',
			description: 'User name or client ID. Leave it empty where a token or key is enough.',
		},
		{
			displayName: 'Secret',
			name: 'secret',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			description: 'Password, client secret, token or API key',
		},
		{
			displayName: 'Profile',
			name: 'profile',
			type: 'json',
			typeOptions: { rows: 12 },
			required: true,
			default: '{}',
			description:
				'How to list, create, change, disable and delete accounts, as JSON. The documentation has examples to start from. Never put a secret in it.',
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

	authenticate = async (
		credentials: ICredentialDataDecryptedObject,
		request: IHttpRequestOptions,
	): Promise<IHttpRequestOptions> =>
		request.url.endsWith(TEST) ? { ...request, ...testRequest(credentials) } : request;

	/** Signs in where that is a request of its own; reads the list with a key or password. */
	test: ICredentialTestRequest = {
		request: {
			baseURL: '={{ $credentials.baseUrl.trim().replace(/[/]+$/, "") }}',
			url: TEST,
			skipSslCertificateValidation: '={{ $credentials.ignoreSslIssues }}',
		},
		// n8n reads each rule by its own type; only its types want all rules to be of one.
		rules: [
			{
				type: 'responseCode',
				properties: { value: 401, message: 'The phone system did not accept the sign-in.' },
			},
			{
				type: 'responseCode',
				properties: {
					value: 403,
					message: 'The sign-in is not accepted, or may not read accounts.',
				},
			},
			{
				type: 'responseCode',
				properties: {
					value: 404,
					message: 'There is nothing at this address. Check it, and the paths in the profile.',
				},
			},
		] as ICredentialTestRequest['rules'],
	};
}

const parameters = z.record(z.union([z.string(), z.number(), z.boolean(), z.null()])).default({});
const request = z.object({
	method: z.enum(['GET', 'POST', 'PUT', 'PATCH']).default('POST'),
	path: z.string(),
	body: parameters,
	encode: z.enum(['json', 'form', 'query']).default('json'),
});

/** The parts of a profile a Test needs; `docs/custom-rest.md` has them all. */
const profileShape = z.object({
	headers: z.record(z.string()).default({}),
	auth: z
		.discriminatedUnion('kind', [
			z.object({ kind: z.enum(['none', 'basic', 'bearer']) }),
			z.object({
				kind: z.literal('apiKey'),
				in: z.enum(['header', 'query']).default('header'),
				name: z.string().default('Authorization'),
				prefix: z.string().default(''),
			}),
			z.object({
				kind: z.literal('oauth2'),
				tokenUrl: z.string(),
				form: z.record(z.string()).default({}),
				scope: z.string().optional(),
				send: z.enum(['body', 'basic']).default('body'),
			}),
			z.object({ kind: z.literal('login'), request }),
		])
		.default({ kind: 'none' }),
	list: z.object({ path: z.string(), query: parameters }),
});

function testRequest(credentials: ICredentialDataDecryptedObject): Partial<IHttpRequestOptions> {
	const { auth, headers, list } = profileIn(credentials['profile']);
	const account = String(credentials['account'] ?? '').trim();
	const secret = String(credentials['secret'] ?? '').trim();
	const basic = `Basic ${Buffer.from(`${account}:${secret}`, 'utf8').toString('base64')}`;
	const reading = { method: 'GET' as const, url: list.path, qs: { ...list.query }, headers };
	const withHeader = (name: string, value: string) => ({
		...reading,
		headers: { ...headers, [name]: value },
	});
	switch (auth.kind) {
		case 'none':
			return reading;
		case 'basic':
			return withHeader('Authorization', basic);
		case 'bearer':
			return withHeader('Authorization', `Bearer ${secret}`);
		case 'apiKey':
			return auth.in === 'header'
				? withHeader(auth.name, auth.prefix + secret)
				: { ...reading, qs: { ...list.query, [auth.name]: auth.prefix + secret } };
		case 'oauth2': {
			const { tokenUrl, scope, send } = auth;
			const form = new URLSearchParams({ grant_type: 'client_credentials' });
			if (scope) form.set('scope', scope);
			if (send === 'body') {
				form.set('client_id', account);
				form.set('client_secret', secret);
			}
			for (const [name, value] of Object.entries(auth.form)) form.set(name, value);
			return {
				method: 'POST',
				url: tokenUrl,
				body: form,
				headers: { ...headers, ...(send === 'basic' ? { Authorization: basic } : {}) },
			};
		}
		case 'login': {
			const { method, path, body, encode } = auth.request;
			const filled = Object.fromEntries(
				Object.entries(body).map(([name, value]) => [
					name,
					typeof value === 'string'
						? value.replace('{account}', account).replace('{secret}', secret)
						: value,
				]),
			);
			const parts = {
				json: { body: filled },
				form: {
					body: new URLSearchParams(
						Object.entries(filled).map(([name, value]): [string, string] => [name, String(value)]),
					),
				},
				query: { qs: filled },
			};
			return { method, url: path, headers, ...parts[encode] };
		}
	}
}

function profileIn(text: unknown): z.output<typeof profileShape> {
	const parsed = profileShape.safeParse(typeof text === 'string' ? parse(text) : text);
	if (parsed.success) return parsed.data;
	const [issue] = parsed.error.issues;
	throw new UserError(
		`The profile is not usable at '${issue?.path.join('.') || 'its beginning'}': ${issue?.message ?? ''}`,
	);
}

function parse(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
}
