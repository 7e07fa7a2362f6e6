import { parsePhoneNumberFromString } from 'libphonenumber-js/max';
import { buildDirectory } from '../../sandbox/directory/directory.mts';
import { castOf } from '../../sandbox/cast.mts';

const directory = buildDirectory();
const users = [...directory.users.values()];

describe('the directory of the sandbox', () => {
	it('is the same on every start', () => {
		expect([...buildDirectory().users.values()]).toEqual(users);
	});

	it('has at least 260 users in 12 countries', () => {
		expect(users.length).toBeGreaterThanOrEqual(260);
		expect(new Set(users.flatMap((user) => user.usageLocation ?? [])).size).toBeGreaterThanOrEqual(
			12,
		);
	});

	it('gives no two users the same id or sign-in name', () => {
		expect(new Set(users.map((user) => user.id)).size).toBe(users.length);
		expect(new Set(users.map((user) => user.userPrincipalName.toLowerCase())).size).toBe(
			users.length,
		);
	});

	it('has every kind of user that makes a sync stumble', () => {
		const count = (keep: (user: (typeof users)[number]) => boolean) => users.filter(keep).length;
		expect({
			guests: count((user) => user.userType === 'Guest'),
			withoutType: count((user) => user.userType === null),
			disabledStaff: count((user) => !user.accountEnabled && user.employeeId !== null),
			disabledMailboxesAndRooms: count((user) => !user.accountEnabled && !user.employeeId),
			withoutMail: count((user) => user.mail === null),
			synced: count((user) => user.onPremisesSyncEnabled === true),
			onceSynced: count((user) => user.onPremisesSyncEnabled === false),
			withoutSurname: count((user) => user.surname === null && user.employeeId !== null),
			wanting230: count(
				(user) => user.onPremisesExtensionAttributes['extensionAttribute1'] === '230',
			),
			deleted: directory.deletedUsers.size,
		}).toEqual({
			guests: 14,
			withoutType: 3,
			disabledStaff: 12,
			disabledMailboxesAndRooms: 7,
			withoutMail: 9,
			synced: 24,
			onceSynced: 12,
			withoutSurname: 0,
			wanting230: 2,
			deleted: 5,
		});
	});

	it('says of every number it calls certain that it is a valid one', () => {
		const numbers = [...directory.numbers.values()].flatMap(({ mobile, business }) => [
			mobile,
			business,
		]);
		const certain = numbers.filter((number) => number !== null);
		expect(certain.length).toBeGreaterThan(300);
		expect(certain.filter((number) => !parsePhoneNumberFromString(number)?.isValid())).toEqual([]);
	});

	it('gives every person of the cast one part only', () => {
		const cast = castOf(directory);
		const parts = [
			...cast.upToDate,
			...cast.outdated,
			...cast.disabled,
			...[cast.deleted, cast.returned, cast.disputed].filter((member) => member !== undefined),
		];
		expect(parts).toHaveLength(45);
		expect(new Set(parts.map((member) => member.user.id)).size).toBe(45);
	});
});
