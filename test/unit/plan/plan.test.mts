import { fingerprint, planDigest } from '../../../sync/fingerprint.ts';
import { merge } from '../../../sync/merge.ts';
import { plan } from '../../../sync/plan.ts';
import { apply, extension, FIELDS, inputOf, link, person, type World } from './world.mts';

const codes = (world: World) => plan(inputOf(world)).conflicts.map(({ conflict }) => conflict.code);
const withMail = (number: string, email: string, over = {}) =>
	extension(number, { fields: { email }, ...over });

describe('What is written', () => {
	const changed = (
		contact: Record<string, string | null>,
		current: Record<string, string | null> | null,
	) => merge({ contact, current, fields: FIELDS, createOnly: ['lastName'] });

	it('is only what is mapped and different', () => {
		expect(
			changed({ firstName: 'Ada', mobile: '+1' }, { firstName: 'Eda', mobile: '+1', email: 'x@y' }),
		).toEqual({ firstName: { from: 'Eda', to: 'Ada' } });
	});

	it('is nothing where only the case of a mail address differs', () => {
		expect(changed({ email: 'Ada@example.com' }, { email: 'ada@EXAMPLE.com' })).toEqual({});
	});

	it('takes empty, null and absent for the same nothing', () => {
		expect(changed({ firstName: null, mobile: '' }, { firstName: '' })).toEqual({});
		expect(changed({ firstName: null }, { firstName: 'Ada' })).toEqual({
			firstName: { from: 'Ada', to: null },
		});
	});

	it("leaves fields for creating alone afterwards, the mapping's and the system's", () => {
		const contact = { lastName: 'King', jobTitle: 'Countess' };
		expect(changed(contact, {})).toEqual({});
		expect(Object.keys(changed(contact, null))).toEqual(['lastName', 'jobTitle']);
	});

	it('never holds a field the phone system does not have', () => {
		expect(changed({ shoeSize: '38' }, {})).toEqual({});
	});

	it('never clears a field the phone system cannot do without', () => {
		const fields = [
			{ name: 'email', displayName: 'Email', type: 'email', required: true } as const,
		];
		expect(
			merge({ contact: { email: '' }, current: { email: 'a@b' }, fields, createOnly: [] }),
		).toEqual({});
	});
});

describe('A user is left to a person', () => {
	it('when the mail address is in use', () => {
		const extensions = [withMail('201', 'ada@example.com', { externalId: 'bob' })];
		const users = [person('ada'), person('bob', { contact: {} })];
		expect(codes({ users, extensions })).toEqual(['user.emailInUse']);
	});

	it('when two users are to get the same mail address', () => {
		const contact = { email: 'info@example.com' };
		const users = [person('ada', { contact }), person('bob', { contact })];
		expect(codes({ users })).toEqual(['user.emailWantedTwice', 'user.emailWantedTwice']);
		expect(codes({ users, facts: { sharedEmail: true }, links: [] })).toEqual([]);
	});

	it('when the mobile number is in use, or wanted twice, where a number may be there once', () => {
		const facts = { sharedMobile: false };
		const withMobile = (id: string, mobile: string) =>
			person(id, { contact: { email: `${id}@example.com`, mobile } });
		const extensions = [extension('201', { fields: { mobile: '+46 70 174 06 05' } })];
		const users = [withMobile('ada', '+46701740605')];
		expect(codes({ users, extensions, facts })).toEqual(['user.mobileInUse']);
		expect(codes({ users, extensions })).toEqual([]);
		const matchBy = new Set(['email', 'phone'] as const);
		expect(codes({ users, extensions, facts, settings: { matchBy }, links: [] })).toEqual([]);
		const two = [withMobile('ada', '+46701740606'), withMobile('bob', '+46701740606')];
		expect(codes({ users: two, facts })).toEqual(Array(2).fill('user.mobileWantedTwice'));
		expect(codes({ users: two })).toEqual([]);
	});

	it('when nothing would tell the next run that the new extension is hers', () => {
		const users = [person('ada', { contact: { firstName: 'Ada' } })];
		expect(codes({ users })).toEqual(['user.noKey']);
		expect(codes({ users, links: [] })).toEqual([]);
		expect(codes({ users, facts: { hasExternalId: true } })).toEqual([]);
	});

	it('when the mapping would take away the address by which the extension is known', () => {
		const users = [person('ada', { contact: { email: null } })];
		const extensions = [withMail('201', 'ada@example.com')];
		expect(codes({ users, extensions })).toEqual(['user.keyLost']);
		expect(codes({ users, extensions, links: [] })).toEqual([]);
	});

	it('when the phone system cannot create extensions', () => {
		expect(codes({ users: [person('ada')], facts: { canCreate: false } })).toEqual([
			'system.cannotCreate',
		]);
	});

	it('when the list of extensions is not whole, because one may be missing from it', () => {
		expect(codes({ users: [person('ada')], extensionsRead: 5 })).toEqual(['match.listNotWhole']);
	});

	it('and each conflict says what, why and how to go on', () => {
		const { conflicts } = plan(inputOf({ users: [person('ada')], facts: { canCreate: false } }));
		for (const { conflict } of conflicts) {
			expect(
				[conflict.what, conflict.why, conflict.fix].every((text) => /^[A-Z].+\.$/.test(text)),
			).toBe(true);
		}
	});
});

describe('An extension is unmatched', () => {
	const hers = [withMail('201', 'ada@example.com')];

	it.each(['disabled', 'deleted', 'outOfScope'] as const)('when its user is %s', (status) => {
		const users = [person('ada', { status, contact: null })];
		const { unmatched, summary } = plan(inputOf({ users, extensions: hers }));
		expect(unmatched).toMatchObject([
			{ extension: { id: 'e201' }, evidence: { reason: status, userId: 'ada', knownBy: 'email' } },
		]);
		expect(summary.unmatched[status]).toBe(1);
	});

	it("by the directory's own word even when the lists are not whole, if a link says whose it is", () => {
		const users = [person('ada', { status: 'disabled', contact: null })];
		const world = { users, extensions: hers, scope: 'changes' } as const;
		expect(plan(inputOf({ ...world, links: [link('ada', 'e201')] })).unmatched).toHaveLength(1);
		expect(plan(inputOf(world)).unmatched).toEqual([]);
	});

	it('and is not mentioned when it is disabled already', () => {
		const users = [person('ada', { status: 'disabled', contact: null })];
		const extensions = [withMail('201', 'ada@example.com', { enabled: false })];
		expect(plan(inputOf({ users, extensions }))).toMatchObject({
			unmatched: [],
			summary: { skipped: 1, situations: { orphaned: 1 } },
		});
	});

	it('when nobody in two whole lists claims it, and says whether it was ever paired', () => {
		const extensions = [
			extension('201'),
			extension('202', { externalId: '11111111-2222-3333-4444-555555555555' }),
			extension('203', { externalId: 'of another tool' }),
			extension('204'),
		];
		const { unmatched } = plan(
			inputOf({ users: [person('ada')], extensions, links: [link('gone', 'e204')] }),
		);
		expect(unmatched.map(({ extension: { id }, evidence: { knownBy } }) => [id, knownBy])).toEqual([
			['e201', null],
			['e202', 'externalId'],
			['e203', null],
			['e204', 'link'],
		]);
	});

	it.each([
		['a user is missing', { usersRead: 2 }, 'users.notWhole'],
		['an extension is missing', { extensionsRead: 2 }, 'extensions.notWhole'],
		['only changes were read', { scope: 'changes' as const }, 'users.changesOnly'],
		['the directory is empty', { users: [] }, 'users.none'],
	])('never for lack of a user when %s, and the summary says why', (_when, over, code) => {
		const world = { users: [person('bob', { contact: null })], extensions: hers, ...over };
		const { unmatched, summary } = plan(inputOf(world));
		expect(unmatched).toEqual([]);
		expect(summary.notes.map((note) => note.code)).toEqual([code]);
	});

	it('never while an active user who could not be mapped has it', () => {
		const users = [person('ada', { contact: null })];
		expect(plan(inputOf({ users, extensions: hers })).unmatched).toEqual([]);
	});
});

describe('The plan as a whole', () => {
	const world = {
		users: [person('ada'), person('bob')],
		extensions: [withMail('201', 'ada@example.com')],
	};

	it('counts every user once', () => {
		const { summary } = plan(inputOf(world));
		expect(summary).toMatchObject({
			users: { read: 2, whole: true },
			situations: { linked: 0, adopted: 1, new: 1, disputed: 0, orphaned: 0 },
			changes: { create: 1, update: 1, enable: 0 },
			pools: [{ name: 'Everyone', free: 98, given: 1 }],
		});
	});

	it('has nothing left to do once it is done', () => {
		const input = inputOf(world);
		const done = plan(apply(input, plan(input)));
		expect(done).toMatchObject({ changes: [], conflicts: [], summary: { unchanged: 2 } });
	});

	it('has the same digest for the same changes and another for others', () => {
		const digest = (over: Partial<World>) =>
			plan(inputOf({ ...world, ...over })).summary.planDigest;
		expect(digest({ users: [...world.users].reverse() })).toBe(digest({}));
		expect(digest({ users: [person('ada')] })).not.toBe(digest({}));
	});

	it('digests what is written and not what is only remembered', () => {
		const nothing = {
			kind: 'update',
			extensionId: 'e',
			pbx: {},
			directory: {},
			basedOn: '',
		} as const;
		expect(planDigest([{ userId: 'ada', change: nothing }])).toBe(planDigest([]));
	});
});

describe('The fingerprint of an extension', () => {
	const base = extension('201', { fields: { email: 'a@b', firstName: 'Ada' } });

	it('does not mind the order of fields, nor empty, null and absent', () => {
		const same = {
			...base,
			fields: { mobile: null, lastName: '', firstName: 'Ada', email: 'a@b' },
		};
		expect(fingerprint(same)).toBe(fingerprint(base));
	});

	it.each([
		['number', { number: '202' }],
		['enabled', { enabled: false }],
		['external ID', { externalId: 'x' }],
		['a field', { fields: { email: 'a@b', firstName: 'Eda' } }],
		['which field a value is in', { fields: { email: 'Ada', firstName: 'a@b' } }],
	])('minds %s', (_what, over) => {
		expect(fingerprint({ ...base, ...over })).not.toBe(fingerprint(base));
	});
});
