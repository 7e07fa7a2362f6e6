import type { ICredentialTestRequest, ICredentialType, Icon, INodeProperties } from 'n8n-workflow';

/**
 * Lynes. It publishes no interface for users, so what the shipped profile says is a guess, and all of
 * it can be changed here.
 */
export class LynesApi implements ICredentialType {
	name = 'lynesApi';

	displayName = 'Lynes API';

	documentationUrl =
		'https://github.com/entra-pbx-sync/n8n-nodes-entra-pbx-sync/blob/main/docs/connect-lynes.md';

	icon: Icon = { light: 'file:../icons/lynes.svg', dark: 'file:../icons/lynes.dark.svg' };

	properties: INodeProperties[] = [
		{
			displayName:
				'Lynes publishes no interface for users. Ask Lynes for theirs before you use this; without one, use the CSV file instead.',
			name: 'notice',
			type: 'notice',
			default: '',
		},
		{
			displayName: 'Address',
			name: 'baseUrl',
			type: 'string',
			required: true,
			default: '',
			placeholder: 'e.g. https://api.example.com/v1',
			description: 'As Lynes tells you, up to where /users would follow',
		},
		{
			displayName: 'Token',
			name: 'token',
			type: 'string',
			typeOptions: { password: true },
			required: true,
			default: '',
			description: "The key Lynes gives you; it travels as 'Authorization: Bearer'",
		},
		{
			displayName: 'Changes to the Profile',
			name: 'profile',
			type: 'json',
			typeOptions: { rows: 8 },
			default: '{}',
			description:
				'What is different from the shipped guess, as JSON: paths, parameters, fields. Members are laid over it, null takes one out.',
		},
		{
			displayName: 'Ignore SSL Issues (Insecure)',
			name: 'ignoreSslIssues',
			type: 'boolean',
			default: false,
			description:
				'Whether to talk to a phone system whose certificate nobody vouches for. Only in your own network: anybody in between could read the token.',
		},
	];

	/** Reads the first users, where the profile in use has its list. */
	test: ICredentialTestRequest = {
		request: {
			baseURL: '={{ $credentials.baseUrl.trim().replace(/[/]+$/, "") }}',
			url: '={{ JSON.parse($credentials.profile || "{}").list?.path ?? "/users" }}',
			headers: { Authorization: '=Bearer {{ $credentials.token.trim() }}' },
			skipSslCertificateValidation: '={{ $credentials.ignoreSslIssues }}',
		},
		// n8n reads each rule by its own type; only its types want all rules to be of one.
		rules: [
			{
				type: 'responseCode',
				properties: { value: 401, message: 'Lynes did not accept the token.' },
			},
			{
				type: 'responseCode',
				properties: { value: 403, message: 'The token is known, but may not read users.' },
			},
			{
				type: 'responseCode',
				properties: {
					value: 404,
					message:
						'There is nothing at this address. Check it, and change the list of the profile to what Lynes tells you.',
				},
			},
		] as ICredentialTestRequest['rules'],
	};
}
