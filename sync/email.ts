import { userConflict, type Conflict } from './conflict';
import type { Extension } from './item';
import { KeyBook } from './keybook';
import { fold, KEYS, type Person } from './keys';

/** Who has which mail address on the phone system, and who is known by one or wants one. */
export class EmailBook {
	private readonly known: KeyBook;
	private readonly wanted = new Map<string, number>();

	/** `people`: every active user, mapped or not. */
	constructor(extensions: readonly Extension[], people: readonly Person[]) {
		this.known = new KeyBook(extensions, people, KEYS.email);
		for (const { contact } of people) {
			const wish = fold(contact?.['email']);
			if (wish !== '') this.wanted.set(wish, (this.wanted.get(wish) ?? 0) + 1);
		}
	}

	/** Why `email` cannot be written to `extension` (null: to a new one); null when it can. */
	conflict(email: string, extension: Extension | null): Conflict | null {
		const holder = this.known.holder(fold(email), extension);
		if (holder) return userConflict.emailInUse(email, holder);
		const users = this.wanted.get(fold(email)) ?? 0;
		return users > 1 ? userConflict.emailWantedTwice(email, users) : null;
	}

	/** Whether `extension`, given this address, could be told from all others by it. */
	identifies(email: string | null, extension: Extension | null): boolean {
		return fold(email) !== '' && this.known.identifies([fold(email)], extension);
	}
}
