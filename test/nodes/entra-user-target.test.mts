import type { IDataObject, INodeExecutionData } from 'n8n-workflow';

import { EntraUserTarget } from '../../nodes/EntraUserTarget/EntraUserTarget.node.ts';
import type { DirectoryUser } from '../../sandbox/directory/user.mts';
import type { Sandbox } from '../../sandbox/sandbox.mts';
import { startSandbox } from '../../sandbox/sandbox.mts';
import type { DirectoryOutcome } from '../../sync/item.ts';
import type { NodeRun } from './engine.mts';
import { runNode } from './engine.mts';

let sandbox: Sandbox;

beforeEach(async () => {
	sandbox = await startSandbox();
	sandbox.control.entra.settings.roles = ['User.Read.All', 'User-Phone.ReadWrite.All'];
});
afterEach(() => sandbox.stop());

function credential(): IDataObject {
	const { authority, graph, tenantId, clientId, clientSecret } = sandbox.entra;
	return {
		cloud: 'custom',
		authorityUrl: authority,
		graphUrl: graph,
		tenantId,
		clientId,
		clientSecret,
	};
}

async function run(
	items: readonly IDataObject[],
	parameters: IDataObject = { dryRun: false },
	more: Partial<NodeRun> = {},
) {
	const result = await runNode({
		node: new EntraUserTarget(),
		parameters: parameters as NonNullable<NodeRun['parameters']>,
		inputs: [items.map((json): INodeExecutionData => ({ json }))],
		credentials: { entraOAuth2Api: credential() },
		...more,
	});
	const outcomes = (result.outputs[0] ?? []).map(
		({ json }) => json['directory'] as unknown as DirectoryOutcome | undefined,
	);
	return { ...result, outcomes };
}

const people = () => [...sandbox.control.entra.state.users.values()];
const own = (count: number) =>
	people()
		.filter((user) => user.onPremisesSyncEnabled === null && user.userType === 'Member')
		.slice(0, count);
const withSync = (state: boolean) =>
	people().find(({ onPremisesSyncEnabled }) => onPremisesSyncEnabled === state) as DirectoryUser;

type Wishes = Record<string, { from: string | null; to: string | null }>;

/** An item as PBX Target hands it on. */
function item(user: Pick<DirectoryUser, 'id'>, directory: Wishes, outcome: IDataObject = {}) {
	return {
		user: { id: user.id, status: 'active' },
		change: { kind: 'update', extensionId: '7', pbx: {}, directory, basedOn: 'x' },
		outcome: { result: 'updated', dryRun: false, ...outcome },
		decisions: ['kept'],
	};
}

const mobile = (user: DirectoryUser, to = '+46700000001'): Wishes => ({
	mobilePhone: { from: user.mobilePhone, to },
});

const writes = () => sandbox.control.entra.writes().filter(({ method }) => method === 'PATCH');

describe('writing back to the directory', () => {
	it('writes the named attributes and leaves everything else as it was', async () => {
		sandbox.control.entra.settings.roles = ['User.ReadWrite.All'];
		const [user] = own(1) as [DirectoryUser];
		const before = structuredClone(user);
		const { outcomes } = await run([
			item(user, {
				...mobile(user),
				businessPhones: { from: user.businessPhones[0] ?? null, to: '+46 8 505 101' },
				extensionAttribute7: { from: null, to: '505' },
			}),
		]);
		expect(outcomes).toEqual([
			{
				result: 'updated',
				written: ['mobilePhone', 'businessPhones', 'extensionAttribute7'],
				because: null,
				dryRun: false,
			},
		]);
		expect(user).toEqual({
			...before,
			mobilePhone: '+46700000001',
			businessPhones: ['+46 8 505 101'],
			onPremisesExtensionAttributes: {
				...before.onPremisesExtensionAttributes,
				extensionAttribute7: '505',
			},
		});
	});

	it('writes nothing the second time', async () => {
		const items = own(3).map((user) => item(user, mobile(user)));
		await run(items);
		sandbox.control.entra.clearRequests();
		const { outcomes } = await run(items);
		expect(outcomes.map((outcome) => outcome?.result)).toEqual(Array(3).fill('unchanged'));
		expect(writes()).toEqual([]);
	});

	it('needs one batch to read and one to write twenty people', async () => {
		await run(own(40).map((user) => item(user, mobile(user))));
		const batches = sandbox.control.entra.requests().filter(({ path }) => path.endsWith('$batch'));
		expect(batches).toHaveLength(4);
		expect(writes()).toHaveLength(40);
	});

	it('only says what it would do while Dry Run is on, as it is in a new node', async () => {
		const [user] = own(1) as [DirectoryUser];
		const { outcomes, hints } = await run([item(user, mobile(user), { dryRun: true })], {});
		expect(outcomes).toMatchObject([{ result: 'updated', written: ['mobilePhone'], dryRun: true }]);
		expect(hints[0]?.message).toBe('Dry run, nothing was written. It would be: 1 updated.');
		expect(writes()).toEqual([]);
	});

	it('clears with nothing', async () => {
		const user = own(60).find(({ mobilePhone }) => mobilePhone) as DirectoryUser;
		await run([item(user, { mobilePhone: { from: user.mobilePhone, to: null } })]);
		expect(user.mobilePhone).toBeNull();
	});

	it('lets items without anything for the directory pass as they are', async () => {
		const bare = { decisions: [], something: 'else' };
		const { outputs, hints } = await run([bare]);
		expect(outputs[0]?.map(({ json }) => json)).toEqual([bare]);
		expect(hints[0]?.message).toBe('No item has anything for the directory.');
		expect(sandbox.control.entra.requests()).toEqual([]);
	});
});

describe('what is held', () => {
	it.each([
		['is held on the phone system', { result: 'held' }],
		['was not made on the phone system', { result: 'failed' }],
		['was only previewed on the phone system', { dryRun: true }],
	])('a change that %s', async (_what, outcome) => {
		const [user] = own(1) as [DirectoryUser];
		const { outcomes } = await run([item(user, mobile(user), outcome)]);
		expect(outcomes[0]?.because?.code).toBe('directory.phoneSide');
		expect(sandbox.control.entra.requests()).toEqual([]);
	});

	it('users of the on-premises directory, before anything is sent to them', async () => {
		const user = withSync(true);
		const { outcomes } = await run([item(user, mobile(user))]);
		expect(outcomes).toMatchObject([{ result: 'held', because: { code: 'user.synced' } }]);
		expect(writes()).toEqual([]);
	});

	it('a value somebody changed after the plan was made', async () => {
		const [user] = own(1) as [DirectoryUser];
		const planned = item(user, mobile(user));
		user.mobilePhone = '+46700000099';
		const { outcomes } = await run([planned]);
		expect(outcomes).toMatchObject([{ result: 'held', because: { code: 'directory.stale' } }]);
		expect(user.mobilePhone).toBe('+46700000099');
	});

	it('one of several business phones, so that the others are not lost', async () => {
		const [user] = own(1) as [DirectoryUser];
		user.businessPhones = ['+46 8 1', '+46 8 2'];
		const wish = { businessPhones: { from: '+46 8 1', to: '+46 8 3' } };
		expect((await run([item(user, wish)])).outcomes[0]?.because?.code).toBe('directory.several');
		expect(user.businessPhones).toEqual(['+46 8 1', '+46 8 2']);
	});

	it.each([
		['userPrincipalName', 'a@b.example', 'directory.attribute'],
		['accountEnabled', 'false', 'directory.attribute'],
		['displayName', '', 'directory.required'],
		['employeeId', '12345678901234567', 'directory.tooLong'],
	])('%s as "%s"', async (attribute, to, code) => {
		const [user] = own(1) as [DirectoryUser];
		const { outcomes } = await run([item(user, { [attribute]: { from: null, to } })]);
		expect(outcomes).toMatchObject([{ result: 'held', because: { code } }]);
		expect(writes()).toEqual([]);
	});

	it('a second change for the same person', async () => {
		const [user] = own(1) as [DirectoryUser];
		const { outcomes } = await run([item(user, mobile(user)), item(user, mobile(user, '+4670'))]);
		expect(outcomes.map((outcome) => outcome?.result)).toEqual(['updated', 'held']);
	});
});

describe('when Microsoft Graph refuses', () => {
	it('one person, the others are written all the same', async () => {
		const [one, two] = own(2) as [DirectoryUser, DirectoryUser];
		sandbox.control.entra.state.privileged.add(one.id);
		const { outcomes, error } = await run([item(one, mobile(one)), item(two, mobile(two))]);
		expect(error).toBeUndefined();
		expect(outcomes).toMatchObject([
			{ result: 'failed', because: { code: 'user.privileged' } },
			{ result: 'updated' },
		]);
	});

	it('the phones for want of their own permission, it is named with the consent link', async () => {
		sandbox.control.entra.settings.roles = ['User.Read.All'];
		const [user] = own(1) as [DirectoryUser];
		const { error } = await run([item(user, mobile(user))]);
		expect(error?.message).toBe('Microsoft Graph did not let the app write to users.');
		expect(error?.description).toContain('User-Phone.ReadWrite.All is missing');
		expect(error?.description).toContain('It may use User.Read.All.');
		expect(error?.description).toContain('/adminconsent?client_id=');
	});

	it('with a token from before a permission was granted, a new one is used at once', async () => {
		sandbox.control.entra.settings.roles = ['User.Read.All'];
		const items = own(3).map((user) => item(user, mobile(user)));
		const token = await fetch(
			`${sandbox.entra.authority}/${sandbox.entra.tenantId}/oauth2/v2.0/token`,
			{
				method: 'POST',
				body: new URLSearchParams({
					grant_type: 'client_credentials',
					client_id: sandbox.entra.clientId,
					client_secret: sandbox.entra.clientSecret,
					scope: `${sandbox.entra.graph}/.default`,
				}),
			},
		).then((answer) => answer.json() as Promise<IDataObject>);
		sandbox.control.entra.settings.roles = ['User.Read.All', 'User-Phone.ReadWrite.All'];
		const { outcomes } = await run(
			items,
			{ dryRun: false },
			{ credentials: { entraOAuth2Api: { ...credential(), oauthTokenData: token } } },
		);
		expect(outcomes.map((outcome) => outcome?.result)).toEqual(Array(3).fill('updated'));
	});

	it('extension attributes that Exchange keeps, it says so', async () => {
		sandbox.control.entra.settings.roles = ['User.ReadWrite.All'];
		const user = withSync(false);
		const from = user.onPremisesExtensionAttributes['extensionAttribute7'] ?? null;
		const { outcomes } = await run([item(user, { extensionAttribute7: { from, to: '505' } })]);
		expect(outcomes[0]?.because?.code).toBe('user.mastered');
	});

	it('a failed item leaves by the error output, with what it was about', async () => {
		const [one, two] = own(2) as [DirectoryUser, DirectoryUser];
		sandbox.control.entra.state.privileged.add(one.id);
		const { outputs } = await run(
			[item(one, mobile(one)), item(two, mobile(two))],
			{ dryRun: false },
			{ onError: 'continueErrorOutput' },
		);
		expect(outputs[0]).toHaveLength(1);
		expect(outputs[1]?.[0]?.json).toMatchObject({
			user: { id: one.id },
			error: 'Microsoft Graph does not let the app write to this user.',
			details: { code: 'user.privileged' },
		});
	});
});

describe('when Microsoft Graph is busy', () => {
	it('sends only the parts again that were throttled, after the time each was told', async () => {
		const users = own(3);
		const [one] = users as [DirectoryUser];
		const status = { kind: 'status', status: 429, retryAfter: 0.1 } as const;
		sandbox.control.entra.fault({ path: one.id, method: 'PATCH', times: 2, does: status });
		const { outcomes } = await run(users.map((user) => item(user, mobile(user))));
		expect(outcomes.map((outcome) => outcome?.result)).toEqual(Array(3).fill('updated'));
		expect(writes()).toHaveLength(5);
	});

	it('looks a second time for a user who is not known everywhere yet', async () => {
		const [user] = own(1) as [DirectoryUser];
		const missing = { kind: 'status', status: 404, body: {} } as const;
		sandbox.control.entra.fault({ path: user.id, method: 'GET', does: missing });
		expect((await run([item(user, mobile(user))])).outcomes).toMatchObject([{ result: 'updated' }]);
	});

	it('says that a user is gone who is not there the second time either', async () => {
		const nobody = { id: '00000000-0000-0000-0000-000000000000' };
		const { outcomes } = await run([item(nobody, { city: { from: null, to: 'Lund' } })]);
		expect(outcomes).toMatchObject([{ result: 'failed', because: { code: 'user.gone' } }]);
	});

	it('repeats a batch whose answer was lost, and does no harm by it', async () => {
		const users = own(3);
		sandbox.control.entra.fault({ path: '\\$batch', after: 1, does: { kind: 'dropAfter' } });
		const { outcomes } = await run(users.map((user) => item(user, mobile(user))));
		expect(outcomes.map((outcome) => outcome?.result)).toEqual(Array(3).fill('updated'));
		expect(users.map(({ mobilePhone }) => mobilePhone)).toEqual(Array(3).fill('+46700000001'));
	});
});

describe('Update User', () => {
	const single = (user: string, value: IDataObject) => ({
		operation: 'updateUser',
		user,
		attributes: { mappingMode: 'defineBelow', value },
		dryRun: false,
	});

	it('writes to one user by sign-in name, whatever was there before', async () => {
		const guest = people().find(({ userPrincipalName }) => userPrincipalName.includes('#EXT#'));
		const { outcomes } = await run(
			[{}],
			single(guest?.userPrincipalName ?? '', { mobilePhone: '+46700000001' }),
		);
		expect(outcomes).toMatchObject([{ result: 'updated', written: ['mobilePhone'] }]);
		expect(guest?.mobilePhone).toBe('+46700000001');
	});

	it('is held when it does not say whom', async () => {
		const { outcomes } = await run([{}], single(' ', { mobilePhone: '+46700000001' }));
		expect(outcomes[0]?.because?.code).toBe('directory.nobody');
	});
});
