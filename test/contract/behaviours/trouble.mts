/** What becomes of a run when something is wrong: the network, the sign-in, the address. */
import type { HttpPort } from '../../../http/port.ts';
import { withRetry } from '../../../http/retry.ts';
import { open, refusalOf } from '../rig.mts';
import type { Rig } from '../rig.mts';
import { endingSession, existing, isList, nameIn } from './acts.mts';

export const trouble = {
	'waits when asked to, and does everything once': async (rig: Rig) => {
		const system = open(rig);
		const count = rig.count();
		const busy = { kind: 'status', status: 429, retryAfter: 1 } as const;
		rig.control.fault({ ...rig.requests.create, times: 2, does: busy });
		rig.control.fault({ ...rig.requests.update, does: { kind: 'status', status: 503 } });
		const { id } = await system.create(rig.person(1));
		await system.update(id, { [nameIn(rig)]: 'Eva' });
		expect(rig.count()).toBe(count + 1);
		expect((await existing(system, id)).fields[nameIn(rig)]).toBe('Eva');
	},

	'says that the system is busy when it stays so': async (rig: Rig) => {
		rig.control.fault({ ...rig.requests.list, times: 99, does: { kind: 'status', status: 429 } });
		expect(await refusalOf(rig, open(rig).list())).toBe('system.busy');
	},

	'signs in again when its session ends in the middle of a run': async (rig: Rig) => {
		const system = open(rig);
		const [{ id } = { id: '' }] = await system.list();
		for (let round = 0; round < 3; round++) {
			rig.endSession();
			const found = await Promise.all(Array.from({ length: 7 }, () => system.get(id)));
			expect(found.map((extension) => extension?.id)).toEqual(Array(7).fill(id));
		}
	},

	'says that the sign-in is refused, and does not knock again and again': async (rig: Rig) => {
		const system = open(rig, rig.wrong);
		const work = ['1', '2', '3', '4', '5', '6', '7'].map((id) => refusalOf(rig, system.get(id)));
		expect(new Set(await Promise.all(work))).toEqual(new Set(['signIn.refused']));
		expect(rig.control.requests().length).toBeLessThanOrEqual(7);
		expect(await open(rig).list()).toHaveLength(rig.count());
	},

	'says that nothing listens at the address': async (rig: Rig) => {
		const system = open(rig, { credential: rig.nowhere });
		expect(await refusalOf(rig, system.list())).toBe('network.refused');
		await system.close();
	},

	'names the field of the credential that is missing': async (rig: Rig) => {
		const incomplete = async () => open(rig, { credential: { ...rig.credential, baseUrl: '' } });
		expect(await refusalOf(rig, incomplete())).toBe('signIn.credentialIncomplete');
	},

	'does not let an id lead anywhere else': async (rig: Rig) => {
		const system = open(rig);
		const count = rig.count();
		for (const id of ['..', '.', '../Users', 'a/b', '?x=1&id=41', '#', '%2e%2e%2f', '\u0000']) {
			await system.get(id).then(
				(found) => expect(found).toBeNull(),
				(thrown: Error) => expect(thrown.name).toBe('DiagnosedError'),
			);
			await system.delete(id).catch((thrown: Error) => expect(thrown.name).toBe('DiagnosedError'));
		}
		expect(rig.count()).toBe(count);
	},

	'stops at once when the run is cancelled': async (rig: Rig) => {
		const cancel = new AbortController();
		const system = open(rig, { signal: cancel.signal });
		const { id } = await system.create(rig.person(1));
		rig.control.clearRequests();
		rig.control.fault({ ...rig.requests.update, does: { kind: 'slow', ms: 60_000 } });
		const work = system.update(id, { [nameIn(rig)]: 'Eva' });
		const ended = expect(work).rejects.toThrow();
		cancel.abort();
		await ended;
		expect((await existing(open(rig), id)).fields[nameIn(rig)]).toBe('Ada');
	},

	'gives back what it holds, and closing never rejects': async (rig: Rig) => {
		const system = open(rig);
		await system.list();
		await system.close();
		await system.close();
		await open(rig, { credential: rig.nowhere }).close();
	},

	'asks again when a server error passes by': async (rig: Rig) => {
		for (const status of [500, 502, 503, 504]) {
			rig.control.fault({ ...rig.requests.list, does: { kind: 'status', status } });
			expect(await open(rig).list()).toHaveLength(rig.count());
		}
	},

	'waits as long as it is told to': async (rig: Rig) => {
		const waits: number[] = [];
		const pause = async (ms: number) => {
			waits.push(ms);
		};
		const busy = { kind: 'status', status: 429, retryAfter: 7 } as const;
		rig.control.fault({ ...rig.requests.list, does: busy });
		const { definition, credential } = rig;
		const system = definition.open({ http: withRetry(rig.http, { pause }), credential });
		expect(await system.list()).toHaveLength(rig.count());
		expect(waits).toHaveLength(1);
		expect(waits[0]).toBeGreaterThanOrEqual(7_000);
	},

	'gives up on a system that does not stop failing': async (rig: Rig) => {
		const broken = { kind: 'status', status: 500 } as const;
		rig.control.fault({ ...rig.requests.list, times: 999, does: broken });
		expect(await refusalOf(rig, open(rig).list())).toMatch(/^system\./);
		expect(rig.control.requests().length).toBeLessThanOrEqual(40);
	},

	'works again after it was out of order': async (rig: Rig) => {
		const system = open(rig);
		const broken = { kind: 'status', status: 503 } as const;
		rig.control.fault({ ...rig.requests.list, times: 999, does: broken });
		await refusalOf(rig, system.list());
		rig.control.clearFaults();
		expect(await system.list()).toHaveLength(rig.count());
	},

	'follows nobody who sends it elsewhere': async (rig: Rig) => {
		const { host } = new URL(String(rig.nowhere['baseUrl']));
		const asked: string[] = [];
		const http: HttpPort = async (request, signal) => {
			asked.push(new URL(request.url).host);
			if (!isList(rig, request)) return await rig.http(request, signal);
			return { status: 302, headers: { location: `http://${host}/` }, body: '' };
		};
		expect(await refusalOf(rig, open(rig, { http }).list())).toMatch(/^(system|signIn)\./);
		expect(asked).not.toContain(host);
	},

	'says that something else answers at the address': async (rig: Rig) => {
		const http: HttpPort = async () => {
			return { status: 200, headers: { 'content-type': 'text/html' }, body: '<html>Hello</html>' };
		};
		expect(await refusalOf(rig, open(rig, { http }).list())).toMatch(/^(system|signIn)\./);
	},

	'signs in again between two pages of a list': async (rig: Rig) => {
		const http = endingSession(rig, (request) => isList(rig, request));
		expect(await open(rig, { http, pageSize: 5 }).list()).toHaveLength(rig.count());
	},

	'signs in again in the middle of making an account, and makes one': async (rig: Rig) => {
		const system = open(rig);
		await system.list();
		const count = rig.count();
		rig.endSession();
		await system.create(rig.person(1));
		rig.endSession();
		await system.create(rig.person(2));
		expect(rig.count()).toBe(count + 2);
	},

	'signs in again before it changes an account': async (rig: Rig) => {
		const system = open(rig);
		const { id } = await system.create(rig.person(1));
		rig.endSession();
		expect((await system.update(id, { [nameIn(rig)]: 'Eva' })).fields[nameIn(rig)]).toBe('Eva');
	},

	'writes nothing when the sign-in is refused': async (rig: Rig) => {
		const count = rig.count();
		expect(await refusalOf(rig, open(rig, rig.wrong).create(rig.person(1)))).toBe('signIn.refused');
		expect(rig.count()).toBe(count);
	},

	'sends nothing when it was cancelled before it began': async (rig: Rig) => {
		const cancel = new AbortController();
		cancel.abort();
		const system = open(rig, { signal: cancel.signal });
		await expect(system.list()).rejects.toThrow();
		await expect(system.create(rig.person(1))).rejects.toThrow();
		expect(rig.control.requests()).toEqual([]);
	},

	'ends a list at once when the run is cancelled': async (rig: Rig) => {
		const cancel = new AbortController();
		rig.control.fault({ ...rig.requests.list, times: 9, does: { kind: 'slow', ms: 60_000 } });
		const ended = expect(open(rig, { signal: cancel.signal }).list()).rejects.toThrow();
		cancel.abort();
		await ended;
	},

	'takes the address as people paste it, with spaces around and slashes behind': async (
		rig: Rig,
	) => {
		const baseUrl = `  ${String(rig.credential['baseUrl'])}//  `;
		const system = open(rig, { credential: { ...rig.credential, baseUrl } });
		expect(await system.list()).toHaveLength(rig.count());
	},

	'refuses an address that is none, before anything is sent': async (rig: Rig) => {
		for (const baseUrl of ['pbx', 'ftp://127.0.0.1', 'https://', 'javascript:alert(1)']) {
			const opening = async () => open(rig, { credential: { ...rig.credential, baseUrl } });
			expect(await refusalOf(rig, opening())).toBe('signIn.credentialIncomplete');
		}
		expect(rig.control.requests()).toEqual([]);
	},

	'says how many accounts may be there, or that it does not know': async (rig: Rig) => {
		const seats = (await open(rig).capacity?.()) ?? null;
		if (seats !== null) expect(seats).toBeGreaterThanOrEqual(rig.count());
	},
};
