/**
 * What reading a directory of 100,000 users takes: requests, seconds and peak memory; and how many
 * requests a read of changes needs when nothing changed. The tenant is made up in this process and
 * answers at once, so the seconds are the reader's own. The whole read runs in a process of its own,
 * where no other bench's memory is.
 */
import { execFileSync } from 'node:child_process';
import process from 'node:process';
import { z } from 'zod';
import { READ_BY_DEFAULT } from '../../entra/attributes.ts';
import { readChanges, readWholeWithLink } from '../../entra/changes.ts';
import { openGraph } from '../../entra/graph.ts';
import type { UserQuery } from '../../entra/scope.ts';
import { readUsers } from '../../entra/users.ts';
import { GRAPH_URL, largeTenant } from '../unit/entra/large-tenant.mts';
import type { Row } from './row.mts';

const USERS = 100_000;
/** One page for every 999 users, and one of an empty recycle bin. */
const REQUESTS = Math.ceil(USERS / 999) + 1;

const everyMember: UserQuery = {
	scope: { kind: 'all' },
	filter: { userType: 'members', includeDisabled: true, conditions: [], combine: 'and', raw: null },
	leaveOut: [],
	optIn: null,
	attributes: READ_BY_DEFAULT,
	includeDeleted: true,
	includeOutOfScope: false,
};

const measured = z.object({
	users: z.number(),
	requests: z.number(),
	seconds: z.number(),
	/** Megabytes: at the start, at the peak, and the text of all answers. */
	idle: z.number(),
	peak: z.number(),
	answers: z.number(),
});

/** One whole read, printed as JSON. Run in the fresh process. */
export async function readAlone(): Promise<void> {
	const idle = megabytes(process.memoryUsage().rss);
	const { port } = largeTenant(USERS);
	let answers = 0;
	const graph = openGraph(async (request) => {
		const answer = await port(request);
		answers += answer.body.length;
		return answer;
	}, GRAPH_URL);
	const began = performance.now();
	const { users } = await readUsers(graph, everyMember);
	const result: z.infer<typeof measured> = {
		users: users.length,
		requests: graph.cost.requests,
		seconds: (performance.now() - began) / 1000,
		idle,
		// Given in kilobytes.
		peak: megabytes(process.resourceUsage().maxRSS * 1024),
		answers: megabytes(answers),
	};
	console.log(JSON.stringify(result));
}

const megabytes = (bytes: number) => bytes / 2 ** 20;
const rounded = (value: number, digits: number) => Number(value.toFixed(digits));

/** What runs now is one bundled file; the fresh process loads the same. */
function readInAnotherProcess(): z.infer<typeof measured> {
	const code = `import(${JSON.stringify(import.meta.url)}).then((bench) => bench.readAlone())`;
	const printed = execFileSync(process.execPath, ['-e', code], { encoding: 'utf8' });
	const result = measured.parse(JSON.parse(printed));
	if (result.users !== USERS) throw new Error(`${String(result.users)} users were read.`);
	return result;
}

async function requestsAtRest(): Promise<number> {
	const { port } = largeTenant(USERS);
	const whole = await readWholeWithLink(openGraph(port, GRAPH_URL), everyMember, 0);
	const graph = openGraph(port, GRAPH_URL);
	const changes = await readChanges(graph, everyMember, whole, 0);
	if (changes.kind !== 'changes') throw new Error('Everybody was read, not only changes.');
	return graph.cost.requests;
}

export async function measure(): Promise<Row[]> {
	const { requests, seconds, idle, peak, answers } = readInAnotherProcess();
	const atRest = await requestsAtRest();
	return [
		{
			name: 'read.requests.100k',
			value: requests,
			unit: 'requests for 100,000 users and an empty recycle bin',
			goal: `exactly ${REQUESTS}`,
			holds: requests === REQUESTS,
		},
		{
			name: 'read.seconds.100k',
			value: rounded(seconds, 1),
			unit: 's, waiting for Graph not included',
			goal: null,
			holds: null,
		},
		{
			name: 'read.memory.100k',
			value: rounded(peak, 0),
			unit: `MB, the whole process at its peak (${rounded(idle, 0)} MB before)`,
			goal: null,
			holds: null,
		},
		{
			name: 'read.memoryVsAnswers',
			value: rounded((peak - idle) / answers, 1),
			unit: `× the text of all answers (${rounded(answers, 0)} MB)`,
			goal: 'at most 8',
			holds: peak - idle <= 8 * answers,
		},
		{
			name: 'delta.requestsAtRest',
			value: atRest,
			unit: 'request when nothing changed',
			goal: 'at most 1',
			holds: atRest <= 1,
		},
	];
}
