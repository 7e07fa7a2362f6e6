import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { PageIterator } from '@microsoft/microsoft-graph-client';
import type { PageCollection } from '@microsoft/microsoft-graph-client';
import { startSandbox } from '../../sandbox/sandbox.mts';
import type { Sandbox } from '../../sandbox/sandbox.mts';
import { accessToken, graphClient, readAll } from './clients.mts';
import type { GraphClient } from './clients.mts';
import { microsoftGraphClient } from './microsoft-client.mts';

let sandbox: Sandbox;
let graph: GraphClient;

beforeAll(async () => {
	sandbox = await startSandbox();
	graph = await graphClient(sandbox);
});
afterAll(() => sandbox.stop());
afterEach(() => {
	sandbox.control.entra.settings.emptyPages = false;
	sandbox.control.entra.settings.pageTokensExpired = false;
});

const users = () => [...sandbox.control.entra.state.users.values()];
const idsOf = (rows: readonly Record<string, unknown>[]) => rows.map((row) => row['id']);

describe('GET /users', () => {
	it('is read to the end by @pnp/graph, a client nobody here wrote', async () => {
		const { stdout } = await promisify(execFile)(process.execPath, [
			'--import',
			'tsx',
			'test/sandbox/pnp-reader.mts',
			sandbox.entra.graph,
			await accessToken(sandbox),
		]);
		expect(JSON.parse(stdout)).toEqual(idsOf(users().map((user) => ({ id: user.id }))));
	}, 30_000);

	it("is read to the end by the official SDK's PageIterator, advanced queries included", async () => {
		const client = await microsoftGraphClient(sandbox);
		const headers = { ConsistencyLevel: 'eventual' };
		for (const [query, wanted] of [
			['/users?$select=id&$top=40', () => true],
			[
				"/users?$select=id&$top=40&$count=true&$filter=userType ne 'Guest'",
				({ userType }: { userType: string | null }) => userType !== 'Guest',
			],
		] as const) {
			const ids: string[] = [];
			const page = (await client.api(query).headers(headers).get()) as PageCollection;
			// It does not carry headers from page to page by itself.
			const iterator = new PageIterator(
				client,
				page,
				(user: { id: string }) => ids.push(user.id) > 0,
				{ headers },
			);
			await iterator.iterate();
			expect(iterator.isComplete()).toBe(true);
			expect(ids).toEqual(
				users()
					.filter(wanted)
					.map(({ id }) => id),
			);
		}
	});

	it.each([1, 7, 100, 999])('gives every user once with pages of %i', async (top) => {
		const wanted = top === 1 ? "?$top=1&$filter=startsWith(displayName,'An')" : `?$top=${top}`;
		const rows = await readAll(graph, `/users${wanted}`);
		const all = users().filter((user) => top !== 1 || user.displayName.startsWith('An'));
		expect(idsOf(rows)).toEqual(all.map((user) => user.id));
	});

	it('gives the default properties, with nulls, when none are selected', async () => {
		const { body } = await graph("/users?$filter=startsWith(userPrincipalName,'svc-backup')");
		expect(body['value']).toEqual([
			{
				businessPhones: [],
				displayName: 'svc-backup',
				givenName: null,
				id: expect.any(String),
				jobTitle: null,
				mail: null,
				mobilePhone: null,
				officeLocation: null,
				preferredLanguage: null,
				surname: null,
				userPrincipalName: 'svc-backup@nordvik.onmicrosoft.example',
			},
		]);
	});

	it('refuses pages of 1000 in the words of Graph', async () => {
		expect(await graph('/users?$top=1000')).toMatchObject({
			status: 400,
			body: {
				error: {
					code: 'Request_UnsupportedQuery',
					message: "Invalid page size specified: '1000'. Must be between 1 and 999 inclusive.",
				},
			},
		});
	});

	it.each([
		['aboutMe', 501, 'NotImplemented'],
		['extensionAttribute1', 400, 'BadRequest'],
		['onPremisesExtensionAttributes/extensionAttribute1', 400, 'BadRequest'],
	])('does not let %s be selected', async (property, status, code) => {
		expect(await graph(`/users?$select=id,${property}`)).toMatchObject({
			status,
			body: { error: { code } },
		});
	});

	it('understands options whose dollar sign is percent-encoded', async () => {
		const { body } = await graph('/users?%24select=id&%24top=1');
		expect(body['value']).toEqual([{ id: users()[0]?.id }]);
	});

	it('counts on the first page only, and only when asked with the header', async () => {
		const path = '/users?$select=id&$top=200&$count=true';
		const first = await graph(path, { eventual: true });
		const second = await graph(String(first.body['@odata.nextLink']), { eventual: true });
		expect(first.body['@odata.count']).toBe(users().length);
		expect(second.body).not.toHaveProperty(['@odata.count']);
		expect((await graph(path)).body).not.toHaveProperty(['@odata.count']);
	});

	it('refuses a page token without the header it was given with, or for another query', async () => {
		const { body } = await graph('/users?$select=id&$count=true&$top=50', { eventual: true });
		const link = String(body['@odata.nextLink']);
		const refusal = { status: 400, body: { error: { code: 'Request_UnsupportedQuery' } } };
		expect(await graph(link)).toMatchObject(refusal);
		expect(await graph(link.replace('$top=50', '$top=60'), { eventual: true })).toMatchObject(
			refusal,
		);
		expect((await graph(link, { eventual: true })).status).toBe(200);
	});

	it('can put an empty page in between and still give everybody', async () => {
		sandbox.control.entra.settings.emptyPages = true;
		const first = await graph('/users?$select=id');
		expect(first.body).toMatchObject({ value: [], '@odata.nextLink': expect.any(String) });
		expect(await readAll(graph, '/users?$select=id')).toHaveLength(users().length);
	});

	it('can let page tokens expire', async () => {
		const { body } = await graph('/users?$select=id');
		sandbox.control.entra.settings.pageTokensExpired = true;
		expect(await graph(String(body['@odata.nextLink']))).toMatchObject({
			status: 400,
			body: { error: { code: 'Directory_ExpiredPageToken' } },
		});
	});
});

describe('one user', () => {
	it('is found by id and by sign-in name, a guest included', async () => {
		const guest = users().find((user) => user.userType === 'Guest');
		for (const key of [guest?.id ?? '', guest?.userPrincipalName ?? '']) {
			const { body } = await graph(`/users/${encodeURIComponent(key)}?$select=id,userType`);
			expect(body).toMatchObject({ id: guest?.id, userType: 'Guest' });
		}
	});

	it('that does not exist is not found', async () => {
		expect(await graph('/users/nobody')).toMatchObject({
			status: 404,
			body: { error: { code: 'Request_ResourceNotFound' } },
		});
	});
});

describe('deleted users', () => {
	it('are in the recycle bin and not among the users', async () => {
		const rows = await readAll(
			graph,
			'/directory/deletedItems/microsoft.graph.user?$select=id,deletedDateTime',
		);
		expect(rows).toHaveLength(5);
		expect(users().map((user) => user.id)).not.toEqual(expect.arrayContaining([rows[0]?.['id']]));
	});
});

describe('deleting', () => {
	let admin: GraphClient;
	beforeAll(async () => {
		sandbox.control.entra.settings.roles = ['User.Read.All', 'User.DeleteRestore.All'];
		admin = await graphClient(sandbox);
	});
	const remove = (path: string) => admin(path, { method: 'DELETE' });

	it('puts a user into the recycle bin, under another name, and restores as before', async () => {
		const user = users().at(-1);
		const { id = '', userPrincipalName = '' } = user ?? {};
		expect((await remove(`/users/${id}`)).status).toBe(204);
		expect((await admin(`/users/${id}`)).status).toBe(404);
		const bin = '/directory/deletedItems/microsoft.graph.user?$select=id,userPrincipalName';
		const found = (await readAll(admin, bin)).find((row) => row['id'] === id);
		expect(found?.['userPrincipalName']).toBe(`${id.replaceAll('-', '')}${userPrincipalName}`);
		const restore = `/directory/deletedItems/${id}/restore`;
		expect(await admin(restore, { method: 'POST' })).toMatchObject({
			status: 200,
			body: { id, userPrincipalName },
		});
		expect((await admin(`/users/${id}`)).status).toBe(200);
	});

	it('for good leaves nothing', async () => {
		const [id = ''] = sandbox.control.entra.state.deletedUsers.keys();
		expect((await remove(`/directory/deletedItems/${id}`)).status).toBe(204);
		expect((await remove(`/directory/deletedItems/${id}`)).status).toBe(404);
	});

	it('needs a permission of its own', async () => {
		expect((await graph(`/users/${users()[0]?.id ?? ''}`, { method: 'DELETE' })).status).toBe(403);
	});
});

describe('PATCH /users/{id}', () => {
	const write = (id: string, body: object) => graph(`/users/${id}`, { method: 'PATCH', body });

	beforeAll(async () => {
		sandbox.control.entra.settings.roles = ['User.Read.All', 'User-Phone.ReadWrite.All'];
		graph = await graphClient(sandbox);
	});

	it('writes a phone with the permission for phones, and nothing else with it', async () => {
		const user = users().find((each) => each.onPremisesSyncEnabled === null);
		const id = user?.id ?? '';
		expect((await write(id, { mobilePhone: '+46701740600' })).status).toBe(204);
		expect(user?.mobilePhone).toBe('+46701740600');
		expect((await write(id, { jobTitle: 'Boss' })).status).toBe(403);
		expect(user?.jobTitle).not.toBe('Boss');
	});

	it('refuses users who are mastered on-premises', async () => {
		const user = users().find((each) => each.onPremisesSyncEnabled === true);
		const before = user?.mobilePhone;
		expect(await write(user?.id ?? '', { mobilePhone: '+46701740600' })).toMatchObject({
			status: 400,
			body: { error: { code: 'Request_BadRequest' } },
		});
		expect(user?.mobilePhone).toBe(before);
	});

	it('refuses two business phones', async () => {
		const user = users().find((each) => each.onPremisesSyncEnabled === null);
		expect((await write(user?.id ?? '', { businessPhones: ['1', '2'] })).status).toBe(400);
	});
});
