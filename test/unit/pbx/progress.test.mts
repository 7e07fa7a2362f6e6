/** What a long write says while it lasts. */
import type { INode, Logger } from 'n8n-workflow';
import { tellProgress } from '../../../nodes/host/progress.ts';
import { applyChanges } from '../../../pbx/apply.ts';
import type { Task } from '../../../pbx/judgement.ts';
import { fingerprint } from '../../../sync/fingerprint.ts';
import type { Extension } from '../../../sync/item.ts';
import { CAPABILITIES, extension, inMemory } from './phone-system.mts';

describe('the log of a long write', () => {
	/** `after`: when each account was done, in seconds. */
	function linesOf(
		after: readonly number[],
		total: number | null,
		counts = after.map((_, index) => index + 1),
	): string[] {
		const lines: string[] = [];
		let second = 0;
		const context = {
			getNode: () => ({ name: 'Apply changes' }) as INode,
			logger: { info: (line: string) => lines.push(line) } as unknown as Logger,
		};
		const tell = tellProgress(context, 'written', () => second * 1_000);
		after.forEach((at, index) => {
			second = at;
			tell(counts[index] ?? 0, total);
		});
		return lines;
	}

	it('says how many of how many are written and about how long it still takes', () => {
		expect(linesOf([5, 10, 15, 20], 40)).toEqual([
			'Apply changes: 2 of 40 written, about 3 minutes left',
			'Apply changes: 4 of 40 written, about 3 minutes left',
		]);
		expect(linesOf([10], 3)).toEqual(['Apply changes: 1 of 3 written, about 20 seconds left']);
	});

	it('says how many there are so far where nobody knows how many come', () => {
		expect(linesOf([5, 10], null)).toEqual(['Apply changes: 2 written']);
	});

	it('estimates each list by its own pace', () => {
		const lines = linesOf([20, 100, 104, 110], 1_000, [10, 990, 100, 250]);
		expect(lines.at(-1)).toBe('Apply changes: 250 of 1000 written, about 30 seconds left');
	});

	it('promises no time before anything is done', () => {
		expect(linesOf([15], 100, [0])).toEqual(['Apply changes: 0 of 100 written']);
	});

	it('says nothing of what is through in a moment, nor at the end', () => {
		expect(linesOf([1, 2, 3], 3)).toEqual([]);
		expect(linesOf([9, 30], 2)).toEqual([]);
	});
});

describe('progress of applying', () => {
	it('counts what is really written, and nothing in a dry run', async () => {
		const gone = extension('gone');
		const there = extension('there');
		const disable = (on: Extension): Task => ({
			change: { kind: 'disable', extensionId: on.id, basedOn: fingerprint(on) },
			userId: null,
		});
		const pbx = { firstName: { from: null, to: 'Ada' } };
		const create: Task = {
			change: { kind: 'create', number: '300', pbx, directory: {} },
			userId: 'user-300',
		};
		const tasks = [create, disable(gone), disable(there)];
		const seen: string[] = [];
		const onProgress = (done: number, total: number) => seen.push(`${done}/${total}`);
		const options = { mayDelete: true, onProgress };
		await applyChanges(inMemory([there]).system, CAPABILITIES, tasks, { ...options, dryRun: true });
		expect(seen).toEqual([]);
		await applyChanges(inMemory([there]).system, CAPABILITIES, tasks, {
			...options,
			dryRun: false,
		});
		expect(seen).toEqual(['1/2', '2/2']);
	});
});
