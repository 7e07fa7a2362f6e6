/** In which order users are served where there is not enough for all. */
import type { User } from './item';

/**
 * Who has been in the directory longest comes first (`createdDateTime`, where Entra User Source reads
 * it), others after them; then by object id. The order of the list says nothing.
 */
export function bySeniority<T extends { readonly user: User }>(seekers: readonly T[]): T[] {
	const since = ({ user }: T): string => {
		const created = user['createdDateTime'];
		return typeof created === 'string' && created !== '' ? created : '\uffff';
	};
	return [...seekers].sort((a, b) => byText(since(a), since(b)) || byText(a.user.id, b.user.id));
}

/** By code units: the same on every machine, whatever its language. */
export function byText(a: string, b: string): number {
	return a < b ? -1 : a > b ? 1 : 0;
}
