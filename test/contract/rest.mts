/** What the contract tests of the REST interfaces have in common. */
import type { SystemDefinition } from '../../pbx/adapter.ts';
import type { Control } from '../../sandbox/server.mts';
import type { RestStore, RestValues } from '../../sandbox/rest/store.mts';
import { fetchPort } from '../http.mts';
import type { Rig } from './rig.mts';
import { addressOfNobody } from './rig.mts';

export async function restRig<Settings, State>(options: {
	readonly definition: SystemDefinition;
	readonly credential: Readonly<Record<string, unknown>> & { readonly baseUrl: string };
	/** Name of the secret's field in the credential. */
	readonly secret: string;
	readonly control: Control<Settings, State>;
	readonly requests: Rig['requests'];
	readonly rows: string;
	readonly person: Rig['person'];
	readonly stop: () => Promise<void>;
	readonly endSession?: () => void;
	readonly inside: Pick<Rig, 'count' | 'removeAll' | 'foreign'>;
}) {
	const { definition, credential, secret, inside, endSession = () => {}, ...rest } = options;
	const http = fetchPort();
	return {
		...rest,
		// As nodes do: what it can do is known with the credential.
		definition: { ...definition, ...definition.forCredential?.(credential) },
		...inside,
		http,
		credential,
		wrong: { http, credential: { ...credential, [secret]: 'not-the-secret' } },
		nowhere: { ...credential, baseUrl: await addressOfNobody() },
		secrets: [String(credential[secret])],
		endSession,
	} satisfies Rig & Record<string, unknown>;
}

/** How to look into the two made-up systems. */
export function insideOf(store: RestStore): Pick<Rig, 'count' | 'removeAll' | 'foreign'> {
	const put = (id: string, values: RestValues) => {
		Object.assign(store.accounts.get(id) ?? {}, values);
	};
	return {
		count: () => store.accounts.size,
		removeAll: () => {
			store.accounts.clear();
		},
		foreign: {
			set: (id) => put(id, { ringtone: 'Countess' }),
			get: (id) => store.accounts.get(id)?.ringtone,
		},
	};
}

export const ada: Rig['person'] = (n, fields = {}) => ({
	number: String(8000 + n),
	fields: {
		firstName: 'Ada',
		lastName: 'Lovelace',
		displayName: 'Ada Lovelace',
		email: `ada.${String(n)}@example.com`,
		mobile: '+46701740605',
		jobTitle: 'Analyst',
		department: 'Engines',
		...fields,
	},
	externalId: `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`,
});
