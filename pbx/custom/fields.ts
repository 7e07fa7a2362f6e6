import type { Contact, FieldDefinition } from '../../sync/contact';
import type { Extension } from '../../sync/item';
import type { Capabilities, NewExtension } from '../adapter';
import { isObject, readPath, textOf, writePath, type Step } from './path';
import type { FieldEntry, Profile, Scalar } from './profile';
import { CUSTOM_FIELDS } from './profile';
import { numberOr } from './template';

const TYPES: Readonly<Record<string, FieldDefinition['type']>> = {
	email: 'email',
	mobile: 'phone',
	phone: 'phone',
	number: 'digits',
};

/** Every field a profile may have. Which it has is only known with the credential. */
export const ALL_FIELDS: readonly FieldDefinition[] = Object.entries(CUSTOM_FIELDS).map(
	([name, displayName]) => ({
		name,
		displayName,
		type: TYPES[name] ?? 'text',
		...(name === 'email' ? { ignoreCase: true } : {}),
	}),
);

export function fieldsOf({ account, fields }: Profile): FieldDefinition[] {
	const { number } = account;
	const own = Object.entries(fields).map(([name, entry]): FieldDefinition => {
		const { displayName, required, maxLength, createOnly } = entry;
		return {
			name,
			displayName: displayName ?? CUSTOM_FIELDS[name] ?? name,
			type: TYPES[name] ?? 'text',
			...(required ? { required } : {}),
			...(maxLength ? { maxLength } : {}),
			...(createOnly ? { createOnly } : {}),
			...(name === 'email' ? { ignoreCase: true } : {}),
		};
	});
	if (!number) return own;
	const { maxLength, required, canChange } = number;
	const ofNumber: FieldDefinition = {
		name: 'number',
		displayName: 'Extension Number',
		type: 'digits',
		maxLength,
		...(required ? { required } : {}),
		...(canChange ? {} : { createOnly: true }),
	};
	return [ofNumber, ...own];
}

export function capabilitiesOf(
	profile: Profile,
	exercisedAgainst: Capabilities['exercisedAgainst'],
): Capabilities {
	const { account, get, create, update, delete: remove, sharedEmail, concurrency } = profile;
	const { number, enabled, externalId } = account;
	const HOW = { switch: 'native', lockOut: 'emulated' } as const;
	return {
		numbers: number ? (number.required ? 'required' : 'optional') : 'none',
		numberMaxLength: number?.maxLength ?? 0,
		canChangeNumber: number?.canChange ?? false,
		disable: enabled ? HOW[enabled.kind] : 'none',
		canDelete: remove !== undefined,
		canCreate: create !== undefined,
		hasExternalId: externalId !== undefined,
		partialUpdate: update.mode === 'partial',
		sharedEmail,
		canReadOne: get !== undefined,
		concurrency,
		exercisedAgainst,
	};
}

/** As it is there, in our words; null when it has no id. */
export function toExtension(record: unknown, { account, fields }: Profile): Extension | null {
	const id = textOf(readPath(record, account.id));
	if (id === null) return null;
	const { number, enabled, externalId } = account;
	return {
		id,
		number: number ? textOf(readPath(record, number.path)) : null,
		enabled: enabled ? switchIn(readPath(record, enabled.path), enabled) : null,
		externalId: externalId ? textOf(readPath(record, externalId)) : null,
		fields: Object.fromEntries(
			Object.entries(fields).map(([name, { path }]) => [name, textOf(readPath(record, path))]),
		),
	};
}

function switchIn(there: unknown, { on, off }: { on: Scalar; off: Scalar }): boolean | null {
	if (there === on) return true;
	return (there ?? null) === off ? false : null;
}

/** One value to be written, and where. */
export interface Write {
	readonly path: readonly Step[];
	readonly value: unknown;
}

/** Only the named fields; what the profile does not have is left out. */
export function toWrites(contact: Contact, profile: Profile): Write[] {
	const writes: Write[] = [];
	for (const [name, value] of Object.entries(contact)) {
		const entry = Object.hasOwn(profile.fields, name) ? profile.fields[name] : undefined;
		if (entry) writes.push({ path: entry.path, value: value || emptyFor(entry, profile) });
	}
	const { number } = profile.account;
	const wanted = contact['number'];
	if (number?.canChange && wanted) writes.push(numberWrite(wanted, number));
	return writes;
}

/** What a new account has besides its fields: number, object id, and that it is in use. */
export function identityWrites(
	{ number, externalId }: NewExtension,
	{ account }: Profile,
): Write[] {
	return [
		...(account.number && number ? [numberWrite(number, account.number)] : []),
		...(account.externalId && externalId ? [{ path: account.externalId, value: externalId }] : []),
	];
}

/** The object id in its slot; `null` empties it, `undefined` leaves it alone. */
export function markWrite(mark: string | null | undefined, { account, empty }: Profile): Write[] {
	const { externalId } = account;
	if (mark === undefined || !externalId) return [];
	return [{ path: externalId, value: mark ?? EMPTY[empty] }];
}

export function switchWrite(enabled: boolean, { account }: Profile): Write[] {
	const { enabled: slot } = account;
	return slot ? [{ path: slot.path, value: enabled ? slot.on : slot.off }] : [];
}

function numberWrite(
	number: string,
	slot: { readonly path: readonly Step[]; readonly as: 'text' | 'number' },
): Write {
	return { path: slot.path, value: slot.as === 'number' ? numberOr(number) : number };
}

/**
 * The body that carries these writes. What is nested goes with everything beside it as it was read,
 * so that an interface that replaces a list or an object takes nothing away.
 */
export function toBody(writes: readonly Write[], current: unknown, keepAll: boolean): object {
	let body: unknown = keepAll ? current : {};
	for (const { path, value } of writes) {
		const [first] = path;
		if (!keepAll && path.length > 1 && first?.kind === 'member' && isObject(body)) {
			const there = isObject(current) ? current[first.name] : undefined;
			if (!(first.name in body) && there !== undefined) body = { ...body, [first.name]: there };
		}
		body = writePath(body, path, value);
	}
	return isObject(body) ? body : {};
}

/** Whether these writes need to know what is beside them. */
export function areNested(writes: readonly Write[]): boolean {
	return writes.some(({ path }) => path.length > 1);
}

/** What clears a value, by what a profile calls it. */
const EMPTY = { null: null, text: '', absent: undefined } as const;

function emptyFor({ empty: own }: FieldEntry, { empty }: Profile): unknown {
	return EMPTY[own ?? empty];
}
