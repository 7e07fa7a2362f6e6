/**
 * What travels on the wires. Every item keeps what earlier nodes put there and gains one section,
 * so an administrator can open any wire and read the whole story. `docs/items.md` says the same
 * with examples.
 */
import type { Conflict } from './conflict';
import type { Contact, FieldDefinition } from './contact';
import type { Diagnostic } from './diagnostic';
import type { SystemFacts } from './draft';
import type { Base, BaseNote } from './base';
import type { TwoWay } from './sides';

export type UserStatus = 'active' | 'disabled' | 'deleted' | 'outOfScope';

/**
 * A directory user: the selected Graph attributes under Graph's own names, with
 * `onPremisesExtensionAttributes` lifted to the top as `extensionAttribute1` .. `15`.
 */
export interface User {
	readonly id: string;
	readonly status: UserStatus;
	readonly [attribute: string]: unknown;
}

/** Which identity read the directory, as its sign-in says. Never the sign-in itself. */
export interface ReadAccount {
	readonly kind: 'app' | 'person' | 'managedIdentity';
	/** Client ID of an app or managed identity; a person's user principal name. */
	readonly id: string;
	/** Display name of an app or managed identity; null where it is not known. */
	readonly name: string | null;
}

/**
 * Proof that a list was read to its end. Every item of the list carries the same mark, so a node
 * that got fewer items than `count` knows that the list did not arrive whole.
 */
export interface ReadMark {
	/** One value per read, so that items of two reads are never counted together. */
	readonly id: string;
	readonly of: 'users' | 'extensions';
	/** Which phone system the extensions are of (`SystemDefinition.name`); absent for users. */
	readonly system?: string;
	/** Items the read gave; 0 is said by one item that holds only this mark. */
	readonly count: number;
	/**
	 * 'whole': last page seen and counts agree. 'changes': only what changed. 'needed': only what was
	 * asked for by ID. Of these three only the first is ever evidence of absence.
	 */
	readonly scope: 'whole' | 'changes' | 'needed';
	/** Who read the users; absent for extensions, and where the sign-in does not say. */
	readonly account?: ReadAccount;
	/** Extensions the licence allows, disabled ones included, where the phone system says so. */
	readonly seats?: number;
	/**
	 * What the system can do and which fields it has, where only its credential tells (Custom REST).
	 * Absent: what is known of the system holds.
	 */
	readonly abilities?: { readonly facts: SystemFacts; readonly fields: readonly FieldDefinition[] };
}

/** An account on the phone system (or a contact on a messaging system), as read. */
export interface Extension {
	/** The system's own key for the account. */
	readonly id: string;
	/** Extension number as text; null where the system has none. */
	readonly number: string | null;
	/** Null where the system cannot say. */
	readonly enabled: boolean | null;
	/** The object id kept in the system's external-id slot, where it has one and it is filled. */
	readonly externalId: string | null;
	/** Under our field names; what the system does not have is absent, what is empty is null. */
	readonly fields: Contact;
}

/** The remembered pairing of a user's object id with an extension. */
export interface Link {
	readonly userId: string;
	readonly extensionId: string;
	readonly number: string | null;
	/** `active`: follow it. `ignored`: leave this user alone. `pinned`: set by hand, wins over every other match. */
	readonly state: 'active' | 'ignored' | 'pinned';
	/** ISO time since when the extension is gone, where somebody keeps it. */
	readonly releasedAt?: string;
	/** ISO time since when the extension is disabled because its user is gone. Absent or null: it is not. */
	readonly disabledAt?: string | null;
	/** What both sides last agreed on, of fields that flow both ways. */
	readonly base?: Base;
}

export type Situation = 'linked' | 'adopted' | 'new' | 'disputed' | 'orphaned';

/** How a pairing was found, strongest first. */
export type MatchedBy = 'link' | 'externalId' | 'email' | 'number' | 'phone';

export interface Match {
	readonly situation: Situation;
	readonly by: MatchedBy | null;
	/** The extensions that could have been meant, by id; of very many the first twenty. */
	readonly candidates: readonly ExtensionRef[];
	/** The row of the links table, where it says more than the pairing: pinned, or disabled since. */
	readonly remembered?: Link;
}

export interface ExtensionRef {
	readonly id: string;
	readonly number: string | null;
	readonly name: string | null;
}

/** The number a user has or gets, and why. */
export interface NumberChoice {
	readonly value: string | null;
	readonly reason: 'kept' | 'property' | 'phone' | 'pool' | 'sticky' | 'none';
	/** Name of the pool it came from. */
	readonly pool: string | null;
}

/** Which plan something is part of; one object shared by all its items. */
export interface PlanMark {
	/** ID of the Extension Allocator node that made it. */
	readonly by: string;
	readonly system: string;
	/** The fewest extensions the phone system had in the last 30 days: what limits take their share of. */
	readonly base: number;
	/** Digests of the settings it was made with. */
	readonly settings: SettingsPrint;
	/** Why it may only be previewed; null: it may be carried out. */
	readonly previewOnly: Diagnostic | null;
}

/** What somebody set, in short digests: equal settings have equal prints. */
export interface SettingsPrint {
	/** Stands for all of them. A person types it to say yes. */
	readonly code: string;
	/** Whom Entra User Source reads. */
	readonly scope: string;
	/** How Field Mapper fills each field. */
	readonly mapping: Readonly<Record<string, string>>;
	/** How Extension Allocator pairs and numbers. */
	readonly numbering: string;
}

export interface FieldChange {
	readonly from: string | null;
	readonly to: string | null;
}

export type FieldChanges = Readonly<Record<string, FieldChange>>;

/**
 * One decided and not yet made write. `basedOn` is the fingerprint of the extension it was decided
 * from; when the extension looks different at the time of writing, the change is held.
 */
export type Change =
	| {
			readonly kind: 'create';
			readonly number: string | null;
			readonly pbx: FieldChanges;
			readonly directory: FieldChanges;
	  }
	| {
			/** `enable` may carry field changes too: one person, one write. */
			readonly kind: 'update' | 'enable';
			readonly extensionId: string;
			readonly pbx: FieldChanges;
			readonly directory: FieldChanges;
			readonly basedOn: string;
	  }
	| {
			readonly kind: 'disable' | 'delete';
			readonly extensionId: string;
			readonly basedOn: string;
	  };

export type ChangeKind = Change['kind'];

/** Why we believe an extension has no active user any more, weakest last. */
export type AbsenceReason = 'disabled' | 'deleted' | 'outOfScope' | 'notFound';

export interface Evidence {
	readonly reason: AbsenceReason;
	/** The directory's own statement, or null when the user simply was not in the list. */
	readonly userId: string | null;
	/** Both reads it rests on. 'notFound' is only ever stated when both were whole. */
	readonly users: ReadMark | null;
	readonly extensions: ReadMark;
	/** How the extension was known to be ours; null: never paired, so nobody's to clean up unless asked. */
	readonly knownBy: MatchedBy | null;
}

export type OutcomeResult =
	| 'created'
	| 'updated'
	| 'unchanged'
	| 'enabled'
	| 'disabled'
	| 'deleted'
	| 'held'
	| 'failed';

export interface Outcome {
	readonly result: OutcomeResult;
	readonly extensionId: string | null;
	readonly number: string | null;
	/** Why it was held or failed, or what is still missing although it was written. */
	readonly because: Diagnostic | null;
	/** True when nothing was sent because the node previews. `result` then says what would happen. */
	readonly dryRun: boolean;
	/** What to remember, only for what the phone system confirmed. */
	readonly link: Link | null;
}

/** What became of the directory side of a change. The phone side is `Outcome`. */
export interface DirectoryOutcome {
	/** 'unchanged': every value was already so. */
	readonly result: 'updated' | 'unchanged' | 'held' | 'failed';
	/** Graph's names of the attributes that were written; of a dry run, that would be. */
	readonly written: readonly string[];
	/** Why it was held or failed. */
	readonly because: Diagnostic | null;
	readonly dryRun: boolean;
}

/** A user as Entra User Source emits it. */
export interface UserItem {
	readonly user: User;
	readonly read: ReadMark;
	readonly decisions: readonly string[];
}

/**
 * After Field Mapper, output Mapped. Every user who came in goes out here, so that a list stays
 * whole: a user who could not be mapped, or who is not active, has `contact: null` and is only
 * evidence that the person exists.
 */
export interface ContactItem extends UserItem {
	readonly contact: Contact | null;
	/** Fields written when creating and left alone afterwards. */
	readonly createOnly?: readonly string[];
	/** Of these, fields in which a difference made on the phone system is told. */
	readonly reportOnly?: readonly string[];
	/** By field, of those that also flow to the directory. */
	readonly twoWay?: TwoWay;
}

/** After Field Mapper, output Rejected: a copy, with all reasons at once, for a person to read. */
export interface RejectedItem extends UserItem {
	readonly problems: readonly Diagnostic[];
}

/** After Extension Allocator, output Changes. */
export interface ChangeItem extends ContactItem {
	readonly match: Match;
	readonly extension?: Extension;
	readonly number: NumberChoice;
	readonly change: Change;
	/** What to remember of the fields that flow both ways, once it is confirmed. */
	readonly base?: BaseNote;
	readonly plan?: PlanMark;
}

/** After Extension Allocator, output Conflicts. */
export interface ConflictItem extends ContactItem {
	readonly match: Match;
	/** The extension as it was read, where the two sides disagree about fields. */
	readonly extension?: Extension;
	readonly conflict: Conflict;
}

/** After Extension Allocator, output Unmatched. */
export interface UnmatchedItem {
	readonly extension: Extension;
	readonly evidence: Evidence;
	readonly user?: User;
	readonly plan?: PlanMark;
	readonly decisions: readonly string[];
}

/** After PBX Target "Get Extensions". */
export interface ExtensionItem {
	readonly extension: Extension;
	readonly read: ReadMark;
}

/** One item of a list that turned out to be empty. */
export interface EmptyReadItem {
	readonly read: ReadMark;
}

/** After PBX Target "Apply Changes" and Unmatched Cleaner. */
export interface OutcomeItem {
	readonly outcome: Outcome;
	/** After Entra User Target, for a change that has a directory side. */
	readonly directory?: DirectoryOutcome;
	readonly base?: BaseNote;
	readonly change?: Change;
	readonly user?: User;
	readonly extension?: Extension;
	readonly number?: NumberChoice;
	readonly evidence?: Evidence;
	readonly plan?: PlanMark;
	readonly undone?: UndoneRun;
	readonly decisions: readonly string[];
}

/** What PBX Target "Undo a Run" takes back, as the journal of that run tells. */
export interface UndoneRun {
	readonly runId: string;
	readonly system: string;
	/** Whose extension it is; null where the journal does not say. */
	readonly userId: string | null;
}

/** After Extension Allocator, output Summary: always exactly one item. */
export interface Summary {
	/** Which phone system the extensions are of, as their read mark says. */
	readonly system?: string;
	readonly users: { readonly read: number; readonly whole: boolean };
	readonly extensions: { readonly read: number; readonly whole: boolean };
	readonly situations: Readonly<Record<Situation, number>>;
	readonly changes: Readonly<Record<ChangeKind, number>>;
	readonly unchanged: number;
	readonly conflicts: number;
	readonly unmatched: Readonly<Record<AbsenceReason, number>>;
	/** Users left alone on purpose: disabled or deleted without an extension, ignored by hand. */
	readonly skipped: number;
	/** Free numbers left, per pool. */
	readonly pools: ReadonlyArray<{
		readonly name: string;
		readonly free: number;
		readonly given: number;
		/** About when it is used up, where the journal is wired and says enough. */
		readonly forecast?: { readonly perDay: number; readonly runsOutOn: string };
	}>;
	/** Digest over all changes: what was previewed is what is applied. */
	readonly planDigest: string;
	/** Why nobody could be called unmatched, when that is so. */
	readonly notes: readonly Diagnostic[];
}

export interface SummaryItem {
	readonly summary: Summary;
}
