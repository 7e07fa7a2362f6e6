/**
 * Does `work` for every item, at most `lanes` at a time, and gives the results in the order of the
 * items. After the first rejection no further item is begun, and that rejection is handed on.
 */
export async function inLanes<Item, Result>(
	items: readonly Item[],
	lanes: number,
	work: (item: Item, index: number) => Promise<Result>,
): Promise<Result[]> {
	const results = new Array<Result>(items.length);
	const queue = items.entries();
	let stopped = false;
	const lane = async () => {
		for (const [index, item] of queue) {
			if (stopped) return;
			try {
				results[index] = await work(item, index);
			} finally {
				stopped ||= !(index in results);
			}
		}
	};
	await Promise.all(Array.from({ length: Math.min(lanes, items.length) }, lane));
	return results;
}
