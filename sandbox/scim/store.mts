/** Storage behind the third-party SCIM server. Values are kept exactly as they were sent. */
import SCIMMY from 'scimmy';
import { stableId } from '../directory/identity.mts';

const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';

/** The attributes a phone sync meets; whatever else a client sends is stored too. */
export interface ScimValues {
	userName: string;
	externalId?: string;
	active?: boolean;
	displayName?: string;
	title?: string;
	name?: { givenName?: string; familyName?: string };
	emails?: { type?: string; value?: string; primary?: boolean }[];
	phoneNumbers?: { type?: string; value?: string }[];
	[ENTERPRISE]?: { department?: string; organization?: string; employeeNumber?: string };
	meta?: { created?: Date; lastModified?: Date };
}

export interface ScimAccount extends ScimValues {
	id: string;
}

export class ScimStore {
	readonly accounts = new Map<string, ScimAccount>();
	private made = 0;

	constructor(private readonly clock: () => number) {}

	/** Puts an account in without the checks of the interface: for seeds and tests. */
	put(values: ScimValues & { readonly id?: string }): ScimAccount {
		this.made += 1;
		const now = new Date(this.clock());
		const account: ScimAccount = {
			active: true,
			meta: { created: now, lastModified: now },
			...values,
			id: values.id ?? stableId('scim', String(this.made)),
		};
		this.accounts.set(account.id, account);
		return account;
	}

	/** Creates (no id) or replaces. User names are unique without regard to case. */
	write(id: string | undefined, values: ScimValues): ScimAccount {
		const known = id === undefined ? undefined : this.require(id);
		for (const other of this.accounts.values()) {
			if (other.id !== id && other.userName.toLowerCase() === values.userName.toLowerCase()) {
				throw new SCIMMY.Types.Error(409, 'uniqueness', `userName '${values.userName}' is taken`);
			}
		}
		if (known === undefined) return this.put(values);
		const lastModified = new Date(this.clock());
		const account = { ...values, id: known.id, meta: { ...known.meta, lastModified } };
		this.accounts.set(known.id, account);
		return account;
	}

	require(id: string): ScimAccount {
		const account = this.accounts.get(id);
		if (account === undefined) throw new SCIMMY.Types.Error(404, '', `Resource ${id} not found`);
		return account;
	}

	delete(id: string): void {
		this.require(id);
		this.accounts.delete(id);
	}
}
