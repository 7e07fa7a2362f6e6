/** What an administrator finds on the SCIM phone system before the first sync. */
import { castOf } from '../cast.mts';
import type { CastMember } from '../cast.mts';
import type { Directory } from '../directory/directory.mts';
import { DOMAIN } from '../directory/user.mts';
import type { ScimStore, ScimValues } from './store.mts';

export function seedScim(store: ScimStore, directory: Directory): void {
	const cast = castOf(directory);
	for (const [i, member] of cast.upToDate.entries()) {
		// Half of them carry the object id already; the others are found by mail.
		store.put({ ...upToDate(member), ...(i % 2 === 0 ? { externalId: member.user.id } : {}) });
	}
	for (const [i, member] of cast.outdated.entries()) {
		store.put({ ...upToDate(member), ...outdated(member, i) });
	}
	for (const [i, member] of cast.disabled.entries()) {
		store.put({ ...upToDate(member), active: i !== 0 });
	}
	if (cast.returned) store.put({ ...upToDate(cast.returned), active: false });
	if (cast.deleted) store.put(upToDate(cast.deleted));
	if (cast.disputed) {
		store.put(upToDate(cast.disputed));
		store.put({ ...upToDate(cast.disputed), userName: `old-${cast.disputed.mail}` });
	}
	for (const name of ['reception', 'front-door']) {
		store.put({ userName: `${name}@${DOMAIN}`, displayName: name });
	}
	store.put({
		userName: `ture.gammal@${DOMAIN}`,
		displayName: 'Ture Gammal',
		emails: [{ type: 'work', value: `ture.gammal@${DOMAIN}`, primary: true }],
	});
}

function upToDate({ user, mail, mobile }: CastMember): ScimValues {
	return {
		userName: user.userPrincipalName,
		displayName: user.displayName,
		title: user.jobTitle ?? '',
		name: { givenName: user.givenName ?? '', familyName: user.surname ?? '' },
		emails: [{ type: 'work', value: mail, primary: true }],
		phoneNumbers: mobile === null ? [] : [{ type: 'mobile', value: mobile }],
	};
}

function outdated({ user, mail }: CastMember, index: number): Partial<ScimValues> {
	const old: readonly Partial<ScimValues>[] = [
		{ name: { givenName: user.givenName ?? '', familyName: 'Maiden-Name' } },
		{ title: 'Trainee' },
		{ phoneNumbers: [] },
		// The mail changed since: only the object id still tells who this is.
		{
			externalId: user.id,
			userName: `former-${mail}`,
			emails: [{ type: 'work', value: `former-${mail}`, primary: true }],
		},
		{ displayName: 'New Employee' },
	];
	return old[index % old.length] ?? {};
}
