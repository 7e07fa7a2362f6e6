import type { NodeExecutionHint } from 'n8n-workflow';
import { isLeftAlone } from '../../sync/cleanup';
import { list } from '../../sync/report/words';
import type { Cleaned } from './outcomes';

/** One line under the node's output. */
export function hintFor(cleaned: readonly Cleaned[], dryRun: boolean): NodeExecutionHint {
	const many = (chosen: (each: Cleaned) => boolean) => cleaned.filter(chosen).length;
	const held = many(({ result, because }) => result === 'held' && !isLeftAlone(because));
	const failed = many(({ result }) => result === 'failed');
	const parts = [
		[many(({ result }) => result === 'disabled'), dryRun ? 'would be disabled' : 'disabled'],
		[failed, 'not done'],
		[held, 'held'],
		[many(({ because }) => isLeftAlone(because)), 'left alone'],
		[many(({ result }) => result === 'unchanged'), 'already disabled or gone'],
		[many(({ result }) => result === 'ignored'), 'ignored'],
	] as const;
	const told = parts
		.filter(([count]) => count > 0)
		.map(([count, what]) => `${String(count)} ${what}`);
	return {
		message: told.length > 0 ? `Extensions: ${list(told)}.` : 'No extension is without a user.',
		type: held + failed > 0 ? 'warning' : 'info',
		location: 'outputPane',
	};
}
