/** What an administrator finds on the two REST phone systems before the first sync. */
import { castOf } from '../cast.mts';
import type { CastMember } from '../cast.mts';
import type { Directory } from '../directory/directory.mts';
import { DOMAIN } from '../directory/user.mts';
import type { RestStore, RestValues } from './store.mts';

export function seedRest(store: RestStore, directory: Directory): void {
	const cast = castOf(directory);
	let last = 399;
	const seat = (member: CastMember, values: RestValues = {}) => {
		last += 1;
		store.put({ number: String(last), ...upToDate(member), ...values });
	};
	store.put({ number: '200', displayName: 'Reception' });
	store.put({ number: '205', displayName: 'Warehouse' }); // a user wants this number
	store.put({ number: '299', displayName: 'Front Door' });
	for (const member of cast.upToDate) seat(member);
	for (const [i, member] of cast.outdated.entries()) seat(member, outdated(member, i));
	for (const [i, member] of cast.disabled.entries()) seat(member, { active: i !== 0 });
	if (cast.returned) seat(cast.returned, { active: false });
	if (cast.deleted) seat(cast.deleted);
	store.put({
		number: '480',
		firstName: 'Ture',
		lastName: 'Gammal',
		displayName: 'Ture Gammal',
		email: `ture.gammal@${DOMAIN}`,
	});
}

function upToDate({ user, mail, mobile }: CastMember): RestValues {
	return {
		firstName: user.givenName,
		lastName: user.surname,
		displayName: user.displayName,
		email: mail,
		mobile,
		title: user.jobTitle,
		department: user.department,
	};
}

/** One old value each, in turn; the mail in capitals is not old, mail has no case. */
function outdated({ mail }: CastMember, index: number): RestValues {
	const old: readonly RestValues[] = [
		{ lastName: 'Maiden-Name' },
		{ title: 'Trainee' },
		{ mobile: null },
		{ displayName: 'New Employee' },
		{ title: 'Trainee', email: mail.toUpperCase() },
	];
	return old[index % old.length] ?? {};
}
