/** What an administrator finds on the 3CX phone system before the first sync. */
import { castOf } from '../cast.mts';
import type { CastMember } from '../cast.mts';
import type { Directory } from '../directory/directory.mts';
import { DOMAIN } from '../directory/user.mts';
import type { ThreeCxPbx, XapiUser } from './pbx.mts';

export function seedThreeCx(pbx: ThreeCxPbx, directory: Directory): void {
	const cast = castOf(directory);
	// People are on 400 and up: the numbers wanted by attribute and the free ones lie below.
	let last = 399;
	const seat = (member: CastMember, values: Partial<XapiUser> = {}) => {
		last += 1;
		pbx.put({ Number: String(last), ...upToDate(member), ...values });
	};

	pbx.put({ Number: '200', FirstName: 'Reception' });
	pbx.put({ Number: '205', FirstName: 'Warehouse' }); // a user wants this number
	pbx.put({ Number: '297', FirstName: 'Meeting Room', LastName: 'Fjord' });
	pbx.put({ Number: '299', FirstName: 'Front Door' });

	for (const member of cast.upToDate) seat(member);
	for (const [i, member] of cast.outdated.entries()) seat(member, outdated(member, i));
	for (const [i, member] of cast.disabled.entries()) {
		// One was disabled by hand already: nothing is left to do.
		seat(member, { Enabled: i !== 0 });
	}
	if (cast.returned) seat(cast.returned, { Enabled: false });
	if (cast.deleted) seat(cast.deleted);
	if (cast.disputed) {
		seat(cast.disputed);
		seat(cast.disputed, { FirstName: 'Lab' });
	}
	// Unknown to the directory: a person who left long ago, and one with a private address.
	pbx.put({
		Number: '480',
		FirstName: 'Ture',
		LastName: 'Gammal',
		EmailAddress: `ture.gammal@${DOMAIN}`,
	});
	pbx.put({
		Number: '481',
		FirstName: 'Temp',
		LastName: 'Worker',
		EmailAddress: 'temp@private.example',
	});
}

function upToDate({ user, mail, mobile }: CastMember): Partial<XapiUser> {
	return {
		FirstName: user.givenName ?? '',
		LastName: user.surname ?? '',
		DisplayName: user.displayName,
		EmailAddress: mail,
		Mobile: mobile ?? '',
	};
}

/** One old value each, in turn; the mail in capitals is not old, mail has no case. */
function outdated({ mail }: CastMember, index: number): Partial<XapiUser> {
	const old: readonly Partial<XapiUser>[] = [
		{ LastName: 'Maiden-Name' },
		{ Mobile: '' },
		{ FirstName: '', LastName: '' },
		{ Mobile: '+46701740699' },
		{ LastName: 'Trainee', EmailAddress: mail.toUpperCase() },
	];
	return old[index % old.length] ?? {};
}
