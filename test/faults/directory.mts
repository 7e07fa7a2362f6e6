/** A tenant of a dozen people who join, change, leave, return and are forgotten. */
import type { HttpRequest, HttpResponse } from '../../http/port.ts';
import type { Chance } from './chance.mts';
import type { Server } from './network.mts';

export interface Person {
	readonly id: string;
	/** Never changes, and is written to the phone system: by it we know whose an account is. */
	readonly badge: string;
	mail: string;
	surname: string;
	/** `forgotten`: deleted for good, so that the directory says nothing about them any more. */
	state: 'active' | 'disabled' | 'deleted' | 'forgotten';
}

export const GRAPH = 'https://graph.example';
const PAGE = 4;
const EVENTS = ['surname', 'mail', 'disabled', 'deleted', 'forgotten', 'active'] as const;

export class Tenant implements Server {
	readonly name = 'Entra';
	readonly people: Person[] = [];
	private sessionOver = false;

	join(): Person {
		const n = this.people.length + 1;
		const id = `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
		const badge = `badge ${String(n)}`;
		const mail = `p${String(n)}@example.com`;
		const person: Person = { id, badge, mail, surname: 'Lovelace', state: 'active' };
		this.people.push(person);
		return person;
	}

	/** A day in the life. A mail address only changes where somebody could still tell who it is. */
	live(chance: Chance, mayRename: (person: Person) => boolean): void {
		for (const person of this.people) {
			if (person.state === 'forgotten' || !chance.is(0.3)) continue;
			const event = chance.of(EVENTS);
			if (event === 'surname') person.surname = `Name ${String(chance.below(1000))}`;
			else if (event !== 'mail') person.state = event;
			else if (mayRename(person)) person.mail = `r${String(chance.below(1e6))}.${person.mail}`;
		}
		for (let joining = chance.below(3); joining > 0; joining--) this.join();
	}

	answer({ url }: HttpRequest): HttpResponse {
		if (this.sessionOver) {
			this.sessionOver = false;
			const error = { code: 'InvalidAuthenticationToken', message: 'Expired.' };
			return json(401, { error });
		}
		const { pathname, searchParams } = new URL(url);
		const deleted = pathname.includes('deletedItems');
		const listed = this.people.filter(({ state }) =>
			deleted ? state === 'deleted' : state === 'active' || state === 'disabled',
		);
		const from = Number(searchParams.get('$skiptoken') ?? 0);
		const next = `${GRAPH}${pathname}?$skiptoken=${String(from + PAGE)}`;
		return json(200, {
			...(searchParams.has('$count') ? { '@odata.count': listed.length } : {}),
			value: listed.slice(from, from + PAGE).map(toRow),
			...(from + PAGE < listed.length ? { '@odata.nextLink': next } : {}),
		});
	}

	endSessions(): void {
		this.sessionOver = true;
	}
}

function toRow({ id, mail, surname, badge, state }: Person): object {
	return {
		id,
		accountEnabled: state === 'active',
		userType: 'Member',
		userPrincipalName: mail,
		mail,
		givenName: 'Ada',
		surname,
		jobTitle: badge,
	};
}

export function json(status: number, body: object): HttpResponse {
	return { status, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
}
