/** Accounts behind the two made-up REST interfaces. They differ in how they show them, not in these. */
import { stableId } from '../directory/identity.mts';

export interface RestAccount {
	readonly id: string;
	number: string | null;
	firstName: string | null;
	lastName: string | null;
	displayName: string | null;
	email: string | null;
	mobile: string | null;
	title: string | null;
	department: string | null;
	/** The object id of the directory, where the interface has a place for it. */
	reference: string | null;
	active: boolean;
	/** What no sync knows about. */
	ringtone: string | null;
}

export type RestValues = Partial<Omit<RestAccount, 'id'>>;

export class RestStore {
	readonly accounts = new Map<string, RestAccount>();
	private made = 0;

	constructor(private readonly kind: string) {}

	/** Puts an account in without any check: for seeds and tests. */
	put(values: RestValues): RestAccount {
		this.made += 1;
		const account: RestAccount = {
			id: stableId(this.kind, String(this.made)),
			number: null,
			firstName: null,
			lastName: null,
			displayName: null,
			email: null,
			mobile: null,
			title: null,
			department: null,
			reference: null,
			active: true,
			ringtone: null,
			...values,
		};
		this.accounts.set(account.id, account);
		return account;
	}

	/** What another account has already; mail addresses have no case. */
	taken(id: string | null, { number, email }: RestValues): 'number' | 'email' | null {
		for (const other of this.accounts.values()) {
			if (other.id === id) continue;
			if (number && other.number === number) return 'number';
			if (email && other.email?.toLowerCase() === email.toLowerCase()) return 'email';
		}
		return null;
	}
}
