import type { NodeExecutionHint } from 'n8n-workflow';
import type { Summary } from '../../sync/item';

/** What is said above the node's output: first what the plan comes to, then what stands in its way. */
export function hintsFor(summary: Summary): NodeExecutionHint[] {
	const { changes, unmatched } = summary;
	const counts: ReadonlyArray<readonly [number, string]> = [
		[changes.create, 'to create'],
		[changes.update, 'to update'],
		[changes.enable, 'to enable'],
		[summary.conflicts, summary.conflicts === 1 ? 'conflict' : 'conflicts'],
		[Object.values(unmatched).reduce((sum, count) => sum + count, 0), 'unmatched'],
	];
	const parts = counts.filter(([count]) => count > 0).map(([count, words]) => `${count} ${words}`);
	const users = amount(summary.users.read, 'user');
	const extensions = amount(summary.extensions.read, 'extension');
	const plan: NodeExecutionHint = {
		message: `${users}, ${extensions}: ${parts.length > 0 ? parts.join(', ') : 'nothing to do'}.`,
		type: 'info',
		location: 'outputPane',
	};
	const notes = summary.notes.map(
		({ what, why, fix }): NodeExecutionHint => ({
			message: `${what} ${why} ${fix}`,
			type: 'warning',
			location: 'outputPane',
		}),
	);
	return [plan, ...notes];
}

function amount(count: number, thing: string): string {
	return `${count} ${thing}${count === 1 ? '' : 's'}`;
}
