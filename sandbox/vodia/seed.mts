/** What an administrator finds on the Vodia phone system before the first sync. */
import { castOf } from '../cast.mts';
import type { CastMember } from '../cast.mts';
import type { Directory } from '../directory/directory.mts';
import { DOMAIN } from '../directory/user.mts';
import type { VodiaTenant } from './tenant.mts';

type Settings = Record<string, string>;

const DISABLED = { disabled: 'true' };

export function seedVodia(tenant: VodiaTenant, directory: Directory): void {
	const cast = castOf(directory);
	// People are on 400 and up: the numbers wanted by attribute and the free ones lie below.
	let last = 399;
	const seat = (member: CastMember, settings: Settings = {}) => {
		last += 1;
		tenant.put(String(last), { ...upToDate(member), ...settings });
	};

	tenant.put('200', { display_name: 'Reception' });
	tenant.put('205', { display_name: 'Warehouse' }); // a user wants this number
	tenant.put('297', { display_name: 'Meeting Room Fjord', euse: 'hotdesk' });
	tenant.put('299', { display_name: 'Front Door' });

	for (const [i, member] of cast.upToDate.entries()) {
		// Half of them carry the object id already; the others are found by mail.
		seat(member, i % 2 === 0 ? { param3: member.user.id } : {});
	}
	for (const [i, member] of cast.outdated.entries()) seat(member, outdated(member, i));
	for (const [i, member] of cast.disabled.entries()) {
		// One was disabled by hand already: nothing is left to do.
		seat(member, i === 0 ? DISABLED : {});
	}
	if (cast.returned) seat(cast.returned, { ...DISABLED, param3: cast.returned.user.id });
	if (cast.deleted) seat(cast.deleted);
	if (cast.disputed) {
		seat(cast.disputed);
		seat(cast.disputed, { first_name: 'Lab' });
	}

	// Unknown to the directory, and numbers that belong to no person at all.
	tenant.put('480', {
		first_name: 'Ture',
		display_name: 'Gammal',
		email_address: `ture.gammal@${DOMAIN}`,
		param3: 'cost centre 12', // somebody else's use of the field
	});
	tenant.put('500', { display_name: 'Sales' }, 'hunts');
	tenant.put('501', { display_name: 'Support' }, 'acds');
	tenant.put('510', { display_name: 'Welcome' }, 'attendants');
	tenant.put('590', { display_name: 'Park 1' }, 'orbits');
}

function upToDate({ user, mail, mobile }: CastMember): Settings {
	return {
		first_name: user.givenName ?? '',
		display_name: user.surname ?? '',
		position: user.jobTitle ?? '',
		department: user.department ?? '',
		email_address: mail,
		cell_dis: mobile ?? '',
	};
}

/** One old value each, in turn. */
function outdated({ user, mail }: CastMember, index: number): Settings {
	const old: readonly Settings[] = [
		{ display_name: 'Maiden-Name' },
		{ position: 'Trainee' },
		{ cell_dis: '' },
		// The whole name in one field, as older versions keep it.
		{ first_name: '', display_name: user.displayName },
		{ cell_dis: '+46701740699', position: '' },
		// The mail changed since: only the object id still tells who this is.
		{ email_address: `former-${mail}`, param3: user.id },
	];
	return old[index % old.length] ?? {};
}
