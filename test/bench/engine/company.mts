/** A company to plan for, of any size; the same for the same size, without chance. */
import { wholeness } from '../../../sync/guard.ts';
import type { ContactItem, Extension, Link, ReadMark } from '../../../sync/item.ts';
import type { PlanInput } from '../../../sync/plan.ts';
import { FACTS, FIELDS, SETTINGS } from '../../unit/plan/world.mts';

export interface Company {
	readonly users: readonly ContactItem[];
	readonly extensions: readonly Extension[];
	readonly links: readonly Link[];
}

export function company(size: number): Company {
	const numbers = Array.from({ length: size }, (_, index) => index);
	const read: ReadMark = { id: 'u', of: 'users', count: size, scope: 'whole' };
	return {
		users: numbers.map((index) => personAt(index, read)),
		extensions: numbers.filter((index) => index % 100 !== 1).map(extensionAt),
		links: numbers
			.filter((index) => index % 100 !== 1)
			.map((index) => ({
				userId: idAt(index),
				extensionId: `account-${String(index)}`,
				number: numberAt(index),
				state: 'active' as const,
			})),
	};
}

/** A user as Field Mapper sends it: what Entra User Source reads by default, and a contact. */
function personAt(index: number, read: ReadMark): ContactItem {
	const name = nameAt(index);
	const mail = `${name.givenName}.${name.surname}@contoso.example`.toLowerCase();
	const gone = index % 100 === 2;
	const mobile = `+4915${String(100_000_000 + index)}`;
	return {
		user: {
			id: idAt(index),
			status: gone ? 'disabled' : 'active',
			accountEnabled: !gone,
			userType: 'Member',
			displayName: `${name.givenName} ${name.surname}`,
			...name,
			userPrincipalName: mail,
			mail,
			proxyAddresses: [`SMTP:${mail}`, `smtp:u${String(index)}@contoso.example`],
			mobilePhone: mobile,
			businessPhones: [`+49 30 ${String(1_000_000 + index)}`],
			jobTitle: 'Engineer',
			department: `Department ${String(index % 40)}`,
			companyName: 'Contoso',
			officeLocation: `Berlin ${String(index % 9)}`,
			usageLocation: 'DE',
			employeeId: String(index),
			createdDateTime: '2024-03-01T08:00:00Z',
			...Object.fromEntries(
				Array.from({ length: 15 }, (_, n) => [`extensionAttribute${String(n + 1)}`, null]),
			),
		},
		read,
		contact: gone
			? null
			: {
					firstName: name.givenName,
					lastName: index % 50 === 3 ? `${name.surname}-New` : name.surname,
					email: mail,
					mobile,
					jobTitle: 'Engineer',
				},
		decisions: ['In scope: everyone.'],
	};
}

function extensionAt(index: number): Extension {
	const { givenName, surname } = nameAt(index);
	return {
		id: `account-${String(index)}`,
		number: numberAt(index),
		enabled: true,
		externalId: null,
		fields: {
			firstName: givenName,
			lastName: surname,
			email: `${givenName}.${surname}@contoso.example`.toLowerCase(),
			mobile: `+4915${String(100_000_000 + index)}`,
			jobTitle: 'Engineer',
			department: null,
		},
	};
}

function nameAt(index: number): { givenName: string; surname: string } {
	return { givenName: `Anna${String(index % 317)}`, surname: `Berg${String(index)}` };
}

/** Looks like an object id, in no order: directories do not sort by it. */
function idAt(index: number): string {
	const scattered = (Math.imul(index + 1, 0x9e3779b1) >>> 0).toString(16).padStart(8, '0');
	return `${scattered}-0000-4000-8000-${index.toString(16).padStart(12, '0')}`;
}

function numberAt(index: number): string {
	return String(2_000_000 + index);
}

export function inputOf({ users, extensions, links }: Company): PlanInput {
	const of = { users: users.length, extensions: extensions.length };
	const mark = (kind: 'users' | 'extensions'): ReadMark => ({
		id: kind,
		of: kind,
		count: of[kind],
		scope: 'whole',
		...(kind === 'extensions' && { system: 'toy' }),
	});
	const whole = (kind: 'users' | 'extensions') =>
		wholeness({ of: kind, marks: [mark(kind)], distinct: of[kind], broken: 0 });
	const pools = [{ name: 'Everyone', ranges: '2000000-2999999' }];
	return {
		users,
		extensions,
		links,
		usersRead: whole('users'),
		extensionsRead: { ...whole('extensions'), mark: mark('extensions') },
		facts: FACTS,
		fields: FIELDS,
		now: '2026-06-01T08:00:00Z',
		listUnchanged: false,
		settings: { ...SETTINGS, numbering: { ...SETTINGS.numbering, pools } },
	};
}
