/**
 * What n8n's scanner finds in the published package and has to be there, by file and rule. The check
 * stops at anything that is not listed, and at anything listed that is no longer found.
 */
const MANAGED_IDENTITY = 'docs/decisions/0008-managed-identity.md';

export const EXCEPTIONS = [
	{
		file: 'dist/vendor/msal-node.js',
		rule: '@n8n/community-nodes/no-restricted-globals',
		why: "Where a managed identity's token comes from stands in environment variables.",
		page: MANAGED_IDENTITY,
	},
	{
		file: 'dist/vendor/msal-node.js',
		rule: '@n8n/community-nodes/no-restricted-imports',
		why: 'On Azure Arc the proof for a token is a file, and requests go past any proxy.',
		page: MANAGED_IDENTITY,
	},
	{
		file: 'dist/vendor/msal-node.js',
		rule: '@n8n/community-nodes/no-hardcoded-secrets',
		why: 'Two names hold the word "token"; the values are a path and a parameter name.',
		page: MANAGED_IDENTITY,
	},
];
