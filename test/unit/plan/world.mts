/** Builds small worlds to plan in, and a phone system of the simplest kind that does what a plan says. */
import type { Contact, FieldDefinition } from '../../../sync/contact.ts';
import type { PlanSettings, SystemFacts } from '../../../sync/draft.ts';
import { wholeness } from '../../../sync/guard.ts';
import type { NumberEvent } from '../../../sync/history.ts';
import type { ContactItem, Extension, Link, ReadMark, UserStatus } from '../../../sync/item.ts';
import type { Plan, PlanInput } from '../../../sync/plan.ts';

export const FIELDS: readonly FieldDefinition[] = [
	{ name: 'number', displayName: 'Extension Number', type: 'digits', required: true },
	{ name: 'firstName', displayName: 'First Name', type: 'text' },
	{ name: 'lastName', displayName: 'Last Name', type: 'text' },
	{ name: 'email', displayName: 'Email', type: 'email', ignoreCase: true },
	{ name: 'mobile', displayName: 'Mobile', type: 'phone' },
	{ name: 'jobTitle', displayName: 'Job Title', type: 'text', createOnly: true },
];

export const FACTS: SystemFacts = {
	numbers: 'required',
	numberMaxLength: 7,
	canChangeNumber: true,
	disable: 'native',
	canCreate: true,
	hasExternalId: false,
	sharedEmail: false,
};

export const SETTINGS: PlanSettings = {
	matchBy: new Set(['link', 'externalId', 'email']),
	adopt: true,
	enable: 'paired',
	numbering: { method: 'nextFree', pools: [{ name: 'Everyone', ranges: '200-299' }], reserved: '' },
};

const MARK = { id: 'read', scope: 'whole' } as const;

/** A user as Field Mapper sends it; mail and name follow from the id unless given. */
export function person(
	id: string,
	{
		status = 'active',
		contact = { email: `${id}@example.com`, firstName: id },
		...attributes
	}: {
		status?: UserStatus;
		contact?: ContactItem['contact'];
		[attribute: string]: unknown;
	} = {},
): ContactItem {
	return {
		user: { id, status, mail: `${id}@example.com`, ...attributes },
		read: { ...MARK, of: 'users', count: -1 },
		contact,
		decisions: [],
	};
}

export function extension(number: string, over: Partial<Extension> = {}): Extension {
	return { id: `e${number}`, number, enabled: true, externalId: null, fields: {}, ...over };
}

export function link(userId: string, extensionId: string, over: Partial<Link> = {}): Link {
	return { userId, extensionId, number: null, state: 'active', ...over };
}

export interface World {
	users?: readonly ContactItem[];
	extensions?: readonly Extension[];
	links?: readonly Link[] | null;
	facts?: Partial<SystemFacts>;
	settings?: Partial<PlanSettings>;
	numbering?: Partial<PlanSettings['numbering']>;
	/** How many the reads gave, when that differs from how many arrived. */
	usersRead?: number;
	extensionsRead?: number;
	scope?: ReadMark['scope'];
	history?: readonly NumberEvent[];
}

export function inputOf(world: World): PlanInput {
	const { users = [], extensions = [], links = null, scope = 'whole' } = world;
	const usersMark: ReadMark = {
		...MARK,
		of: 'users',
		scope,
		count: world.usersRead ?? new Set(users.map(({ user }) => user.id)).size,
	};
	const mark: ReadMark = {
		...MARK,
		of: 'extensions',
		system: 'toy',
		count: world.extensionsRead ?? extensions.length,
	};
	const settings = { ...SETTINGS, ...world.settings };
	return {
		users,
		extensions,
		links,
		usersRead: wholeness({
			of: 'users',
			marks: [usersMark],
			distinct: new Set(users.map(({ user }) => user.id)).size,
			broken: 0,
		}),
		extensionsRead: {
			...wholeness({ of: 'extensions', marks: [mark], distinct: extensions.length, broken: 0 }),
			mark,
		},
		facts: { ...FACTS, ...world.facts },
		fields: FIELDS,
		settings: { ...settings, numbering: { ...settings.numbering, ...world.numbering } },
		history: world.history ?? [],
		now: '2026-06-01T08:00:00Z',
		listUnchanged: true,
	};
}

/** Where case makes no difference, a phone system keeps a value as it likes. */
function inItsOwnCase(written: Contact, { fields }: PlanInput): Contact {
	const isLoose = (name: string) => fields.some((each) => each.name === name && each.ignoreCase);
	return Object.fromEntries(
		Object.entries(written).map(([name, value]) => [
			name,
			isLoose(name) ? (value?.toUpperCase() ?? null) : value,
		]),
	);
}

/** Does everything the plan says, and remembers pairings where links are wired. */
export function apply(input: PlanInput, { changes }: Plan): PlanInput {
	const extensions = new Map(input.extensions.map((each) => [each.id, each]));
	const links = new Map((input.links ?? []).map((each) => [each.userId, each]));
	for (const { user, change } of changes) {
		if (!('pbx' in change)) continue;
		const id = change.kind === 'create' ? `new ${user.id}` : change.extensionId;
		const before = extensions.get(id) ?? {
			id,
			number: change.kind === 'create' ? change.number : null,
			enabled: true,
			externalId: input.facts.hasExternalId ? user.id : null,
			fields: {},
		};
		const {
			number = before.number,
			externalId = before.externalId,
			...written
		} = Object.fromEntries(Object.entries(change.pbx).map(([name, { to }]) => [name, to]));
		extensions.set(id, {
			...before,
			number,
			externalId,
			enabled: change.kind === 'enable' ? true : before.enabled,
			fields: { ...before.fields, ...inItsOwnCase(written, input) },
		});
		const pinned = links.get(user.id)?.state === 'pinned';
		links.set(user.id, link(user.id, id, { number, state: pinned ? 'pinned' : 'active' }));
	}
	const all = [...extensions.values()];
	const mark = { ...input.extensionsRead.mark, count: all.length };
	return {
		...input,
		extensions: all,
		links: input.links && [...links.values()],
		extensionsRead: { whole: true, mark },
	};
}
