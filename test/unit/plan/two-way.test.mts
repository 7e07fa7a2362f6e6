/** Fields that flow to the directory, in a plan and in what is remembered of it. */
import { baseCell, confirmedBase, readBase } from '../../../sync/base.ts';
import type { DirectoryOutcome, Outcome } from '../../../sync/item.ts';
import { plan } from '../../../sync/plan.ts';
import type { TwoWay } from '../../../sync/sides.ts';
import { digestOf, type TwoWayField } from '../../../sync/two-way.ts';
import { extension, inputOf, link, person } from './world.mts';

const numberTo = (directory: string | null): TwoWay => ({
	number: {
		direction: 'toDirectory',
		attribute: 'businessPhones',
		directory,
		writeAs: '+49 30 1234{value}',
		clears: false,
	},
});

const lastName = (wish: string | null, more: Partial<TwoWayField> = {}): TwoWay => ({
	lastName: {
		direction: 'both',
		attribute: 'surname',
		wins: 'directory',
		directory: wish,
		wish,
		back: { kind: 'text' },
		clears: false,
		...more,
	} as TwoWayField,
});

const withWays = (twoWay: TwoWay, contact = {}) => ({
	...person('ada', { contact: { email: 'ada@example.com', ...contact } }),
	twoWay,
});

const account = (fields = {}) =>
	extension('200', { fields: { email: 'ada@example.com', ...fields } });

describe('The number a user got', () => {
	it('is planned for the directory together with a new extension', () => {
		const { changes } = plan(inputOf({ users: [withWays(numberTo(null))] }));
		expect(changes[0]?.change).toMatchObject({
			kind: 'create',
			number: '200',
			directory: { businessPhones: { from: null, to: '+49 30 1234200' } },
		});
	});

	it('is written for an extension that is right already, and once only', () => {
		const planFor = (directory: string | null) =>
			plan(
				inputOf({
					users: [withWays(numberTo(directory))],
					extensions: [account()],
					links: [link('ada', 'e200')],
				}),
			).changes.map(({ change }) => change);
		expect(planFor('old')).toMatchObject([
			{ pbx: {}, directory: { businessPhones: { from: 'old', to: '+49 30 1234200' } } },
		]);
		expect(planFor('+49 30 1234200')).toEqual([]);
	});
});

describe('A field that flows both ways', () => {
	const planFor = (twoWay: TwoWay, there: string, base?: string) =>
		plan(
			inputOf({
				users: [withWays(twoWay)],
				extensions: [account({ lastName: there })],
				links: [
					link('ada', 'e200', base === undefined ? {} : { base: { lastName: digestOf(base) } }),
				],
			}),
		);

	it('goes to the side that did not change', () => {
		expect(planFor(lastName('New'), 'Old', 'Old').changes[0]?.change).toMatchObject({
			pbx: { lastName: { from: 'Old', to: 'New' } },
			directory: {},
		});
		expect(planFor(lastName('Old'), 'New', 'Old').changes[0]?.change).toMatchObject({
			pbx: {},
			directory: { surname: { from: 'Old', to: 'New' } },
		});
	});

	it('is a conflict with both values in it where a person decides', () => {
		const { conflicts, changes } = planFor(lastName('One', { wins: 'hold' }), 'Two', 'Old');
		expect(changes).toEqual([]);
		expect(conflicts[0]?.conflict).toMatchObject({
			code: 'field.bothChanged',
			why: 'Last Name: the directory says "One", the phone system "Two".',
			fields: [
				{
					name: 'lastName',
					attribute: 'surname',
					directory: 'One',
					phoneSystem: 'Two',
					edited: 'both',
				},
			],
		});
		expect(conflicts[0]?.extension).toMatchObject({ id: 'e200' });
	});

	it('fills an empty side on the first sync, and says what it decided where both had a value', () => {
		expect(planFor(lastName(null), 'Old').changes[0]?.change).toMatchObject({
			directory: { surname: { from: null, to: 'Old' } },
		});
		expect(planFor(lastName('One'), 'Two').changes[0]?.decisions).toContain(
			'Last Name differs on the first sync: the directory wins over "Two".',
		);
	});

	it('is listed once to be remembered where both sides agree already', () => {
		expect(planFor(lastName('Same'), 'Same').changes).toMatchObject([
			{ change: { pbx: {}, directory: {} }, base: { after: { lastName: { once: 'now' } } } },
		]);
		expect(planFor(lastName('Same'), 'Same', 'Same').changes).toEqual([]);
	});

	it('is warned of where no memory is wired', () => {
		const codes = (links: readonly [] | null) =>
			plan(
				inputOf({ users: [withWays(lastName('A'))], extensions: [account()], links }),
			).summary.notes.map(({ code }) => code);
		expect(codes(null)).toEqual(['twoWay.noMemory']);
		expect(codes([])).toEqual([]);
	});

	it('does not take back what is no phone number', () => {
		const input = inputOf({
			users: [
				withWays({
					mobile: {
						direction: 'both',
						attribute: 'mobilePhone',
						wins: 'phoneSystem',
						directory: '+41791234567',
						wish: '+41791234567',
						back: { kind: 'phone', country: 'CH' },
						clears: false,
					},
				}),
			],
			extensions: [account({ mobile: 'ask Bob' })],
			links: [link('ada', 'e200', { base: { mobile: digestOf('+41791234567') } })],
		});
		expect(plan(input).changes).toEqual([]);
	});
});

describe('What both sides agree on', () => {
	const note = {
		before: { a: '1'.repeat(16) },
		after: {
			a: { digest: '2'.repeat(16), once: 'directory' },
			b: { digest: '3'.repeat(16), once: 'phoneSystem' },
		},
	} as const;
	const outcome = (result: Outcome['result'], dryRun = false): Outcome => ({
		result,
		dryRun,
		extensionId: 'e1',
		number: null,
		because: null,
		link: null,
	});
	const directory = (result: DirectoryOutcome['result'], dryRun = false): DirectoryOutcome => ({
		result,
		dryRun,
		written: [],
		because: null,
	});

	it('is remembered only once the written side confirmed it', () => {
		const whole = { a: '2'.repeat(16), b: '3'.repeat(16) };
		expect(confirmedBase(note, outcome('updated'), directory('updated'))).toEqual(whole);
		for (const open of [
			undefined,
			directory('held'),
			directory('failed'),
			directory('updated', true),
		])
			expect(confirmedBase(note, outcome('updated'), open)).toEqual({ ...whole, a: note.before.a });
		expect(confirmedBase(note, outcome('failed'), undefined)).toEqual(note.before);
		expect(confirmedBase(note, outcome('updated', true), undefined)).toEqual(note.before);
	});

	it('comes back from a table as it went in, and counts as nothing when somebody spoilt it', () => {
		expect(readBase(baseCell(note.before))).toEqual(note.before);
		for (const spoilt of ['', '{}', 'yes', '{"a":"short"}']) expect(readBase(spoilt)).toBeNull();
	});
});
