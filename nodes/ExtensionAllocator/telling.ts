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
	const all = `${summary.users.read} users, ${summary.extensions.read} extensions`;
	const plan: NodeExecutionHint = {
		message: `${all}: ${parts.length > 0 ? parts.join(', ') : 'nothing to do'}.`,
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
