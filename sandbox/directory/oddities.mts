/** Everything in a directory that is not ordinary staff. */
import { pick } from './people.mts';
import { emptyUser, extensionAttributes, LICENSE } from './people.mts';
import { mailLocalPart } from './identity.mts';
import { DOMAIN, INITIAL_DOMAIN } from './user.mts';
import type { DirectoryUser } from './user.mts';

const at = (localPart: string) => `${localPart}@${DOMAIN}`;

/** Names that break things: no surname, no first name, two scripts, spaces, apostrophes, length. */
const ODD_NAMES: ReadonlyArray<readonly [string | null, string | null, string?]> = [
	['Seán', "O'Neil"],
	['Siobhán', "Ní Dhomhnaill-O'Brien"],
	['Jean-Luc', 'd’Arcy'],
	['İpek', 'Çağlar'],
	['Nguyễn', 'Thị Ánh'],
	['Björk', null],
	[null, 'Papadopoulos', 'Papadopoulos'],
	['Jürgen', 'Vom Berg', 'Vom Berg, Jürgen (Support)'],
	['Maria do Carmo', 'Albuquerque de Vasconcelos e Sousa Cavalcanti de Andrade'],
	['Zoë ', ' Double  Space'],
	['伟', '李', '李伟'],
	['Дмитрий', 'Соколов'],
	['أحمد', 'منصور'],
	['Ann & Bob', '<Reception>'],
];

function oddNames(): DirectoryUser[] {
	return ODD_NAMES.map(([givenName, surname, displayName], i) => {
		const localPart = mailLocalPart(givenName ?? '', surname ?? '') || `staff${i}`;
		return emptyUser(at(localPart), displayName ?? [givenName, surname].filter(Boolean).join(' '), {
			assignedLicenses: [LICENSE],
			givenName,
			surname,
			mail: at(localPart),
			country: 'Ireland',
			usageLocation: 'IE',
			department: 'Support',
			jobTitle: 'Support Agent',
			officeLocation: 'Dublin',
			companyName: 'Nordvik AB',
		});
	});
}

/** Three names carried by two people each. */
function equalNames(): DirectoryUser[] {
	return ['Anna Andersson', 'Lars Nilsson', 'Maria Karlsson'].flatMap((displayName) => {
		const [givenName = '', surname = ''] = displayName.split(' ');
		return ['Sales', 'Finance'].map((department, twin) => {
			const address = at(mailLocalPart(givenName, surname) + (twin === 0 ? '' : '2'));
			return emptyUser(address, displayName, {
				assignedLicenses: [LICENSE],
				givenName,
				surname,
				mail: address,
				department,
				country: 'Sweden',
				usageLocation: 'SE',
				officeLocation: 'Göteborg HQ',
				companyName: 'Nordvik AB',
			});
		});
	});
}

/** Mail that is not the sign-in name, that is written in capitals, and shared mailboxes and rooms. */
function mailOddities(): DirectoryUser[] {
	return [
		emptyUser(at('petra.holm'), 'Petra Sundqvist', {
			assignedLicenses: [LICENSE],
			givenName: 'Petra',
			surname: 'Sundqvist',
			mail: at('petra.sundqvist'),
			department: 'Sales',
			usageLocation: 'SE',
			country: 'Sweden',
		}),
		emptyUser(at('ove.capital'), 'Ove Capital', {
			assignedLicenses: [LICENSE],
			givenName: 'Ove',
			surname: 'Capital',
			mail: at('OVE.Capital').toUpperCase(),
			department: 'Finance',
			usageLocation: 'SE',
			country: 'Sweden',
		}),
		...['info', 'support', 'jobs', 'invoices', 'press'].map((name, i) =>
			// A shared mailbox is a user whose sign-in is off; one was set up carelessly.
			emptyUser(at(name), `${name.charAt(0).toUpperCase()}${name.slice(1)} (shared mailbox)`, {
				accountEnabled: i === 4,
				mail: at(name),
			}),
		),
		...['fjord', 'glacier', 'harbour'].map((name, i) =>
			emptyUser(at(`room-${name}`), `Room ${name.charAt(0).toUpperCase()}${name.slice(1)}`, {
				accountEnabled: false,
				mail: at(`room-${name}`),
				officeLocation: pick(['Göteborg HQ', 'Oslo'], i),
			}),
		),
		...['svc-backup', 'svc-scanner', 'breakglass'].map((name) =>
			emptyUser(`${name}@${INITIAL_DOMAIN}`, name),
		),
	];
}

const GUEST_COMPANIES = ['Contrast Partners', 'Fjell Consulting', 'Lumen Design'] as const;

function guests(): DirectoryUser[] {
	return Array.from({ length: 14 }, (_, i) => {
		const company = pick(GUEST_COMPANIES, i);
		const domain = `${mailLocalPart(company)}.example`;
		const surname = pick(['Hart', 'Moreau', 'Silva', 'Lind', 'Kowalski'], i);
		const givenName = pick(['Robin', 'Charlie', 'Sam', 'Alex', 'Kim', 'Noa', 'Toni'], i);
		const localPart = mailLocalPart(givenName, surname);
		return emptyUser(
			`${localPart}_${domain}#EXT#@${INITIAL_DOMAIN}`,
			`${givenName} ${surname} (${company})`,
			{
				givenName,
				surname,
				mail: `${localPart}@${domain}`,
				companyName: company,
				creationType: 'Invitation',
				externalUserState: i % 5 === 4 ? 'PendingAcceptance' : 'Accepted',
				userType: 'Guest',
			},
		);
	});
}

export function buildOddities(): DirectoryUser[] {
	return [...oddNames(), ...equalNames(), ...mailOddities(), ...guests()];
}

/** In the recycle bin. Entra puts the object id before the sign-in name, so the name is free again. */
export function buildDeleted(): DirectoryUser[] {
	return ['Göran Persson', 'Elin Dahl', 'Mats Ek', 'Karin Boye', 'Nils Holgersson'].map(
		(displayName, i) => {
			const [givenName = '', surname = ''] = displayName.split(' ');
			const address = at(mailLocalPart(givenName, surname));
			const user = emptyUser(address, displayName, {
				givenName,
				surname,
				mail: address,
				accountEnabled: i % 2 === 0,
				country: 'Sweden',
				usageLocation: 'SE',
				department: 'Sales',
				deletedDateTime: `2026-11-${String(10 + i)}T12:00:00Z`,
				onPremisesExtensionAttributes: extensionAttributes({}),
			});
			return { ...user, userPrincipalName: user.id.replaceAll('-', '') + address };
		},
	);
}
