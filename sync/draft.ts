/**
 * Sorts users: to whom something may be written and which fields, who is left to a person, and who
 * is no longer in service. Numbers come afterwards, because they depend on everybody.
 */
import { keepsNumber, type NumberFacts, type Numbering } from './allocate';
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
import type { KeyBook } from './keybook';
import { phonesOf } from './keys';
import { markFor } from './mark';
import type { Pairing } from './pairing';
import { merge } from './merge';
import type { Base } from './base';
import type { ConflictChoices, Reactions } from './reaction';
import { heldFields, mergeSides, onlyOneWay, sidesNeedNothing, type Sides } from './sides';
import type { Wish } from './wish';

/** What the phone system can do; a part of its `Capabilities`. */
export interface SystemFacts extends NumberFacts {
	readonly disable: 'native' | 'emulated' | 'none';
	readonly canCreate: boolean;
	readonly hasExternalId: boolean;
	readonly sharedEmail: boolean;
	/** Default: true. */
	readonly sharedMobile?: boolean;
	/** What a change does besides what it says. */
	readonly sideEffects?: { readonly create?: string; readonly update?: string };
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
	/** Also call extensions unmatched that are disabled already. Default: false. */
	readonly includeDisabled?: boolean;
	readonly numbering: Numbering;
	/** Default: as usual in every situation. */
	readonly reactions?: Reactions;
	/** Default: every conflict is told. */
	readonly choices?: ConflictChoices;
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
	readonly phones: KeyBook;
	/** Object ids in the external-id slots of extensions. */
	readonly marks: KeyBook;
	/** The numbers users are to have, by user id. */
	readonly wishes: ReadonlyMap<string, Wish>;
	/** What the two sides of a pair last agreed on; null: nothing is remembered. */
	readonly baseOf: (userId: string, extensionId: string) => Base | null;
}

/** A user to whom something may be written, and the pairing that says where. */
export interface Draft {
	readonly person: ContactItem;
	readonly pairing: Extract<Pairing, { kind: 'paired' | 'none' }>;
	/** Null: a new one is made. */
	readonly extension: Extension | null;
	readonly pbx: FieldChanges;
	/** Of fields that also flow to the directory; null where there are none. */
	readonly sides: Sides | null;
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
		if (around.settings.reactions?.disputed === 'ignore') return { kind: 'skipped' };
		return refused(matchConflict.disputed(pairing.by, pairing.candidates));
	}
	if (pairing.kind === 'held') {
		return refused(matchConflict[pairing.because](pairing.by, pairing.extension));
	}
	if (pairing.kind === 'missing') return refused(matchConflict.missing(pairing.link.extensionId));

	const extension = pairing.kind === 'paired' ? pairing.extension : null;
	const current = extension?.fields ?? null;
	const { fields } = around;
	const sides = sidesOf(person, extension, around);
	const wishes = sides && extension ? onlyOneWay(contact, person.twoWay ?? {}) : contact;
	const oneWay = merge({ contact: wishes, current, fields, createOnly });
	const written = sides ? { ...oneWay, ...sides.pbx } : oneWay;
	// One that did not arrive may carry this mark.
	const mayMark = around.extensionsWhole && !isOnlyReported(pairing, around);
	const mark = mayMark ? markFor(user, extension, around.facts, around.marks) : null;
	const pbx = mark ? { ...written, ...mark } : written;
	const draft = { person, pairing, extension, pbx, sides };
	if (isIgnored(draft, around)) return { kind: 'skipped' };
	const conflict =
		reported(draft, around) ??
		pairingConflict(pairing, around) ??
		(sides === null ? null : heldFields(sides)) ??
		emailConflict(draft, around) ??
		mobileConflict(draft, around) ??
		keyConflict(draft, around) ??
		(extension === null ? newcomerConflict(contact, draft, around) : null);
	return conflict ? refused(conflict) : { kind: 'draft', draft };
}

/** Whether everything is as it should be: no field, no number and no switch would change. */
export function needsNothing(
	{ person, pairing, extension, pbx, sides }: Draft,
	around: Surroundings,
) {
	if (extension === null || pairing.kind === 'none') return false;
	if (sides !== null && !sidesNeedNothing(sides)) return false;
	if (Object.keys(pbx).length > 0 || enables(extension, around)) return false;
	return (
		around.facts.numbers === 'none' || keepsNumber(extension, around.wishes.get(person.user.id))
	);
}

/** The fields that flow both ways, and what follows the phone system. */
function sidesOf(
	{ user, twoWay }: ContactItem,
	extension: Extension | null,
	{ fields, baseOf }: Surroundings,
): Sides | null {
	if (twoWay === undefined) return null;
	const { fields: current = null, number = null } = extension ?? {};
	const base = extension === null ? null : baseOf(user.id, extension.id);
	return mergeSides({ twoWay, current, number, fields, base });
}

/** Whether a disabled extension of an active user is going to be enabled. */
export function enables(
	{ enabled }: Extension,
	{ facts, settings }: { readonly facts: SystemFacts; readonly settings: PlanSettings },
): boolean {
	return enabled === false && settings.enable !== 'never' && facts.disable !== 'none';
}

/** The `match` section of an item. */
export function matchOf(pairing: Exclude<Pairing, { kind: 'ignored' }>): Match {
	switch (pairing.kind) {
		case 'paired': {
			return {
				situation: isLinked(pairing) ? 'linked' : 'adopted',
				by: pairing.by,
				candidates: [],
			};
		}
		case 'disputed':
			return { situation: 'disputed', by: pairing.by, candidates: pairing.candidates.map(refOf) };
		case 'held':
			return {
				situation: 'disputed',
				by: pairing.by,
				candidates: [refOf(pairing.extension)],
			};
		case 'missing':
			return { situation: 'linked', by: 'link', candidates: [] };
		case 'none':
			return { situation: 'new', by: null, candidates: [] };
	}
}

function isIgnored({ pairing }: Draft, { settings: { reactions = {} } }: Surroundings): boolean {
	if (pairing.kind === 'none') return reactions.new === 'ignore';
	return (isLinked(pairing) ? reactions.linked : reactions.adopted) === 'ignore';
}

/** What would change is told instead of done, where that is asked for. */
function reported(draft: Draft, around: Surroundings): Conflict | null {
	const { pairing, pbx, sides } = draft;
	const { reactions = {} } = around.settings;
	if (pairing.kind === 'none') {
		return reactions.new === 'report' ? matchConflict.newReported() : null;
	}
	if (!isLinked(pairing)) {
		const { by, extension } = pairing;
		return reactions.adopted === 'report' ? matchConflict.adoptedReported(by, extension) : null;
	}
	if (!isOnlyReported(pairing, around)) return null;
	if (needsNothing(draft, around)) return null;
	const names = around.fields.filter(({ name }) => pbx[name]).map(({ displayName }) => displayName);
	names.push(...Object.keys(sides?.directory ?? {}));
	if (enables(pairing.extension, around)) names.push('enabled');
	return matchConflict.linkedReported(pairing.extension, names.length > 0 ? names : ['number']);
}

/** Nothing is written to such an extension, its mark neither, and a missing mark is no difference. */
function isOnlyReported(
	pairing: Draft['pairing'],
	{ settings: { reactions = {} } }: Surroundings,
): pairing is Extract<Pairing, { kind: 'paired' }> {
	return pairing.kind === 'paired' && reactions.linked === 'report' && isLinked(pairing);
}

function isLinked({ by }: { readonly by: MatchedBy }): boolean {
	return by === 'link' || by === 'externalId';
}

function pairingConflict(pairing: Draft['pairing'], around: Surroundings): Conflict | null {
	const { settings, facts, extensionsWhole } = around;
	if (pairing.kind === 'none') {
		if (!extensionsWhole) return matchConflict.listNotWhole();
		return facts.canCreate ? null : matchConflict.cannotCreate();
	}
	if (isLinked(pairing)) return null;
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

function mobileConflict(
	{ pbx, extension }: Draft,
	{ facts, phones }: Surroundings,
): Conflict | null {
	const mobile = pbx['mobile']?.to ?? null;
	const [key] = phonesOf({ mobile });
	if (mobile === null || key === undefined || facts.sharedMobile !== false) return null;
	const holder = phones.holder(key, extension);
	if (holder) return userConflict.mobileInUse(mobile, holder);
	return phones.identifies([key], extension) ? null : userConflict.mobileWantedTwice(mobile);
}

/**
 * An extension that is found by its likeness alone, run after run, must stay recognisable: what is
 * written must not clear the value it is found by, nor make it like somebody else's.
 */
function keyConflict({ person, pairing, pbx }: Draft, around: Surroundings): Conflict | null {
	const { links, settings, emails, phones } = around;
	const remembered = links !== null && settings.matchBy.has('link');
	if (pairing.kind === 'none' || remembered || isLinked(pairing)) return null;
	const { by, extension } = pairing;
	const email = pbx['email']?.to;
	const matters = email === null ? by === 'email' : settings.matchBy.has('email');
	if (email !== undefined && matters && !emails.identifies(email, extension)) {
		return userConflict.keyLost('email');
	}
	const rewritten = by === 'phone' && Boolean(pbx['mobile'] ?? pbx['phone']);
	const known = !rewritten || phones.identifies(phonesOf(person.contact ?? {}), extension);
	return known ? null : userConflict.keyLost('phone');
}

function newcomerConflict(contact: Contact, draft: Draft, around: Surroundings): Conflict | null {
	// The number is required too, and comes later.
	const missing = around.fields.find(
		({ name, required }) => required && name !== 'number' && !draft.pbx[name],
	);
	if (missing) return userConflict.missingField(missing.displayName);
	return isRecognisable(contact, draft, around) ? null : userConflict.noKey();
}

/**
 * Whether the next run would find the new extension again. If not, every run would make one more.
 * Tried in the order of matching, because a strong likeness to somebody else outweighs a weaker one.
 */
function isRecognisable(contact: Contact, { person, pbx }: Draft, around: Surroundings): boolean {
	const { facts, links, settings, emails, phones, wishes } = around;
	const { matchBy: by, adopt, choices = {} } = settings;
	if (by.has('link') && links !== null) return true;
	if (by.has('externalId') && facts.hasExternalId) return true;
	// Where nothing may be adopted, a likeness would only be reported, our own work included.
	if (!adopt) return false;
	const email = pbx['email']?.to ?? null;
	if (by.has('email') && email !== null) return emails.identifies(email, null);
	const wish = wishes.get(person.user.id);
	const numbered = facts.numbers !== 'none' && wish?.counts && wish.from === 'property';
	// Who may get another number than the mapped one is not known by the mapped one.
	const certain = !Object.values(choices).includes('nextFree');
	if (by.has('number') && numbered && certain) return true;
	const written = ['mobile', 'phone'].some((name) => pbx[name]);
	return by.has('phone') && written && phones.identifies(phonesOf(contact), null);
}

function refused(conflict: Conflict): Sorted {
	return { kind: 'conflict', conflict };
}
