/** Gives numbers: nobody loses one, nobody gets somebody else's, the same input gives the same numbers. */
import { numberConflict, type Conflict } from './conflict';
import { heldByOther } from './direct';
import { coolingNumbers, forecast, type Cooling, type NumberEvent } from './history';
import type { Extension, NumberChoice, Summary, User } from './item';
import { fold } from './keys';
import { EMERGENCY_NUMBERS, inRanges, NumberPool, parseRanges, type NumberRange } from './numbers';
import { choiceFor, type ConflictChoices } from './reaction';
import { TakenNumbers } from './taken';
import { poolsFor, type NumberMethod, type PoolSettings, type Wish } from './wish';

export interface Numbering {
	/** For users whose pool has no method of its own. */
	readonly method: NumberMethod;
	/** The first pool that is meant for a user is the user's pool. */
	readonly pools: readonly PoolSettings[];
	/** Never given, in the same form as a pool's ranges. */
	readonly reserved: string;
	/** Days in which a released number is given to nobody but its old owner. Default: 0. */
	readonly coolingDays?: number;
	/** Whether a number that is the beginning of another one counts as taken. Default: false. */
	readonly noBeginnings?: boolean;
	/** How many extensions the phone system may have, disabled ones included. Default: no limit. */
	readonly seats?: number | null;
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
	/** In the order seats and numbers are given in. */
	readonly seekers: readonly Seeker[];
	/** Of every active user, by user id, seekers or not. */
	readonly wishes: ReadonlyMap<string, Wish>;
	/** All that arrived: their numbers are in use. */
	readonly extensions: readonly Extension[];
	/** Whether these are all there are. If not, nobody knows whether another number is free. */
	readonly extensionsWhole: boolean;
	readonly history: readonly NumberEvent[];
	/** ISO time. */
	readonly now: string;
	readonly numbering: Numbering;
	readonly choices: ConflictChoices;
	readonly facts: NumberFacts;
}

export type Allocation =
	| {
			readonly kind: 'chosen';
			readonly choice: NumberChoice;
			/** The mapped number, where the system cannot change the one the extension has. */
			readonly unmet: string | null;
			/** Why the number that was asked for was not taken, where another one was chosen for it. */
			readonly instead: Conflict | null;
	  }
	| { readonly kind: 'conflict'; readonly conflict: Conflict };

export interface Allocations {
	/** By user id, for every seeker. */
	readonly byUser: ReadonlyMap<string, Allocation>;
	readonly pools: Summary['pools'];
}

/** Throws a `DiagnosedError` when a range in the settings cannot be read. */
export function allocate(input: AllocateInput): Allocations {
	return new Allocator(input).run();
}

/** The number an extension has stays, unless the directory wants another and is listened to. */
export function keepsNumber(extension: Extension, wish: Wish | undefined): boolean {
	return wish?.counts !== true || wish.from === 'phone' || wish.number === extension.number;
}

/** Whether there is nothing to decide about a user's number. */
export function keeps(
	extension: Extension | null,
	wish: Wish | undefined,
	{ numbers }: NumberFacts,
): extension is Extension {
	return extension !== null && (numbers === 'none' || keepsNumber(extension, wish));
}

interface Pool extends PoolSettings {
	readonly supply: NumberPool;
	given: number;
}

const NONE = chosen(null, 'none');

class Allocator {
	private readonly holders = new Map<string, Extension>();
	private readonly wanted = new Map<string, number>();
	/** In use, given, owed, cooling, or mapped to somebody, even where that is not looked at. */
	private readonly taken: TakenNumbers;
	/** Numbers that are set aside for whoever had them: user id by number. */
	private readonly owed = new Map<string, string>();
	private readonly cooling: Cooling;
	private readonly reserved: readonly NumberRange[];
	private readonly pools: readonly Pool[];
	private readonly byUser = new Map<string, Allocation>();
	private seats: number;

	constructor(private readonly input: AllocateInput) {
		const { extensions, wishes, numbering, facts, history, now } = input;
		this.reserved = parseRanges(numbering.reserved, 'Reserved Numbers');
		this.taken = new TakenNumbers(numbering.noBeginnings ?? false, this.reserved);
		this.pools = numbering.pools.map((settings) => ({
			...settings,
			supply: new NumberPool(
				settings.name,
				parseRanges(settings.ranges, `Number Pools: ${settings.name}`),
				this.reserved,
				facts.numberMaxLength,
			),
			given: 0,
		}));
		for (const extension of extensions) {
			if (extension.number === null) continue;
			const other = this.holders.get(extension.number);
			if (other === undefined || extension.id < other.id) {
				this.holders.set(extension.number, extension);
			}
			this.taken.add(extension.number);
		}
		for (const { direct } of numbering.pools) {
			for (const extension of direct ? extensions : []) {
				const held = direct ? heldByOther(direct, extension) : null;
				if (held !== null) this.taken.add(held);
			}
		}
		for (const { number } of wishes.values()) {
			this.wanted.set(number, (this.wanted.get(number) ?? 0) + 1);
			this.taken.add(number);
		}
		this.seats = (numbering.seats ?? Infinity) - extensions.length;
		this.cooling = coolingNumbers(history, numbering.coolingDays ?? 0, now);
		this.setAside();
	}

	run(): Allocations {
		for (const seeker of this.input.seekers) {
			const allocation = this.allocationFor(seeker);
			this.byUser.set(seeker.user.id, allocation);
			if (allocation.kind === 'chosen' && seeker.extension === null) this.seats--;
		}
		const pools = this.pools.map(({ supply, given, name }) => {
			const free = supply.free(this.taken);
			const { history, now } = this.input;
			const prospect = forecast(free, history, (number) => supply.has(number), now);
			return { name, free, given, ...(prospect && { forecast: prospect }) };
		});
		this.suggest();
		return { byUser: this.byUser, pools };
	}

	/**
	 * The number of the extension a user once had, while it is free and still in the user's pool, and
	 * every number that is still cooling, come before what anyone else could get.
	 */
	private setAside(): void {
		for (const { user, extension, remembered } of this.input.seekers) {
			const number = this.before(user, remembered);
			if (extension !== null || number === null || this.taken.has(number)) continue;
			if (!this.ownPool(user)?.supply.has(number) || !this.isOwn(number, user)) continue;
			this.owed.set(number, user.id);
			this.taken.add(number);
		}
		for (const number of this.cooling.owners.keys()) this.taken.add(number);
	}

	private allocationFor(seeker: Seeker): Allocation {
		const { user, extension } = seeker;
		const { facts, wishes } = this.input;
		const wish = wishes.get(user.id);
		if (keeps(extension, wish, facts)) return kept(extension);
		const asked = this.asked(seeker, wish);
		if (asked.kind === 'conflict') {
			if (choiceFor(asked.conflict, this.input.choices) !== 'nextFree') return asked;
			if (extension !== null) return { ...kept(extension), instead: asked.conflict };
			if (this.seats <= 0) return this.noSeat();
			const other = this.nextFree(user);
			return other.kind === 'chosen' ? { ...other, instead: asked.conflict } : asked;
		}
		return asked;
	}

	/** By the user's own way of numbering. */
	private asked({ user, extension, remembered }: Seeker, wish: Wish | undefined): Allocation {
		const { facts, numbering } = this.input;
		const own = this.ownPool(user);
		const method = own?.method ?? numbering.method;
		if (extension !== null && wish !== undefined) {
			if (!facts.canChangeNumber) return { ...kept(extension), unmet: wish.number };
			if (!this.input.extensionsWhole) return refused(numberConflict.listNotWhole(wish.number));
			return this.wished(wish, user, own);
		}
		if (facts.numbers === 'none') return this.seats > 0 ? NONE : this.noSeat();
		if (wish?.counts) {
			const answer = this.wished(wish, user, own);
			return answer.kind === 'chosen' && this.seats <= 0 ? this.noSeat() : answer;
		}
		if (method === 'none') {
			if (facts.numbers === 'required') return refused(numberConflict.methodNone());
			return this.seats > 0 ? NONE : this.noSeat();
		}
		if (method === 'property') return refused(numberConflict.missing());
		if (method === 'phoneDigits') return refused(numberConflict.noPhone());
		if (own === undefined) return refused(numberConflict.noPool());
		if (this.seats <= 0) return this.noSeat();
		const before = this.before(user, remembered);
		if (before !== null && this.owed.get(before) === user.id) {
			return this.give(own, before, 'sticky');
		}
		const number = own.supply.next(this.taken);
		if (number === null) return refused(numberConflict.poolEmpty(own.name));
		return this.give(own, number, 'pool');
	}

	private wished({ number, from }: Wish, user: User, own: Pool | undefined): Allocation {
		const { numberMaxLength } = this.input.facts;
		if (!/^\d+$/.test(number) || number.length > numberMaxLength) {
			return refused(numberConflict.bad(number, numberMaxLength));
		}
		if (EMERGENCY_NUMBERS.has(number) || inRanges(this.reserved, number)) {
			return refused(numberConflict.reserved(number));
		}
		if (from === 'phone' && !own?.supply.has(number)) {
			return refused(numberConflict.outsidePool(number, own?.name ?? ''));
		}
		const holder = this.holders.get(number);
		if (holder) return refused(numberConflict.inUse(number, holder));
		const users = this.wanted.get(number) ?? 0;
		if (users > 1) return refused(numberConflict.wantedTwice(number, users));
		if (!this.isOwn(number, user)) {
			return refused(numberConflict.cooling(number));
		}
		if (this.taken.collides(number)) return refused(numberConflict.beginning(number));
		return chosen(number, from, from === 'phone' ? (own?.name ?? null) : null);
	}

	/** From the user's own pool, or from another one that is meant for the user too. */
	private nextFree(user: User): Allocation {
		for (const pool of poolsFor(this.pools, user)) {
			const number = pool.supply.next(this.taken);
			if (number !== null) return this.give(pool, number, 'pool');
		}
		return refused(numberConflict.noPool());
	}

	private give(from: Pool, number: string, reason: 'pool' | 'sticky'): Allocation {
		this.taken.add(number);
		from.given++;
		return chosen(number, reason, from.name);
	}

	/** The number a user had before. */
	private before(user: User, remembered: string | null): string | null {
		return remembered ?? this.cooling.lastOf.get(fold(user.id)) ?? null;
	}

	/** Whether nobody else's number is cooling there. */
	private isOwn(number: string, user: User): boolean {
		const { owners } = this.cooling;
		return !owners.has(number) || owners.get(number) === fold(user.id);
	}

	private ownPool(user: User): Pool | undefined {
		return poolsFor(this.pools, user)[0];
	}

	private noSeat(): Allocation {
		return refused(numberConflict.noSeat(this.input.numbering.seats ?? 0));
	}

	/** Everyone whose number was refused is told a free one; no two are told the same. */
	private suggest(): void {
		for (const { user } of this.input.seekers) {
			const allocation = this.byUser.get(user.id);
			if (allocation?.kind !== 'conflict' || allocation.conflict.code === 'system.noSeat') continue;
			for (const { supply } of poolsFor(this.pools, user)) {
				const suggestion = supply.next(this.taken);
				if (suggestion === null) continue;
				this.taken.add(suggestion);
				this.byUser.set(user.id, refused({ ...allocation.conflict, suggestion }));
				break;
			}
		}
	}
}

/** The number an extension has stays with it. */
export function kept(extension: Extension | null): Extract<Allocation, { kind: 'chosen' }> {
	const number = extension?.number ?? null;
	return number === null ? NONE : chosen(number, 'kept');
}

function chosen(
	value: string | null,
	reason: NumberChoice['reason'],
	pool: string | null = null,
): Extract<Allocation, { kind: 'chosen' }> {
	return { kind: 'chosen', choice: { value, reason, pool }, unmet: null, instead: null };
}

function refused(conflict: Conflict): Allocation {
	return { kind: 'conflict', conflict };
}
