import type { NodeExecutionHint } from 'n8n-workflow';

import type { Diagnostic } from '../../sync/diagnostic';
import type { Counts } from './items';

/** What is said above the output: how many became what, and what the mapping cannot do. */
export function hintsFor(counts: Counts, notes: readonly Diagnostic[]): NodeExecutionHint[] {
	const { mapped, rejected, notActive, withDecisions } = counts;
	const parts = [users(mapped, 'mapped')];
	if (rejected > 0) parts.push(`${String(rejected)} rejected`);
	if (notActive > 0) parts.push(`${String(notActive)} not active and passed on as evidence`);
	const some =
		withDecisions > 0
			? ` ${users(withDecisions, 'had')} values that could not be used as they are; 'decisions' says which and why.`
			: '';
	return [
		hint('info', `${parts.join(', ')}.${some}`),
		...notes.map(({ what, why, fix }) => hint('warning', `${what} ${why} ${fix}`)),
	];
}

function hint(type: 'info' | 'warning', message: string): NodeExecutionHint {
	return { message, type, location: 'outputPane' };
}

function users(count: number, did: string): string {
	return `${String(count)} ${count === 1 ? 'user' : 'users'} ${did}`;
}
