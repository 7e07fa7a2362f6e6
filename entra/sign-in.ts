import type { Diagnostic } from '../sync/diagnostic';

/** What the token endpoint said: the OAuth word, Microsoft's sentence and its AADSTS numbers. */
export interface Refusal {
	readonly error: string;
	readonly description: string;
	readonly codes: readonly number[];
}

type Advice = Omit<Diagnostic, 'code'> & { readonly code: string };

const WRONG_CLOUD: Advice = {
	code: 'entra.otherCloud',
	what: 'The tenant lives in another Microsoft cloud.',
	why: 'Each national cloud has its own sign-in and its own Graph.',
	fix: "Choose the right 'Cloud' in the Entra ID credential.",
	field: 'Cloud',
};

const CERTIFICATE: Advice = {
	code: 'entra.certificateRefused',
	what: 'Entra ID did not accept the certificate.',
	why: 'It is not the one registered for the app, or the clock of the n8n machine is wrong.',
	fix: "Upload the certificate under 'Certificates & secrets' and check the clock.",
	field: 'Certificate',
};

const CONSENT: Advice = {
	code: 'entra.noConsent',
	what: 'Nobody has consented to the permissions of the app.',
	why: 'Application permissions count only after an administrator granted them.',
	fix: "Open 'API permissions' of the app registration and choose 'Grant admin consent'.",
};

const FEDERATION: Advice = {
	code: 'entra.notTrusted',
	what: 'The app does not trust the managed identity of n8n.',
	why: 'No federated credential of the app names this issuer, subject and audience.',
	fix: "Add one under 'Certificates & secrets', 'Federated credentials', and choose 'Managed Identity' there.",
};

const PERSON: Advice = {
	code: 'entra.personRefused',
	what: 'Entra ID no longer accepts the person the credential signs in as.',
	why: 'The account is gone or disabled, its password changed, or nobody signed in for 90 days.',
	fix: "Open the Entra ID credential and connect again, or choose 'App' under 'Sign In As', which depends on nobody.",
	field: 'Sign In As',
};

const BUSY: Advice = {
	code: 'entra.signInBusy',
	what: 'Entra ID is too busy to sign the app in.',
	why: 'Too many sign-ins came at once, or the service has an outage.',
	fix: 'Run the workflow again in a few minutes; nothing was changed.',
};

const CONDITIONAL_ACCESS: Advice = {
	code: 'entra.conditionalAccess',
	what: 'A Conditional Access policy does not let the app sign in.',
	why: 'The policy covers workload identities, or the place n8n runs at.',
	fix: 'Ask the security administrator to let this app in from the address of n8n.',
};

/** Codes an administrator meets, after Microsoft's list of AADSTS codes. */
const ADVICE: ReadonlyMap<number, Advice> = new Map([
	[
		7000215,
		{
			code: 'entra.secretWrong',
			what: 'Entra ID did not accept the client secret.',
			why: "It is not a secret of this app. Often the 'Secret ID' was pasted instead of the 'Value'.",
			fix: "Create a new client secret, copy its 'Value' and put it into 'Client Secret' of the Entra ID credential.",
			field: 'Client Secret',
		},
	],
	[
		7000222,
		{
			code: 'entra.secretExpired',
			what: 'The client secret of the app has expired.',
			why: 'Client secrets end on a date chosen when they were made.',
			fix: "Create a new client secret under 'Certificates & secrets' and put its 'Value' into the Entra ID credential.",
			field: 'Client Secret',
		},
	],
	[
		700016,
		{
			code: 'entra.appNotFound',
			what: 'There is no app with this client ID in the tenant.',
			why: 'The client ID or the tenant ID has a typing mistake, or the app lives in another tenant.',
			fix: "Copy 'Application (client) ID' and 'Directory (tenant) ID' from the overview page of the app registration.",
			field: 'Client ID',
		},
	],
	[
		90002,
		{
			code: 'entra.tenantNotFound',
			what: 'There is no tenant with this ID in the chosen cloud.',
			why: 'The tenant ID has a typing mistake, or the tenant lives in another cloud.',
			fix: "Copy 'Directory (tenant) ID' from the overview page of the app registration, and check 'Cloud'.",
			field: 'Tenant ID',
		},
	],
	[
		900023,
		{
			code: 'entra.tenantMalformed',
			what: 'The tenant ID is neither an ID nor a domain.',
			why: 'A tenant is named by a GUID or by one of its domains.',
			fix: "Copy 'Directory (tenant) ID' from the overview page of the app registration.",
			field: 'Tenant ID',
		},
	],
	[
		7000112,
		{
			code: 'entra.appDisabled',
			what: 'The app is switched off in the tenant.',
			why: "Its enterprise application has 'Enabled for users to sign-in' set to No.",
			fix: 'Switch it on under Enterprise applications, or ask why it was switched off.',
		},
	],
	[
		7000218,
		{
			code: 'entra.secretMissing',
			what: 'The sign-in was sent without a client secret.',
			why: 'The credential has none.',
			fix: "Put the 'Value' of a client secret into 'Client Secret' of the Entra ID credential.",
			field: 'Client Secret',
		},
	],
	[700027, CERTIFICATE],
	[700021, CERTIFICATE],
	[700023, CERTIFICATE],
	[50027, CERTIFICATE],
	[
		700024,
		{
			...CERTIFICATE,
			code: 'entra.clockWrong',
			what: 'Entra ID took the sign-in for too old or too new.',
			why: 'The clock of the machine n8n runs on is wrong by more than five minutes.',
			fix: 'Set that clock, best by a time server.',
		},
	],
	[
		1000502,
		{
			...CERTIFICATE,
			code: 'entra.certificateEnded',
			what: 'The certificate of the app is past its end, or not valid yet.',
			why: 'Certificates are valid between two dates chosen when they were made.',
			fix: "Make a new certificate, upload it under 'Certificates & secrets' of the app, and put it and its key into the credential.",
		},
	],
	[70021, FEDERATION],
	[700211, FEDERATION],
	[700212, FEDERATION],
	[700213, FEDERATION],
	[50034, PERSON],
	[50057, PERSON],
	[50126, PERSON],
	[50173, PERSON],
	[700082, PERSON],
	[50196, BUSY],
	[90006, BUSY],
	[90033, BUSY],
	[90055, BUSY],
	[65001, CONSENT],
	[90094, CONSENT],
	[53003, CONDITIONAL_ACCESS],
	[530032, CONDITIONAL_ACCESS],
	[50076, CONDITIONAL_ACCESS],
	[50079, CONDITIONAL_ACCESS],
	[500011, { ...WRONG_CLOUD, what: 'This cloud does not know the Graph address.' }],
	[
		70011,
		{ ...WRONG_CLOUD, code: 'entra.scope', what: 'Entra ID does not know the Graph address.' },
	],
	[
		1002012,
		{ ...WRONG_CLOUD, code: 'entra.scope', what: 'Entra ID does not know the Graph address.' },
	],
	[90038, WRONG_CLOUD],
	[900382, WRONG_CLOUD],
	[900432, WRONG_CLOUD],
]);

/**
 * Where there is no number of Microsoft's: what our own sign-in by managed identity says, and what is
 * said for n8n, which keeps to itself how Entra refused to renew the sign-in of a person.
 */
const ADVICE_BY_WORD: ReadonlyMap<string, Advice> = new Map([
	['reconnect_needed', PERSON],
	[
		'managed_identity_unreachable',
		{
			code: 'entra.notInAzure',
			what: 'Nothing here gives out tokens of a managed identity.',
			why: 'n8n does not run in Azure, or a firewall or proxy is in front of the address 169.254.169.254.',
			fix: "Run n8n in Azure, or choose 'App Registration' under 'Authentication'.",
			field: 'Authentication',
		},
	],
	[
		'managed_identity_refused',
		{
			code: 'entra.noIdentity',
			what: 'The machine n8n runs on does not have this managed identity.',
			why: 'None is switched on, or the client ID is that of an identity assigned elsewhere.',
			fix: "Switch it on under 'Identity' of the Azure resource, or correct 'Managed Identity Client ID' in the credential.",
			field: 'Managed Identity Client ID',
		},
	],
]);

/**
 * Says what a refused sign-in means and what to do. Branches on Microsoft's numbers only, never on
 * its wording; the numbers are taken from `error_codes`, or from the description when that is all
 * there is.
 */
export function explainSignIn(refusal: Refusal): Diagnostic {
	const inText = [...refusal.description.matchAll(/AADSTS(\d+)/g)].map((match) => Number(match[1]));
	const codes = [...refusal.codes, ...inText];
	for (const code of codes) {
		const advice = ADVICE.get(code);
		if (advice) return { ...advice, why: `${advice.why} (AADSTS${code})` };
	}
	const byWord = ADVICE_BY_WORD.get(refusal.error);
	if (byWord) return byWord;
	// A word of the standard, and nothing that was said back.
	const word = /^[a-z_]{1,40}$/.test(refusal.error) ? `"${refusal.error}"` : 'no reason';
	const said = codes.length > 0 ? `AADSTS${codes[0]}` : word;
	return {
		code: 'entra.signInRefused',
		what: 'Entra ID did not let the app sign in.',
		why: `It answered ${said}.`,
		fix: `Check tenant ID, client ID and client secret; https://login.microsoftonline.com/error explains the number.`,
	};
}
