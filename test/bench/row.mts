/** One line of the table: what was measured, and whether it is as good as it has to be. */
export interface Row {
	readonly name: string;
	readonly value: number | null;
	readonly unit: string;
	readonly goal: string | null;
	readonly holds: boolean | null;
}

/** What `run.mjs` was asked for. */
export interface BenchOptions {
	readonly root: string;
	readonly users: number;
	/** Whether n8n's stock nodes do the same job beside ours. */
	readonly stock: boolean;
}

/** Without a goal. */
export function plain(name: string, value: number | null, unit: string): Row {
	return { name, value: value === null ? null : round(value), unit, goal: null, holds: null };
}

export function atMost(name: string, value: number, unit: string, goal: number): Row {
	const rounded = round(value);
	return { name, value: rounded, unit, goal: `at most ${String(goal)}`, holds: rounded <= goal };
}

export function atLeast(name: string, value: number, unit: string, goal: number): Row {
	const rounded = round(value);
	return { name, value: rounded, unit, goal: `at least ${String(goal)}`, holds: rounded >= goal };
}

export function exactly(name: string, value: number, unit: string, goal: number): Row {
	return { name, value, unit, goal: `exactly ${String(goal)}`, holds: value === goal };
}

export function median(values: readonly number[]): number {
	return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
}

function round(value: number): number {
	return Math.round(value * 100) / 100;
}
