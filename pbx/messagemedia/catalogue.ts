/** Something with names that is looked up once per connection, and made where it is missing. */
export interface Shelf {
	/** Everything there is, by name; or a rejection. */
	readAll(): Promise<ReadonlyMap<string, string>>;
	/** Makes it and gives its id. */
	add(name: string): Promise<string>;
}

/**
 * Gives the id of a name, making it when nobody has it. Asked many times together, it reads once
 * and makes each once. When making it is refused or its answer is lost, it is looked for again.
 */
export function openCatalogue(shelf: Shelf): (name: string) => Promise<string> {
	let known: Promise<ReadonlyMap<string, string>> | null = null;
	const making = new Map<string, Promise<string>>();

	async function make(name: string): Promise<string> {
		try {
			return await shelf.add(name);
		} catch (thrown) {
			return await foundAfter(thrown, name);
		}
	}

	async function foundAfter(thrown: unknown, name: string): Promise<string> {
		const found = (await shelf.readAll()).get(name);
		return found ?? (await Promise.reject(thrown));
	}

	return async (name) => {
		known ??= shelf.readAll();
		known.catch(() => {
			known = null;
		});
		const id = (await known).get(name);
		if (id !== undefined) return id;
		const pending = making.get(name) ?? make(name);
		making.set(name, pending);
		pending.catch(() => {
			making.delete(name);
		});
		return await pending;
	};
}
