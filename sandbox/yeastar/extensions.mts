/** `extension/*`: list, search, get, query, create, update, delete. */
import type { Pbx, YeastarExtension, YeastarSettings } from './pbx.mts';
import { callerIdName } from './pbx.mts';
import { duplicate, limitReached, parameters, success } from './answer.mts';
import { checkPassword, readChange, readCreation } from './input.mts';

/** Not in the manual; small enough that a client that does not page is found out. */
const DEFAULT_PAGE = 20;
const LARGEST_PAGE = 1000;

const SORTABLE = {
	id: (extension) => extension.id,
	number: (extension) => extension.number,
	caller_id_name: callerIdName,
	email_addr: (extension) => extension.email_addr,
	mobile_number: (extension) => extension.mobile_number,
	presence_status: (extension) => extension.presence_status,
} satisfies Record<string, (extension: YeastarExtension) => string | number>;

export type Parameters = Readonly<Record<string, string>>;

export class Extensions {
	constructor(
		private readonly pbx: Pbx,
		private readonly settings: YeastarSettings,
	) {}

	list(query: Parameters): object {
		return this.page(query, [...this.pbx.extensions.values()]);
	}

	/** Part of the number, name or mail: whoever wants an exact match must look again. */
	search(query: Parameters): object {
		const wanted = query['search_value']?.toLowerCase();
		if (!wanted) throw parameters('search_value');
		return this.page(
			query,
			[...this.pbx.extensions.values()].filter((extension) =>
				[extension.number, callerIdName(extension), extension.email_addr].some((text) =>
					text.toLowerCase().includes(wanted),
				),
			),
		);
	}

	get(query: Parameters): object {
		return success({ data: this.find(query['id'], 'id') });
	}

	query(query: Parameters): object {
		const ids = (query['ids'] ?? '').split(',').filter((id) => id !== '');
		if (ids.length === 0) throw parameters('ids');
		const data = ids.flatMap((id) => this.pbx.extensions.get(Number(id)) ?? []);
		return success({ total_number: data.length, data });
	}

	create(body: unknown): object {
		const wanted = readCreation(body, this.settings.organizationRequired);
		if (this.pbx.extensions.size >= this.settings.capacity) throw limitReached();
		this.requireUnique(null, wanted);
		const { reg_password, user_password, ...values } = wanted;
		const { id } = this.pbx.put(values);
		this.pbx.passwords.set(id, { reg_password, user_password });
		return success({ id });
	}

	update(body: unknown): object {
		const { id, reg_password, user_password, ...values } = readChange(body);
		const extension = this.find(String(id), 'id');
		checkPassword({ id, user_password }, { ...extension, ...values });
		this.requireUnique(id, values);
		Object.assign(extension, values);
		const known = this.pbx.passwords.get(id) ?? { reg_password: '', user_password: '' };
		this.pbx.passwords.set(id, {
			reg_password: reg_password ?? known.reg_password,
			user_password: user_password ?? known.user_password,
		});
		return success();
	}

	delete(query: Parameters): object {
		const { id } = this.find(query['id'], 'id');
		this.pbx.extensions.delete(id);
		this.pbx.passwords.delete(id);
		return success();
	}

	/** Refused as a whole when one of them does not exist or has no address. */
	welcome(body: Readonly<Record<string, unknown>>): object {
		const ids: unknown = body['id_list'];
		if (!Array.isArray(ids) || ids.length === 0) throw parameters('id_list');
		const found = ids.map((id) => this.find(String(id), 'id_list'));
		if (found.some(({ email_addr }) => email_addr === '')) throw parameters('id_list');
		this.pbx.welcomed.push(...found.map(({ id }) => id));
		return success();
	}

	private find(id: string | undefined, parameter: string): YeastarExtension {
		const extension = this.pbx.extensions.get(Number(id));
		if (extension === undefined) throw parameters(parameter);
		return extension;
	}

	private requireUnique(
		id: number | null,
		wanted: { number?: string; reg_name?: string; email_addr?: string },
	): void {
		for (const other of this.pbx.extensions.values()) {
			if (other.id === id) continue;
			const sameEmail =
				this.settings.uniqueEmails &&
				!!wanted.email_addr &&
				other.email_addr.toLowerCase() === wanted.email_addr.toLowerCase();
			if (other.number === wanted.number || other.reg_name === wanted.reg_name || sameEmail) {
				throw duplicate();
			}
		}
	}

	private page(query: Parameters, all: YeastarExtension[]): object {
		const page = wholeNumber(query, 'page', 1);
		const size = wholeNumber(query, 'page_size', DEFAULT_PAGE);
		if (size > LARGEST_PAGE) throw parameters('page_size');
		const sortBy = query['sort_by'] ?? 'id';
		if (!isSortable(sortBy)) throw parameters('sort_by');
		const orderBy = query['order_by'] ?? 'asc';
		if (orderBy !== 'asc' && orderBy !== 'desc') throw parameters('order_by');
		const key = SORTABLE[sortBy];
		const sign = orderBy === 'desc' ? -1 : 1;
		const sorted = all.sort((a, b) => {
			const [left, right] = [key(a), key(b)];
			return sign * (left < right ? -1 : left > right ? 1 : a.id - b.id);
		});
		return success({
			total_number: all.length,
			data: sorted.slice((page - 1) * size, page * size).map(row),
		});
	}
}

const isSortable = (name: string): name is keyof typeof SORTABLE => Object.hasOwn(SORTABLE, name);

function wholeNumber(query: Parameters, name: string, absent: number): number {
	const text = query[name];
	if (text === undefined) return absent;
	if (!/^[1-9]\d*$/.test(text)) throw parameters(name);
	return Number(text);
}

/** A row of a list: the name in one piece, and no levers. */
function row(extension: YeastarExtension): object {
	const offline = { status: 0, ext_dev_type: '' };
	return {
		id: extension.id,
		number: extension.number,
		caller_id_name: callerIdName(extension),
		role_name: '',
		email_addr: extension.email_addr,
		mobile_number: extension.mobile_number,
		presence_status: extension.presence_status,
		custom_presence_status: '',
		online_status: {
			sip_phone: { status_list: [] },
			linkus_desktop: offline,
			linkus_mobile: offline,
			linkus_web: offline,
		},
	};
}
