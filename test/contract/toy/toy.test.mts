/**
 * The proof of docs/add-a-system.md: a phone system written from that page alone, five files, one
 * test file, and every behaviour all systems share.
 */
import { openServer } from '../../../sandbox/server.mts';
import { fetchPort } from '../../http.mts';
import { runPhoneSystemContract } from '../contract.mts';
import type { Rig } from '../rig.mts';
import { addressOfNobody, open, refusalOf } from '../rig.mts';
import { toy } from './adapter.mts';
import { TOY_KEY, toyStandIn } from './stand-in.mts';

runPhoneSystemContract({
	name: 'A toy written from docs/add-a-system.md',
	start,
	exceptions: [
		{
			behaviour: 'signs in again when its session ends in the middle of a run',
			because: 'its key does not end',
			instead: async (rig) => {
				rig.control.fault({ path: '/lines', does: { kind: 'status', status: 401 } });
				expect(await refusalOf(rig, open(rig).list())).toBe('signIn.refused');
			},
		},
	],
});

async function start(): Promise<Rig> {
	const { url, control, stop } = await openServer(toyStandIn(), 0);
	const lines = control.state;
	const credential = { baseUrl: url, key: TOY_KEY };
	const withKey = (key: string) => fetchPort({ 'x-key': key });
	return {
		definition: toy,
		http: withKey(TOY_KEY),
		credential,
		wrong: { credential, http: withKey('not-the-key') },
		nowhere: { ...credential, baseUrl: await addressOfNobody() },
		secrets: [TOY_KEY],
		control,
		requests: {
			list: { path: '/lines\\?from', method: 'GET' },
			create: { path: '/lines$', method: 'POST' },
			update: { path: '/lines/', method: 'PATCH' },
		},
		rows: 'lines',
		person: (n, fields = {}) => ({
			number: String(8000 + n),
			fields: {
				firstName: 'Ada',
				lastName: 'Lovelace',
				email: `ada.${String(n)}@example.com`,
				mobile: '+46701740605',
				jobTitle: 'Analyst',
				...fields,
			},
			externalId: `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`,
		}),
		count: () => lines.size,
		removeAll: () => {
			lines.clear();
		},
		endSession: () => {},
		foreign: {
			set: (id) => {
				Object.assign(lines.get(Number(id)) ?? {}, { melody: 'Waltz' });
			},
			get: (id) => lines.get(Number(id))?.melody,
		},
		stop,
	};
}
