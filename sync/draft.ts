/**
 * Sorts users: to whom something may be written and which fields, who is left to a person, and who
 * is no longer in service. Numbers come afterwards, because they depend on everybody.
 */
import type { NumberFacts, Numbering } from './allocate';
import { matchConflict, refOf, userConflict, type Conflict } from './conflict';
import type { Contact, FieldDefinition } from './contact';
import type { EmailBook } from './email';
import type {
	ContactItem,
	Extension,
	FieldChanges,
	Link,
	Match,
	MatchedBy,
	UserStatus,
} from './item';
import { comparablePhone, type Pairing } from './match';
import { merge } from './merge';

/** What the phone system can do; a part of its `Capabilities`. */
export interface SystemFacts extends NumberFacts {
	readonly disable: 'native' | 'emulated' | 'none';
	readonly canCreate: boolean;
	readonly hasExternalId: boolean;
	readonly sharedEmail: boolean;
}

export interface PlanSettings {
	readonly matchBy: ReadonlySet<MatchedBy>;
	/** Whether an extension found by mail, number or phone becomes the user's. */
	readonly adopt: boolean;
	/**
	 * Whether the disabled extension of an active user is enabled. 'paired': when a link or the
	 * external id says that it is the user's. One that is only found by its likeness may have been
	 * disabled by hand for a reason, so it becomes a conflict.
	 */
	readonly enable: 'paired' | 'always' | 'never';
	readonly numbering: Numbering;
}

/** All that sorting one user needs to know about everybody else. */
export interface Surroundings {
	readonly facts: SystemFacts;
	readonly fields: readonly FieldDefinition[];
	readonly settings: PlanSettings;
	/** Null: no links are wired, so nothing is remembered from run to run. */
	readonly links: readonly Link[] | null;
	readonly extensionsWhole: boolean;
	readonly emails: EmailBook;
	/** Mapped numbers by user id. */
	readonly wishes: ReadonlyMap<string, string>;
}

/** A user to whom something may be written, and the pairing that says where. */
export interface Draft {
	readonly person: ContactItem;
	readonly pairing: Extract<Pairing, { kind: 'paired' | 'none' }>;
	/** Null: a new one is made. */
	readonly extension: Extension | null;
	readonly pbx: FieldChanges;
}

export type Sorted =
	| { readonly kind: 'draft'; readonly draft: Draft }
	| { readonly kind: 'conflict'; readonly conflict: Conflict }
	| {
			readonly kind: 'departed';
			readonly reason: Exclude<UserStatus, 'active'>;
			readonly by: MatchedBy;
			readonly extension: Extension;
	  }
	| { readonly kind: 'skipped' };

export function sortUser(person: ContactItem, pairing: Pairing, around: Surroundings): Sorted {
	const { user, contact, createOnly = [] } = person;
	if (user.status !== 'active') {
		if (pairing.kind !== 'paired') return { kind: 'skipped' };
		const { by, extension } = pairing;
		return { kind: 'departed', reason: user.status, by, extension };
	}
	if (contact === null || pairing.kind === 'ignored') return { kind: 'skipped' };
	if (pairing.kind === 'disputed') {
		return refused(matchConflict.disputed(pairing.by, pairing.candidates));
	}
	if (pairing.kind === 'missing') return refused(matchConflict.missing(pairing.link.extensionId));

	const extension = pairing.kind === 'paired' ? pairing.extension : null;
	const current = extension?.fields ?? null;
	const pbx = merge({ contact, current, fields: around.fields, createOnly });
	const draft = { person, pairing, extension, pbx };
	const conflict =
		pairingConflict(pairing, around) ??
		emailConflict(draft, around) ??
		(extension === null ? newcomerConflict(contact, draft, around) : null);
	return conflict ? refused(conflict) : { kind: 'draft', draft };
}

/** The `match` section of an item. */
export function matchOf(pairing: Exclude<Pairing, { kind: 'ignored' }>): Match {
	switch (pairing.kind) {
		case 'paired': {
			const ours = pairing.by === 'link' || pairing.by === 'externalId';
			return { situation: ours ? 'linked' : 'adopted', by: pairing.by, candidates: [] };
		}
		case 'disputed':
			return { situation: 'disputed', by: pairing.by, candidates: pairing.candidates.map(refOf) };
		case 'missing':
			return { situation: 'linked', by: 'link', candidates: [] };
		case 'none':
			return { situation: 'new', by: null, candidates: [] };
	}
}

function pairingConflict(pairing: Draft['pairing'], around: Surroundings): Conflict | null {
	const { settings, facts, extensionsWhole } = around;
	if (pairing.kind === 'none') {
		if (!extensionsWhole) return matchConflict.listNotWhole();
		return facts.canCreate ? null : matchConflict.cannotCreate();
	}
	if (matchOf(pairing).situation === 'linked') return null;
	if (!settings.adopt) return matchConflict.adoptionOff(pairing.by, pairing.extension);
	return pairing.extension.enabled === false && settings.enable === 'paired'
		? matchConflict.extensionDisabled(pairing.extension)
		: null;
}

function emailConflict(
	{ pbx, extension }: Draft,
	{ facts, emails }: Surroundings,
): Conflict | null {
	const email = pbx['email']?.to ?? null;
	return email === null || facts.sharedEmail ? null : emails.conflict(email, extension);
}

function newcomerConflict(contact: Contact, draft: Draft, around: Surroundings): Conflict | null {
	// The number is required too, and comes later.
	const missing = around.fields.find(
		({ name, required }) => required && name !== 'number' && !draft.pbx[name],
	);
	if (missing) return userConflict.missingField(missing.displayName);
	return isRecognisable(contact, draft, around) ? null : userConflict.noKey();
}

/** Whether the next run would find the new extension again. If not, every run would make one more. */
function isRecognisable(contact: Contact, { person, pbx }: Draft, around: Surroundings): boolean {
	const { facts, links, settings, emails, wishes } = around;
	const { matchBy: by, numbering } = settings;
	const mappedNumber = numbering.method !== 'nextFree' && numbering.method !== 'none';
	return (
		(by.has('link') && links !== null) ||
		(by.has('externalId') && facts.hasExternalId) ||
		(by.has('email') && emails.identifies(pbx['email']?.to)) ||
		(by.has('number') && facts.numbers !== 'none' && mappedNumber && wishes.has(person.user.id)) ||
		(by.has('phone') &&
			['mobile', 'phone'].some((name) => pbx[name] && comparablePhone(contact[name]) !== ''))
	);
}

function refused(conflict: Conflict): Sorted {
	return { kind: 'conflict', conflict };
}
