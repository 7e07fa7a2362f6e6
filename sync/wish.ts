/** Which number the directory wants a user to have, and by which way a user's number is found. */
import type { Contact } from './contact';
import type { DirectNumber } from './direct';
import type { ContactItem, User } from './item';
import { fold } from './keys';

/**
 * Where a new number comes from. 'nextFree': the pool. 'property': the mapped number and nothing
 * else. 'propertyElseNextFree': the mapped number, or the pool for users without one. 'phoneDigits':
 * the last digits of the user's phone number, where they are a number of the pool. 'none': no numbers.
 */
export type NumberMethod =
	| 'nextFree'
	| 'property'
	| 'propertyElseNextFree'
	| 'phoneDigits'
	| 'phoneDigitsElseNextFree'
	| 'none';

export interface PoolSettings {
	readonly name: string;
	/** `200-299, 400-449`; numbers are given in this order. */
	readonly ranges: string;
	/** Whom the pool is for: users whose attribute has one of the values. Absent: everyone. */
	readonly when?: { readonly attribute: string; readonly values: readonly string[] };
	/** Absent: as the numbering says. */
	readonly method?: NumberMethod;
	/** Of which number the last digits are taken, and how many. Absent: 3 of `phone`. */
	readonly digits?: { readonly of: 'phone' | 'mobile'; readonly count: number };
	/** Goes with every number the pool gives. */
	readonly direct?: DirectNumber;
}

export interface Wish {
	readonly number: string;
	/** 'phone': its last digits. Only looked at for new extensions. */
	readonly from: 'property' | 'phone';
	/** Whether the user's method looks at it. If not, it still is not given to anybody else. */
	readonly counts: boolean;
}

/** The pools that are meant for a user; the first one is the user's own. */
export function poolsFor<T extends PoolSettings>(pools: readonly T[], user: User): T[] {
	return pools.filter(({ when }) => {
		if (when === undefined) return true;
		const value = user[when.attribute];
		const held = (Array.isArray(value) ? value : [value ?? '']).map((one) => fold(String(one)));
		return when.values.some((wanted) => held.includes(fold(wanted)));
	});
}

/** Of every active user who has one, by user id. */
export function wishesOf(
	people: readonly ContactItem[],
	{ method, pools }: { readonly method: NumberMethod; readonly pools: readonly PoolSettings[] },
): ReadonlyMap<string, Wish> {
	const wishes = new Map<string, Wish>();
	const same = pools.every((pool) => pool.method === undefined);
	for (const { user, contact } of people) {
		if (user.status !== 'active' || contact === null) continue;
		const own = same ? undefined : poolsFor(pools, user)[0];
		const wish = wishOf(contact, own?.method ?? method, own?.digits);
		if (wish !== null) wishes.set(user.id, wish);
	}
	return wishes;
}

function wishOf(
	contact: Contact,
	method: NumberMethod,
	digits: PoolSettings['digits'] = { of: 'phone', count: 3 },
): Wish | null {
	if (method === 'phoneDigits' || method === 'phoneDigitsElseNextFree') {
		const dialled = (contact[digits.of] ?? '').replace(/\D/g, '');
		const number = dialled.slice(-digits.count);
		return dialled.length > digits.count ? { number, from: 'phone', counts: true } : null;
	}
	const number = contact['number']?.trim() ?? '';
	const counts = method === 'property' || method === 'propertyElseNextFree';
	return number === '' ? null : { number, from: 'property', counts };
}
