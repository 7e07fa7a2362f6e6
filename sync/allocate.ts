/** Gives numbers: nobody loses one, nobody gets somebody else's, the same input gives the same numbers. */
import { numberConflict, type Conflict } from './conflict';
import type { Extension, NumberChoice, Summary, User } from './item';
import { fold } from './keys';
import { EMERGENCY_NUMBERS, inRanges, NumberPool, parseRanges, type NumberRange } from './numbers';

export interface PoolSettings {
	readonly name: string;
	/** `200-299, 400-449`; numbers are given in this order. */
	readonly ranges: string;
	/** Whom the pool is for: users whose attribute has one of the values. Absent: everyone. */
	readonly when?: { readonly attribute: string; readonly values: readonly string[] };
}

export interface Numbering {
	/**
	 * Where a new number comes from. 'nextFree': the pools. 'property': the mapped number and nothing
	 * else. 'propertyElseNextFree': the mapped number, or the pools for users without one. 'none':
	 * no numbers.
	 */
	readonly method: 'nextFree' | 'property' | 'propertyElseNextFree' | 'none';
	/** The first pool that is meant for a user is the user's pool. */
	readonly pools: readonly PoolSettings[];
	/** Never given, in the same form as a pool's ranges. */
	readonly reserved: string;
}

/** What the phone system can do about numbers; see `Capabilities`. */
export interface NumberFacts {
	readonly numbers: 'required' | 'optional' | 'none';
	readonly numberMaxLength: number;
	readonly canChangeNumber: boolean;
}

/** A user to whom something is going to be written. */
export interface Seeker {
	readonly user: User;
	/** The extension the user has; null: a new one is made. */
	readonly extension: Extension | null;
	/** The number of an extension the user once had. */
	readonly remembered: string | null;
}

export interface AllocateInput {
	/** In a stable order. */
	readonly seekers: readonly Seeker[];
	/** The mapped number of every active user, by user id, seekers or not. */
	readonly wishes: ReadonlyMap<string, string>;
	/** All extensions: their numbers are in use. */
	readonly extensions: readonly Extension[];
	readonly numbering: Numbering;
	readonly facts: NumberFacts;
}

export type Allocation =
	| {
			readonly kind: 'chosen';
			readonly choice: NumberChoice;
			/** The mapped number, where the system cannot change the one the extension has. */
			readonly unmet: string | null;
	  }
	| { readonly kind: 'conflict'; readonly conflict: Conflict };

export interface Allocations {
	/** For every seeker, by user id. */
	readonly byUser: ReadonlyMap<string, Allocation>;
	readonly pools: Summary['pools'];
}

/** Whether mapped numbers are looked at at all. */
export function takesMapped({ method }: Numbering): boolean {
	return method === 'property' || method === 'propertyElseNextFree';
}

/** Throws a `DiagnosedError` when a range in the settings cannot be read. */
export function allocate(input: AllocateInput): Allocations {
	return new Allocator(input).run();
}

const NONE = chosen(null, 'none');

class Allocator {
	private readonly holders = new Map<string, Extension>();
	private readonly wanted = new Map<string, number>();
	/** In use, given, or mapped to somebody, even where mapped numbers are not looked at. Only grows. */
	private readonly taken = new Set<string>();
	private readonly reserved: readonly NumberRange[];
	private readonly pools: ReadonlyArray<{
		settings: PoolSettings;
		pool: NumberPool;
		given: number;
	}>;
	private readonly byUser = new Map<string, Allocation>();
	private readonly wishesCount: boolean;

	constructor(private readonly input: AllocateInput) {
		const { extensions, wishes, numbering, facts } = input;
		this.wishesCount = takesMapped(numbering);
		this.reserved = parseRanges(numbering.reserved, 'Reserved Numbers');
		this.pools = numbering.pools.map((settings) => ({
			settings,
			pool: new NumberPool(
				settings.name,
				parseRanges(settings.ranges, `Number Pools: ${settings.name}`),
				this.reserved,
				facts.numberMaxLength,
			),
			given: 0,
		}));
		for (const extension of extensions) {
			if (extension.number === null) continue;
			this.holders.set(extension.number, extension);
			this.taken.add(extension.number);
		}
		for (const wish of wishes.values()) {
			this.wanted.set(wish, (this.wanted.get(wish) ?? 0) + 1);
			this.taken.add(wish);
		}
	}

	/** What a user already has or is owed comes before what anyone could get. */
	run(): Allocations {
		const waiting = this.input.seekers.filter(
			(seeker) => !this.settle(seeker, this.certain(seeker)),
		);
		const stillWaiting = waiting.filter((seeker) => !this.settle(seeker, this.sticky(seeker)));
		for (const seeker of stillWaiting) this.settle(seeker, this.nextFree(seeker));
		const pools = this.pools.map(({ pool, given }) => ({
			name: pool.name,
			free: pool.free(this.taken),
			given,
		}));
		this.suggest();
		return { byUser: this.byUser, pools };
	}

	private settle({ user }: Seeker, allocation: Allocation | null): boolean {
		if (allocation === null) return false;
		this.byUser.set(user.id, allocation);
		return true;
	}

	/** What follows from the user alone; null when the number has to come from a pool. */
	private certain({ user, extension }: Seeker): Allocation | null {
		const { numbering, facts } = this.input;
		const current = extension?.number ?? null;
		const kept = current === null ? NONE : chosen(current, 'kept');
		if (facts.numbers === 'none') return kept;
		const wish = this.wishesCount ? (this.input.wishes.get(user.id) ?? null) : null;
		if (extension !== null) {
			if (wish === null || wish === current) return kept;
			if (!facts.canChangeNumber) return { ...kept, unmet: wish };
		}
		if (wish !== null) return this.wished(wish);
		if (numbering.method === 'none') {
			return facts.numbers === 'required' ? refused(numberConflict.methodNone()) : NONE;
		}
		return numbering.method === 'property' ? refused(numberConflict.missing()) : null;
	}

	private wished(wish: string): Allocation {
		const { numberMaxLength } = this.input.facts;
		if (!/^\d+$/.test(wish) || wish.length > numberMaxLength) {
			return refused(numberConflict.bad(wish, numberMaxLength));
		}
		if (EMERGENCY_NUMBERS.has(wish) || inRanges(this.reserved, wish)) {
			return refused(numberConflict.reserved(wish));
		}
		const holder = this.holders.get(wish);
		if (holder) return refused(numberConflict.inUse(wish, holder));
		const users = this.wanted.get(wish) ?? 0;
		if (users > 1) return refused(numberConflict.wantedTwice(wish, users));
		return chosen(wish, 'property');
	}

	/** The number of the extension the user once had, while it is free and still in the user's pool. */
	private sticky({ user, remembered }: Seeker): Allocation | null {
		const own = this.poolsFor(user)[0];
		if (remembered === null || this.taken.has(remembered) || !own?.pool.has(remembered))
			return null;
		return this.give(own, remembered, 'sticky');
	}

	private nextFree({ user }: Seeker): Allocation {
		const own = this.poolsFor(user)[0];
		if (own === undefined) return refused(numberConflict.noPool());
		const number = own.pool.next(this.taken);
		if (number === null) return refused(numberConflict.poolEmpty(own.pool.name));
		return this.give(own, number, 'pool');
	}

	private give(
		from: { pool: NumberPool; given: number },
		number: string,
		reason: 'pool' | 'sticky',
	): Allocation {
		this.taken.add(number);
		from.given++;
		return chosen(number, reason, from.pool.name);
	}

	/** The user's own pool first, then others meant for the user too. */
	private poolsFor(user: User) {
		return this.pools.filter(({ settings: { when } }) => {
			if (when === undefined) return true;
			const value = user[when.attribute];
			const held = (Array.isArray(value) ? value : [value ?? '']).map((one) => fold(String(one)));
			return when.values.some((wanted) => held.includes(fold(wanted)));
		});
	}

	/** Everyone whose number was refused is told a free one; no two are told the same. */
	private suggest(): void {
		for (const { user } of this.input.seekers) {
			const allocation = this.byUser.get(user.id);
			if (allocation?.kind !== 'conflict') continue;
			for (const { pool } of this.poolsFor(user)) {
				const suggestion = pool.next(this.taken);
				if (suggestion === null) continue;
				this.taken.add(suggestion);
				this.byUser.set(user.id, refused({ ...allocation.conflict, suggestion }));
				break;
			}
		}
	}
}

function chosen(
	value: string | null,
	reason: NumberChoice['reason'],
	pool: string | null = null,
): Extract<Allocation, { kind: 'chosen' }> {
	return { kind: 'chosen', choice: { value, reason, pool }, unmet: null };
}

function refused(conflict: Conflict): Allocation {
	return { kind: 'conflict', conflict };
}
