import type { Extension } from './item';
import type { KeysOf, Person } from './keys';

/** Who has which key of one kind, on either side. */
export class KeyBook {
	private readonly extensions = new Map<string, Extension[]>();
	private readonly people = new Map<string, number>();

	constructor(
		extensions: readonly Extension[],
		people: readonly Person[],
		private readonly keysOf: KeysOf,
	) {
		for (const extension of extensions) {
			for (const key of keysOf.extension(extension)) {
				if (key === '') continue;
				const holders = this.extensions.get(key);
				if (holders) holders.push(extension);
				else this.extensions.set(key, [extension]);
			}
		}
		for (const person of people) {
			for (const key of keysOf.person(person)) {
				this.people.set(key, (this.people.get(key) ?? 0) + 1);
			}
		}
	}

	/** Extensions that have a key in common with the person, each once. */
	candidates(person: Person): readonly Extension[] {
		const groups = [...this.keysOf.person(person)].flatMap((key) => {
			const holders = this.extensions.get(key);
			return holders ? [holders] : [];
		});
		const [only = []] = groups;
		return groups.length > 1 ? [...new Set(groups.flat())] : only;
	}

	/** An extension other than `own` that has the key. */
	holder(key: string, own: Extension | null): Extension | null {
		return this.extensions.get(key)?.find(({ id }) => id !== own?.id) ?? null;
	}

	/** Whether `own`, given these keys, could be told by them from all other extensions and users. */
	identifies(keys: readonly string[], own: Extension | null): boolean {
		return (
			keys.length > 0 &&
			keys.every((key) => this.holder(key, own) === null && (this.people.get(key) ?? 0) <= 1)
		);
	}
}
