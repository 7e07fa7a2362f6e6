import type { IExecuteFunctions } from 'n8n-workflow';

/** Between two lines, in milliseconds. */
const EVERY = 10_000;

/** How far it is; `total` is null where nobody knows how much there is. */
export type OnProgress = (done: number, total: number | null) => void;

/**
 * For n8n's log: how far a long read or write is and about how long it still takes, at most every ten
 * seconds. What is through before says nothing. A count that begins anew is another list, with a
 * pace of its own. `did` says what was done, `now` gives milliseconds.
 */
export function tellProgress(
	context: Pick<IExecuteFunctions, 'getNode' | 'logger'>,
	did: 'read' | 'written',
	now: () => number = Date.now,
): OnProgress {
	let began = now();
	let told = began;
	let last = { done: 0, at: began };
	return (done, total) => {
		const at = now();
		if (done < last.done) began = last.at;
		last = { done, at };
		if (at - told < EVERY || (total !== null && done >= total)) return;
		told = at;
		const left = total === null ? null : ((at - began) / done) * (total - done);
		const much = total === null ? String(done) : `${String(done)} of ${String(total)}`;
		const time = left !== null && Number.isFinite(left) ? `, ${words(left)} left` : '';
		context.logger.info(`${context.getNode().name}: ${much} ${did}${time}`);
	};
}

function words(milliseconds: number): string {
	const seconds = Math.ceil(milliseconds / 1_000);
	return seconds < 120 ? `about ${seconds} seconds` : `about ${Math.round(seconds / 60)} minutes`;
}
