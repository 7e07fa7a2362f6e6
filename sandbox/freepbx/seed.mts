/** What an administrator finds on FreePBX before the first sync. */
import { castOf } from '../cast.mts';
import type { CastMember } from '../cast.mts';
import type { Directory } from '../directory/directory.mts';
import { DOMAIN } from '../directory/user.mts';
import type { FreePbx, FreePbxExtension, Mailbox } from './pbx.mts';

export function seedFreePbx(pbx: FreePbx, directory: Directory): void {
	const cast = castOf(directory);
	// People are on 400 and up: the numbers wanted by attribute and the free ones lie below.
	let last = 399;
	const seat = (name: string, email: string) => {
		last += 1;
		const id = String(last);
		pbx.put({ id, name, ...withMail(pbx, name, email) });
	};

	pbx.put({ id: '200', name: 'Reception' });
	pbx.put({ id: '205', name: 'Warehouse' }); // a user wants this number
	pbx.put({ id: '297', name: 'Meeting Room Fjord' });
	pbx.put({ id: '298', name: 'Lift Emergency' });
	pbx.put({ id: '299', name: 'Front Door' });

	for (const { user, mail } of cast.upToDate) seat(user.displayName, mail);
	for (const [i, member] of cast.outdated.entries()) seat(...outdated(member, i));
	for (const { user, mail } of cast.disabled) seat(user.displayName, mail);
	if (cast.deleted) seat(cast.deleted.user.displayName, cast.deleted.mail);
	if (cast.disputed) {
		seat(cast.disputed.user.displayName, cast.disputed.mail);
		seat('Old account', cast.disputed.mail);
	}
	// Of nobody: a person who left long ago, and one with a private address.
	const ture = `ture.gammal@${DOMAIN}`;
	pbx.put({ id: '480', name: 'Ture Gammal', ...withMail(pbx, 'Ture Gammal', ture) });
	pbx.put({ id: '481', name: 'Temp', ...withMail(pbx, 'Temp', 'temp@private.example') });
}

/** A mail address is kept by the mailbox and by the control panel's account. */
function withMail(
	pbx: FreePbx,
	name: string,
	email: string,
): Pick<FreePbxExtension, 'mailbox' | 'panelUser'> {
	const mailbox: Mailbox = { password: '4711', name, email, greeting: null };
	return { mailbox, panelUser: { email, password: pbx.invent(), groups: ['1'] } };
}

/** One old value each, in turn; the mail in capitals is not old, mail has no case. */
function outdated({ user, mail }: CastMember, index: number): [name: string, email: string] {
	return index % 3 === 2 ? [user.displayName, mail.toUpperCase()] : ['New Employee', mail];
}
