/**
 * A directory and a phone system of the simplest kind, edited on both sides since they last agreed,
 * and rounds of the sync between them that may be disturbed.
 */
import fc from 'fast-check';
import { wholeness } from '../../sync/guard.ts';
import type {
	ChangeItem,
	ContactItem,
	DirectoryOutcome,
	Extension,
	Link,
	Outcome,
	User,
} from '../../sync/item.ts';
import type { FieldDefinition } from '../../sync/contact.ts';
import { compileMapping } from '../../sync/mapping.ts';
import type { MappingRow } from '../../sync/mapping-row.ts';
import { plan, type Plan } from '../../sync/plan.ts';
import { journalRow, type JournalRow } from '../../sync/report/journal.ts';
import { linkOf } from '../../sync/report/links.ts';
import { baseCell, readBase } from '../../sync/base.ts';
import { digestOf, keyOf, type Back, type Winner } from '../../sync/two-way.ts';
import { FACTS, SETTINGS } from '../unit/plan/world.mts';

const FIELDS: readonly FieldDefinition[] = [
	{ name: 'number', displayName: 'Extension Number', type: 'digits', required: true },
	{ name: 'jobTitle', displayName: 'Job Title', type: 'text' },
	{ name: 'department', displayName: 'Department', type: 'text' },
	{ name: 'mobile', displayName: 'Mobile', type: 'phone' },
	{ name: 'alias', displayName: 'Alias', type: 'text', ignoreCase: true },
	{ name: 'note', displayName: 'Note', type: 'text' },
];

const TEXTS = ['Boss', 'boss', 'Clerk', 'Head of  Sales'];
const PHONES = ['+41791234567', '079 765 43 21', '+49 30 1234567', '0041791234567'];
/** As this phone system shows numbers that somebody typed there. */
const PHONES_THERE = ['+41791234567', '079 765 43 21', '41791234567'];

/** What flows both ways. `note` has no row, and of the directory nobody ever asks for `city`. */
const ROWS = {
	jobTitle: { attribute: 'jobTitle', here: TEXTS, there: TEXTS, transforms: [] },
	department: { attribute: 'department', here: TEXTS, there: TEXTS, transforms: [] },
	mobile: {
		attribute: 'mobilePhone',
		here: PHONES,
		there: PHONES_THERE,
		transforms: [{ kind: 'phone', format: 'e164' }],
	},
	alias: {
		attribute: 'extensionAttribute3',
		here: TEXTS,
		there: TEXTS,
		transforms: [{ kind: 'trim' }, { kind: 'toLower' }],
	},
} as const;

export type FieldName = keyof typeof ROWS;
export const NAMES = ['jobTitle', 'department', 'mobile', 'alias'] as const;

export interface Setting {
	readonly wins: Winner;
	readonly clears: boolean;
}
export type Settings = Readonly<Record<FieldName, Setting>>;
type Values = Readonly<Record<FieldName, string | null>>;

export interface Person {
	/** What both sides said; null: they never met. */
	readonly base: Values | null;
	readonly here: Values;
	readonly there: Values;
	readonly onPremises: boolean;
}

/** What goes wrong with one side of one person in one round; `lost`: done, and nobody hears of it. */
export type Fault = 'none' | 'fails' | 'lost' | 'held';
export type Round = ReadonlyArray<{ readonly phone: Fault; readonly directory: Fault }>;

const setting: fc.Arbitrary<Setting> = fc.record({
	wins: fc.constantFrom('directory', 'phoneSystem', 'hold'),
	clears: fc.boolean(),
});
export const settings: fc.Arbitrary<Settings> = fc.record({
	jobTitle: setting,
	department: setting,
	mobile: setting,
	alias: setting,
});

const valueOf = (name: FieldName, side: 'here' | 'there') =>
	fc.option(fc.constantFrom(...ROWS[name][side]), { nil: null, freq: 4 });

function values(side: 'here' | 'there'): fc.Arbitrary<Values> {
	return fc.record({
		jobTitle: valueOf('jobTitle', side),
		department: valueOf('department', side),
		mobile: valueOf('mobile', side),
		alias: valueOf('alias', side),
	});
}

/** One state, changed into both sides; what is not changed is the same on both. */
export const person: fc.Arbitrary<Person> = fc
	.record({
		common: values('there'),
		here: values('here'),
		there: values('there'),
		editedHere: fc.subarray([...NAMES]),
		editedThere: fc.subarray([...NAMES]),
		met: fc.boolean(),
		onPremises: fc.constantFrom(false, false, false, true),
	})
	.map(({ common, here, there, editedHere, editedThere, met, onPremises }) => ({
		base: met ? common : null,
		here: changed(common, here, editedHere),
		there: changed(common, there, editedThere),
		onPremises,
	}));

function changed(common: Values, edits: Values, names: readonly FieldName[]): Values {
	return Object.assign({ ...common }, ...names.map((name) => ({ [name]: edits[name] }))) as Values;
}

const fault = fc.constantFrom<Fault>('none', 'none', 'fails', 'lost', 'held');
export const rounds = (people: number): fc.Arbitrary<Round[]> =>
	fc.array(
		fc.array(fc.record({ phone: fault, directory: fault }), {
			minLength: people,
			maxLength: people,
		}),
		{ maxLength: 3 },
	);

function backOf(name: FieldName): Back {
	return name === 'mobile' ? { kind: 'phone', country: 'CH' } : { kind: 'text' };
}

/** What makes a value a different one. */
export function meaning(name: FieldName, value: string | null): string {
	const field = FIELDS.find((each) => each.name === name);
	if (!field) throw new Error(`No field ${name}`);
	return keyOf(value, field, backOf(name));
}

export class TwoSides {
	readonly users: User[];
	readonly extensions: Extension[];
	readonly journal: JournalRow[] = [];
	links: Link[];
	private readonly rows: readonly MappingRow[];

	constructor(people: readonly Person[], wishes: Settings) {
		this.rows = NAMES.map((name) => ({
			field: name,
			source: { kind: 'attribute', attribute: ROWS[name].attribute },
			transforms: ROWS[name].transforms,
			whenEmpty: wishes[name].clears ? 'clear' : 'leave',
			onInvalid: 'leave',
			when: 'always',
			direction: 'both',
			wins: wishes[name].wins,
		}));
		this.users = people.map(({ here, onPremises }, index) => ({
			id: `u${String(index)}`,
			status: 'active',
			usageLocation: 'CH',
			city: 'Bern',
			onPremisesSyncEnabled: onPremises,
			...Object.fromEntries(NAMES.map((name) => [ROWS[name].attribute, here[name]])),
		}));
		this.extensions = people.map(({ there }, index) => ({
			id: `e${String(index)}`,
			number: String(200 + index),
			enabled: true,
			externalId: null,
			fields: { ...there, note: 'Knows the boss' },
		}));
		this.links = people.map(({ base }, index) => ({
			userId: `u${String(index)}`,
			extensionId: `e${String(index)}`,
			number: String(200 + index),
			state: 'active',
			...(base ? { base: baseOf(base) } : {}),
		}));
	}

	here(index: number, name: FieldName): string | null {
		return (this.users[index]?.[ROWS[name].attribute] as string | null | undefined) ?? null;
	}

	there(index: number, name: FieldName): string | null {
		return this.extensions[index]?.fields[name] ?? null;
	}

	plan(): Plan {
		const compiled = compileMapping(this.rows, FIELDS, { defaultCountry: null });
		if (!compiled.ok) throw new Error(JSON.stringify(compiled.problems));
		const read = { id: 'r', of: 'users', count: this.users.length, scope: 'whole' } as const;
		const users = this.users.map((user): ContactItem => {
			const mapped = compiled.mapping.map(user);
			return mapped.ok ? { user, read, ...mapped } : { user, read, contact: null, decisions: [] };
		});
		return this.planFrom(users, this.extensions);
	}

	/**
	 * As the page for decisions does it: from what was held alone, with another word on who wins. Where
	 * the directory's value is the only one that can be kept, that is kept.
	 */
	planDecided(held: Plan['conflicts'], winner: Exclude<Winner, 'hold'>): Plan {
		const users = held.map((item): ContactItem => {
			const { twoWay = {}, conflict, user, read, contact, decisions } = item;
			const decided = { ...twoWay };
			for (const { name, fixed } of conflict.fields ?? []) {
				const way = twoWay[name];
				if (way?.direction !== 'both') throw new Error(`${name} does not flow both ways`);
				decided[name] = { ...way, wins: fixed === undefined ? winner : 'directory' };
			}
			return { user, read, contact, decisions, twoWay: decided };
		});
		return this.planFrom(
			users,
			held.flatMap(({ extension }) => extension ?? []),
		);
	}

	private planFrom(users: readonly ContactItem[], extensions: readonly Extension[]): Plan {
		const read = { id: 'r', of: 'users', count: this.users.length, scope: 'whole' } as const;
		const mark = { ...read, of: 'extensions', system: 'toy' } as const;
		const distinct = users.length;
		return plan({
			users,
			extensions,
			links: this.links,
			usersRead: wholeness({ of: 'users', marks: [read], distinct, broken: 0 }),
			extensionsRead: {
				...wholeness({ of: 'extensions', marks: [mark], distinct, broken: 0 }),
				mark,
			},
			facts: FACTS,
			fields: FIELDS,
			settings: SETTINGS,
			now: '2026-06-01T08:00:00Z',
			listUnchanged: false,
		});
	}

	/** Carries a plan out, first the phone system, then the directory, and remembers what it may. */
	round(planned: Plan, faults: Round = []): void {
		for (const item of planned.changes) {
			const index = Number(item.user.id.slice(1));
			const { phone, directory } = faults[index] ?? { phone: 'none', directory: 'none' };
			const outcome = this.writePhone(item, index, phone);
			const written = this.writeDirectory(item, index, outcome, directory);
			const reported = { ...item, outcome, ...(written ? { directory: written } : {}) };
			const row = journalRow(reported, { runId: '1', at: '', system: 'toy' });
			if (row) this.journal.push(row);
			const link = linkOf(reported)?.link;
			if (link)
				this.links = this.links.map((each) => (each.userId === link.userId ? reread(link) : each));
		}
	}

	private writePhone({ change }: ChangeItem, index: number, trouble: Fault): Outcome {
		const extension = this.extensions[index];
		if (change.kind !== 'update' || !extension) throw new Error(`Not planned for: ${change.kind}`);
		const wanted = Object.entries(change.pbx).map(([name, { to }]) => [name, to]);
		const nothing = wanted.length === 0;
		if (!nothing && (trouble === 'none' || trouble === 'lost')) {
			const fields = { ...extension.fields, ...Object.fromEntries(wanted) };
			this.extensions[index] = { ...extension, fields };
		}
		const { id: extensionId, number } = extension;
		const shared = { extensionId, number, because: null, dryRun: false };
		if (!nothing && trouble !== 'none')
			return { ...shared, result: trouble === 'held' ? 'held' : 'failed', link: null };
		const link = { userId: `u${String(index)}`, extensionId, number, state: 'active' } as const;
		return { ...shared, result: nothing ? 'unchanged' : 'updated', link };
	}

	private writeDirectory(
		{ change }: ChangeItem,
		index: number,
		outcome: Outcome,
		trouble: Fault,
	): DirectoryOutcome | null {
		const wanted = 'directory' in change ? Object.entries(change.directory) : [];
		const user = this.users[index];
		if (wanted.length === 0 || !user) return null;
		const shared = { because: null, dryRun: false };
		if (outcome.result === 'held' || outcome.result === 'failed')
			return { ...shared, result: 'held', written: [] };
		if (trouble === 'none' || trouble === 'lost')
			this.users[index] = {
				...user,
				...Object.fromEntries(wanted.map(([name, { to }]) => [name, to])),
			};
		if (trouble !== 'none')
			return { ...shared, result: trouble === 'held' ? 'held' : 'failed', written: [] };
		return { ...shared, result: 'updated', written: wanted.map(([name]) => name) };
	}
}

function baseOf(values: Values): Record<string, string> {
	return Object.fromEntries(NAMES.map((name) => [name, digestOf(meaning(name, values[name]))]));
}

/** As the row comes back from a table. */
function reread({ base, ...link }: Link): Link {
	const again = base ? readBase(baseCell(base)) : null;
	return again === null ? link : { ...link, base: again };
}
