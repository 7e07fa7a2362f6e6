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

const RUNS = 9;
const PEOPLE = 100_000;

// Each measurement begins with a tidy heap, so that none pays for what another left behind.
setFlagsFromString('--expose-gc');
const tidy = runInNewContext('gc') as () => void;

interface Row {
	readonly name: string;
	readonly value: number;
	readonly unit: string;
	readonly goal: string | null;
	readonly holds: boolean | null;
}

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
	const ratio = round(ms('plan') / ms('parse'));
	const growth = round(ms('plan') / ms('tenth'));
	return [
		{
			name: 'engine.vsJsonParse',
			value: ratio,
			unit: '× JSON.parse of the same input',
			goal: 'at most 1.5',
			holds: ratio <= 1.5,
		},
		{
			name: 'engine.growth10x',
			value: growth,
			unit: '× the time for ten times the people',
			goal: 'at most 12',
			holds: growth <= 12,
		},
		{
			name: 'engine.firstRunVsJsonParse',
			value: round(ms('first') / ms('parse')),
			unit: '× JSON.parse, nobody remembered yet: all are adopted by mail',
			goal: null,
			holds: null,
		},
		{
			name: 'engine.plan100000',
			value: Math.round(ms('plan')),
			unit: 'ms',
			goal: null,
			holds: null,
		},
	];
}

function time(work: () => unknown): number {
	tidy();
	const start = performance.now();
	work();
	return performance.now() - start;
}

function median(values: readonly number[]): number {
	return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
}

function round(value: number): number {
	return Math.round(value * 100) / 100;
}
