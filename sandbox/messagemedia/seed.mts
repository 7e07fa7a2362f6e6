/** What an administrator finds among the contacts before the first sync. */
import { castOf } from '../cast.mts';
import type { CastMember } from '../cast.mts';
import type { Directory } from '../directory/directory.mts';
import { DOMAIN } from '../directory/user.mts';
import type { Account, Channel, Contact } from './account.mts';

export function seedAccount(account: Account, directory: Directory): void {
	const cast = castOf(directory);
	// Two of the sync's own custom fields are there; it makes the others. One is nobody's business.
	const email = field(account, 'entra_email', 'Entra: mail', 'EMAIL').id;
	const department = field(account, 'entra_department', 'Entra: department', 'TEXT').id;
	const shoeSize = field(account, 'shoe_size', 'Shoe size', 'NUMBER').id;
	const everybody = account.putList('All staff').id;
	const club = account.putList('Sailing club').id;
	const sales = account.putList('Entra Sales').id;

	const put = (member: CastMember, values: Partial<Contact> = {}) => {
		const { user, mail, mobile } = member;
		const custom = new Map([[email, mail.toLowerCase()]]);
		if (user.department) custom.set(department, user.department);
		account.putContact({
			firstName: user.givenName ?? '',
			lastName: user.surname ?? '',
			location: user.officeLocation ?? '',
			channels: mobile === null ? [] : [sms(mobile)],
			lists: user.department === 'Sales' ? [everybody, sales] : [everybody],
			customFields: custom,
			...values,
		});
	};

	for (const [i, member] of cast.upToDate.entries()) {
		// Some opted out; some are in lists and have values the sync knows nothing of.
		const custom = new Map([[email, member.mail]]);
		if (member.user.department) custom.set(department, member.user.department);
		if (i % 4 === 0) custom.set(shoeSize, String(38 + i));
		put(member, {
			customFields: custom,
			...(i % 5 === 0 ? { channels: [sms(member.mobile ?? '', 'UNSUBSCRIBED')] } : {}),
			...(i % 3 === 0 ? { lists: [everybody, club] } : {}),
		});
	}
	for (const [i, member] of cast.outdated.entries()) put(member, outdated(member, i));
	for (const [i, member] of cast.disabled.entries()) {
		// Staff whose mobile cannot be read have some other phone here.
		put({ ...member, mobile: member.mobile ?? `+4670174062${String(i)}` });
	}
	if (cast.returned) put(cast.returned);
	if (cast.deleted) {
		put({ ...cast.deleted, mobile: cast.deleted.mobile ?? '+46701740630' });
	}
	// Two contacts carry this person's mail; only the numbers have to differ.
	if (cast.disputed) {
		put(cast.disputed);
		put({ ...cast.disputed, mobile: '+46701740640' });
	}
	account.putContact({ firstName: 'Taxi', channels: [sms('+46701740650')], lists: [everybody] });
	account.putContact({
		firstName: 'Ture',
		lastName: 'Gammal',
		channels: [sms('+46701740651')],
		customFields: new Map([[email, `ture.gammal@${DOMAIN}`]]),
	});
}

function field(account: Account, mergeTag: string, label: string, type: string) {
	return account.putCustomField({ mergeTag, label, type, maxLength: 255 });
}

const sms = (
	channelId: string,
	subscriptionState: Channel['subscriptionState'] = 'SUBSCRIBED',
): Channel => ({ type: 'SMS', channelId, subscriptionState });

/** One old value each, in turn. */
function outdated({ mobile }: CastMember, index: number): Partial<Contact> {
	const old: readonly Partial<Contact>[] = [
		{ lastName: 'Maiden-Name' },
		{ location: 'Old Town' },
		// Changed phones since, and opted out on the old one.
		{ channels: [sms(`+467017405${String(10 + index)}`, 'UNSUBSCRIBED')] },
		// Known by the number only: somebody typed it in years ago.
		{ customFields: new Map(), channels: [sms(mobile ?? '')] },
		{ firstName: '', lastName: '' },
	];
	return old[index % old.length] ?? {};
}
