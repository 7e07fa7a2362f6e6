import type { Extension } from './item';
import type { KeysOf, Person } from './keys';

/** Extensions that share a key, by id. Of one key there is one such list, whoever asks for it. */
export type Holders = readonly Extension[];

/**
 * Who has which key of one kind, on either side. Made when it is first asked: most runs have
 * nothing to ask.
 */
export class KeyBook {
	private held: ReadonlyMap<string, Holders> | null = null;
	private known: ReadonlyMap<string, number> | null = null;

	constructor(
		private readonly extensions: readonly Extension[],
		private readonly people: readonly Person[],
		private readonly keysOf: KeysOf,
	) {}

	/** All extensions that have a key in common with the person, by key. */
	candidates(person: Person): Holders[] {
		const found: Holders[] = [];
		for (const key of this.keysOf.person(person)) {
			const holders = this.holders(key);
			if (holders.length > 0) found.push(holders);
		}
		return found;
	}

	/** An extension other than `own` that has the key; of several the one whose id sorts first. */
	holder(key: string, own: Extension | null): Extension | null {
		return this.holders(key).find(({ id }) => id !== own?.id) ?? null;
	}

	/** Whether `own`, given these keys, could be told by them from all other extensions and users. */
	identifies(keys: readonly string[], own: Extension | null): boolean {
		this.known ??= countKeys(this.people, this.keysOf);
		const { known } = this;
		return (
			keys.length > 0 &&
			keys.every((key) => this.holder(key, own) === null && (known.get(key) ?? 0) <= 1)
		);
	}

	private holders(key: string): Holders {
		this.held ??= byKey(this.extensions, this.keysOf);
		return this.held.get(key) ?? NOBODY;
	}
}

const NOBODY: Holders = [];

function byKey(extensions: readonly Extension[], keysOf: KeysOf): Map<string, Extension[]> {
	const held = new Map<string, Extension[]>();
	for (const extension of extensions) {
		for (const key of keysOf.extension(extension)) {
			if (key === '') continue;
			const holders = held.get(key);
			if (holders) holders.push(extension);
			else held.set(key, [extension]);
		}
	}
	for (const holders of held.values()) {
		if (holders.length > 1) holders.sort((a, b) => (a.id < b.id ? -1 : 1));
	}
	return held;
}

function countKeys(people: readonly Person[], keysOf: KeysOf): Map<string, number> {
	const known = new Map<string, number>();
	for (const person of people) {
		for (const key of keysOf.person(person)) known.set(key, (known.get(key) ?? 0) + 1);
	}
	return known;
}
