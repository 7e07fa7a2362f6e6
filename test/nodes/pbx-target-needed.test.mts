/** PBX Target reads only the extensions of those who changed, and all where that is not enough. */
import type { IDataObject, INodeExecutionData } from 'n8n-workflow';
import { PbxTarget } from '../../nodes/PbxTarget/PbxTarget.node.ts';
import type { Sandbox } from '../../sandbox/sandbox.mts';
import { startSandbox } from '../../sandbox/sandbox.mts';
import type { ExtensionItem } from '../../sync/item.ts';
import { runNode } from './engine.mts';

let sandbox: Sandbox;
beforeAll(async () => {
	sandbox = await startSandbox();
});
afterAll(() => sandbox.stop());
beforeEach(() => sandbox.control.scim.clearRequests());

const requests = () =>
	sandbox.control.scim.requests().map(({ method, path }) => `${method} ${path}`);
const accounts = () => [...sandbox.control.scim.state.accounts.values()];
/** Who they are marked for does not matter here. */
const unmarked = () => accounts().filter(({ externalId }) => externalId === undefined);

async function read(users: INodeExecutionData[], links: INodeExecutionData[] | null) {
	const { outputs, error, hints } = await runNode({
		node: new PbxTarget(),
		parameters: { system: 'scim', operation: 'getExtensions', read: 'needed' },
		credentials: { scimApi: { ...sandbox.systems.scim } },
		inputs: [users, links],
	});
	if (error) throw error;
	const items = (outputs[0] ?? []).map(({ json }) => json as unknown as Partial<ExtensionItem>);
	return { items, told: hints.map(({ message }) => message).join(' ') };
}

const ids = (items: ReadonlyArray<Partial<ExtensionItem>>) =>
	items.flatMap(({ extension }) => extension?.id ?? []);

function changed(
	...users: ReadonlyArray<{ id: string; status?: string; contact?: IDataObject | null }>
) {
	const mark = { id: 'r', of: 'users', count: users.length, scope: 'changes' };
	if (users.length === 0) return [{ json: { read: mark } }];
	return users.map(({ id, status = 'active', contact = { jobTitle: 'Boss' } }) => ({
		json: { user: { id, status }, read: mark, contact, decisions: [] },
	}));
}

const row = (userId: string, extensionId: string, state = 'active') => ({
	json: { userId, extensionId, number: '', state, system: 'scim', base: '' },
});

const NO_ROW = [{ json: {} }];

describe('Only those needed', () => {
	it('are none when nobody changed, and the phone system is not asked at all', async () => {
		const { items } = await read(changed(), NO_ROW);
		expect(items).toMatchObject([{ read: { of: 'extensions', count: 0, scope: 'needed' } }]);
		expect(requests()).toEqual([]);
	});

	it('are those of the changed users, each asked for by its ID', async () => {
		const [one, other] = unmarked();
		if (!one || !other) throw new Error('Too few accounts.');
		const users = changed({ id: 'a' }, { id: 'b', status: 'disabled', contact: null });
		const { items } = await read(users, [row('a', one.id), row('b', other.id)]);
		expect(ids(items)).toEqual([one.id, other.id]);
		expect(items[0]?.read).toMatchObject({ scope: 'needed', count: 2 });
		expect(requests()).toHaveLength(2);
		expect(requests()[0]).toContain(one.id);
	});

	it('leave out who is ignored, who could not be mapped and who left without an extension', async () => {
		const [one] = unmarked();
		const users = changed(
			{ id: 'a' },
			{ id: 'b', contact: null },
			{ id: 'c', status: 'deleted', contact: null },
		);
		const { items } = await read(users, [
			row('a', one?.id ?? '', 'ignored'),
			row('b', one?.id ?? ''),
		]);
		expect(ids(items)).toEqual([]);
		expect(requests()).toEqual([]);
	});

	const linked = () => [row('a', unmarked()[0]?.id ?? '')];
	const moved = { id: 'a', contact: { email: 'new@example.com' } };
	it.each<[string, INodeExecutionData[], () => INodeExecutionData[] | null, string]>([
		['somebody has no remembered extension', changed({ id: 'new' }), () => NO_ROW, 'no remembered'],
		['a remembered extension is gone', changed({ id: 'a' }), () => [row('a', 'gone')], 'is gone'],
		[
			'somebody gets another mail address, which could be in use',
			changed(moved),
			linked,
			'no two extensions',
		],
		['no links are connected', changed({ id: 'a' }), () => null, 'No remembered links'],
	])('are all, and it is said why, where %s', async (_, users, links, because) => {
		const { items, told } = await read(users, links());
		expect(ids(items)).toHaveLength(accounts().length);
		expect(items[0]?.read).toMatchObject({ scope: 'whole' });
		expect(told).toContain(because);
	});

	it('are all where all users were read, because then everybody is compared', async () => {
		const users = [{ json: { read: { id: 'r', of: 'users', count: 0, scope: 'whole' } } }];
		const { items, told } = await read(users, NO_ROW);
		expect(ids(items)).toHaveLength(accounts().length);
		expect(told).toContain('All users were read');
	});
});
