import { userConflict, type Conflict } from './conflict';
import type { Contact } from './contact';
import type { Extension } from './item';
import { fold } from './match';

/** Who has which mail address on the phone system, and who is going to want one. */
export class EmailBook {
	private readonly holders = new Map<string, Extension[]>();
	private readonly wanted = new Map<string, number>();

	/** `contacts`: of every active user. */
	constructor(extensions: readonly Extension[], contacts: Iterable<Contact>) {
		for (const extension of extensions) {
			const email = fold(extension.fields['email']);
			if (email === '') continue;
			const holders = this.holders.get(email);
			if (holders) holders.push(extension);
			else this.holders.set(email, [extension]);
		}
		for (const contact of contacts) {
			const email = fold(contact['email']);
			if (email !== '') this.wanted.set(email, (this.wanted.get(email) ?? 0) + 1);
		}
	}

	/** Why `email` cannot be written to `extension` (null: to a new one); null when it can. */
	conflict(email: string, extension: Extension | null): Conflict | null {
		const holder = this.holders.get(fold(email))?.find(({ id }) => id !== extension?.id);
		if (holder) return userConflict.emailInUse(email, holder);
		const users = this.wanted.get(fold(email)) ?? 0;
		return users > 1 ? userConflict.emailWantedTwice(email, users) : null;
	}

	/** Whether a new extension with this address could be told from all others by it. */
	identifies(email: string | null | undefined): boolean {
		return fold(email) !== '' && this.conflict(email ?? '', null) === null;
	}
}
