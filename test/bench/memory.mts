/**
 * What planning for a million people takes beside a hundred thousand: time, and memory for each user
 * on top of what came in by the wires. In a process of its own, because a million users with their
 * extensions and links are more than two gigabytes before anything is planned.
 */
import process from 'node:process';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { plan, type Plan, type PlanInput } from '../../sync/plan.ts';
import { company, inputOf } from './engine/company.mts';
import { atMost, median, plain, type Row } from './row.mts';

const SMALL = 100_000;
const LARGE = 1_000_000;
const RUNS = 3;

setFlagsFromString('--expose-gc');
const tidy = runInNewContext('gc') as () => void;

export function measure(): Row[] {
	const small = measureOne(inputOf(company(SMALL)));
	const large = measureOne(inputOf(company(LARGE)));
	return [
		atMost(
			'engine.growth1M',
			large.ms / small.ms,
			'× the time of 100,000 for 1,000,000 people',
			12,
		),
		plain(
			'engine.memoryPerUser',
			small.bytes / SMALL,
			'bytes kept by a plan for each of 100,000 users',
		),
		plain(
			'engine.memoryPerUser1M',
			large.bytes / LARGE,
			'bytes kept by a plan for each of 1,000,000 users',
		),
		plain('engine.plan1000000', Math.round(large.ms / 100) / 10, 's'),
	];
}

function measureOne(input: PlanInput): { ms: number; bytes: number } {
	const times: number[] = [];
	let bytes = 0;
	for (let run = 0; run < RUNS; run++) {
		tidy();
		const before = process.memoryUsage().heapUsed;
		const began = performance.now();
		const made = plan(input);
		times.push(performance.now() - began);
		tidy();
		bytes = process.memoryUsage().heapUsed - before;
		assertWhole(made, input);
	}
	return { ms: median(times), bytes: Math.max(0, bytes) };
}

/** Also keeps the plan in use until its memory was looked at. */
function assertWhole({ summary }: Plan, { users }: PlanInput): void {
	if (summary.users.read !== users.length) throw new Error('The plan is not about everybody.');
}
