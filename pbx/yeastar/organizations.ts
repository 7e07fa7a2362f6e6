/** What an extension is in or has: organizations and a role. Ids on the wire, names for people. */
import { quote } from '../../http/quote';
import { DiagnosedError } from '../../sync/diagnostic';

export interface Named {
	readonly id: string;
	readonly name: string;
}

/** Names separated by `;` in one order. An id nobody knows stands for itself. */
export function namesOf(ids: readonly string[], known: readonly Named[]): string | null {
	const names = ids.map((id) => known.find((each) => each.id === id)?.name ?? id);
	return [...new Set(names)].sort().join('; ') || null;
}

/** Throws a `DiagnosedError` about this account when a name stands for none, or for more than one. */
export function idsOf(names: string | null, known: readonly Named[]): string[] {
	return (names ?? '')
		.split(';')
		.map((name) => name.trim())
		.filter((name) => name !== '')
		.map((name) => idOf(name, known));
}

/** As `idsOf`, for the one role a person has. */
export function roleIdOf(wanted: string, known: readonly Named[]): number {
	const [found, another] = called(wanted, known);
	if (found && !another) return Number(found.id);
	throw new DiagnosedError({
		code: 'account.noRole',
		what: found
			? `More than one role of the phone system is called ${quote(wanted)}.`
			: `The phone system has no role called ${quote(wanted)}.`,
		why: 'A role decides what a person may do there, so none is guessed.',
		fix: "Correct the name, or translate the value with a 'Look Up' step in Field Mapper.",
		field: 'Role',
	});
}

function called(wanted: string, known: readonly Named[]): Named[] {
	return known.filter(({ name }) => name.toLowerCase() === wanted.trim().toLowerCase());
}

function idOf(wanted: string, known: readonly Named[]): string {
	const [found, another] = called(wanted, known);
	if (found && !another) return found.id;
	throw new DiagnosedError({
		code: 'account.noOrganization',
		what: found
			? `More than one organization of the phone system is called ${quote(wanted)}.`
			: `The phone system has no organization called ${quote(wanted)}.`,
		why: 'An extension is put into organizations by their names, which have to be unique.',
		fix: "Make or rename it on the phone system, or translate the value with a 'Look Up' step in Field Mapper.",
		field: 'Organization',
	});
}
