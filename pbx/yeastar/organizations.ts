/** The organizations an extension is in: ids on the wire, names for people. */
import { DiagnosedError } from '../../sync/diagnostic';
import { quote } from '../answer';

export interface Organization {
	readonly id: string;
	readonly name: string;
}

/** Names separated by `;` in one order. An id nobody knows stands for itself. */
export function namesOf(ids: readonly string[], known: readonly Organization[]): string | null {
	const names = ids.map((id) => known.find((each) => each.id === id)?.name ?? id);
	return [...new Set(names)].sort().join('; ') || null;
}

/** Throws a `DiagnosedError` about this account when a name stands for none, or for more than one. */
export function idsOf(names: string | null, known: readonly Organization[]): string[] {
	return (names ?? '')
		.split(';')
		.map((name) => name.trim())
		.filter((name) => name !== '')
		.map((name) => idOf(name, known));
}

function idOf(wanted: string, known: readonly Organization[]): string {
	const same = known.filter(({ name }) => name.toLowerCase() === wanted.toLowerCase());
	const [found, another] = same;
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
