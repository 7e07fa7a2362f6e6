import { userConflict, type Conflict } from './conflict';
import type { Extension } from './item';
import { KeyBook } from './keybook';
import { fold, KEYS, type Person } from './keys';

/** Who has which mail address on the phone system, and who is known by one or wants one. */
export class EmailBook {
	private readonly known: KeyBook;
	private wanted: ReadonlyMap<string, number> | null = null;

	/** `people`: every active user, mapped or not. */
	constructor(
		extensions: readonly Extension[],
		private readonly people: readonly Person[],
	) {
		this.known = new KeyBook(extensions, people, KEYS.email);
	}

	/** Why `email` cannot be written to `extension` (null: to a new one); null when it can. */
	conflict(email: string, extension: Extension | null): Conflict | null {
		const holder = this.known.holder(fold(email), extension);
		if (holder) return userConflict.emailInUse(email, holder);
		this.wanted ??= countWishes(this.people);
		const users = this.wanted.get(fold(email)) ?? 0;
		return users > 1 ? userConflict.emailWantedTwice(email, users) : null;
	}

	/** Whether `extension`, given this address, could be told from all others by it. */
	identifies(email: string | null, extension: Extension | null): boolean {
		return fold(email) !== '' && this.known.identifies([fold(email)], extension);
	}
}

function countWishes(people: readonly Person[]): Map<string, number> {
	const wanted = new Map<string, number>();
	for (const { contact } of people) {
		const wish = fold(contact?.['email']);
		if (wish !== '') wanted.set(wish, (wanted.get(wish) ?? 0) + 1);
	}
	return wanted;
}
