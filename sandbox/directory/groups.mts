/** Groups: by department, nested, empty, in a ring, and with members that are not users. */
import { DEPARTMENTS } from './countries.mts';
import { mailLocalPart, stableId } from './identity.mts';
import { DOMAIN } from './user.mts';
import type { DirectoryDevice, DirectoryGroup, DirectoryUser } from './user.mts';

export function buildDevices(): DirectoryDevice[] {
	return ['DESK-001', 'DESK-002'].map((displayName) => ({
		id: stableId('device', displayName),
		displayName,
		operatingSystem: 'Windows',
	}));
}

function group(displayName: string, members: string[], description: string): DirectoryGroup {
	const mailNickname = mailLocalPart(displayName);
	const office365 = displayName.startsWith('Team ');
	return {
		id: stableId('group', displayName),
		createdDateTime: '2022-01-10T10:00:00Z',
		description,
		displayName,
		groupTypes: office365 ? ['Unified'] : [],
		mail: office365 ? `${mailNickname}@${DOMAIN}` : null,
		mailEnabled: office365,
		mailNickname,
		securityEnabled: true,
		visibility: office365 ? 'Private' : null,
		members,
	};
}

export function buildGroups(
	users: readonly DirectoryUser[],
	devices: readonly DirectoryDevice[],
): DirectoryGroup[] {
	const idsWhere = (keep: (user: DirectoryUser) => boolean) =>
		users.filter(keep).map((user) => user.id);

	const departments = DEPARTMENTS.map((department) =>
		group(
			`Department ${department}`,
			idsWhere((user) => user.department === department),
			`Everyone in ${department}`,
		),
	);
	const idOf = (name: string) => stableId('group', name);
	const nordic = idsWhere((user) => ['SE', 'NO', 'DK', 'FI'].includes(user.usageLocation ?? ''));
	return [
		...departments,
		group('Nordics', nordic, 'People licensed in the Nordic countries'),
		// Nested: two departments, the Nordics (overlapping both), two people of its own, a device.
		group(
			'Phone Users',
			[
				idOf('Department Sales'),
				idOf('Department Support'),
				idOf('Nordics'),
				...idsWhere((user) => user.userType === 'Guest').slice(0, 2),
				...devices.map((device) => device.id),
			],
			'Everyone who shall have a phone',
		),
		group('Phone Exceptions', nordic.slice(3, 6), 'Never given a phone'),
		group(
			'Team Sales Leads',
			idsWhere((user) => user.jobTitle === 'Sales Lead'),
			'Sales leads',
		),
		group('Empty Group', [], 'Nobody yet'),
		// Two groups that contain each other: a careless walk never ends.
		group('Ring A', [idOf('Ring B'), ...nordic.slice(0, 1)], 'Contains Ring B'),
		group('Ring B', [idOf('Ring A'), ...nordic.slice(1, 2)], 'Contains Ring A'),
	];
}
