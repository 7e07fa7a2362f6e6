/** What an administrator finds on the phone system before the first sync. */
import { castOf } from '../cast.mts';
import type { CastMember } from '../cast.mts';
import type { Directory } from '../directory/directory.mts';
import { DOMAIN } from '../directory/user.mts';
import type { Pbx, YeastarExtension } from './pbx.mts';

const LOCKED = {
	disable_outb_call: 1,
	allow_reg_remotely: 0,
	enb_mobile_client: 0,
	enb_desktop_client: 0,
	enb_web_client: 0,
	presence_status: 'off_work',
} satisfies Partial<YeastarExtension>;

export function seedPbx(pbx: Pbx, directory: Directory): void {
	const cast = castOf(directory);
	// People are on 400 and up: the numbers wanted by attribute and the free ones lie below.
	let last = 399;
	const seat = (member: CastMember, values: Partial<YeastarExtension> = {}) => {
		last += 1;
		pbx.put({ number: String(last), ...upToDate(member), ...values });
	};

	service(pbx, '200', 'Reception');
	service(pbx, '205', 'Warehouse'); // a user wants this number
	service(pbx, '297', 'Meeting Room Fjord');
	service(pbx, '298', 'Lift Emergency');
	service(pbx, '299', 'Front Door');

	for (const member of cast.upToDate) seat(member);
	for (const [i, member] of cast.outdated.entries()) seat(member, outdated(member, i));
	for (const [i, member] of cast.disabled.entries()) {
		// One was locked by hand already: nothing is left to do.
		seat(member, i === 0 ? LOCKED : {});
	}
	if (cast.returned) seat(cast.returned, LOCKED);
	if (cast.deleted) seat(cast.deleted);
	// Unknown to the directory: a person who left long ago, and one with a private address.
	pbx.put({
		number: '480',
		first_name: 'Ture',
		last_name: 'Gammal',
		email_addr: `ture.gammal@${DOMAIN}`,
	});
	pbx.put({
		number: '481',
		first_name: 'Temp',
		last_name: 'Worker',
		email_addr: 'temp@private.example',
	});
}

function service(pbx: Pbx, number: string, name: string): void {
	pbx.put({ number, first_name: name });
}

function upToDate({ user, mail, mobile }: CastMember): Partial<YeastarExtension> {
	return {
		first_name: user.givenName ?? '',
		last_name: user.surname ?? '',
		title: user.jobTitle ?? '',
		email_addr: mail,
		mobile_number: mobile ?? '',
	};
}

/** One old value each, in turn; the mail in capitals is not old, mail has no case. */
function outdated({ mail }: CastMember, index: number): Partial<YeastarExtension> {
	const old: readonly Partial<YeastarExtension>[] = [
		{ last_name: 'Maiden-Name' },
		{ title: 'Trainee' },
		{ mobile_number: '' },
		{ first_name: '', last_name: '' },
		{ mobile_number: '+46701740699', title: '' },
		{ title: 'Trainee', email_addr: mail.toUpperCase() },
	];
	return old[index % old.length] ?? {};
}
