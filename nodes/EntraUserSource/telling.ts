import type { IExecuteFunctions } from 'n8n-workflow';

import type { OnProgress } from '../../entra/listing';
import type { Directory } from '../../entra/users';
import type { Wait } from '../../http/retry';
import type { UserStatus } from '../../sync/item';

export interface Telling {
	readonly progress: OnProgress;
	readonly wait: (wait: Wait) => void;
	/** Adds the hints of the output pane. */
	readonly result: (directory: Directory) => void;
}

/** What the node says while it reads (in n8n's log) and when it is done (above its output). */
export function tellAbout(context: IExecuteFunctions): Telling {
	let waits = 0;
	return {
		progress({ page, objects, restarts }) {
			const again = restarts > 0 ? `, begun again ${restarts} times` : '';
			context.logger.debug(`Entra User Source: page ${page}, ${objects} objects${again}`);
		},
		wait({ ms, status, host }) {
			waits += 1;
			const because = status === null ? 'the connection broke' : `it answered ${status}`;
			const seconds = (ms / 1_000).toFixed(1);
			context.logger.info(`Entra User Source: waiting ${seconds} s for ${host}, ${because}`);
		},
		result({ users, notes }) {
			const info = (message: string) => {
				context.addExecutionHints({ message, type: 'info', location: 'outputPane' });
			};
			const warn = (message: string) => {
				context.addExecutionHints({ message, type: 'warning', location: 'outputPane' });
			};
			if (users.length === 0) {
				warn(
					'No users were found. The one item says so; later nodes change and remove nothing because of it. Check the scope and the conditions.',
				);
			} else {
				const pause = waits > 0 ? ` Microsoft Graph asked to wait ${waits} times.` : '';
				info(`${users.length} users read: ${counts(users)}.${pause}`);
			}
			for (const { what, why, fix } of notes) warn(`${what} ${why} ${fix}`);
		},
	};
}

const STATUS_WORDS: ReadonlyArray<readonly [UserStatus, string]> = [
	['active', 'active'],
	['disabled', 'disabled'],
	['outOfScope', 'out of scope'],
	['deleted', 'deleted'],
];

function counts(users: Directory['users']): string {
	return STATUS_WORDS.map(([status, words]) => ({
		words,
		count: users.filter(({ user }) => user.status === status).length,
	}))
		.filter(({ count }) => count > 0)
		.map(({ words, count }) => `${count} ${words}`)
		.join(', ');
}
