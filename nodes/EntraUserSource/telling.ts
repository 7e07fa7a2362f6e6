import type { IExecuteFunctions } from 'n8n-workflow';

import type { Cost } from '../../entra/graph';
import type { OnProgress } from '../../entra/listing';
import type { Directory } from '../../entra/users';
import type { Wait } from '../../http/retry';
import type { ReadMark, UserStatus } from '../../sync/item';
import { tellProgress } from '../host/progress';

/** What was read, and whether it is evidence about those who are not in it. */
export interface Reading extends Directory {
	readonly scope: ReadMark['scope'];
}

export interface Telling {
	readonly progress: OnProgress;
	readonly wait: (wait: Wait) => void;
	/** Adds the hints of the output pane. */
	readonly result: (reading: Reading, cost: Readonly<Cost>) => void;
	/** One more hint, for what the administrator should know about this run. */
	readonly note: (message: string, type?: 'info' | 'warning') => void;
}

/** What the node says while it reads (in n8n's log) and when it is done (above its output). */
export function tellAbout(context: IExecuteFunctions): Telling {
	let waits = 0;
	const began = Date.now();
	const tell = tellProgress(context, 'read');
	const note: Telling['note'] = (message, type = 'info') => {
		context.addExecutionHints({ message, type, location: 'outputPane' });
	};
	return {
		note,
		progress({ page, objects, total, restarts }) {
			const again = restarts > 0 ? `, begun again ${restarts} times` : '';
			context.logger.debug(`Entra User Source: page ${page}, ${objects} objects${again}`);
			tell(objects, total);
		},
		wait({ ms, status, host }) {
			waits += 1;
			const because = status === null ? 'the connection broke' : `it answered ${status}`;
			const seconds = (ms / 1_000).toFixed(1);
			context.logger.info(`Entra User Source: waiting ${seconds} s for ${host}, ${because}`);
		},
		result({ users, notes, scope }, { requests, units }) {
			const cost = `${requests} requests, ${units} of Graph's resource units.`;
			const pause = waits > 0 ? ` Microsoft Graph asked to wait ${waits} times.` : '';
			if (users.length > 0) {
				note(
					`${users.length} users read${tookWords(Date.now() - began)}: ${counts(users)}. ${cost}${pause}`,
				);
			} else if (scope === 'changes') {
				note(`Nobody changed since the last confirmed run. ${cost}${pause}`);
			} else {
				note(
					'No users were found. The one item says so; later nodes change and remove nothing because of it. Check the scope and the conditions.',
					'warning',
				);
			}
			for (const { what, why, fix } of notes) note(`${what} ${why} ${fix}`, 'warning');
		},
	};
}

const STATUS_WORDS: ReadonlyArray<readonly [UserStatus, string]> = [
	['active', 'active'],
	['disabled', 'disabled'],
	['outOfScope', 'out of scope'],
	['deleted', 'deleted'],
];

/** Worth a word only where somebody waited. */
function tookWords(milliseconds: number): string {
	const seconds = Math.round(milliseconds / 1_000);
	return seconds < 10 ? '' : ` in ${seconds} seconds`;
}

function counts(users: Directory['users']): string {
	return STATUS_WORDS.map(([status, words]) => ({
		words,
		count: users.filter(({ user }) => user.status === status).length,
	}))
		.filter(({ count }) => count > 0)
		.map(({ words, count }) => `${count} ${words}`)
		.join(', ');
}
