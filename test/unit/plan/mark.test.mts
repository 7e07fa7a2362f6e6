import { plan } from '../../../sync/plan.ts';
import { planUndo } from '../../../sync/undo.ts';
import { apply, extension, FIELDS, inputOf, link, person, type World } from './world.mts';

const ADA = '00000000-0000-4000-8000-000000000001';
const EVA = '00000000-0000-4000-8000-000000000002';
const MAIL = `${ADA}@example.com`;

/** Already right in every field, and found by its mail address. */
const known = (number: string, over = {}) =>
	extension(number, { fields: { email: MAIL, firstName: ADA }, ...over });

const planned = (world: World) =>
	plan(inputOf({ users: [person(ADA)], facts: { hasExternalId: true }, ...world }));
const written = (world: World) =>
	planned(world).changes.map(({ change }) => ('pbx' in change ? change.pbx : null));

describe('The mark of an extension under sync', () => {
	it('is written to an extension that was adopted by its mail address, as a change like any other', () => {
		const { changes, summary } = planned({ extensions: [known('200')] });
		expect(changes).toMatchObject([
			{
				match: { situation: 'adopted', by: 'email' },
				change: { kind: 'update', pbx: { externalId: { from: null, to: ADA } } },
			},
		]);
		expect(summary.changes.update).toBe(1);
	});

	it('is written once: the next run writes nothing, and knows the person after a new mail address', () => {
		const input = inputOf({
			users: [person(ADA)],
			extensions: [known('200')],
			facts: { hasExternalId: true },
		});
		const after = apply(input, plan(input));
		expect(plan(after).changes).toEqual([]);
		const renamed = person(ADA, {
			mail: 'new@example.com',
			contact: { email: 'new@example.com', firstName: ADA },
		});
		const { changes } = plan({ ...after, users: [renamed] });
		expect(changes).toMatchObject([{ change: { kind: 'update', extensionId: 'e200' } }]);
	});

	it('is written to an extension that only the links table knew', () => {
		const extensions = [known('200')];
		const links = [link(ADA, 'e200', { number: '200' })];
		expect(written({ extensions, links })).toEqual([{ externalId: { from: null, to: ADA } }]);
	});

	it('goes along with the fields that change', () => {
		const extensions = [extension('200', { fields: { email: MAIL, firstName: 'Adda' } })];
		expect(written({ extensions })).toEqual([
			{ firstName: { from: 'Adda', to: ADA }, externalId: { from: null, to: ADA } },
		]);
	});

	it.each([
		['there is no slot for it', { facts: { hasExternalId: false }, extensions: [known('200')] }],
		[
			'somebody else keeps something in the slot',
			{ extensions: [known('200', { externalId: 'cost centre 12' })] },
		],
		[
			'another extension carries it',
			{
				extensions: [known('200'), extension('201', { externalId: ADA })],
				links: [link(ADA, 'e200', { number: '200' })],
			},
		],
		[
			'some extensions did not arrive: one of them may carry it',
			{
				extensions: [known('200')],
				extensionsRead: 2,
				links: [link(ADA, 'e200', { number: '200' })],
			},
		],
		[
			'what is known is only reported',
			{
				extensions: [known('200')],
				links: [link(ADA, 'e200', { number: '200' })],
				settings: { reactions: { linked: 'report' } },
			},
		],
		[
			'the user has no object id',
			{
				users: [person('ada', { mail: MAIL, contact: { email: MAIL } })],
				extensions: [known('200')],
			},
		],
	] satisfies Array<[string, World]>)('is not written where %s', (_, world) => {
		expect(written(world)).toEqual([]);
		expect(planned(world).conflicts).toEqual([]);
	});

	it('is not written to the extension of somebody who is gone', () => {
		const users = [person(ADA, { status: 'disabled', contact: null })];
		expect(written({ users, extensions: [known('200')] })).toEqual([]);
	});

	it('is taken off when the run is taken back, unless somebody put another one there', () => {
		const rows = [
			{
				runId: '1',
				extensionId: 'e200',
				kind: 'update',
				changes: { externalId: { from: null, to: ADA } },
			},
		] as const;
		const undone = (externalId: string) =>
			planUndo({
				rows,
				current: new Map([['e200', known('200', { externalId })]]),
				fields: FIELDS,
				can: { disable: true, delete: true, changeNumber: false },
				deleteCreated: false,
			});
		expect(undone(ADA)).toMatchObject([
			{ changes: [{ kind: 'update', pbx: { externalId: { from: ADA, to: null } } }], kept: [] },
		]);
		expect(undone(EVA)).toMatchObject([{ changes: [], kept: [{ code: 'undo.changedSince' }] }]);
	});

	it('leaves what is only told when creating out of the question whether somebody uses it', () => {
		const rows = [
			{
				runId: '1',
				extensionId: 'e200',
				kind: 'create',
				changes: { group: { from: null, to: 'Sales' }, email: { from: null, to: MAIL } },
			},
		] as const;
		const [step] = planUndo({
			rows,
			current: new Map([['e200', known('200')]]),
			fields: FIELDS,
			can: { disable: true, delete: true, changeNumber: false },
			deleteCreated: false,
		});
		expect(step).toMatchObject({ changes: [{ kind: 'disable' }], kept: [] });
	});
});
