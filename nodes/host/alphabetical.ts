/**
 * Orders the choices of a panel by name as a reader expects them: whatever the case, and `extension
 * attribute 10` after `extension attribute 9`. For names in plain letters, which all of ours are;
 * sorting by Intl would load its tables each time n8n starts.
 */
export function byName(one: { readonly name: string }, other: { readonly name: string }): number {
	const [first, second] = [sortKey(one.name), sortKey(other.name)];
	return first < second ? -1 : Number(first > second);
}

const sortKey = (name: string) =>
	name.toLowerCase().replace(/\d+/g, (digits) => digits.padStart(4, '0'));
