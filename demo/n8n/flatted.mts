/**
 * n8n sends execution data as `flatted` text: a JSON list in which every text and every object
 * stands once, and is referred to elsewhere by its index, written as text. Objects may be shared,
 * even with themselves inside.
 */
export function parseFlatted(text: string): unknown {
	const parts: unknown = JSON.parse(text);
	if (!Array.isArray(parts)) throw new TypeError('Flatted text is a JSON list.');
	const done = new Set<unknown>();
	const resolve = (reference: unknown): unknown => {
		if (typeof reference !== 'string') return reference;
		const value: unknown = parts[Number(reference)];
		if (typeof value === 'object' && value !== null && !done.has(value)) {
			done.add(value);
			// Indexes are replaced in place, so that what is shared stays shared.
			const members = value as Record<string, unknown>;
			for (const key of Object.keys(members)) members[key] = resolve(members[key]);
		}
		return value;
	};
	return resolve('0');
}
