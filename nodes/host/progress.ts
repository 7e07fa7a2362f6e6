import type { IExecuteFunctions } from 'n8n-workflow';

/** Between two lines, in milliseconds. */
const EVERY = 10_000;

/**
 * For n8n's log: how far a long write is and about how long it still takes, at most every ten seconds.
 * A write that is through before says nothing. `now` gives milliseconds.
 */
export function tellProgress(
	context: Pick<IExecuteFunctions, 'getNode' | 'logger'>,
	now: () => number = Date.now,
): (done: number, total: number) => void {
	const began = now();
	let told = began;
	return (done, total) => {
		const at = now();
		if (at - told < EVERY || done >= total) return;
		told = at;
		const left = ((at - began) / done) * (total - done);
		context.logger.info(
			`${context.getNode().name}: ${done} of ${total} written, ${words(left)} left`,
		);
	};
}

function words(milliseconds: number): string {
	const seconds = Math.ceil(milliseconds / 1_000);
	return seconds < 120 ? `about ${seconds} seconds` : `about ${Math.round(seconds / 60)} minutes`;
}
