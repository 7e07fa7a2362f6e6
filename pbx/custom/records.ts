/** Reading accounts through a profile: one, all, and whoever could be the one that was made. */
import { z } from 'zod';
import { DiagnosedError } from '../../sync/diagnostic';
import type { Extension } from '../../sync/item';
import type { Connection } from '../adapter';
import { fit } from '../answer';
import { inLanes } from '../lanes';
import { readPages } from '../listing';
import type { Exchange, Surroundings } from './exchange';
import { toExtension } from './fields';
import { openList } from './paging';
import { readPath } from './path';
import { gone, noId } from './refusals';
import { isFilled, type Values } from './template';

/** An account as the interface gives it, and in our words. */
export interface Account {
	readonly raw: unknown;
	readonly extension: Extension;
}

export interface Records {
	/** Null when there is no account with exactly this id. */
	read(id: string): Promise<Account | null>;
	/** Rejects with `account.gone` when there is none. */
	existing(id: string): Promise<Account>;
	all(): Promise<Account[]>;
	/** Accounts that could be meant by these values; compare again, searching is often vague. */
	candidates(values: Values): Promise<Extension[]>;
}

const ROWS = z.array(z.unknown());

/** How whole lists are read. */
export interface Reading {
	readonly pageSize?: number | undefined;
	readonly onProgress?: Connection['onProgress'] | undefined;
}

export function openRecords(
	exchange: Exchange,
	{ profile, baseUrl, displayName, pageSize, onProgress }: Surroundings & Reading,
): Records {
	const { list, get, find, concurrency } = profile;

	async function read(id: string): Promise<Account | null> {
		if (!get) return (await all()).find(({ extension }) => extension.id === id) ?? null;
		const answer = await exchange.send(get, { values: { id } });
		if (answer.meaning === 'notFound') return null;
		const { json } = exchange.demanded(answer);
		const raw = readPath(json, get.item);
		const extension = toExtension(raw, profile);
		return extension?.id === id ? { raw, extension } : null;
	}

	/** A row without an id could be anybody, so the list is refused. */
	function account(raw: unknown): Account {
		const extension = toExtension(raw, profile);
		if (extension) return { raw, extension };
		throw new DiagnosedError(noId(displayName));
	}

	async function all(): Promise<Account[]> {
		const reader = openList(profile, exchange, { baseUrl, displayName, pageSize });
		// Where accounts are read one by one, that is what is done several at a time.
		const atOnce = reader.anyOrder && list.complete ? concurrency : 1;
		const rows = await readPages(
			displayName,
			async (position) => {
				const { rows: raws, total } = await reader.fetchPage(position);
				const short = raws.map(account);
				if (list.complete) return { rows: short.map(withId), total };
				const whole = await inLanes(
					short,
					concurrency,
					async ({ extension }) => await read(extension.id),
				);
				// Who vanished meanwhile is missing; `readPages` notices.
				return { rows: whole.flatMap((each) => (each ? withId(each) : [])), total };
			},
			{ atOnce, onProgress },
		);
		return rows.map(({ raw, extension }) => ({ raw, extension }));
	}

	return {
		read,
		async existing(id) {
			const found = await read(id);
			if (found) return found;
			throw new DiagnosedError(gone(id, displayName));
		},
		all,
		async candidates(values) {
			// Asked with an empty value, most interfaces would give anybody.
			if (!find || !isFilled(find, values)) return (await all()).map(({ extension }) => extension);
			const { json } = exchange.demanded(await exchange.send(find, { values }));
			const rows = fit(readPath(json, find.items) ?? [], ROWS, displayName);
			const found = rows.flatMap((raw) => toExtension(raw, profile) ?? []);
			if (list.complete) return found;
			const whole = await inLanes(found, concurrency, async ({ id }) => await read(id));
			return whole.flatMap((each) => (each ? each.extension : []));
		},
	};
}

function withId(account: Account): Account & { readonly id: string } {
	return { ...account, id: account.extension.id };
}
