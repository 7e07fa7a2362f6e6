import type { INodeProperties } from 'n8n-workflow';

/**
 * Where each cloud signs in and where its Graph is (Microsoft Learn, "national cloud deployments"),
 * and what a managed identity's token has to be made out to when it stands in for an app's secret
 * (Learn, "workload identity federation").
 */
const CLOUDS = {
	global: {
		authority: 'https://login.microsoftonline.com',
		graph: 'https://graph.microsoft.com',
		exchange: 'api://AzureADTokenExchange',
	},
	usGovL4: {
		authority: 'https://login.microsoftonline.us',
		graph: 'https://graph.microsoft.us',
		exchange: 'api://AzureADTokenExchangeUSGov',
	},
	usGovL5: {
		authority: 'https://login.microsoftonline.us',
		graph: 'https://dod-graph.microsoft.us',
		exchange: 'api://AzureADTokenExchangeUSGov',
	},
	china: {
		authority: 'https://login.partner.microsoftonline.cn',
		graph: 'https://microsoftgraph.chinacloudapi.cn',
		exchange: 'api://AzureADTokenExchangeChina',
	},
} as const;

type Side = 'authority' | 'graph' | 'exchange';

/** n8n resolves expressions while the credential is read; `$self` is the credential. */
function lookUp(side: Side, otherwise: string): string {
	const table = Object.fromEntries(
		Object.entries(CLOUDS).map(([cloud, addresses]) => [cloud, addresses[side]]),
	);
	return `(${JSON.stringify(table)}[$self["cloud"]] ?? ${otherwise} ?? "").trim().replace(/[/]+$/, "")`;
}

const authority = lookUp('authority', '$self["authorityUrl"]');
const graph = lookUp('graph', '$self["graphUrl"]');
const tenant = '($self["tenantId"] ?? "").trim()';

/** Expressions for hidden fields, each giving an address without a slash at its end. */
export const ADDRESS = {
	graph: `={{ ${graph} }}`,
	/** Asks for every permission that was consented to, and no other. */
	scope: `={{ ${graph} + "/.default" + ($self["grantType"] === "authorizationCode" ? " offline_access" : "") }}`,
	signIn: `={{ ${authority} + "/" + ${tenant} + "/oauth2/v2.0/authorize" }}`,
	token: `={{ ${authority} + "/" + ${tenant} + "/oauth2/v2.0/token" }}`,
	exchange: `={{ ${lookUp('exchange', JSON.stringify(CLOUDS.global.exchange))} }}`,
} as const;

export const cloudField: INodeProperties = {
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
};

export const customAddressFields: INodeProperties[] = [
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
];
