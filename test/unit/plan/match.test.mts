import { plan } from '../../../sync/plan.ts';
import { extension, inputOf, link, person, type World } from './world.mts';

/** `user id: extension id` of everyone who was paired, whether or not something changes. */
function pairs(world: World): string[] {
	const { changes, unchanged } = plan(inputOf(world));
	return [...changes, ...unchanged]
		.map((item) => `${item.user.id}: ${item.extension?.id ?? 'new'}`)
		.sort();
}

function conflicts(world: World): string[] {
	return plan(inputOf(world)).conflicts.map(({ user, conflict }) => `${user.id}: ${conflict.code}`);
}

const withMail = (number: string, email: string, over = {}) =>
	extension(number, { fields: { email }, ...over });

describe('Who has which extension', () => {
	it('is told by a link before anything else', () => {
		const extensions = [withMail('201', 'ada@example.com'), extension('202')];
		expect(
			pairs({ users: [person('ada', { contact: {} })], extensions, links: [link('ada', 'e202')] }),
		).toEqual(['ada: e202']);
	});

	it('is told by the external ID before the mail address, in any case', () => {
		const extensions = [
			withMail('201', 'ada@example.com'),
			extension('202', { externalId: 'ADA' }),
		];
		expect(pairs({ users: [person('ada', { contact: {} })], extensions })).toEqual(['ada: e202']);
	});

	it.each([
		['mail', { mail: 'A.L@example.com' }],
		['user principal name', { userPrincipalName: 'a.l@example.com' }],
		[
			'alias',
			{ proxyAddresses: ['SMTP:x@example.com', 'smtp:a.l@example.com', 'sip:no@example.com'] },
		],
		['mapped address', { contact: { email: 'a.l@example.com' } }],
	])('is told by %s', (_what, attributes) => {
		const extensions = [withMail('201', 'A.l@Example.com ')];
		expect(pairs({ users: [person('ada', attributes)], extensions })).toEqual(['ada: e201']);
	});

	it('is not told by a kind of evidence that is switched off', () => {
		const world = { users: [person('ada')], extensions: [withMail('201', 'ada@example.com')] };
		expect(conflicts({ ...world, settings: { matchBy: new Set(['link']) }, links: [] })).toEqual([
			'ada: user.emailInUse',
		]);
	});

	it('is told by number and by phone when they are switched on', () => {
		const users = [
			person('ada', { contact: { number: '201' } }),
			person('bob', { contact: { mobile: '+41 79 123 45 67' } }),
		];
		const extensions = [
			extension('201'),
			extension('202', { fields: { mobile: '0041791234567' } }),
		];
		const settings = { matchBy: new Set(['number', 'phone'] as const) };
		expect(pairs({ users, extensions, settings })).toEqual(['ada: e201', 'bob: e202']);
	});

	it('takes no phone number for the same when its country would have to be guessed', () => {
		const users = [person('bob', { contact: { mobile: '+41791234567' } })];
		const extensions = [extension('202', { fields: { mobile: '0791234567' } })];
		expect(pairs({ users, extensions, settings: { matchBy: new Set(['phone']) } })).toEqual([
			'bob: new',
		]);
	});
});

describe('A dispute', () => {
	it('between two extensions for one user is left to a person, with all candidates', () => {
		const users = [person('ada', { userPrincipalName: 'second@example.com' })];
		const extensions = [
			withMail('202', 'second@example.com'),
			withMail('201', 'ada@example.com', {
				fields: { email: 'ada@example.com', firstName: 'Ada' },
			}),
		];
		const {
			conflicts: [item],
			changes,
		} = plan(inputOf({ users, extensions }));
		expect(changes).toEqual([]);
		expect(item?.match).toEqual({
			situation: 'disputed',
			by: 'email',
			candidates: [
				{ id: 'e201', number: '201', name: 'Ada' },
				{ id: 'e202', number: '202', name: null },
			],
		});
	});

	it('between two users for one extension is a conflict for both', () => {
		const users = [person('ada'), person('bob', { userPrincipalName: 'ada@example.com' })];
		const extensions = [withMail('201', 'ada@example.com')];
		expect(conflicts({ users, extensions })).toEqual([
			'ada: match.disputed',
			'bob: match.disputed',
		]);
	});

	it('keeps its extensions out of reach for weaker evidence', () => {
		const users = [
			person('ada'),
			person('bob', { userPrincipalName: 'ada@example.com' }),
			person('cy', { contact: { number: '201', email: 'cy@example.com' } }),
		];
		const extensions = [withMail('201', 'ada@example.com')];
		const settings = { matchBy: new Set(['email', 'number'] as const) };
		expect(pairs({ users, extensions, settings })).toEqual(['cy: new']);
	});

	it('arises between a link and an external ID, and nobody loses the phone over it', () => {
		const users = [person('ada', { status: 'disabled', contact: null }), person('bob')];
		const extensions = [extension('201', { externalId: 'bob' })];
		const world = { users, extensions, links: [link('ada', 'e201')] };
		expect(conflicts(world)).toEqual(['bob: match.disputed']);
		expect(plan(inputOf(world)).unmatched).toEqual([]);
	});

	it('does not arise where a stronger match has settled it', () => {
		const users = [person('ada'), person('bob', { userPrincipalName: 'ada@example.com' })];
		const extensions = [withMail('201', 'ada@example.com')];
		expect(pairs({ users, extensions, links: [link('ada', 'e201')] })).toEqual([
			'ada: e201',
			'bob: new',
		]);
	});
});

describe('A row of the links table', () => {
	it('that is pinned wins over one that is not', () => {
		const links = [link('ada', 'e201'), link('bob', 'e201', { state: 'pinned' })];
		const users = [person('ada'), person('bob')];
		expect(pairs({ users, extensions: [extension('201')], links })).toEqual([
			'ada: new',
			'bob: e201',
		]);
	});

	it('that is ignored leaves user and extension alone', () => {
		const links = [link('ada', 'e201', { state: 'ignored' })];
		const planned = plan(
			inputOf({ users: [person('ada')], extensions: [withMail('201', 'ada@example.com')], links }),
		);
		expect(planned).toMatchObject({
			changes: [],
			conflicts: [],
			unmatched: [],
			summary: { skipped: 1 },
		});
	});

	it('that ignores a user without naming an extension leaves alone the one that fits, too', () => {
		const links = [link('ada', '', { state: 'ignored' })];
		const extensions = [withMail('201', 'ada@example.com')];
		expect(plan(inputOf({ users: [person('ada')], extensions, links }))).toMatchObject({
			changes: [],
			unmatched: [],
		});
	});

	it('survives a rename of mail and sign-in name', () => {
		const users = [
			person('ada', { mail: 'ada.king@example.com', contact: { email: 'ada.king@example.com' } }),
		];
		const extensions = [withMail('201', 'ada@example.com')];
		const { changes } = plan(inputOf({ users, extensions, links: [link('ada', 'e201')] }));
		expect(changes.map(({ change }) => change)).toMatchObject([
			{ kind: 'update', pbx: { email: { from: 'ada@example.com', to: 'ada.king@example.com' } } },
		]);
	});

	it('whose extension is gone gives the user a new one, with the old number', () => {
		const links = [link('ada', 'e250', { number: '250' })];
		const { changes } = plan(inputOf({ users: [person('ada')], links }));
		expect(changes).toMatchObject([
			{ number: { value: '250', reason: 'sticky', pool: 'Everyone' } },
		]);
	});

	it('whose extension did not arrive is waited for when the list is not whole', () => {
		const world = { users: [person('ada')], extensionsRead: 1, links: [link('ada', 'e250')] };
		expect(conflicts(world)).toEqual(['ada: match.missing']);
	});
});

describe('An extension that belongs to somebody else', () => {
	it.each([
		['its external ID', { externalId: 'bob' }, null],
		['a link', {}, [link('bob', 'e201')]],
	])('by %s is not adopted by mail', (_what, over, links) => {
		const users = [person('ada'), person('bob', { contact: null })];
		const extensions = [withMail('201', 'ada@example.com', over)];
		const settings = { matchBy: new Set(['email'] as const) };
		expect(conflicts({ users, extensions, links, settings })).toEqual(['ada: user.emailInUse']);
	});

	it('is not adopted either when its owner might not have arrived, nor is a second one made', () => {
		const bob = '00000000-0000-4000-8000-00000000000b';
		const facts = { sharedEmail: true };
		for (const over of [{ externalId: bob }, {}]) {
			const extensions = [withMail('201', 'ada@example.com', over)];
			const links = 'externalId' in over ? null : [link(bob, 'e201')];
			const world = { users: [person('ada')], extensions, links, facts };
			expect(conflicts({ ...world, scope: 'changes' })).toEqual(['ada: match.ownerNotRead']);
			expect(pairs({ ...world, scope: 'changes' })).toEqual([]);
			expect(pairs(world)).toEqual(['ada: e201']);
		}
	});

	it('is adopted where its external ID is another tool’s and names no user, read or not', () => {
		const extensions = [withMail('201', 'ada@example.com', { externalId: 'CRM-4711' })];
		const world = { users: [person('ada')], extensions };
		expect(pairs({ ...world, scope: 'changes' })).toEqual(['ada: e201']);
		expect(pairs(world)).toEqual(['ada: e201']);
	});
});

describe('Evidence that is switched off', () => {
	const settings = { matchBy: new Set(['email'] as const) };
	const ada = person('ada', { mail: 'new@example.com', contact: { email: 'new@example.com' } });

	it.each([
		['its external ID', { externalId: 'ada' }, null],
		['a link', {}, [link('ada', 'e201')]],
	])('makes no second extension beside the one %s gives the user', (_what, over, links) => {
		const extensions = [withMail('201', 'old@example.com', over)];
		const planned = plan(inputOf({ users: [ada], extensions, links, settings }));
		expect(planned).toMatchObject({
			changes: [],
			unmatched: [],
			conflicts: [
				{ conflict: { code: 'match.evidenceOff' }, match: { candidates: [{ id: 'e201' }] } },
			],
		});
	});

	it('gives the user no other extension by its likeness', () => {
		const extensions = [extension('201'), withMail('202', 'new@example.com')];
		const world = { users: [ada], extensions, links: [link('ada', 'e201')], settings };
		expect(conflicts(world)).toEqual(['ada: match.evidenceOff']);
	});

	it('does not stand in the way of what is sure', () => {
		const extensions = [
			withMail('201', 'bob@example.com'),
			extension('202', { externalId: 'ada' }),
		];
		const links = [link('ada', 'e201')];
		const matchBy = new Set(['externalId', 'email'] as const);
		expect(
			pairs({ users: [ada, person('bob')], extensions, links, settings: { matchBy } }),
		).toEqual(['ada: e202', 'bob: e201']);
	});

	it('does not keep a pinned row from being followed', () => {
		const links = [link('ada', 'e201', { state: 'pinned' })];
		expect(pairs({ users: [ada], extensions: [extension('201')], links, settings })).toEqual([
			'ada: e201',
		]);
	});
});

describe('Adopting', () => {
	const world = { users: [person('ada')], extensions: [withMail('201', 'ada@example.com')] };

	it('becomes a conflict when it is switched off', () => {
		expect(conflicts({ ...world, settings: { adopt: false } })).toEqual(['ada: match.adoptionOff']);
	});

	it('is on the Changes wire, even without anything to write, when it can be remembered', () => {
		const right = [
			withMail('201', 'ada@example.com', {
				fields: { email: 'ada@example.com', firstName: 'ada' },
			}),
		];
		const { changes, summary } = plan(inputOf({ ...world, extensions: right, links: [] }));
		expect(changes).toMatchObject([
			{ match: { situation: 'adopted' }, change: { kind: 'update', pbx: {} } },
		]);
		expect(summary).toMatchObject({ unchanged: 1, changes: { update: 0 } });
	});

	it('prefers the user who is in service to one who was', () => {
		const users = [
			person('old', { status: 'disabled', mail: 'ada@example.com', contact: null }),
			person('ada'),
		];
		expect(pairs({ ...world, users })).toEqual(['ada: e201']);
	});
});

describe('A disabled extension of an active user', () => {
	const disabled = [withMail('201', 'ada@example.com', { enabled: false })];
	const users = [person('ada')];

	it('is enabled when a link says whose it is', () => {
		const { changes } = plan(
			inputOf({ users, extensions: disabled, links: [link('ada', 'e201')] }),
		);
		expect(changes.map(({ change }) => change.kind)).toEqual(['enable']);
	});

	it('is left to a person when only the mail address says so', () => {
		expect(conflicts({ users, extensions: disabled })).toEqual(['ada: match.extensionDisabled']);
	});

	it('is enabled always or never when so set', () => {
		const kinds = (enable: 'always' | 'never') =>
			plan(inputOf({ users, extensions: disabled, settings: { enable } })).changes.map(
				({ change }) => change.kind,
			);
		expect(kinds('always')).toEqual(['enable']);
		expect(kinds('never')).toEqual(['update']);
	});
});
