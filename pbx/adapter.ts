/**
 * The phone-system contract. Every system is one folder beside this file with the same five files:
 * `adapter.ts`, `wire.ts` (what goes over the wire, as zod schemas), `fields.ts` (our names and
 * theirs), `refusals.ts` (what its refusals mean) and `README.md` (facts, and how sure each is).
 */
import type { Contact, FieldDefinition } from '../sync/contact';
import type { Extension } from '../sync/item';
import type { HttpPort } from '../http/port';

/**
 * What a system can do. Each flag says its meaning, then what follows from it. The engine, the
 * node panels and `docs/systems.md` all read these; nobody asks for a system by name.
 */
export interface Capabilities {
	/**
	 * How accounts are reached. Default: 'interface'.
	 * 'file': lists are read from an export, and changes become a file for somebody to import; nothing
	 * is written, so every change counts as held until the next export shows it.
	 */
	readonly reach?: 'interface' | 'file';
	/**
	 * Whether accounts have extension numbers.
	 * 'none': the Allocator gives no numbers.
	 */
	readonly numbers: 'required' | 'optional' | 'none';
	/** The longest number the system takes, in digits. 0 where there are no numbers. */
	readonly numberMaxLength: number;
	/**
	 * Whether a number can be changed after creating.
	 * False: a wish for another number is reported, never written.
	 */
	readonly canChangeNumber: boolean;
	/**
	 * How an account is put out of use and kept.
	 * 'native': a switch of the system. 'emulated': several settings that together lock it; the UI
	 * calls it a lock-out. 'none': not offered; the Cleaner reports only.
	 */
	readonly disable: 'native' | 'emulated' | 'none';
	/**
	 * What 'emulated' does here, as sentences for whoever chooses it.
	 * Default: calls out, remote phones and apps are closed and passwords replaced. The panels show it.
	 */
	readonly lockOut?: string;
	/** False: deleting is not offered. */
	readonly canDelete: boolean;
	/** False: creating is not offered; new users are reported. */
	readonly canCreate: boolean;
	/**
	 * Whether an account has a slot that holds the directory's object id.
	 * True: extensions under sync are marked with it, and a link survives the loss of all our memory.
	 */
	readonly hasExternalId: boolean;
	/**
	 * Whether an update touches only the fields it names.
	 * False: the adapter reads, merges and writes the whole, and the plan says so.
	 */
	readonly partialUpdate: boolean;
	/** Whether two accounts may share a mail address. False: a second one is a conflict. */
	readonly sharedEmail: boolean;
	/** Whether two accounts may share a mobile number. Default: true. False: a second one is a conflict. */
	readonly sharedMobile?: boolean;
	/**
	 * Changes that do more on this system than their name says, each with a sentence about what.
	 * Default: none. The plan says the sentence with every such change, and PBX Target holds the
	 * change until the credential allows it (`allowCreate`, `allowUpdate`).
	 */
	readonly sideEffects?: Readonly<Partial<Record<Consented, string>>>;
	/**
	 * Whether one account can be read by its id without reading the others. Default: true.
	 * False: 'Only Those Needed' reads the whole list.
	 */
	readonly canReadOne?: boolean;
	/** Requests in flight at once that the system allows. */
	readonly concurrency: number;
	/** What the adapter was run against: 'sandbox' is our own, 'third-party' is a server nobody here wrote. */
	readonly exercisedAgainst: readonly (
		| 'sandbox'
		| 'third-party'
		| 'official-description'
		| 'live'
	)[];
}

/** Kinds of change that may need somebody's consent, given in the credential. */
export type Consented = 'create' | 'update';

/** An account to be made. */
export interface NewExtension {
	/** Null only where the system has no numbers. */
	readonly number: string | null;
	readonly fields: Contact;
	/** The user's object id, kept in the external-id slot where there is one. Null: made by hand. */
	readonly externalId: string | null;
}

/**
 * One open connection to a phone system.
 *
 * All methods reject with a `DiagnosedError` (what, why, fix) and never with a bare status. Its code
 * says how far it reaches: `account.*` is about this one account, anything else (`network.*`,
 * `signIn.*`, `system.*`, `run.*`) would meet every other account too.
 *
 * None of them retries: that is done once, in `http/retry.ts`, around the port they were given.
 */
export interface PhoneSystem {
	/**
	 * Every account, or a rejection. Never a shorter list: the count the system states is checked.
	 * Each looks exactly as `get` would give it, so that fingerprints of both agree.
	 */
	list(): Promise<Extension[]>;
	/** Null when there is no such account. */
	get(id: string): Promise<Extension | null>;
	/**
	 * Makes one account and reads it back. When the answer was lost on the way, calling it again
	 * finds the account made before instead of making a second one.
	 */
	create(account: NewExtension): Promise<Extension>;
	/**
	 * Writes only the named fields, `null` clears; the rest stays as it was. Gives the account as it
	 * is afterwards. A vanished account is a rejection `account.gone`.
	 *
	 * `mark`: the object id for the external-id slot, `null` empties it. Only where
	 * `capabilities.hasExternalId`.
	 */
	update(id: string, fields: Contact, mark?: string | null): Promise<Extension>;
	/** Only where `capabilities.disable` is not 'none'. */
	setEnabled(id: string, enabled: boolean): Promise<Extension>;
	/** Only where `capabilities.canDelete`. An account already gone is a success. */
	delete(id: string): Promise<void>;
	/**
	 * Puts what was written into force. Only on systems that do not do so by themselves; called once,
	 * after the last write of a run. Rejects when it is not in force.
	 */
	activate?(): Promise<void>;
	/**
	 * How many accounts the licence allows, disabled ones included; null when the system does not say.
	 * Only on systems that can be asked. More new users than that wait, whoever is senior going first.
	 */
	capacity?(): Promise<number | null>;
	/**
	 * Sends the person of an account that was just made what signing in takes. Only there where the
	 * credential asks for it; called once after each creation. The account stays when it rejects.
	 */
	welcome?(made: Extension): Promise<void>;
	/** The values a field can have, as the system names them, for a picker; null: any. */
	choices?(field: string): Promise<readonly string[] | null>;
	/** Gives back what the connection holds (sessions, tokens). Never rejects. */
	close(): Promise<void>;
}

export interface Connection {
	/** Already retrying; already carrying the credential where the system authenticates by header. */
	readonly http: HttpPort;
	/** The decrypted credential; each system parses it with its own schema. */
	readonly credential: Readonly<Record<string, unknown>>;
	readonly signal?: AbortSignal;
	/** Hears while a list is read how many accounts there are so far, and of how many; null: not known. */
	readonly onProgress?: (done: number, total: number | null) => void;
	/** Accounts asked for per page. Default: what suits the system. */
	readonly pageSize?: number;
}

/** What a system can do and which fields it has. */
export interface Abilities {
	readonly capabilities: Capabilities;
	readonly fields: readonly FieldDefinition[];
}

/** All there is to know about a system without talking to it. */
export interface SystemDefinition {
	/** Stable key, used in workflows: 'yeastar', 'scim', ... */
	readonly name: string;
	/** As its vendor writes it. */
	readonly displayName: string;
	/** Name of the n8n credential type. Empty: nothing is signed in to. */
	readonly credentialType: string;
	readonly capabilities: Capabilities;
	readonly fields: readonly FieldDefinition[];
	/**
	 * What it can do and which fields it has, where that depends on the credential. Then the two above
	 * are all there could be: panels offer those, and reading and writing goes by these. Absent: the
	 * two above hold for every credential. Rejects like `open` does.
	 */
	forCredential?(credential: Connection['credential']): Abilities;
	open(connection: Connection): PhoneSystem;
}
