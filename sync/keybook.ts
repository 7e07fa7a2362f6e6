import type { Extension } from './item';
import type { Person } from './match';

/** How often each key of one kind (mail addresses, phone numbers) occurs on either side. */
export class KeyBook {
	private readonly extensions = new Map<string, Extension[]>();
	private readonly people = new Map<string, number>();

	/** `people`: every active user, mapped or not. Empty keys are no keys. */
	constructor(
		extensions: readonly Extension[],
		people: Iterable<Person>,
		keysOf: {
			readonly extension: (extension: Extension) => Iterable<string>;
			readonly person: (person: Person) => Iterable<string>;
		},
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
