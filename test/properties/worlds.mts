/**
 * Worlds small enough that mail addresses, numbers and ids collide all the time: six users, ten
 * extensions, five addresses.
 */
import fc from 'fast-check';
import type { ContactItem, Extension, Link } from '../../sync/item.ts';
import type { ConflictChoices } from '../../sync/reaction.ts';
import { extension, inputOf, link, person } from '../unit/plan/world.mts';

const userId = fc
	.integer({ min: 1, max: 6 })
	.map((n) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`);
const number = fc.oneof(
	fc.integer({ min: 200, max: 209 }).map(String),
	fc.constantFrom('0300', '112', '*72', '12345678'),
);
const email = fc.integer({ min: 1, max: 5 }).map((n) => `m${String(n)}@example.com`);
const mobile = fc.constantFrom('+41791111111', '+41792222222', '0793333333');
const maybe = <T,>(value: fc.Arbitrary<T>) => fc.option(value, { nil: null });

const contact = fc.record(
	{
		email: maybe(email),
		number: maybe(number),
		firstName: fc.constantFrom('Ada', 'Bob'),
		mobile: maybe(mobile),
	},
	{ requiredKeys: [] },
);

const user: fc.Arbitrary<ContactItem> = fc
	.record({
		id: userId,
		status: fc.oneof(
			{ weight: 3, arbitrary: fc.constant('active' as const) },
			fc.constantFrom('disabled', 'deleted', 'outOfScope' as const),
		),
		mail: maybe(email),
		userPrincipalName: maybe(email),
		department: fc.constantFrom('Sales', 'IT', null),
		contact: maybe(contact),
	})
	.map(({ id, ...rest }) =>
		person(id, { ...rest, contact: rest.status === 'active' ? rest.contact : null }),
	);

const existing: fc.Arbitrary<Extension> = fc
	.record({
		number: fc.integer({ min: 200, max: 209 }).map(String),
		enabled: fc.constantFrom(true, true, false, null),
		externalId: maybe(userId),
		fields: fc.record(
			{ email: maybe(email), firstName: fc.constantFrom('Ada', 'Bob', ''), mobile: maybe(mobile) },
			{ requiredKeys: [] },
		),
	})
	.map(({ number: text, ...rest }) => extension(text, rest));

const row: fc.Arbitrary<Link> = fc
	.record({
		userId,
		extensionId: fc.integer({ min: 200, max: 212 }).map((n) => `e${String(n)}`),
		number: maybe(number),
		state: fc.constantFrom('active', 'active', 'pinned', 'ignored' as const),
	})
	.map(({ userId: ofUser, extensionId, ...rest }) => link(ofUser, extensionId, rest));

export const POOLS = [
	{ name: 'Sales', ranges: '0300-0302', when: { attribute: 'department', values: ['sales'] } },
	{ name: 'Everyone', ranges: '206-208, 200-204' },
];
export const RESERVED = '203, 207';

const users = fc.uniqueArray(user, { selector: (item) => item.user.id, maxLength: 6 });
const extensions = fc.uniqueArray(existing, { selector: ({ id }) => id, maxLength: 10 });
const links = fc.uniqueArray(row, { selector: (each) => each.userId, maxLength: 6 });

const facts = fc.record({
	numbers: fc.constantFrom('required', 'optional', 'none' as const),
	numberMaxLength: fc.constantFrom(3, 7),
	canChangeNumber: fc.boolean(),
	disable: fc.constantFrom('native', 'none' as const),
	canCreate: fc.constantFrom(true, true, true, false),
	hasExternalId: fc.boolean(),
	sharedEmail: fc.boolean(),
});

const settings = fc.record({
	matchBy: fc.oneof(
		fc.constant(new Set(['link', 'externalId', 'email'] as const)),
		fc
			.subarray(['link', 'externalId', 'email', 'number', 'phone'] as const)
			.map((chosen) => new Set(chosen)),
	),
	adopt: fc.constantFrom(true, true, false),
	enable: fc.constantFrom('paired', 'always', 'never' as const),
	numbering: fc
		.constantFrom('nextFree', 'property', 'propertyElseNextFree', 'none' as const)
		.map((method) => ({ method, pools: POOLS, reserved: RESERVED })),
	reactions: fc.constantFrom({}, {}, { linked: 'report' }, { new: 'ignore' } as const),
	choices: fc.constantFrom<ConflictChoices[]>(
		{},
		{},
		{ numberInUse: 'nextFree', wantedTwice: 'nextFree', reserved: 'nextFree' },
		{ badNumber: 'nextFree', poolEmpty: 'nextFree', disputed: 'skip' },
	),
});

/** Both lists whole. */
export const worlds = fc
	.record({ users, extensions, links: maybe(links), facts, settings })
	.map((world) => inputOf(world));
