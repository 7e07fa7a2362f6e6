/** Whom an administrator finds at Telavox before the first sync. */
import { castOf } from '../cast.mts';
import type { CastMember } from '../cast.mts';
import type { Directory } from '../directory/directory.mts';
import { DOMAIN } from '../directory/user.mts';
import type { Organization, TelavoxUser } from './organization.mts';

export function seedTelavox(organization: Organization, directory: Directory): void {
	const cast = castOf(directory);
	for (const member of cast.upToDate) organization.put(upToDate(member));
	for (const [i, member] of cast.outdated.entries()) {
		organization.put({ ...upToDate(member), ...outdated(member, i) });
	}
	for (const member of cast.disabled) organization.put(upToDate(member));
	if (cast.deleted) organization.put(upToDate(cast.deleted));
	if (cast.disputed) {
		organization.put(upToDate(cast.disputed));
		organization.put({ ...upToDate(cast.disputed), name: 'Old account' });
	}
	// Of nobody: a shared phone, and somebody who left long ago.
	organization.put({ name: 'Reception', fixedNumber: '0317401200' });
	organization.put({ name: 'Front Door' });
	organization.put({ name: 'Ture Gammal', email: `ture.gammal@${DOMAIN}` });
}

/** Its numbers are its own: what calls it, not what the directory says of the person. */
function upToDate({ user, mail, mobile }: CastMember): Partial<TelavoxUser> {
	return { name: user.displayName, email: mail, mobileNumber: mobile };
}

/** One old value each, in turn; the mail in capitals is not old, mail has no case. */
function outdated({ mail }: CastMember, index: number): Partial<TelavoxUser> {
	const old: readonly Partial<TelavoxUser>[] = [
		{ name: 'Maiden-Name' },
		{ name: null },
		{ name: 'New Employee', email: mail.toUpperCase() },
	];
	return old[index % old.length] ?? {};
}
