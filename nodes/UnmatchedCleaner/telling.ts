import type { NodeExecutionHint } from 'n8n-workflow';
import type { Diagnostic } from '../../sync/diagnostic';
import { isLeftAlone } from '../../sync/cleanup-words';
import { list } from '../../sync/report/words';
import type { Cleaned } from './outcomes';

/** One line above the node's output; a second one when it only previews though it is set to write. */
export function hintsFor(
	cleaned: readonly Cleaned[],
	dryRun: boolean,
	onlyPreview: Diagnostic | null,
): NodeExecutionHint[] {
	const line = tally(cleaned, dryRun);
	if (onlyPreview === null) return [line];
	const message = `${onlyPreview.what} ${onlyPreview.fix}`;
	return [line, { message, type: 'warning', location: 'outputPane' }];
}

function tally(cleaned: readonly Cleaned[], dryRun: boolean): NodeExecutionHint {
	const many = (chosen: (each: Cleaned) => boolean) => cleaned.filter(chosen).length;
	const held = many(({ result, because }) => result === 'held' && !isLeftAlone(because));
	const failed = many(({ result }) => result === 'failed');
	const parts = [
		[many(({ result }) => result === 'disabled'), dryRun ? 'would be disabled' : 'disabled'],
		[many(({ result }) => result === 'deleted'), dryRun ? 'would be deleted' : 'deleted'],
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
