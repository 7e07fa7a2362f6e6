/**
 * How long planning takes, measured by what reading the same input takes: `JSON.parse` of the very
 * items that come in by the wires, in the same process. A ratio says the same on every machine.
 *
 * The company is a usual one on a usual morning: everybody has an extension and a row in the links
 * table, two in a hundred changed, one in a hundred is new, one in a hundred left.
 */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { plan } from '../../sync/plan.ts';
import { company, inputOf, type Company } from './engine/company.mts';
import { atMost, median, plain, type Row } from './row.mts';

const RUNS = 9;
const PEOPLE = 100_000;

// Each measurement begins with a tidy heap, so that none pays for what another left behind.
setFlagsFromString('--expose-gc');
const tidy = runInNewContext('gc') as () => void;

export function measure(): Row[] {
	const text = JSON.stringify(company(PEOPLE));
	const tenth = inputOf(company(PEOPLE / 10));
	const input = inputOf(JSON.parse(text) as Company);
	const first = inputOf({ ...company(PEOPLE), links: [] });
	const times = { parse: [], plan: [], tenth: [], first: [] } as Record<string, number[]>;
	for (let run = 0; run < RUNS; run++) {
		times['parse']?.push(time(() => JSON.parse(text) as unknown));
		times['plan']?.push(time(() => plan(input)));
		times['tenth']?.push(time(() => plan(tenth)));
		times['first']?.push(time(() => plan(first)));
	}
	const ms = (name: string) => median(times[name] ?? []);
	return [
		atMost('engine.vsJsonParse', ms('plan') / ms('parse'), '× JSON.parse of the same input', 1.5),
		atMost('engine.growth10x', ms('plan') / ms('tenth'), '× the time for ten times the people', 12),
		plain(
			'engine.firstRunVsJsonParse',
			ms('first') / ms('parse'),
			'× JSON.parse, nobody remembered yet: all are adopted by mail',
		),
		plain('engine.plan100000', Math.round(ms('plan')), 'ms'),
	];
}

function time(work: () => unknown): number {
	tidy();
	const start = performance.now();
	work();
	return performance.now() - start;
}
