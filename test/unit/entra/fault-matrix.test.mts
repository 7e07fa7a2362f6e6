/**
 * Every fault at every request of every way of reading, once and for good: the same people come out,
 * or a clear refusal, and never a shorter list taken for whole.
 */
import { readChanges, readWholeWithLink } from '../../../entra/changes.ts';
import type { Continuation } from '../../../entra/changes.ts';
import { openGraph } from '../../../entra/graph.ts';
import type { UserQuery } from '../../../entra/scope.ts';
import type { Directory } from '../../../entra/users.ts';
import { readUsers } from '../../../entra/users.ts';
import type { HttpPort, HttpRequest, HttpResponse } from '../../../http/port.ts';
import { withRetry } from '../../../http/retry.ts';
import { noAnswer } from '../../../nodes/host/no-answer.ts';
import type { Sandbox } from '../../../sandbox/sandbox.mts';
import { startSandbox } from '../../../sandbox/sandbox.mts';
import { DiagnosedError } from '../../../sync/diagnostic.ts';
import { fetchPort } from '../../http.mts';
import { accessToken } from '../../sandbox/clients.mts';
import { json, refusal } from './graph-script.mts';

let sandbox: Sandbox;
let token: string;

beforeAll(async () => {
	sandbox = await startSandbox();
	token = await accessToken(sandbox);
	// Small pages, so that there are several of everything; and no throttling of the test itself.
	Object.assign(sandbox.control.entra.settings, {
		mostPerPage: 80,
		deltaPageSize: 8,
		resourceUnits: 1_000_000,
	});
});
afterAll(() => sandbox.stop());

/** What comes instead of the answer to a request; throwing: no answer comes. */
type Fault = (request: HttpRequest, honest: HttpResponse) => HttpResponse;

const withLink = (honest: HttpResponse, link: string, more: object = {}) => {
	const body = JSON.parse(honest.body) as Record<string, unknown>;
	delete body['@odata.deltaLink'];
	return json({ ...body, '@odata.nextLink': link, ...more });
};

const FAULTS: Readonly<Record<string, Fault>> = {
	'throttled without a wait': () => refusal(429, 'TooManyRequests'),
	'throttled with a wait': () => ({
		...refusal(429, 'TooManyRequests'),
		headers: { 'retry-after': '2.128' },
	}),
	'not available': () => refusal(503, 'ServiceUnavailable'),
	'broken inside': () => refusal(500, 'UnknownError'),
	'a reset connection': ({ url }) => {
		throw noAnswer(Object.assign(new Error('reset'), { code: 'ECONNRESET' }), url);
	},
	'half an answer': (_request, honest) => ({
		...honest,
		body: honest.body.slice(0, Math.floor(honest.body.length / 2)),
	}),
	'a sign-in page': () => ({ status: 200, headers: {}, body: '<html>Sign in</html>' }),
	'a gateway page': () => ({ status: 502, headers: {}, body: '<html>Bad gateway</html>' }),
	'an empty page that leads on': ({ url }, honest) => withLink(honest, url, { value: [] }),
	'a page that leads back to itself': ({ url }, honest) => withLink(honest, url),
	'an expired page token': () => refusal(400, 'Directory_ExpiredPageToken'),
	'a lost state': () => refusal(400, 'syncStateNotFound'),
	'a resync': () => refusal(410, 'resyncRequired'),
	'an expired sign-in': () => refusal(401, 'InvalidAuthenticationToken'),
	'a page without the people on it': (_request, honest) => {
		const body = JSON.parse(honest.body) as object;
		return json({ ...body, value: undefined });
	},
	'a page that is null': () => json(null),
	'people without IDs': (_request, honest) => {
		const body = JSON.parse(honest.body) as { value?: object[] };
		return json({ ...body, value: body.value?.map((each) => ({ ...each, id: undefined })) });
	},
	'a delta page that leads nowhere': (_request, honest) => {
		const body = JSON.parse(honest.body) as Record<string, unknown>;
		if (!('@odata.deltaLink' in body)) return honest;
		return json({ ...body, '@odata.deltaLink': undefined });
	},
	'bare IDs': (_request, honest) => {
		const body = JSON.parse(honest.body) as { value?: { id: string }[] };
		return json({ ...body, value: body.value?.map(({ id }) => ({ id })) });
	},
};
/** Gone after one time, these must not even be noticed. */
const PASSING = Object.keys(FAULTS).slice(0, 8);

function graphWith(fault: Fault | null, from: number, times: number) {
	let sent = 0;
	const port: HttpPort = async (request) => {
		const number = sent++;
		const honest = await fetchPort({ authorization: `Bearer ${token}` })(request);
		return fault && number >= from && number < from + times ? fault(request, honest) : honest;
	};
	const patient = withRetry(port, { pause: async () => undefined });
	return { graph: openGraph(patient, sandbox.entra.graph), count: () => sent };
}

const query = (more: Partial<UserQuery> = {}): UserQuery => ({
	scope: { kind: 'all' },
	filter: { userType: 'members', includeDisabled: true, conditions: [], combine: 'and', raw: null },
	leaveOut: [],
	optIn: null,
	attributes: ['department', 'mobilePhone'],
	includeDeleted: true,
	includeOutOfScope: false,
	...more,
});

const groupQuery = () => {
	const groups = [...sandbox.control.entra.state.groups.values()];
	const { id = '' } = groups.find(({ displayName }) => displayName === 'Phone Users') ?? {};
	return query({ scope: { kind: 'groups', nested: true, groups: [{ id, name: null }] } });
};

/** Twenty people whose title changed, one of them deleted, since a read that was confirmed. */
let since: Continuation | null = null;
async function change(): Promise<Continuation> {
	if (since) return since;
	const { graph } = graphWith(null, 0, 0);
	const { link, members, again } = await readWholeWithLink(graph, query(), Date.now());
	const { users, deletedUsers } = sandbox.control.entra.state;
	const [leaver, ...changed] = [...users.values()].slice(0, 20);
	for (const user of changed) user.department = 'Changed';
	if (leaver) {
		users.delete(leaver.id);
		deletedUsers.set(leaver.id, leaver);
	}
	since = { link, members, again };
	return since;
}

type Read = (graph: ReturnType<typeof graphWith>['graph']) => Promise<Directory | null>;
const READS: Readonly<Record<string, Read>> = {
	'everybody in the tenant': (graph) => readUsers(graph, query()),
	'the members of groups': (graph) => readUsers(graph, groupQuery()),
	'everybody, before changes only': (graph) => readWholeWithLink(graph, query(), Date.now()),
	'everybody, between changes only': async (graph) =>
		readWholeWithLink(graph, query(), Date.now(), await change()),
	'everybody, with managers': (graph) =>
		readUsers(graph, query({ attributes: ['manager'], includeOutOfScope: true })),
	'changes only': async (graph) => {
		const changes = await readChanges(graph, query(), await change(), Date.now());
		// Everybody is read then, which is another row of this table.
		return changes.kind === 'startOver' ? null : changes;
	},
};

const people = ({ users }: Directory) =>
	users.map(({ user }) => `${user.id} ${user.status}`).sort();

describe.each(Object.entries(READS))('reading %s', (_name, read) => {
	it.each(Object.entries(FAULTS))(
		'with %s gives the same people or says why not',
		async (name, fault) => {
			await change();
			const clean = graphWith(null, 0, 0);
			const expected = await read(clean.graph);
			if (!expected) throw new Error('the clean read gave nothing');
			expect(clean.count()).toBeGreaterThanOrEqual(3);
			for (let request = 0; request < clean.count(); request++) {
				for (const times of [1, Infinity]) {
					const { graph } = graphWith(fault, request, times);
					const result = await read(graph).catch((thrown: unknown) => thrown);
					if (result === null) continue;
					if (result instanceof DiagnosedError) {
						expect(result.diagnostic.fix).not.toBe('');
						expect([times, PASSING.includes(name)]).not.toEqual([1, true]);
					} else {
						expect(people(result as Directory)).toEqual(people(expected));
					}
				}
			}
		},
		60_000,
	);
});
