import { DiagnosedError } from '../../sync/diagnostic';
import type { Connection, SystemDefinition } from '../adapter';
import { parseCredential } from '../credential';
import { ALL_FIELDS, capabilitiesOf, fieldsOf } from './fields';
import { openProfile } from './open';
import type { Profile } from './profile';
import { parseProfile } from './profile';
import lynesProfile from './profiles/lynes.json';
import { profileUnusable } from './refusals';
import { credential as anyCredential, laidOver, tokenCredential } from './wire';

/** What a credential comes down to. */
interface Access {
	readonly baseUrl: string;
	readonly account: string;
	readonly secret: string;
	readonly profile: Profile;
}

/** Any REST interface, by the profile in the credential. */
export const customRest: SystemDefinition = systemOf({
	name: 'customRest',
	displayName: 'Custom REST',
	credentialType: 'customRestApi',
	accessOf(credential) {
		const parsed = parseCredential(anyCredential, credential, 'Custom REST');
		return { ...parsed, profile: usable(parsed.profile) };
	},
	// Everything there could be; what there is, only the profile says.
	capabilities: {
		numbers: 'optional',
		numberMaxLength: 15,
		canChangeNumber: true,
		disable: 'native',
		canDelete: true,
		canCreate: true,
		hasExternalId: true,
		partialUpdate: true,
		sharedEmail: false,
		concurrency: 4,
		exercisedAgainst: ['sandbox', 'third-party'],
	},
	fields: ALL_FIELDS,
});

const LYNES = usable(lynesProfile);

/** Lynes by its shipped profile, which is a guess: it publishes no interface. */
export const lynes: SystemDefinition = systemOf({
	name: 'lynes',
	displayName: 'Lynes',
	credentialType: 'lynesApi',
	accessOf(credential) {
		const { baseUrl, token, profile } = parseCredential(tokenCredential, credential, 'Lynes');
		const own = usable(laidOver(lynesProfile, profile));
		return { baseUrl, account: '', secret: token, profile: own };
	},
	capabilities: capabilitiesOf(LYNES, ['sandbox']),
	fields: fieldsOf(LYNES),
});

function systemOf({
	accessOf,
	...usual
}: Omit<SystemDefinition, 'open' | 'forCredential'> & {
	accessOf(credential: Connection['credential']): Access;
}): SystemDefinition {
	const { displayName, capabilities } = usual;
	return {
		...usual,
		forCredential(credential) {
			const { profile } = accessOf(credential);
			return {
				capabilities: capabilitiesOf(profile, capabilities.exercisedAgainst),
				fields: fieldsOf(profile),
			};
		},
		open({ credential, ...connection }) {
			const { baseUrl, account, secret, profile } = accessOf(credential);
			const secrets = { account, secret };
			return openProfile({ ...connection, baseUrl, displayName, profile, secrets });
		},
	};
}

function usable(json: unknown): Profile {
	const parsed = parseProfile(json);
	if (parsed.ok) return parsed.profile;
	throw new DiagnosedError(profileUnusable(parsed.faults));
}
