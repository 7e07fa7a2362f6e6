/** The client secret an app proves itself with. */
import type { AssertionVerdict } from './assertion.mts';
import type { Tenant } from './tenant.mts';

export function checkSecret(
	given: string,
	{ clientId, clientSecret }: Pick<Tenant, 'clientId' | 'clientSecret'>,
	expired: boolean,
): AssertionVerdict {
	if (given === '') {
		return {
			number: 7000218,
			message:
				"The request body must contain the following parameter: 'client_assertion' or 'client_secret'.",
		};
	}
	if (expired) {
		return {
			number: 7000222,
			message: `The provided client secret keys for app '${clientId}' are expired. Visit the Azure portal to create new keys for your app: https://aka.ms/NewClientSecret, or consider using certificate credentials for added security: https://aka.ms/certCreds.`,
		};
	}
	if (given === clientSecret) return null;
	return {
		number: 7000215,
		message: `Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID, for a secret added to app '${clientId}'.`,
	};
}
