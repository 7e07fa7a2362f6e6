/** What behaviours have in common: how to look, how to disturb, and what to write. */
import type { HttpPort, HttpRequest } from '../../../http/port.ts';
import type { Extension } from '../../../sync/item.ts';
import type { FieldDefinition } from '../../../sync/contact.ts';
import type { PhoneSystem } from '../../../pbx/adapter.ts';
import { inLanes } from '../../../pbx/lanes.ts';
import { open } from '../rig.mts';
import type { Rig } from '../rig.mts';

/** The field that holds a person's first name, or the whole. */
export function nameIn({ nameField = 'firstName' }: Rig): string {
	return nameField;
}

export function canSwitch({ definition }: Rig): boolean {
	return definition.capabilities.disable !== 'none';
}

/** Fields that can be written after creating and are told. */
export function writableFields({ definition }: Rig): readonly FieldDefinition[] {
	return definition.fields.filter(({ name, createOnly }) => name !== 'number' && !createOnly);
}

/** Where made-up text would not do. */
export const NEW_VALUES: Readonly<Record<string, string>> = {
	organization: 'Nordvik AB',
	mobile: '+46701740699',
	phone: '+46317401234',
	userName: 'another.name@example.com',
};

export async function existing(system: PhoneSystem, id: string): Promise<Extension> {
	const found = await system.get(id);
	if (!found) throw new Error(`No account ${id}`);
	return found;
}

/** As many people, made with as many requests at once as the system allows. */
export async function makePeople(rig: Rig, system: PhoneSystem, count: number, from = 1) {
	const all = Array.from({ length: count }, (_, n) => rig.person(from + n));
	const { concurrency } = rig.definition.capabilities;
	return await inLanes(all, concurrency, async (person) => await system.create(person));
}

/** A port that remembers everything that goes out through it. */
export function overheard(rig: Rig): { readonly http: HttpPort; readonly sent: HttpRequest[] } {
	const sent: HttpRequest[] = [];
	const http: HttpPort = async (request, signal) => {
		sent.push(request);
		return await rig.http(request, signal);
	};
	return { http, sent };
}

/** Every value in what was sent whose name says that it is a secret, the sign-in's own left out. */
export function secretsIn(sent: readonly HttpRequest[], rig: Rig): string[] {
	const found: string[] = [];
	const search = (value: unknown, name: string): void => {
		if (typeof value === 'string') {
			if (/passw|secret|pin$/i.test(name) && value !== '') found.push(value);
		} else if (typeof value === 'object' && value !== null) {
			for (const [inner, each] of Object.entries(value)) search(each, inner);
		}
	};
	for (const { body } of sent) search(body instanceof URLSearchParams ? {} : body, '');
	return found.filter((each) => !rig.secrets.includes(each));
}

/** A port that turns every answer to a request for the list into another. */
export function withList(rig: Rig, change: (body: unknown) => unknown): HttpPort {
	return async (request, signal) => {
		const response = await rig.http(request, signal);
		if (!isList(rig, request) || response.status !== 200) return response;
		return { ...response, body: JSON.stringify(change(JSON.parse(response.body))) };
	};
}

/** The rows within a page; null when the answer is no page of the list. */
export function rowsOf(rig: Rig, page: unknown): unknown[] | null {
	const path = rig.rows.split('.').filter(Boolean);
	const rows = path.reduce<unknown>((value, name) => Object(value)[name], page);
	return Array.isArray(rows) ? rows : null;
}

/** Takes one row off the first page of the next `times` readings, as if somebody removed it. */
export function losingRows(rig: Rig, times: number): HttpPort {
	let left = times;
	return withList(rig, (page) => {
		const rows = rowsOf(rig, page);
		if (left > 0 && rows?.shift() !== undefined) left -= 1;
		return page;
	});
}

/** Lets the session end right after the first answer that `picks` accepts. */
export function endingSession(rig: Rig, picks: (request: HttpRequest) => boolean): HttpPort {
	let ended = false;
	return async (request, signal) => {
		const response = await rig.http(request, signal);
		if (!ended && picks(request)) {
			ended = true;
			rig.endSession();
		}
		return response;
	};
}

export function isList(rig: Rig, { url }: HttpRequest): boolean {
	return new RegExp(rig.requests.list.path ?? '').test(url);
}

/** How everybody looks who is not among these. */
export async function others(rig: Rig, ids: readonly string[]): Promise<Extension[]> {
	const all = await open(rig).list();
	return all.filter(({ id }) => !ids.includes(id)).sort((a, b) => (a.id < b.id ? -1 : 1));
}
